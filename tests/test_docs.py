"""The documentation says what the program does: its screens are made by it, its code runs, every command is named."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from .conftest import ROOT, run_calcref
from .refresh import PAGES, PICTURES, SCREENS, picture, refreshed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_screens_are_what_the_commands_print(page: object) -> None:
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert refreshed(text) == text, "run: python -m tests.refresh"


def commands() -> list[str]:
    listed = run_calcref("--help").out.partition("Look it up:")[2].partition("Examples:")[0]
    return re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(commands()) > 5
    assert [name for name in commands() if f"calcref {name}" not in readme] == []


def test_every_page_that_is_linked_exists() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(((?!http)[^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_is_what_the_command_shows_today(name: str) -> None:
    text = (SCREENS / f"{name}.svg").read_text(encoding="utf-8")
    assert picture(*PICTURES[name]) == text, "run: python -m tests.refresh"
    assert "Traceback" not in text
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert f"docs/screens/{name}.svg" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_has_a_picture_and_no_picture_is_left_over() -> None:
    assert {typed.split()[0] for typed, _ in PICTURES.values()} == {*commands(), "--help"}
    assert {path.stem for path in SCREENS.glob("*")} == set(PICTURES)

"""What is published installs and runs where there is no checkout, with the newest and with the oldest of what it depends on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from calcref import __version__

from .conftest import ROOT, Run, clean_environment

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("show", "dystrophic"), ("diff", "--diffuse", "--renal-failure"), ("mnemonic", "vindicate"),
    ("list", "findings"), ("diff", "72F knee pain, white line over the cartilage", "--full", "--json"), ("about",),
    ("search", "rice grains"), ("compare", "cppd", "gout"), ("schema",), ("diff", "--diffus"), ("show", "nothing at all"), ("batch", "--top"),
)  # fmt: skip
"""Enough to touch every module; the last three are at fault, and are told so."""


def installed(folder: Path, *what: str) -> Path:
    """Return the command of a new environment in `folder` with `what` installed, and nothing else."""
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    run(folder.parent, sys.executable, "-m", "pip", "--python", scripts / "python", "install", "--quiet", *what)
    return scripts / "calcref"


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run a command that has to succeed, away from the checkout."""
    done = subprocess.run(
        list(map(str, command)), capture_output=True, cwd=folder, env=clean_environment(), timeout=300, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done


def assert_answers_as_here(calcref: Run, command: Path, folder: Path, commands: tuple[tuple[str, ...], ...] = COMMANDS) -> None:
    for args in commands:
        there = subprocess.run([command, *args], capture_output=True, cwd=folder, env=clean_environment(), timeout=60, check=False)
        here = calcref(*args)
        assert there.returncode == here.status, (args, there.stderr)
        if args != ("schema",):  # older pydantic leaves the descriptions out
            assert there.stdout.decode().replace("\r", "") == here.out
            assert there.stderr.decode().splitlines()[:1] == here.err.splitlines()[:1]
    checked = run(folder, command, "check", "--json").stdout.decode()
    assert '"valid": true' in checked
    assert str(ROOT) not in checked.replace("\\\\", "\\")


def test_wheel_and_sdist_install_and_run_without_the_checkout(calcref: Run, tmp_path: Path) -> None:
    run(tmp_path, sys.executable, "-m", "build", "--outdir", tmp_path / "dist", ROOT)
    (wheel,), (sdist,) = (list((tmp_path / "dist").glob(pattern)) for pattern in ("*.whl", "*.tar.gz"))
    assert wheel.name.startswith(f"calcref-{__version__}-py3-none-any")
    with zipfile.ZipFile(wheel) as inside:
        names = inside.namelist()
        metadata = message_from_bytes(inside.read(f"calcref-{__version__}.dist-info/METADATA"))
    assert {"calcref/py.typed", "calcref/data/calcifications.json", "calcref/data/calcifications.index.jsonl"} <= set(names)
    assert {name.split("/")[0] for name in names} == {"calcref", f"calcref-{__version__}.dist-info"}
    for field in ("Summary", "License-Expression", "License-File", "Requires-Python", "Keywords", "Description-Content-Type"):
        assert metadata[field], field
    with tarfile.open(sdist) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}
    assert {
        "README.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "LICENSE",
        "data/calcifications.json",
        "docs/method.md",
        "tests/cases/development.jsonl",
    } <= held

    away = tmp_path / "away"
    away.mkdir()
    command = installed(tmp_path / "new", str(wheel))
    assert_answers_as_here(calcref, command, away)
    run(
        away,
        sys.executable,
        "-m",
        "pip",
        "--python",
        command.with_name("python"),
        "install",
        "--quiet",
        "--force-reinstall",
        "--no-deps",
        sdist,
    )
    assert_answers_as_here(calcref, command, away, (*COMMANDS[:3], ("--version",)))
    assert list(away.iterdir()) == []


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the oldest dependencies go with the oldest Python")
def test_it_answers_the_same_with_the_oldest_dependencies(calcref: Run, tmp_path: Path) -> None:
    oldest = [re.sub(r">=([\d.]+).*", r"==\1", requirement) for requirement in PROJECT["dependencies"]]
    assert all("==" in requirement for requirement in oldest)
    assert_answers_as_here(calcref, installed(tmp_path / "old", str(ROOT), *oldest), tmp_path)


def test_the_version_stands_in_one_place_and_the_changelog_has_it() -> None:
    assert PROJECT["dynamic"] == ["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = changelog.split("\n## ")[1]
    assert newest.startswith((__version__, "Unreleased"))
    assert "### Program" in newest
    assert "### Medical content" in newest


def test_the_workflow_runs_the_same_script_on_every_system_and_every_python() -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "bash .ci/run" in text
    for system in ("ubuntu", "macos", "windows"):
        assert f"{system}-latest" in text
    offered = [item.rpartition(" ")[2] for item in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d", item)]
    assert offered == re.findall(r"3\.\d\d", text.partition("python:")[2].partition("]")[0])
    assert PROJECT["requires-python"] == f">={offered[0]}"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bit")
def test_the_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)

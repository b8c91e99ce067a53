"""What drawings promise: the same seed gives the same picture, none is empty or like another, and all fit where they are shown."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref.errors import KnowledgeError, NotFoundError
from calcref.knowledge.base import load
from calcref.knowledge.model import Drawing
from calcref.knowledge.names import Entry, resolve, title
from calcref.terminal import Screen
from calcref.views.detail import page_of as gist
from calcref.views.drawing import LARGE, SMALL, Picture, beside, find, leading_look, page_of, pictures, render, svg
from calcref.views.geometry import PATTERNS, draw
from calcref.views.listing import page_of as listing
from calcref.views.page import Line
from calcref.views.paint import show

from .conftest import Run

KNOWLEDGE = load()
DRAWINGS = KNOWLEDGE.drawings
MORPHOLOGY = [finding.id for finding in KNOWLEDGE.findings.values() if finding.group == "morphology"]


def text(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def rendered(name: str, columns: int = SMALL, braille: bool = True) -> list[str]:
    return text(render(Picture(name, draw(DRAWINGS[name])), columns, columns // 2, braille))


def test_every_morphology_finding_has_a_drawing() -> None:
    assert not [finding for finding in MORPHOLOGY if finding not in DRAWINGS]


def test_every_drawing_and_every_place_is_of_a_finding() -> None:
    assert KNOWLEDGE.body is not None
    assert set(DRAWINGS) | set(KNOWLEDGE.body.places) <= set(KNOWLEDGE.findings)


def test_every_number_of_a_drawing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from calcref.views.geometry import Pen

    asked: set[str] = set()
    ask = Pen.__call__

    def listening(pen: Pen, name: str, default: float = 0.0) -> float:
        asked.update((f"{pen._tag}.{name}", name))
        return ask(pen, name, default)

    monkeypatch.setattr(Pen, "__call__", listening)
    for drawing in DRAWINGS.values():
        asked = {"lead"}
        draw(drawing)
        assert set(drawing.parameters) <= asked, drawing.id


@pytest.mark.parametrize("columns", [SMALL, LARGE])
@pytest.mark.parametrize("braille", [True, False])
def test_every_drawing_fits_and_none_is_empty_or_like_another(columns: int, braille: bool) -> None:
    seen: dict[str, str] = {}
    for name in DRAWINGS:
        lines = rendered(name, columns, braille)
        assert len(lines) == columns // 2
        assert all(len(line) <= columns for line in lines)
        picture = "\n".join(lines)
        assert sum(character != " " for character in picture) > columns, name
        assert picture.isascii() if not braille else set(picture) <= {" ", "\n", *map(chr, range(0x2801, 0x2900))}
        assert picture not in seen, (name, seen.get(picture))
        seen[picture] = name


numbers = st.dictionaries(
    st.sampled_from(["count", "size", "rough", "turn", "gap", "pieces", "width", "hollow"]), st.integers(1, 12)
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PATTERNS)), numbers, st.integers(0, 10**6))
def test_the_same_seed_gives_the_same_picture(pattern: str, parameters: dict[str, float], seed: int) -> None:
    first, second = (draw(Drawing(pattern=pattern, parameters=dict(parameters), seed=seed)) for _ in range(2))
    assert first == second


def test_another_seed_gives_another_picture() -> None:
    one, two = (draw(Drawing(pattern="bodies", parameters={"count": 9.0}, seed=seed)) for seed in (1, 2))
    assert one != two


def test_an_unknown_pattern_is_told() -> None:
    with pytest.raises(KnowledgeError, match="unknown pattern 'zigzag'"):
        draw(Drawing(pattern="zigzag", id="x"))


def test_every_svg_is_well_formed_and_says_that_it_is_schematic() -> None:
    entries = [Entry("findings", name, KNOWLEDGE.findings[name].label) for name in DRAWINGS]
    entries += [Entry("conditions", name, c.name) for name, c in KNOWLEDGE.conditions.items()]
    for entry in entries:
        drawn = svg(KNOWLEDGE, entry)
        assert ElementTree.fromstring(drawn).tag.endswith("svg")
        assert "chematic" in drawn


def test_every_condition_shows_a_look_that_is_frequent_or_only_its_sites() -> None:
    looks = {condition.id: leading_look(KNOWLEDGE, condition) for condition in KNOWLEDGE.conditions.values()}
    assert all(look is None or (look[0] in MORPHOLOGY and look[1] >= 0.3) for look in looks.values())
    assert sum(look is not None for look in looks.values()) > 0.85 * len(looks)
    assert all(pictures(KNOWLEDGE, Entry("conditions", name, name)) for name in looks)


def test_all_sites_of_conditions_but_the_widest_have_a_place_on_the_body() -> None:
    assert KNOWLEDGE.body is not None
    sites = {site for condition in KNOWLEDGE.conditions.values() for site in condition.sites.shares}
    assert len(sites - set(KNOWLEDGE.body.places)) < 0.15 * len(sites)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("unicode", [True, False])
def test_a_page_keeps_within_the_screen(width: int, unicode: bool) -> None:
    screen = Screen(painted=True, colour=False, width=width, unicode=unicode)
    for name in ("pellegrini-stieda", "phlebolith", "body", "knee", "rice-grain"):
        shown = show(page_of(KNOWLEDGE, find(KNOWLEDGE, name), screen, 200), screen)
        assert max(map(len, shown.split("\n"))) <= width


@pytest.mark.parametrize(("width", "columns", "sites"), [(80, SMALL, False), (100, 42, True)])
def test_what_stands_beside_the_text_is_small_and_names_itself(width: int, columns: int, sites: bool) -> None:
    screen = Screen(painted=True, colour=False, width=width, unicode=True)
    lines = text(beside(KNOWLEDGE, resolve(KNOWLEDGE, "phlebolith"), screen)[0])
    assert max(map(len, lines)) <= columns
    assert len(lines) < 24
    assert "schematic" in " ".join(lines)
    assert ("1 pelvis" in " ".join(lines)) == sites


def test_each_type_but_the_look_alikes_is_drawn_by_its_leading_look() -> None:
    entries = [Entry("types", name, kind.name) for name, kind in KNOWLEDGE.types.items()]
    assert [entry.id for entry in entries if not pictures(KNOWLEDGE, entry)] == ["mimic"]


def test_what_has_no_drawing_is_told_with_what_has() -> None:
    with pytest.raises(NotFoundError, match="no drawing of 'fever'"):
        find(KNOWLEDGE, "fever")


def test_draw_shows_a_finding_and_says_that_it_is_schematic(calcref: Run) -> None:
    answer = calcref("draw", "popcorn")
    assert answer.status == 0
    assert "chematic" in answer.out
    assert any(0x2800 < ord(character) < 0x2900 for character in answer.out)


def test_draw_is_plain_where_there_is_no_unicode(calcref: Run) -> None:
    answer = calcref("draw", "pellegrini-stieda", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert answer.status == 0
    assert answer.out.isascii()
    assert "?" not in answer.out


def test_draw_writes_an_svg_whole(calcref: Run, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    assert calcref("draw", "phlebolith", "--svg", str(file)).status == 0
    assert ElementTree.parse(file).getroot().tag.endswith("svg")
    assert [path.name for path in tmp_path.iterdir()] == ["picture.svg"]


def test_draw_tells_a_file_that_cannot_be_written(calcref: Run, tmp_path: Path) -> None:
    answer = calcref("draw", "phlebolith", "--svg", str(tmp_path / "no" / "picture.svg"))
    assert answer.status == 1
    assert "cannot be written" in answer.err


@pytest.mark.parametrize(("name", "near"), [("phlebolyth", "phlebolith"), ("popcron", "popcorn")])
def test_draw_offers_the_nearest_name(calcref: Run, name: str, near: str) -> None:
    answer = calcref("draw", name)
    assert answer.status == 1
    assert near in answer.err


@pytest.mark.parametrize("width", ["0", "9", "201", "wide"])
def test_draw_refuses_a_width_that_cannot_be(calcref: Run, width: str) -> None:
    assert calcref("draw", "popcorn", "--width", width).status == 2


def test_draw_gives_its_geometry_to_programs(calcref: Run) -> None:
    answer = calcref("draw", "zonal", "--json").json
    assert answer["schema"] == "calcref.drawing/1"
    assert answer["schematic"] is True
    assert answer["pictures"][0]["shapes"][0]["outlines"]


def test_show_has_its_drawings_beside_the_text_where_there_is_room(calcref: Run) -> None:
    def shown(**env: str) -> str:
        return calcref("show", "phlebolith", env=env).out

    assert "usual sites" in shown(FORCE_COLOR="1", COLUMNS="100")
    assert "schematic" in shown(FORCE_COLOR="1", COLUMNS="80")
    assert "usual sites" not in shown(FORCE_COLOR="1", COLUMNS="80")
    assert "schematic" not in shown(FORCE_COLOR="1", COLUMNS="60")
    assert "schematic" not in shown(COLUMNS="120")
    assert all(len(text) <= 100 for text in shown(FORCE_COLOR="1", NO_COLOR="1", COLUMNS="100").splitlines())


PAGES = [
    Entry(section, record.id, title(record))
    for section in ("types", "conditions", "findings")
    for record in getattr(KNOWLEDGE, section).values()
]


@pytest.mark.parametrize("width", [80, 100, 120])
def test_every_short_page_fits_a_small_terminal_and_keeps_its_danger(width: int) -> None:
    screen = Screen(painted=True, colour=False, width=width, unicode=True)
    for entry in PAGES:
        page = gist(KNOWLEDGE, entry, everything=False)
        page.asides = beside(KNOWLEDGE, entry, screen)
        shown = show(page, screen)
        assert shown.count("\n") < 24, entry.id
        assert max(map(len, shown.split("\n"))) <= width, entry.id
        condition = KNOWLEDGE.conditions.get(entry.id) if entry.section == "conditions" else None
        if condition and condition.red_flag:
            assert "DANGEROUS" in shown, entry.id
            assert condition.red_flag.why.split()[-1] in shown, entry.id


def test_every_mark_of_a_short_page_is_resolved_at_its_foot() -> None:
    screen = Screen(painted=True, colour=False, width=80, unicode=True)
    for entry in PAGES:
        shown = show(gist(KNOWLEDGE, entry, everything=False), screen)
        marks = {number for group in re.findall(r" \[([b\d,]+)\]", shown) for number in group.split(",")}
        assert all(re.search(rf"(^|; )\[{number}\] \w", shown, re.MULTILINE) for number in marks), entry.id


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("section", ["conditions", "sources", "findings"])
def test_a_long_text_is_not_squeezed_into_a_narrow_column(section: str, width: int) -> None:
    page = listing(KNOWLEDGE, section)
    shown = show(page, Screen(painted=True, colour=False, width=width, unicode=True)).splitlines()
    assert max(map(len, shown)) <= width
    assert len(shown) < 6 * len(getattr(KNOWLEDGE, section))

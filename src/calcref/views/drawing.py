"""Drawings as Braille dots, as ASCII and as SVG: findings, conditions by their leading look, and the body with their sites."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from calcref.drawing import Outline, Shape, draw
from calcref.errors import NotFoundError, UsageError
from calcref.frequency import link_probability
from calcref.model import FREQUENCY_RANGE
from calcref.names import NEAREST, Entry, did_you_mean, fold, nearest, resolve
from calcref.terminal import harmless

from .page import Facts, Gap, Heading, Line, Page, Paragraph, Span, Style, line, percent

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.model import Condition
    from calcref.terminal import Screen

BODY = "body"
DRAWN = ("conditions", "findings")
SMALL, LARGE, NARROWEST, WIDEST = 24, 36, 10, 200
"""Columns of a drawing beside text, of one by itself, and of the smallest and the largest."""
SITES_SHOWN, LEAST_SITE = 9, 0.05
"""How many sites are marked, and the least share that is worth a mark beside the first."""

SCHEMATIC = "Schematic: drawn from a few numbers, no radiograph; dotted lines are normal anatomy."

Box = tuple[float, float, float, float]
UNIT: Box = (0.0, 0.0, 1.0, 1.0)
BODY_BOX: Box = (0.22, 0.0, 0.78, 1.0)
"""Parts of the canvas that are shown: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A site on the body: its sign, its share (0 to 1, None where no share is meant) and its place, None if it has none."""

    sign: str
    site: str
    share: float | None
    place: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes, the part of the canvas that they fill, and marks upon them."""

    title: str
    shapes: tuple[Shape, ...]
    box: Box = UNIT
    marks: tuple[Mark, ...] = ()


def find(knowledge: KnowledgeBase, name: str) -> Entry:
    """Return what `name` calls: the body, a condition or a finding.

    Raises:
        NotFoundError: when nothing is called so, or there is nothing to draw of it.
    """
    if fold(name) == BODY:
        return Entry(BODY, BODY, "Body")
    entry = resolve(knowledge, name, DRAWN)
    if not pictures(knowledge, entry):
        near = [other for other in knowledge.ancestors.get(entry.id, ()) if other in knowledge.drawings]
        near += nearest(entry.id, knowledge.drawings, NEAREST)
        raise NotFoundError(
            f"There is no drawing of {entry.id!r}.", did_you_mean(near) or f"Such as: {', '.join([*knowledge.drawings][:NEAREST])}"
        )
    return entry


def leading_look(knowledge: KnowledgeBase, condition: Condition) -> tuple[str, float] | None:
    """Return the drawn finding that tells most of a condition, with its share among the patients; None when none is frequent.

    What a finding tells is p ln(p / base rate), its part in the expected evidence, times the drawing's number `lead` (1).
    """
    shares = dict(condition.estimates) | {
        finding: link_probability(link, condition.estimates.get(finding)) for finding, link in condition.findings.items()
    }
    told = {
        finding: share * math.log(share / knowledge.findings[finding].base_rate) * drawing.parameters.get("lead", 1)
        for finding, drawing in knowledge.drawings.items()
        if (share := shares.get(finding, 0)) >= FREQUENCY_RANGE["frequent"][0]
    }
    best = max(told, key=lambda finding: told[finding], default="")
    return (best, shares[best]) if told.get(best, 0) > 0 else None


def pictures(knowledge: KnowledgeBase, entry: Entry) -> list[Picture]:
    """Return what is drawn of an entry: its look first, then its sites on the body."""
    found: list[Picture] = []
    if entry.section == "conditions":
        condition = knowledge.conditions[entry.id]
        look = leading_look(knowledge, condition)
        if look:
            label = f"{knowledge.findings[look[0]].label} ({percent(look[1])})"
            found.append(Picture(label, draw(knowledge.drawings[look[0]])))
        sites = sorted(condition.sites.shares.items(), key=lambda item: -item[1])[:SITES_SHOWN]
        usual = {site: share for place, (site, share) in enumerate(sites) if place == 0 or share >= LEAST_SITE}
        found += _body(knowledge, "usual sites", usual) if usual else []
    elif entry.section == BODY:
        found += _body(knowledge, "all sites", {})
    else:
        if entry.id in knowledge.drawings:
            found.append(Picture(entry.name, draw(knowledge.drawings[entry.id])))
        if knowledge.body and entry.id in knowledge.body.places:
            found += _body(knowledge, entry.name, {entry.id: None})
    return found


def _body(knowledge: KnowledgeBase, title: str, sites: Mapping[str, float | None]) -> list[Picture]:
    body = knowledge.body
    if body is None:
        return []
    outline = tuple(Shape((path,)) for path in body.outline)
    if not sites:
        dots = [Shape((_disc(place, 0.008),), filled=True) for place in body.places.values()]
        return [Picture(title, (*outline, *dots), BODY_BOX)]
    marks = tuple(
        Mark(sign, site, share, body.places.get(site)) for sign, (site, share) in zip("123456789", sites.items(), strict=False)
    )
    return [Picture(title, outline, BODY_BOX, marks)]


def _disc(centre: Sequence[float], radius: float) -> Outline:
    turns = [math.tau * step / 24 for step in range(25)]
    return tuple((centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)) for turn in turns)


def has_braille(screen: Screen, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the screen is likely to have Braille: Unicode, and no console whose font lacks it."""
    return screen.unicode and environment.get("TERM") not in ("linux", "dumb")


def sketch(knowledge: KnowledgeBase, entry: Entry, braille: bool, columns: int = SMALL) -> list[Line]:
    """Return the look of an entry, small, with its title below, as lines of at most `columns`; none when it has none."""
    found = [picture for picture in pictures(knowledge, entry) if not picture.marks] if entry.section in DRAWN else []
    return _titled(found[0], columns, columns // 2, braille) if found else []


def body_sketch(knowledge: KnowledgeBase, entry: Entry, braille: bool, columns: int = SMALL) -> list[Line]:
    """Return the body with the usual sites of an entry, in the same way, with the shares below; none when it has none."""
    found = [picture for picture in pictures(knowledge, entry) if picture.marks] if entry.section in DRAWN else []
    if not found:
        return []
    marks = [line(Span(mark.sign, "bar"), f" {_clip(_share(mark, mark.site), columns - 2)}") for mark in found[0].marks]
    return [*_titled(found[0], columns, math.ceil(columns / 2 / (BODY_BOX[2] - BODY_BOX[0])), braille), *marks]


def beside(knowledge: KnowledgeBase, entry: Entry, screen: Screen) -> list[Line]:
    """Return what stands beside the text of an entry: its look, and the body with its usual sites."""
    braille = has_braille(screen)
    found = sketch(knowledge, entry, braille)
    sites = body_sketch(knowledge, entry, braille)
    return [*found, *([()] if found and sites else []), *sites]


def _titled(picture: Picture, columns: int, rows: int, braille: bool) -> list[Line]:
    import textwrap

    words = textwrap.wrap(f"{picture.title}; schematic", columns)
    return [*render(picture, columns, rows, braille), *(line(Span(text, "dim")) for text in words)]


def _share(mark: Mark, name: str) -> str:
    return name + ("" if mark.share is None else f" {percent(mark.share)}")


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def render(picture: Picture, columns: int, rows: int, braille: bool) -> list[Line]:
    """Return a picture as lines, `columns` wide at most: eight dots a character in Braille, else the likest ASCII signs."""
    left, top, right, bottom = picture.box
    wide, high = 2 * columns, 4 * rows
    scale = min(wide / (right - left), high / (bottom - top))
    cells: dict[tuple[int, int], int] = {}
    inked: set[tuple[int, int]] = set()
    for shape in picture.shapes:
        for x, y in _dots(shape, scale, left, top):
            if 0 <= x < wide and 0 <= y < high:
                cell = x // 2, y // 4
                cells[cell] = cells.get(cell, 0) | _BITS[y % 4][x % 2]
                if not shape.faint:
                    inked.add(cell)
    signs: dict[tuple[int, int], tuple[str, Style]] = {
        cell: (chr(0x2800 + bits) if braille else _letter(bits), "" if cell in inked else "dim") for cell, bits in cells.items()
    }
    taken: set[tuple[int, int]] = set()
    for mark in picture.marks:
        if mark.place:
            column, row = int((mark.place[0] - left) * scale / 2), int((mark.place[1] - top) * scale / 4)
            cell = next((column + k, row) for k in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5) if (column + k, row) not in taken)
            taken.add(cell)
            signs[cell] = mark.sign, "bar"
    return [_runs([signs.get((column, row), (" ", "")) for column in range(columns)]) for row in range(rows)]


def _runs(cells: Sequence[tuple[str, Style]]) -> Line:
    from itertools import groupby

    return tuple(Span("".join(sign for sign, _ in run), style) for style, run in groupby(cells, key=lambda cell: cell[1]))


_BITS = ((1, 8), (2, 16), (4, 32), (64, 128))
"""The dots of a Braille character by row and column, as bits above U+2800."""

_LETTERS = {
    ".": (4, 32, 64, 128), "'": (1, 2, 8, 16), ":": (65, 66, 129, 136, 144), "-": (18, 22, 27, 36, 50, 54), "_": (192, 228),
    '"': (9, 11, 25, 27), "|": (7, 56, 70, 71, 176, 184), "/": (88, 92, 112, 116, 120), "\\": (131, 135, 163, 167), "=": (45, 210, 219),
    "o": (228, 246), "P": (31, 95), "L": (199, 215), "J": (248, 250), "7": (185, 187), "8": (63, 246, 254), "%": (243, 255 - 36),
    "#": (255,),
}  # fmt: skip
"""ASCII signs with the dots that they look like."""


@cache
def _letter(bits: int) -> str:
    """Return the ASCII sign that differs from `bits` in the fewest dots."""
    return min(_LETTERS, key=lambda sign: min((bits ^ likeness).bit_count() for likeness in _LETTERS[sign]))


def _dots(shape: Shape, scale: float, left: float, top: float) -> Iterator[tuple[int, int]]:
    """Yield the dots that a shape covers, `scale` of them to the unit; normal anatomy is dotted."""
    outlines = [[((x - left) * scale, (y - top) * scale) for x, y in outline] for outline in shape.outlines]
    if shape.filled:
        yield from _area(outlines)
        return
    half = 0 if shape.faint else max(shape.width * scale / 2 - 0.5, 0)
    reach = range(-math.ceil(half), math.ceil(half) + 1)
    brush = [(i, j) for i in reach for j in reach if math.hypot(i, j) <= half]
    for outline in outlines:
        walked = 0.0
        for (x, y), (to_x, to_y) in zip(outline, outline[1:], strict=False):
            length = math.hypot(to_x - x, to_y - y)
            steps = max(1, math.ceil(2 * length))
            for step in range(steps):
                if not shape.faint or (walked + length * step / steps) % 3 < 0.5:
                    across, down = int(x + (to_x - x) * step / steps), int(y + (to_y - y) * step / steps)
                    yield from ((across + i, down + j) for i, j in brush)
            walked += length


def _area(outlines: Sequence[Sequence[tuple[float, float]]]) -> Iterator[tuple[int, int]]:
    """Yield the dots within outlines, by the even-odd rule at the middle of each row; one at least."""
    heights = [y for outline in outlines for _, y in outline]
    found = False
    for row in range(math.floor(min(heights)), math.ceil(max(heights)) + 1):
        middle = row + 0.5
        cuts = sorted(
            x + (middle - y) / (to_y - y) * (to_x - x)
            for outline in outlines
            for (x, y), (to_x, to_y) in zip(outline, outline[1:], strict=False)
            if (y <= middle) != (to_y <= middle)
        )
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            for column in range(math.ceil(start - 0.5), math.ceil(end - 0.5)):
                found = True
                yield column, row
    if not found:
        yield int(sum(x for x, _ in outlines[0]) / len(outlines[0])), int(sum(heights) / len(heights))


def page_of(knowledge: KnowledgeBase, entry: Entry, screen: Screen, columns: int = LARGE) -> Page:
    """Return the page of an entry's pictures, `columns` wide, side by side where there is room."""
    found = pictures(knowledge, entry)
    room = screen.width if screen.painted else WIDEST
    size = min(columns, room)
    widths = [math.ceil(size * (picture.box[2] - picture.box[0])) for picture in found]
    parts = [render(picture, width, round(size / 2), has_braille(screen)) for picture, width in zip(found, widths, strict=True)]
    if len(parts) > 1 and sum(widths) + 3 <= room:
        parts = [[_beside(one, widths[0] + 3, two) for one, two in zip(*parts, strict=True)]]
    page = Page([Heading(line(Span(entry.name, "title")), 1), Gap()])
    page.add(*(Paragraph(text) for part in parts for text in part))
    rows = [("Look", line(picture.title)) for picture in found if not picture.marks and picture.title != entry.name]
    rows += [
        (mark.sign, line(_share(mark, knowledge.findings[mark.site].label), "" if mark.place else " (not on the outline)"))
        for picture in found for mark in picture.marks if mark.share is not None
    ]  # fmt: skip
    page.add(*([Facts(rows)] if rows else []), Gap(), Paragraph(line(Span(SCHEMATIC, "dim"))))
    return page


def _beside(one: Line, width: int, two: Line) -> Line:
    return line(*one, Span(" " * (width - sum(len(span.text) for span in one))), *two)


def columns_of(count: int) -> int:
    """Return a number of columns that a drawing may have.

    Raises:
        UsageError: when it is not from `NARROWEST` to `WIDEST`.
    """
    if not NARROWEST <= count <= WIDEST:
        raise UsageError(f"A drawing cannot be {count} columns wide.", f"From {NARROWEST} to {WIDEST}, such as --width {LARGE}.")
    return count


def written(entry: Entry, file: str) -> Page:
    """Return the page that says where a drawing went."""
    return Page([Paragraph(line(f"Schematic drawing of {entry.name} written to {file}"))])


def payload(knowledge: KnowledgeBase, entry: Entry) -> dict[str, Any]:
    """Return the pictures of an entry as geometry in the unit square, for programs that draw them themselves."""
    from .payload import envelope, plain

    return envelope(knowledge, "drawing") | {
        "id": entry.id,
        "name": entry.name,
        "schematic": True,
        "pictures": plain(pictures(knowledge, entry)),
    }


def svg(knowledge: KnowledgeBase, entry: Entry) -> str:
    """Return the pictures of an entry side by side as an SVG file, light on dark as on a film; it says that it is schematic."""
    from xml.sax.saxutils import escape

    parts: list[str] = []
    across = 0.0
    for picture in pictures(knowledge, entry):
        left, top, right, bottom = (100 * edge for edge in picture.box)
        parts.append(
            f'<svg x="{across:g}" width="{right - left:g}" height="100" viewBox="{left:g} {top:g} {right - left:g} {bottom:g}">'
        )
        parts += [_path(shape) for shape in picture.shapes]
        for mark in picture.marks:
            if mark.place:
                x, y = 100 * mark.place[0], 100 * mark.place[1]
                spot = f'cx="{x:.2f}" cy="{y:.2f}" r="{1.6 + 3 * math.sqrt(mark.share or 0):.2f}"'
                parts.append(f'<circle {spot} fill="{_SITE}" fill-opacity="0.6"/>{_words(x, y + 1, mark.sign, _INK, "middle")}')
        parts.append(f"</svg>{_words(across + 2, 104, picture.title, _INK)}")
        across += right - left
    marks = [mark for picture in pictures(knowledge, entry) for mark in picture.marks]
    for place, mark in enumerate(marks):
        parts.append(_words(2, 109 + 4 * place, f"{mark.sign} {_share(mark, knowledge.findings[mark.site].label)}", _SITE))
    high = 112 + 4 * len(marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:g} {high}" width="{4 * across:g}" height="{4 * high}" '
        f'font-family="sans-serif" font-size="3" role="img"><title>{escape(entry.name)}: schematic drawing</title>'
        f'<rect width="100%" height="100%" fill="#14171a"/>{"".join(parts)}{_words(2, high - 2, "Schematic, no radiograph.", _FAINT)}</svg>\n'
    )


_INK, _FAINT, _SITE = "#f2f2f2", "#8a949c", "#e69f00"


def _words(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    from xml.sax.saxutils import escape

    return f'<text x="{x:.2f}" y="{y:.2f}" fill="{colour}" text-anchor="{anchor}">{escape(harmless(text))}</text>'


def _path(shape: Shape) -> str:
    data = "".join("M" + " ".join(f"{100 * x:.2f},{100 * y:.2f}" for x, y in outline) for outline in shape.outlines)
    if shape.filled:
        return f'<path d="{data}" fill="#f2f2f2" fill-rule="evenodd"/>'
    ink = (
        'stroke="#8a949c" stroke-width="0.6" stroke-dasharray="1.5 1.5"'
        if shape.faint
        else f'stroke="#f2f2f2" stroke-width="{max(100 * shape.width, 0.6):.2f}"'
    )
    return f'<path d="{data}" fill="none" {ink} stroke-linecap="round" stroke-linejoin="round"/>'

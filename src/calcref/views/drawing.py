"""Drawings as Braille dots, as ASCII and as SVG: types, conditions and findings by their look, and the body with usual sites."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from calcref.differential.frequency import link_probability
from calcref.errors import NotFoundError
from calcref.knowledge.model import FREQUENCY_RANGE
from calcref.knowledge.names import NEAREST, Entry, did_you_mean, fold, nearest, resolve
from calcref.terminal import harmless

from .geometry import Shape, draw
from .page import Facts, Gap, Heading, Line, Page, Paragraph, Span, hint, line, percent

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition
    from calcref.terminal import Screen

BODY, SVG = "body", b"<svg"
DRAWN = ("types", "conditions", "findings")
SMALL, LARGE, NARROWEST, WIDEST = 20, 36, 10, 200
"""Columns of a drawing beside text, of one by itself, and of the smallest and the largest."""
ROOM, ROOM_FOR_THE_BODY = 72, 100
"""Columns of a screen from which a drawing stands beside the text, and from which the body does too."""
BODY_ROWS, BODY_SITES = 14, 4
"""Lines of the body beside text, and how many sites it shows there."""
SITES_SHOWN, LEAST_SITE = 9, 0.05
"""How many sites are marked, and the least share that is worth a mark beside the first."""

SCHEMATIC = "Schematic: drawn from a few numbers, no radiograph; dotted lines are normal anatomy."

Point = tuple[float, float]
Box = tuple[float, float, float, float]
BODY_BOX: Box = (0.22, 0.0, 0.78, 1.0)
"""The part of the canvas that the body fills: left, top, right, bottom."""


class Mark(NamedTuple):
    """A site on the body: its sign, its share (0 to 1, None where no share is meant) and its place, None if it has none."""

    sign: str
    site: str
    share: float | None
    place: Point | None

    def text(self, name: str) -> str:
        """Return its name with its share."""
        return name if self.share is None else f"{name} {percent(self.share)}"


class Picture(NamedTuple):
    """Shapes, the part of the canvas that they fill, and marks upon them."""

    title: str
    shapes: tuple[Shape, ...]
    box: Box = (0.0, 0.0, 1.0, 1.0)
    marks: tuple[Mark, ...] = ()


def find(knowledge: KnowledgeBase, name: str) -> Entry:
    """Return what `name` calls: the body, a type, a condition or a finding.

    Raises:
        NotFoundError: when nothing is called so, or there is nothing to draw of it.
        UsageError: when it is the name of something that is never drawn.
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
    if entry.section not in (*DRAWN, BODY):
        return []
    look, title, sites = entry.id, entry.name, dict[str, float | None]()
    if entry.section == "types":
        look = knowledge.types[entry.id].drawn_as
        title = knowledge.findings[look].label if look else ""
    elif entry.section == "conditions":
        condition = knowledge.conditions[entry.id]
        look, share = leading_look(knowledge, condition) or ("", 0)
        title = f"{knowledge.findings[look].label} ({percent(share)})" if look else ""
        ordered = sorted(condition.sites.shares.items(), key=lambda item: -item[1])[:SITES_SHOWN]
        sites = {site: share for place, (site, share) in enumerate(ordered) if place == 0 or share >= LEAST_SITE}
    found = [Picture(title, draw(knowledge.drawings[look]))] if look in knowledge.drawings else []
    body = knowledge.body
    if body and entry.section == "findings" and entry.id in body.places:
        sites = {entry.id: None}
    if body and (sites or entry.section == BODY):
        outline = [Shape((path,)) for path in body.outline]
        if not sites:
            turns = [math.tau * step / 24 for step in range(25)]
            disc = [(0.008 * math.cos(turn), 0.008 * math.sin(turn)) for turn in turns]
            outline += [Shape((tuple((x + i, y + j) for i, j in disc),), filled=True) for x, y in body.places.values()]
        marks = tuple(Mark(str(n), site, share, body.places.get(site)) for n, (site, share) in enumerate(sites.items(), 1))
        title = {"conditions": "usual sites", BODY: "all sites"}.get(entry.section, entry.name)
        found.append(Picture(title, tuple(outline), BODY_BOX, marks))
    return found


def has_braille(screen: Screen) -> bool:
    """Tell whether the screen is likely to have Braille: Unicode, and no console whose font lacks it."""
    return screen.unicode and os.environ.get("TERM") not in ("linux", "dumb")


def beside(knowledge: KnowledgeBase, entry: Entry, screen: Screen) -> list[list[Line]]:
    """Return what may stand beside the text of an entry: its look with the body and its usual sites, or its look alone."""
    if not screen.painted or screen.width < ROOM:
        return []
    looks, bodies = [], []
    for picture in pictures(knowledge, entry):
        if not picture.marks:
            looks.append(_titled(picture, SMALL, SMALL // 2, screen))
        elif screen.width >= ROOM_FOR_THE_BODY:
            few = picture._replace(marks=picture.marks[:BODY_SITES])
            bodies.append(_titled(few, _columns(few, 2 * BODY_ROWS), BODY_ROWS, screen))
    return [_abreast(parts) for parts in ([*looks, *bodies], looks) if parts]


def _titled(picture: Picture, columns: int, rows: int, screen: Screen) -> list[Line]:
    import textwrap

    words = textwrap.wrap(f"{picture.title}; schematic".replace(" %", "\u00a0%"), columns)
    names = [line(Span(m.sign, "bar"), f" {_clip(m.text(m.site), columns - 2)}") for m in picture.marks if m.share is not None]
    return [*render(picture, columns, rows, has_braille(screen)), *(line(Span(text, "dim")) for text in words), *names]


def _columns(picture: Picture, size: int) -> int:
    return math.ceil(size * (picture.box[2] - picture.box[0]))


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _abreast(parts: Sequence[Sequence[Line]]) -> list[Line]:
    """Return columns of lines as one, side by side."""

    def length(cell: Line) -> int:
        return sum(len(span.text) for span in cell)

    widths = [max(map(length, part)) + 3 for part in parts]
    return [
        tuple(span for cell, wide in zip(row, widths, strict=True) for span in (*cell, Span(" " * (wide - length(cell)))))[:-1]
        for row in zip_longest(*parts, fillvalue=())
    ]


def render(picture: Picture, columns: int, rows: int, braille: bool) -> list[Line]:
    """Return a picture as lines, `columns` wide at most: eight dots a character in Braille, else the likest ASCII signs."""
    left, top, right, bottom = picture.box
    wide, high = 2 * columns, 4 * rows
    scale = min(wide / (right - left), high / (bottom - top))
    cells: dict[Point, int] = {}
    inked: set[Point] = set()
    for shape in picture.shapes:
        dots = [(x, y) for x, y in _dots(shape, scale, left, top) if 0 <= x < wide and 0 <= y < high]
        for x, y in dots:
            cells[x // 2, y // 4] = cells.get((x // 2, y // 4), 0) | _BITS[y % 4][x % 2]
        if not shape.faint:
            inked.update((x // 2, y // 4) for x, y in dots)
    signs = {
        cell: Span(chr(0x2800 + bits) if braille else _letter(bits), "" if cell in inked else "dim") for cell, bits in cells.items()
    }
    taken: set[Point] = set()
    for mark in picture.marks:
        if mark.place:
            column, row = int((mark.place[0] - left) * scale / 2), int((mark.place[1] - top) * scale / 4)
            cell = next((column + k, row) for k in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5) if (column + k, row) not in taken)
            taken.add(cell)
            signs[cell] = Span(mark.sign, "bar")
    return [tuple(signs.get((column, row), Span(" ")) for column in range(columns)) for row in range(rows)]


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


def _area(outlines: Sequence[Sequence[Point]]) -> Iterator[tuple[int, int]]:
    """Yield the dots within outlines, by the even-odd rule at the middle of each row; one at least."""
    edges = [edge for outline in outlines for edge in zip(outline, outline[1:], strict=False)]
    heights = [y for outline in outlines for _, y in outline]
    yield int(sum(x for x, _ in outlines[0]) / len(outlines[0])), int(sum(heights) / len(heights))
    for row in range(math.floor(min(heights)), math.ceil(max(heights)) + 1):
        middle = row + 0.5
        cuts = sorted(
            x + (middle - y) / (to_y - y) * (to_x - x) for (x, y), (to_x, to_y) in edges if (y <= middle) != (to_y <= middle)
        )
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            yield from ((column, row) for column in range(math.ceil(start - 0.5), math.ceil(end - 0.5)))


def page_of(knowledge: KnowledgeBase, entry: Entry, screen: Screen, columns: int = LARGE) -> Page:
    """Return the page of an entry's pictures, `columns` wide, side by side where there is room."""
    found = pictures(knowledge, entry)
    room = screen.width if screen.painted else WIDEST
    size = min(columns, room)
    widths = [_columns(picture, size) for picture in found]
    parts = [render(picture, wide, round(size / 2), has_braille(screen)) for picture, wide in zip(found, widths, strict=True)]
    abreast = sum(widths) + 3 * len(found) - 3 <= room
    rows = [("Look", line(picture.title)) for picture in found if not picture.marks and picture.title != entry.name]
    rows += [
        (mark.sign, line(mark.text(knowledge.findings[mark.site].label), "" if mark.place else " (not on the outline)"))
        for picture in found for mark in picture.marks if mark.share is not None
    ]  # fmt: skip
    return Page([
        Heading(Span(entry.name, "title"), 1), Gap(),
        *map(Paragraph, _abreast(parts) if abreast else [row for part in parts for row in part]),
        *([Facts(rows)] if rows else []), Gap(), hint(SCHEMATIC),
    ])  # fmt: skip


def written(entry: Entry, file: str) -> Page:
    """Return the page that says where a drawing went."""
    return Page([Paragraph(f"Schematic drawing of {entry.name} written to {file}")])


def payload(knowledge: KnowledgeBase, entry: Entry) -> dict[str, Any]:
    """Return the pictures of an entry as geometry in the unit square, for programs that draw them themselves."""
    from .payload import envelope, plain

    return envelope(knowledge, "drawing") | {
        "id": entry.id, "name": entry.name, "schematic": True,
        "pictures": [
            picture._asdict() | {"shapes": plain(picture.shapes), "marks": [mark._asdict() for mark in picture.marks]}
            for picture in pictures(knowledge, entry)
        ],
    }  # fmt: skip


_INK, _FAINT, _SITE = "#f2f2f2", "#8a949c", "#e69f00"


def svg(knowledge: KnowledgeBase, entry: Entry) -> str:
    """Return the pictures of an entry side by side as an SVG file, light on dark as on a film; it says that it is schematic."""
    parts: list[str] = []
    names: list[str] = []
    across = 0.0
    for picture in pictures(knowledge, entry):
        left, top, right, bottom = (100 * edge for edge in picture.box)
        wide = right - left
        parts.append(f'<svg x="{across:g}" width="{wide:g}" height="100" viewBox="{left:g} {top:g} {wide:g} {bottom - top:g}">')
        parts += map(_path, picture.shapes)
        for mark in picture.marks:
            names.append(f"{mark.sign} {mark.text(knowledge.findings[mark.site].label)}")
            if mark.place:
                x, y = 100 * mark.place[0], 100 * mark.place[1]
                spot = f'cx="{x:.2f}" cy="{y:.2f}" r="{1.6 + 3 * math.sqrt(mark.share or 0):.2f}"'
                parts.append(f'<circle {spot} fill="{_SITE}" fill-opacity="0.6"/>{_words(x, y + 1, mark.sign, _INK, "middle")}')
        parts.append(f"</svg>{_words(across + 2, 104, picture.title, _INK)}")
        across += wide
    parts += [_words(2, 109 + 4 * place, name, _SITE) for place, name in enumerate(names)]
    high = 112 + 4 * len(names)
    return (
        f'{SVG.decode()} xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:g} {high}" width="{4 * across:g}" height="{4 * high}" '
        f'font-family="sans-serif" font-size="3" role="img"><title>{_escaped(entry.name)}: schematic drawing</title>'
        f'<rect width="100%" height="100%" fill="#14171a"/>{"".join(parts)}{_words(2, high - 2, "Schematic, no radiograph.", _FAINT)}</svg>\n'
    )


def _escaped(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(harmless(text))


def _words(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.2f}" y="{y:.2f}" fill="{colour}" text-anchor="{anchor}">{_escaped(text)}</text>'


def _path(shape: Shape) -> str:
    data = "".join("M" + " ".join(f"{100 * x:.2f},{100 * y:.2f}" for x, y in outline) for outline in shape.outlines)
    if shape.filled:
        return f'<path d="{data}" fill="{_INK}" fill-rule="evenodd"/>'
    ink, width, dashes = (_FAINT, 0.6, ' stroke-dasharray="1.5 1.5"') if shape.faint else (_INK, max(100 * shape.width, 0.6), "")
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{data}" fill="none" stroke="{ink}" stroke-width="{width:.2f}"{dashes} {ends}/>'

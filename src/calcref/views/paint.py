"""How a page looks: laid out and painted on a terminal, short pages made to fit it; plain unwrapped lines in a pipe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from itertools import groupby, zip_longest

from calcref.terminal import WIDEST, Screen, harmless

from .page import SPARE, Block, Facts, Foot, Gap, Heading, Items, Line, Numbers, Page, Paragraph, Span, Table, Words, joined, line

COLOURS = {
    "title": "bold", "name": "bold", "dim": "dim", "for": "bright_blue", "against": "bright_magenta", "danger": "bold bright_red",
    "mark": "dim", "bar": "cyan", "kind0": "cyan", "kind1": "bright_magenta", "kind2": "bold", "kind3": "bright_blue", "kind4": "green",
}  # fmt: skip
"""Styles in the sixteen colours of the reader's own palette; body text keeps the terminal's colour. None means by itself.

Those that keep a contrast of about 3 to 1 on black and on white in the palettes of seven terminals: plain red, blue and magenta
are too dark on black, and yellow is too light on white.
"""

MEASURE, BETWEEN = 120, 3
"""Columns of text at most, which the eye can follow, and between it and what stands beside it."""

NARROW, LABEL, FLEXIBLE = 60, 8, 24
"""Columns below which text runs on under its label, and tables that do not fit are stacked; of a label by itself on such a
screen; and that a flexible column should usually have before others are left out for it."""

PARTS = re.compile(r" (?!\[)|(?<=[-./])")
"""Where a line may end without tearing a word, or a mark from its word."""

COMFORTABLE, TALLEST = 30, 3
"""Columns below which text that would take more lines than that stands under its row, whatever the screen."""


def show(page: Page, screen: Screen) -> str:
    """Return the page as the screen can show it."""
    if not screen.painted:
        return "".join(f"{text}\n" for text in _plain(page))
    return _inked(fitted(page, screen), screen.colour)


def fitted(page: Page, screen: Screen) -> list[Line]:
    """Return the lines of a page; a short one leaves out what it can spare until it fits, with the first aside that it can have.

    One line of the screen is left for the prompt that follows. What is spared last is worth more than all asides but the last.
    """
    if not page.short:
        return _Sheet(page, screen, SPARE, next(iter(page.asides), ())).lines
    lines: list[Line] = []
    for place, aside in enumerate((*page.asides, ()), 1):
        lowest = 1 if place < len(page.asides) else 0
        lines = _Sheet(page, screen, lowest, aside).lines
        if len(lines) < screen.height:
            more = (_Sheet(page, screen, limit, aside).lines for limit in range(SPARE, lowest, -1))
            return next((found for found in more if len(found) < screen.height), lines)
    return lines


def _harmless(text: str) -> str:
    return harmless(text.replace("\n", " ").replace("\t", " ").replace("\r", " "))


def _plain(page: Page) -> Iterator[str]:
    numbers = Numbers()

    def words(text: Words) -> str:
        return _harmless("".join(span.text for span in numbers.resolved(text))).replace("\u00a0", " ")

    for block in page.blocks:
        if isinstance(block, Foot):
            block = numbers.foot(block)
        if isinstance(block, (Heading, Paragraph)):
            yield from filter(None, [words(block.text)])
        elif isinstance(block, Items):
            yield from (f"- {words(item)}" for item in block.items)
        elif isinstance(block, Facts):
            yield from (f"{words(label)}\t{words(text)}" for label, text in block.rows if text)
        elif isinstance(block, Table):
            yield from ("\t".join(words(cell) for cell in row if not _is_bar(cell)) for row in block.rows)


def _is_bar(cell: Words) -> bool:
    return [span.style for span in line(cell)] == ["bar"]


def _inked(lines: Sequence[Line], colour: bool) -> str:
    """Return the lines as Rich paints them: nothing in them is read as markup, nothing around them decides how they look."""
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=StringIO(), force_terminal=True, color_system="standard" if colour else None, legacy_windows=False,
        width=WIDEST, height=len(lines), _environ={},
    )  # fmt: skip
    for text in lines:
        painted = Text()
        for style, spans in groupby(text, key=lambda span: span.style):
            words = "".join(span.text for span in spans).replace("\u00a0", " ")
            painted.append(words, COLOURS.get(style) if words.strip() else None)
        painted.rstrip()
        console.print(painted, soft_wrap=True)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def width_of(text: str) -> int:
    """Return how many columns `text` takes: wide East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _width(text: Iterable[Span]) -> int:
    return sum(width_of(span.text) for span in text)


def wrapped(text: Line, room: int | Callable[[int], int]) -> list[Line]:
    """Return a text in lines of at most `room` columns, or `room(n)`, n from 0; a mark stays with what it marks."""
    free = room if callable(room) else lambda _: room
    words: list[list[Span]] = [[]]
    for part in text:
        style = part.style
        first, *others = [part.text] if style == "mark" else part.text.replace(" %", "\u00a0%").split(" ")
        words[-1].append(Span(first, style))
        words += [[Span(other, style)] for other in others]
    lines: list[list[Span]] = [[]]
    used, left = 0, free(0)
    for place, word in enumerate(words):
        width = _width(word)
        if place and used + 1 + width <= left:
            lines[-1] += [Span(" ", word[0].style if lines[-1] and lines[-1][-1].style == word[0].style else ""), *word]
            used += 1 + width
            continue
        if place:
            lines.append([])
            left = free(len(lines) - 1)
        if width > left:
            word = _chopped(word, lines, free)
            left = free(len(lines) - 1)
        lines[-1] += word
        used = _width(word)
    return [tuple(parts) for parts in lines]


def _chopped(word: Sequence[Span], lines: list[list[Span]], free: Callable[[int], int]) -> list[Span]:
    """Write a word that is longer than a line, part by part where it can, and return what is left of it for the last line.

    Wide characters count as if all were.
    """
    longest = max(word, key=lambda span: len(span.text))
    text, start = "".join(span.text for span in word), 0
    columns = 1 if text.isascii() else 2
    while (len(text) - start) * columns > (left := free(len(lines) - 1)):
        end = start + max(left // columns, 1)
        end = max(text.rfind(sign, start, end) for sign in "-./") + 1 or end
        lines[-1].append(longest._replace(text=text[start:end]))
        lines.append([])
        start = end
    return [longest._replace(text=text[start:])]


class _Sheet:
    """A page laid out: its lines, without what is spare beyond `limit`, with the lines of `aside` at the upper right."""

    def __init__(self, page: Page, screen: Screen, limit: int, aside: Sequence[Line]) -> None:
        self._screen, self._limit, self._beside = screen, limit, len(aside)
        self._edge = min(screen.width - max(map(_width, aside), default=-BETWEEN) - BETWEEN, MEASURE)
        self._numbers = Numbers()
        self.lines: list[Line] = []
        for block in page.blocks:
            self._add(self._numbers.foot(block) if isinstance(block, Foot) else block)
        edge = self._edge + BETWEEN
        self.lines = [
            (*text, Span(" " * (edge - _width(text))), *other) if other else text
            for text, other in zip_longest(self.lines, aside, fillvalue=())
        ]

    def _room(self, number: int = 0) -> int:
        """Return how many columns are free on the line that comes `number` lines after those that are there."""
        return self._edge if len(self.lines) + number < self._beside else min(self._screen.width, MEASURE)

    def _words(self, text: Words) -> Line:
        kept = self._numbers.resolved(tuple(span for span in line(text) if span.spare <= self._limit))
        return tuple(span._replace(text=_harmless(span.text)) for span in kept)

    def _put(self, text: Line, head: Line = (), indent: int = 0, hang: int | None = None) -> None:
        """Write a text `indent` columns in, with `head` there, and its further lines `hang` columns in."""
        hang = indent if hang is None else hang
        rows = wrapped(text, lambda number: self._room(number) - (hang if number else indent))
        self.lines.append((*head, Span(" " * (indent - _width(head))), *rows[0]))
        self.lines += [(Span(" " * hang), *row) for row in rows[1:]]

    def _add(self, block: Block) -> None:
        if isinstance(block, Gap):
            if block.spare <= self._limit:
                self.lines.append(())
        elif isinstance(block, Heading):
            text = self._words(block.text)
            self._put(tuple(span._replace(style=span.style or "name") for span in text))
        elif isinstance(block, Paragraph):
            if text := self._words(block.text):
                self._put(text, indent=block.indent)
        elif isinstance(block, Items):
            self._facts([("-", item) for item in block.items])
        elif isinstance(block, Facts):
            self._facts(block.rows)
        elif isinstance(block, Table):
            self._table(block)

    def _facts(self, rows: Iterable[tuple[str, Words]]) -> None:
        kept = [(_harmless(label), text) for label, words in rows if (text := self._words(words))]
        longest = max((width_of(label) for label, _ in kept), default=0)
        run_on = self._screen.width < NARROW and longest > LABEL
        for label, text in kept:
            head = Span(label, "" if label == "-" else "name")
            self._put(text, (head,), (width_of(label) if run_on else longest) + 1, 2 if run_on else None)

    def _table(self, table: Table) -> None:
        rows = [[self._words(cell) for cell in row] for row in table.rows]
        rows = [row for row in rows if any(row)]
        columns = table.columns
        widths = [max((min(_width(row[n]), MEASURE) for row in rows), default=0) for n in range(len(columns))]
        keep = [n for n, wide in enumerate(widths) if wide]
        widths = [max(wide, width_of(column.title)) for wide, column in zip(widths, columns, strict=True)]
        wishes = {0: WIDEST, True: FLEXIBLE}
        needs = [min(wide, wishes.get(column.flexible, column.flexible)) for wide, column in zip(widths, columns, strict=True)]
        room = self._edge if len(self.lines) < self._beside else self._screen.width

        def needed() -> int:
            return sum(2 + needs[k] for k in keep) - 2

        for n in [n for n in reversed(keep) if columns[n].spare]:
            if needed() > room:
                keep.remove(n)
        left = room - sum(2 + needs[k] for k in keep if not columns[k].flexible)
        squeezed = any(columns[k].flexible and left < COMFORTABLE and widths[k] > TALLEST * left for k in keep)
        flexible = [k for k in keep if columns[k].flexible]
        for _ in range(sum(2 + widths[k] for k in keep) - 2 - room):
            widths[max([k for k in flexible if widths[k] > LABEL] or keep, key=lambda k: widths[k])] -= 1
        texts = ((widths[k], "".join(span.text for span in row[k])) for row in rows for k in keep)
        torn = any(width_of(part) > wide for wide, text in texts for part in PARTS.split(text))
        if squeezed or torn or (needed() > room and self._screen.width < NARROW):
            for row in rows:
                told = [(column, cell) for column, cell in zip(columns, row, strict=True) if cell and not _is_bar(cell)]
                self._stack([line(f"{c.title} " if c.right and c.title else "", cell) for c, cell in told])
            return
        head = [line(Span(column.title, "dim")) for column in columns]
        for row in [head, *rows] if any(head) else rows:
            for parts in zip_longest(*(wrapped(row[k], widths[k]) for k in keep), fillvalue=()):
                spans: list[Span] = []
                for k, part in zip(keep, parts, strict=True):
                    blank = Span(" " * (widths[k] - _width(part)))
                    spans += [*((blank, *part) if columns[k].right else (*part, blank)), Span("  ")]
                self.lines.append(tuple(spans))

    def _stack(self, cells: Sequence[Line]) -> None:
        """Write a row of a narrow screen: its first cell, with the second if it is short, and the others below."""
        first = 2 if _width(cells[0]) <= 3 else 1
        self._put(joined(cells[:first], " "))
        if cells[first:]:
            self._put(joined(cells[first:]), indent=2)

"""How a page looks: painted with Rich on a terminal, plain unwrapped lines in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from calcref.terminal import Screen, harmless

from .page import Block, Facts, Gap, Heading, Items, Line, Page, Paragraph, Table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

COLOURS = {
    "title": "bold", "name": "bold", "dim": "dim", "for": "blue", "against": "magenta", "danger": "bold red", "mark": "dim",
    "bar": "cyan", "kind0": "cyan", "kind1": "magenta", "kind2": "yellow", "kind3": "blue", "kind4": "green", "kind5": "",
}  # fmt: skip
"""Styles in the sixteen colours of the reader's own palette; body text keeps the terminal's colour. None means by itself."""

BETWEEN = 3
"""Columns between text and what stands beside it."""

HEIGHT = 25
"""Rows that a page is laid out for. None of it depends on them, but Rich would look for them in the environment."""

NARROW = 60
"""Columns below which tables are stacked."""


def show(page: Page, screen: Screen) -> str:
    """Return the page as the screen can show it."""
    if not screen.painted:
        return "".join(f"{text}\n" for block in page.blocks for text in _plain(block))
    return _painted(page, screen)


def _words(text: Line) -> str:
    return harmless("".join(span.text for span in text)).replace("\n", " ").replace("\t", " ").replace("\r", " ")


def _plain(block: Block) -> Iterator[str]:
    if isinstance(block, (Heading, Paragraph)):
        yield _words(block.text)
    elif isinstance(block, Items):
        yield from (f"- {_words(item)}" for item in block.items)
    elif isinstance(block, Facts):
        yield from (f"{harmless(label)}\t{_words(text)}" for label, text in block.rows)
    elif isinstance(block, Table):
        for row in block.rows:
            yield "\t".join(_words(cell).strip(" \u2588\u2591") for cell in row if not _is_bar(cell))


def _is_bar(cell: Line) -> bool:
    return len(cell) == 1 and cell[0].style == "bar"


def _painted(page: Page, screen: Screen) -> str:
    from io import StringIO

    from rich.console import Console

    buffer = StringIO()
    console = Console(
        file=buffer, width=screen.width, height=HEIGHT, force_terminal=True, color_system="standard" if screen.colour else None,
        no_color=not screen.colour, markup=False, emoji=False, highlight=False, legacy_windows=False,
        safe_box=not screen.unicode,
    )  # fmt: skip
    if page.aside:
        console.print(_with_aside(page, screen))
    else:
        for block in page.blocks:
            for renderable in _renderables(block, screen):
                console.print(renderable)
    return "\n".join(text.rstrip(" ") for text in buffer.getvalue().split("\n"))


def _with_aside(page: Page, screen: Screen) -> RenderableType:
    """Return the blocks with the lines beside them, the text as wide as is left."""
    from rich.console import Group
    from rich.table import Table as Grid
    from rich.text import Text

    room = screen.width - max(sum(len(span.text) for span in part) for part in page.aside) - BETWEEN
    inner = replace(screen, width=room)
    grid = Grid.grid(padding=(0, BETWEEN, 0, 0))
    grid.add_column(width=room)
    grid.add_column(no_wrap=True)
    parts = [part for block in page.blocks for part in _renderables(block, inner)]
    grid.add_row(Group(*parts), Text("\n").join(_text(part, screen) for part in page.aside))
    return grid


def _text(text: Line, screen: Screen) -> Text:
    from rich.text import Text

    result = Text()
    for span in text:
        words = harmless(span.text)
        if not screen.unicode:
            words = words.replace("\u2588", "#").replace("\u2591", ".")
        result.append(words, style=COLOURS.get(span.style, "") if screen.colour else "")
    return result


def _renderables(block: Block, screen: Screen) -> Iterable[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table as Grid

    if isinstance(block, Gap):
        return [""]
    if isinstance(block, Heading):
        title = _text(block.text, screen)
        if screen.colour:
            title.stylize("bold")
        return [title]
    if isinstance(block, Paragraph):
        return [Padding(_text(block.text, screen), (0, 0, 0, block.indent))]
    if isinstance(block, (Items, Facts)):
        grid = Grid.grid(padding=(0, 1, 0, 0))
        rows = [("-", item) for item in block.items] if isinstance(block, Items) else list(block.rows)
        longest = max((len(label) for label, _ in rows), default=0)
        if screen.width < NARROW and longest > 12:
            return [part for label, text in rows for part in (harmless(label), Padding(_text(text, screen), (0, 0, 0, 2)))]
        grid.add_column(no_wrap=True, style="bold" if screen.colour and isinstance(block, Facts) else "")
        grid.add_column(ratio=1, overflow="fold")
        for label, text in rows:
            grid.add_row(harmless(label), _text(text, screen))
        return [grid]
    return _table(block, screen)


def _table(block: Table, screen: Screen) -> list[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    if screen.width < NARROW:
        return list(_stacked(block, screen))
    keep = [
        place for place, column in enumerate(block.columns)
        if not (column.spare and _natural(block, screen) > screen.width)
    ]  # fmt: skip
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(c.title for c in block.columns), header_style="dim")
    for place in keep:
        column = block.columns[place]
        grid.add_column(column.title, justify="right" if column.right else "left", no_wrap=not column.flexible,
                        overflow="fold", ratio=None)  # fmt: skip
    for row in block.rows:
        grid.add_row(*(_text(row[place], screen) if row[place] else Text("") for place in keep))
    return [Padding(grid, 0)]


def _natural(block: Table, screen: Screen) -> int:
    """Return the columns that the table would take with nothing wrapped but flexible cells, which count 24 at most."""
    widths = []
    for place, column in enumerate(block.columns):
        longest = max((_text(row[place], screen).cell_len for row in block.rows), default=0)
        widths.append(max(min(longest, 24) if column.flexible else longest, len(column.title)) + 2)
    return sum(widths)


def _stacked(block: Table, screen: Screen) -> Iterator[RenderableType]:
    """Yield each row as its first cells on a line of their own and the others below."""
    from rich.padding import Padding
    from rich.text import Text

    for row in block.rows:
        cells: Sequence[Text] = [_text(cell, screen) for cell in row if cell and not _is_bar(cell)]
        yield cells[0] if len(cells[0]) > 3 or len(cells) < 2 else Text(" ").join(cells[:2])
        rest = cells[1:] if len(cells[0]) > 3 or len(cells) < 2 else cells[2:]
        if rest:
            yield Padding(Text(", ").join(rest), (0, 0, 0, 2))

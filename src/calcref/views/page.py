"""What a page is made of, before anyone decides how it looks: meaning and colour meet only in `paint`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from calcref.knowledge.names import brief

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Note, Source, Statement

Style = Literal[
    "", "title", "name", "dim", "for", "against", "danger", "mark", "bar", "kind0", "kind1", "kind2", "kind3", "kind4", "kind5"
]
"""What a piece of text is; kind0 to kind5 are the types in the order of the knowledge base."""

SPARE = 6
"""The highest rank of what a short page may do without."""


class Span(NamedTuple):
    """A piece of text with its meaning.

    A mark of `sources` is numbered where the page is shown. On a short page that does not fit the screen, what has the
    highest rank, `spare`, is left out first; what has rank 0 always stays.
    """

    text: str
    style: Style = ""
    sources: tuple[str, ...] | None = None
    spare: int = 0


Line = tuple[Span, ...]
Words = str | Span | Line


def line(*parts: Words | Iterable[Span]) -> Line:
    """Return the parts as one line of spans."""
    result: list[Span] = []
    for part in parts:
        result += [Span(part)] if isinstance(part, str) else [part] if isinstance(part, Span) else part
    return tuple(span for span in result if span.text)


def spare(rank: int, *parts: Words | Iterable[Span]) -> Line:
    """Return the parts as a line that a short page may do without; `rank` is 1 to `SPARE`, the highest goes first."""
    return tuple(span._replace(spare=max(rank, span.spare)) for span in line(*parts))


def joined(lines: Iterable[Words], between: str = "; ") -> Line:
    """Return lines as one, with `between` them, which is as spare as what it leads to."""
    parts: list[Span] = []
    for item in map(line, lines):
        parts += ([Span(between, spare=item[0].spare)] if parts and item else []) + list(item)
    return tuple(parts)


class Heading(NamedTuple):
    """A title (level 1) or a heading (level 2)."""

    text: Words
    level: int = 2


class Paragraph(NamedTuple):
    """Running text, `indent` columns in."""

    text: Words
    indent: int = 0


class Items(NamedTuple):
    """A list with marks."""

    items: Sequence[Words]


class Facts(NamedTuple):
    """Labels with their text beside them."""

    rows: Sequence[tuple[str, Words]]


class Column(NamedTuple):
    """A column of a table. Figures stand on the `right`, and take their title along where there is no room for columns.

    When there is little room, a `spare` one is dropped, and a `flexible` one gives way: first down to the columns that it
    wishes for (True: what is usual), then further.
    """

    title: str
    right: bool = False
    flexible: int = 0
    spare: bool = False


class Table(NamedTuple):
    """Rows of cells. In a pipe the cells are parted by tabs and there is no header."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Words]]


class Gap(NamedTuple):
    """An empty line on a screen, nothing in a pipe; a short page may do without it by its rank."""

    spare: int = 0


class Foot(NamedTuple):
    """What the source marks above it mean: a line for each, or author and year only."""

    sources: Mapping[str, Source]
    short: bool = False


Block = Heading | Paragraph | Items | Facts | Table | Gap | Foot


class Page:
    """Blocks in order. A `short` page is made to fit the screen; `asides` are what may stand beside it, the first that fits."""

    def __init__(self, blocks: Sequence[Block] = (), short: bool = False) -> None:
        self.blocks, self.short = list(blocks), short
        self.asides: Sequence[Sequence[Line]] = ()

    def add(self, *blocks: Block) -> None:
        """Append blocks."""
        self.blocks.extend(blocks)

    def section(self, title: str, *blocks: Block) -> None:
        """Append a heading with what belongs to it; nothing at all when they are empty."""
        if any(block[0] for block in blocks):
            self.add(Gap(1), Heading(title), *blocks)


def hint(text: str) -> Paragraph:
    """Return a remark in the background."""
    return Paragraph(Span(text, "dim"))


BACKGROUND, TITLE_WORDS = "b", 3
NOTE_WORDS = {"error": "Error of a source", "conflict": "Sources differ", "caution": "Mind"}


def mark(sources: Sequence[str]) -> Span:
    """Return the mark for `sources`: [1], [2] and so on in order of use, [b] for background knowledge without a source."""
    return Span("[]", "mark", tuple(sources))


def say(statement: Statement | Note) -> Line:
    """Return a statement with its mark."""
    return line(statement.text, mark(statement.sources))


def note(item: Note) -> Line:
    """Return a note with the word for its kind and its mark."""
    return line(Span(f"{NOTE_WORDS[item.kind]}: ", "name"), say(item))


class Numbers(dict[str, int]):
    """The numbers that sources have on a page, in order of use; the key `BACKGROUND` stands for those without a source."""

    def resolved(self, text: Words) -> Line:
        """Return the spans of `text` with their marks numbered."""
        return tuple(span if span.sources is None else span._replace(text=self._mark(span.sources)) for span in line(text))

    def _mark(self, sources: Sequence[str]) -> str:
        if not sources:
            self[BACKGROUND] = 0
            return f" [{BACKGROUND}]"
        return f" [{','.join(map(str, sorted(self.setdefault(key, len(self.keys() - {BACKGROUND}) + 1) for key in sources)))}]"

    def foot(self, foot: Foot) -> Block:
        """Return what the marks that were used mean."""
        cited = [foot.sources[key] for key in self if key != BACKGROUND]
        rows = [(f"[{number}]", who) for number, who in enumerate(told_apart(cited) if foot.short else map(full, cited), 1)]
        if BACKGROUND in self:
            rows.append((f"[{BACKGROUND}]", "background knowledge, no source"))
        return hint("; ".join(f"{sign}\u00a0{who}" for sign, who in rows)) if foot.short else Facts(rows)


def kind_of(source: Source) -> str:
    """Return what kind of source it is, with the number of patients of a series."""
    return f"{source.kind.replace('case-series', 'series').replace('-', ' ')}{f', n = {source.n}' if source.n else ''}"


def told_apart(sources: Sequence[Source]) -> Iterator[str]:
    """Yield sources in brief; those that would read alike with a letter after the year, or with how their titles begin."""
    names, seen = list(map(brief, sources)), list[str]()
    for name, source in zip(names, sources, strict=True):
        letter = chr(ord("a") + seen.count(name)) if source.year else f": {' '.join(source.title.split()[:TITLE_WORDS])}"
        seen.append(name)
        yield name + letter if names.count(name) > 1 else name


def full(source: Source) -> str:
    """Return a source in one line: who, what, where, when, which kind, and its address."""
    address = f"doi:{source.doi}" if source.doi else f"PMID {source.pmid}" if source.pmid else source.url
    parts = [source.authors, source.title, source.publisher, str(source.year or ""), f"({kind_of(source)})"]
    return ". ".join(part.rstrip(".") for part in parts if part) + (f" {address}" if address else "")


def percent(share: float) -> str:
    """Return a share, 0 to 1, in whole per cents, never 0 and never 100."""
    share = round(share, 6)  # a sum of shares may be a hair below 1 %
    if share < 0.01:
        return "<1 %"
    return ">99 %" if share > 0.99 else f"{share * 100:.0f} %"


def band(share: float) -> str:
    """Return the word that goes with a post-test probability."""
    return "most likely" if share >= 0.5 else "possible" if share >= 0.1 else "less likely"


def bar(share: float, width: int = 10) -> Span:
    """Return a bar for a share, 0 to 1."""
    full_cells = max(1 if share >= 0.03 else 0, round(share * width))
    return Span("\u2588" * full_cells + "\u2591" * (width - full_cells), "bar")


def kind_style(knowledge: KnowledgeBase, kind: str) -> Style:
    """Return the style of a type, by its place in the knowledge base."""
    styles: tuple[Style, ...] = ("kind0", "kind1", "kind2", "kind3", "kind4", "kind5")
    return styles[list(knowledge.types).index(kind) % len(styles)]

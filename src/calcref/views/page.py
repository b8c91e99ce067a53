"""What a page is made of, before anyone decides how it looks: meaning and colour meet only in `paint`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.model import Note, Source, Statement

Style = Literal[
    "", "title", "name", "dim", "for", "against", "danger", "mark", "bar", "kind0", "kind1", "kind2", "kind3", "kind4", "kind5"
]
"""What a piece of text is; kind0 to kind5 are the types in the order of the knowledge base."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text with its meaning."""

    text: str
    style: Style = ""


Line = tuple[Span, ...]


def line(*parts: str | Span | Iterable[Span]) -> Line:
    """Return the parts as one line of spans."""
    result: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            result.append(Span(part))
        elif isinstance(part, Span):
            result.append(part)
        else:
            result.extend(part)
    return tuple(span for span in result if span.text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A title (level 1) or a heading (level 2)."""

    text: Line
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, `indent` columns in."""

    text: Line
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """A list with marks."""

    items: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their text beside them."""

    rows: Sequence[tuple[str, Line]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; a `flexible` one gives way when there is little room, a `spare` one is dropped."""

    title: str
    right: bool = False
    flexible: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. In a pipe the cells are parted by tabs and there is no header."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line on a screen, nothing in a pipe."""


Block = Heading | Paragraph | Items | Facts | Table | Gap


@dataclass(slots=True)
class Page:
    """Blocks in order, and lines that stand beside them on a terminal wide enough."""

    blocks: list[Block] = field(default_factory=list)
    aside: Sequence[Line] = ()

    def add(self, *blocks: Block) -> None:
        """Append blocks."""
        self.blocks.extend(blocks)

    def section(self, title: str, *blocks: Block) -> None:
        """Append a heading with what belongs to it; nothing at all when nothing does."""
        if blocks:
            self.add(Gap(), Heading(line(title)), *blocks)


BACKGROUND = "b"
NOTE_WORDS = {"error": "Error of a source", "conflict": "Sources differ", "caution": "Mind"}


class Citations:
    """Source marks of one page: [1], [2] and so on in order of use, [b] for background knowledge without a source."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._numbers: dict[str, int] = {}
        self._background = False

    def mark(self, sources: Sequence[str]) -> Span:
        """Return the mark for `sources`, with a blank before it."""
        if not sources:
            self._background = True
            return Span(f" [{BACKGROUND}]", "mark")
        numbers = [self._numbers.setdefault(source, len(self._numbers) + 1) for source in sources]
        return Span(f" [{','.join(map(str, sorted(numbers)))}]", "mark")

    def say(self, statement: Statement | Note) -> Line:
        """Return a statement with its mark."""
        return line(statement.text, self.mark(statement.sources))

    def note(self, note: Note) -> Line:
        """Return a note with the word for its kind and its mark."""
        return line(Span(f"{NOTE_WORDS[note.kind]}: ", "name"), self.say(note))

    def foot(self, short: bool = False) -> list[Block]:
        """Return the list that resolves the marks: a line for each, or author and year only."""
        sources = self._knowledge.sources
        if short:
            parts = [f"[{number}] {brief(sources[key])}" for key, number in self._numbers.items()]
            if self._background:
                parts.append(f"[{BACKGROUND}] background knowledge, no source")
            return [Paragraph(line(Span("; ".join(parts), "dim")))] if parts else []
        rows = [(f"[{number}]", line(full(sources[key]))) for key, number in self._numbers.items()]
        if self._background:
            rows.append((f"[{BACKGROUND}]", line("background knowledge; no source is given")))
        return [Facts(rows)] if rows else []


KIND_WORDS = {
    "case-series": "series", "case-report": "case report", "review": "review", "guideline": "guideline",
    "textbook": "textbook", "teaching-file": "teaching file", "encyclopedia": "encyclopedia", "website": "website",
}  # fmt: skip


def kind_of(source: Source) -> str:
    """Return what kind of source it is, with the number of patients of a series."""
    return f"{KIND_WORDS[source.kind]}{f', n = {source.n}' if source.n else ''}"


def brief(source: Source) -> str:
    """Return a source as author (or publisher) and year."""
    authors = source.authors.split(" (")[0].split(",")
    if source.authors:
        who = authors[0].removesuffix(" et al.").removesuffix(" et al").rsplit(" ", 1)[0]
        who += " et al." if len(authors) > 1 or "et al" in source.authors else ""
    else:
        who = (source.publisher or source.title).split(",")[0].split(" (")[0]
    year = str(source.year or "")
    return f"{who} {year}".strip() if year not in who else who


def full(source: Source) -> str:
    """Return a source in one line: who, what, where, when, which kind, and its address."""
    address = f"doi:{source.doi}" if source.doi else f"PMID {source.pmid}" if source.pmid else source.url
    parts = [source.authors, source.title, source.publisher, str(source.year or ""), f"({kind_of(source)})"]
    return ". ".join(part.rstrip(".") for part in parts if part) + (f" {address}" if address else "")


def percent(share: float) -> str:
    """Return a share, 0 to 1, in whole per cents, never 0 and never 100."""
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

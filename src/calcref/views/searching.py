"""The page of a search: what was found, best first, with the words that matched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from calcref.knowledge.names import KINDS
from calcref.knowledge.search import marks

from .page import Column, Foot, Gap, Line, Page, Span, Table, hint, line, mark

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.search import Found, Word


EXCERPT, LEAD = 110, 40
"""Characters of a passage that a screen shows, and of these before the first match."""

PASSAGES = 5
"""Passages of a hit that JSON has."""


def page_of(knowledge: KnowledgeBase, found: Found, top: int, coloured: bool, whole: bool) -> Page:
    """Return the page of the `top` best hits. Matches are bold if `coloured`, else *starred*; `whole` passages are not cut."""
    guessed = [w for w in found.words if w.meant or not w.forms]
    taken = [f"'{w.typed}' taken for '{w.meant}'." if w.meant else f"Nothing has '{w.typed}'." for w in guessed]
    rows = []
    for place, hit in enumerate(found.hits[:top], 1):
        # The best passage that is not the bare id, which stands on the line anyway.
        passage = next((passage for passage in hit.passages if passage.where != "id"), hit.passages[0])
        text = passage.text if whole else _excerpt(passage.text, found.words)
        cited = [] if passage.sources is None else [mark(passage.sources)]
        rows.append((
            str(place), marked(hit.entry.id, found.words, True) if coloured else hit.entry.id, KINDS[hit.entry.section],
            line(Span(f"{passage.where}: ", "dim"), marked(text, found.words, coloured), *cited),
        ))  # fmt: skip
    rest = len(found.hits) - len(rows)
    return Page([
        *map(hint, dict.fromkeys(taken)), Table((Column(""), Column(""), Column("", spare=True), Column("", flexible=True)), rows), Gap(),
        Foot(knowledge.sources, short=True),
        hint(f"{f'{rest} more: --top {len(found.hits)}. ' if rest else ''}Each of them: calcref show NAME"),
    ])  # fmt: skip


def _excerpt(text: str, words: Sequence[Word]) -> str:
    """Return a part of `text` with its first match, cut at blanks."""
    if len(text) <= EXCERPT:
        return text
    first = next(iter(marks(text, words)), (0, 0))[0]
    start = 0 if first < EXCERPT - LEAD else text.rfind(" ", 0, first - LEAD) + 1
    end = len(text) if len(text) - start <= EXCERPT else text.rfind(" ", start, start + EXCERPT)
    end = end if end > start else start + EXCERPT
    return f"{'...' if start else ''}{text[start:end]}{'...' if end < len(text) else ''}"


def marked(text: str, words: Sequence[Word], coloured: bool) -> Line:
    """Return `text` with its matches in bold, or between stars where nothing can be bold."""
    parts: list[Span] = []
    done = 0
    for start, end in marks(text, words):
        parts += [Span(text[done:start]), Span(text[start:end] if coloured else f"*{text[start:end]}*", "name")]
        done = end
    return line(parts, text[done:])


def payload(knowledge: KnowledgeBase, query: str, found: Found, top: int) -> dict[str, Any]:
    """Return the answer for programs: how the words were taken, and the hits with where the matches stand, in characters."""
    from .payload import envelope

    return envelope(knowledge, "search") | {
        "query": query,
        "words": [{"typed": word.typed, "taken_for": word.meant or None, "forms": list(word.forms)} for word in found.words],
        "found": len(found.hits),
        "hits": [
            {
                "rank": place, "id": hit.entry.id, "kind": KINDS[hit.entry.section], "name": hit.entry.name, "score": round(hit.score, 3),
                "passages": [
                    {"where": passage.where, "text": passage.text, "sources": None if passage.sources is None else list(passage.sources),
                     "matches": [list(span) for span in marks(passage.text, found.words)]}
                    for passage in hit.passages[:PASSAGES]
                ],
            }
            for place, hit in enumerate(found.hits[:top], 1)
        ],
    }  # fmt: skip

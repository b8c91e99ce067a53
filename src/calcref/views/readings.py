"""What was read from a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .page import Column, Facts, Gap, Page, Span, Table
from .payload import envelope, mentions

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.reading import Reading


def page_of(knowledge: KnowledgeBase, reading: Reading) -> Page:
    """Return the page of a reading: each finding with the words that it came from, and what was not understood."""
    rows = [
        (Span(mention.finding, "name"), Span(mention.state, "against" if mention.state == "absent" else "for"), f"'{mention.words}'",
         knowledge.findings[mention.finding].label)
        for mention in reading.mentions
    ]  # fmt: skip
    columns = (Column("finding"), Column("is"), Column("from", flexible=True), Column("meaning", flexible=True, spare=True))
    return Page([Table(columns, rows), Gap(), Facts([
        ("Age", f"{reading.age:g} years, from '{reading.age_words}'" if reading.age is not None else ""),
        ("Sex", f"{reading.sex}, from '{reading.sex_words}'" if reading.sex else ""),
        ("Not understood", ", ".join(reading.not_understood) or "nothing was left over"),
    ])])  # fmt: skip


def payload(knowledge: KnowledgeBase, reading: Reading) -> dict[str, Any]:
    """Return the reading for programs."""
    return envelope(knowledge, "reading") | {
        "present": list(reading.ids("present", "possible")), "possible": list(reading.ids("possible")),
        "absent": list(reading.ids("absent")), "age": reading.age, "sex": reading.sex,
        "mentions": mentions(reading), "not_understood": list(reading.not_understood),
    }  # fmt: skip

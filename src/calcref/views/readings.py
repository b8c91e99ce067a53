"""What was read from a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .page import Column, Facts, Gap, Line, Page, Span, Table, line
from .payload import envelope, mentions

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.reading import Reading


def page_of(knowledge: KnowledgeBase, reading: Reading) -> Page:
    """Return the page of a reading: each finding with the words that it came from, and what was not understood."""
    rows = [
        (
            line(Span(mention.finding, "name")),
            line(Span(mention.state, "against" if mention.state == "absent" else "for")),
            line(f"'{mention.words}'"),
            line(knowledge.findings[mention.finding].label),
        )
        for mention in reading.mentions
    ]
    page = Page(
        [
            Table(
                (Column("finding"), Column("is"), Column("from", flexible=True), Column("meaning", flexible=True, spare=True)), rows
            )
        ]
    )
    facts: list[tuple[str, Line]] = []
    if reading.age is not None:
        facts.append(("Age", line(f"{reading.age:g} years, from '{reading.age_words}'")))
    if reading.sex:
        facts.append(("Sex", line(f"{reading.sex}, from '{reading.sex_words}'")))
    facts.append(("Not understood", line(", ".join(reading.not_understood) or "nothing was left over")))
    page.add(Gap(), Facts(facts))
    return page


def payload(knowledge: KnowledgeBase, reading: Reading) -> dict[str, Any]:
    """Return the reading for programs."""
    return envelope(knowledge, "reading") | {
        "present": list(reading.ids("present", "possible")), "possible": list(reading.ids("possible")),
        "absent": list(reading.ids("absent")), "age": reading.age, "sex": reading.sex,
        "mentions": mentions(reading), "not_understood": list(reading.not_understood),
    }  # fmt: skip

"""What was read from a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calcref.differential.cases import case_of
from calcref.differential.findings import age_in_words, implied, of_patient

from .page import Column, Facts, Gap, Page, Span, Table
from .payload import envelope, mentions

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.reading.mentions import Reading


def named_in_passing(reading: Reading) -> str:
    """Return the words that were understood and set aside, each group with why."""
    by_reason: dict[str, list[str]] = {}
    for aside in reading.asides:
        by_reason.setdefault(aside.why, []).append(f"'{aside.words}'")
    return "; ".join(f"{', '.join(words)}: {why}" for why, words in by_reason.items())


def page_of(knowledge: KnowledgeBase, reading: Reading) -> Page:
    """Return the page of a reading: each finding with the words that it came from, and what was not understood."""
    rows = [
        (Span(mention.finding, "name"), Span(mention.state, "against" if mention.state == "absent" else "for"), f"'{mention.words}'",
         knowledge.findings[mention.finding].label)
        for mention in reading.mentions
    ]  # fmt: skip
    columns = (Column("finding"), Column("is"), Column("from", flexible=True), Column("meaning", flexible=True, spare=True))
    return Page([Table(columns, rows), Gap(), Facts([
        ("Age", f"{age_in_words(reading.age)}, from '{reading.age_words}'" if reading.age is not None else ""),
        ("Sex", f"{reading.sex}, from '{reading.sex_words}'" if reading.sex else ""),
        ("Set aside", named_in_passing(reading)),
        ("Not understood", ", ".join(reading.not_understood) or "nothing was left over"),
    ])])  # fmt: skip


def payload(knowledge: KnowledgeBase, reading: Reading) -> dict[str, Any]:
    """Return the reading for programs: what was read, the age group and the sex among it, and what that implies."""
    patient = [
        {
            "finding": finding,
            "words": reading.sex_words if knowledge.findings[finding].sex else reading.age_words,
            "state": "present",
        }
        for finding in of_patient(knowledge, reading.age, reading.sex)
    ]
    return envelope(knowledge, "reading") | {
        "present": [*reading.ids("present", "possible"), *(item["finding"] for item in patient)],
        "possible": list(reading.ids("possible")), "absent": list(reading.ids("absent")),
        "implied": [
            finding for finding in implied(knowledge, case_of(reading))
            if finding not in {item["finding"] for item in patient}
        ],
        "age": reading.age, "sex": reading.sex, "mentions": [*mentions(reading), *patient],
        "not_understood": list(reading.not_understood), "set_aside": list(reading.set_aside),
        "named": list(reading.named), "nothing_seen": reading.nothing_seen,
    }  # fmt: skip

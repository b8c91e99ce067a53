"""What `calcref` alone shows: three examples, and where to go from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .page import Facts, Gap, Heading, Page, Paragraph, Span, hint, line

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase


WHAT = {"show": "a type, a cause or a finding", "diff": "what it most likely is, and why", "mnemonic": "letter by letter"}
"""What the commands of the examples are for."""


def page_of(knowledge: KnowledgeBase) -> Page:
    """Return the short help."""
    about = knowledge.about
    return Page([
        Heading(line(Span("calcref", "title"), f": quick reference and differential helper, {about.subject}"), 1),
        Gap(),
        Facts([(f"calcref {example}", WHAT.get(example.split()[0], "")) for example in knowledge.contents.examples.get("", ())]),
        Gap(),
        Paragraph(
            f"{len(knowledge.conditions)} causes, {len(knowledge.findings)} findings, {len(knowledge.sources)} sources. "
            "All commands: calcref --help. What there is: calcref list"
        ),
        hint("Education and reference, not a medical device."),
    ])  # fmt: skip

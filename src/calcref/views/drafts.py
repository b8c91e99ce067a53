"""The page of a draft: the words first, then what to know before they are used, and the signature line last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calcref.differential.advice import remarks
from calcref.knowledge.names import brief

from .page import Facts, Gap, Heading, Line, Page, Paragraph, Span, band, line, percent
from .payload import envelope

if TYPE_CHECKING:
    from calcref.differential.ranking import Differential
    from calcref.differential.wording import Draft
    from calcref.knowledge.base import KnowledgeBase


def page_of(knowledge: KnowledgeBase, answer: Differential, draft: Draft) -> Page:
    """Return the page of a draft."""
    *said, sign = draft.sentences
    page = Page([Heading(line(Span(f"Draft {draft.style}", "title")), 1)])
    page.add(*(Paragraph(line(Span(s.text, "danger" if s.topic == "danger" else ""))) for s in said), Gap())
    places = [item for item in answer.conditions if item.id in draft.named]
    leader = knowledge.conditions[draft.named[0]] if draft.named else None
    facts: list[tuple[str, Line]] = []
    if leader:
        facts.append(("Ranking", line("; ".join(f"{item.id} {percent(item.posttest)}, {band(item.posttest)}" for item in places))))
        if draft.style == "comment":
            facts.append(("Views", line(f"{leader.views.text} ({leader.id})")))
        facts += [("Mind", line(Span(remark, "danger"))) for remark in remarks(knowledge, answer)]
    if answer.case.not_understood:
        facts.append(("Left out", line(f"not understood: {', '.join(answer.case.not_understood)}")))
    rests_on = dict.fromkeys(brief(knowledge.sources[source]) for s in said for source in s.sources)
    facts.append(("Rests on", line(Span("; ".join(rests_on) or "background knowledge, no source", "dim"))))
    if leader:
        facts.append(("Textbook", line(Span(f"its picture, and words for it: calcref show {leader.id}", "dim"))))
    page.add(Facts(facts), Gap(), Paragraph(line(Span(sign.text, "name"))))
    return page


def payload(knowledge: KnowledgeBase, draft: Draft) -> dict[str, Any]:
    """Return the contract of a draft, version 1."""
    return envelope(knowledge, "draft") | {
        "style": draft.style, "text": draft.text, "urgency": draft.urgency, "named": list(draft.named),
        "sentences": [{"topic": s.topic, "text": s.text, "sources": list(s.sources)} for s in draft.sentences],
    }  # fmt: skip

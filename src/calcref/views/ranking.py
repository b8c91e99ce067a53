"""The page of a differential: short enough for a small terminal, or with everything that can be argued about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from calcref.advice import ask_next, dangers
from calcref.differential import Differential, Evidence, conditions_by_type, evidence, is_dangerous
from calcref.findings import implied
from calcref.model import EFFORTS

from .page import (
    Citations, Column, Facts, Gap, Line, Page, Paragraph, Span, Table, band, bar, kind_style, line, percent,
)  # fmt: skip

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.model import Condition

TYPES_SHORT, DANGERS_SHORT, ASK_SHORT, WHY_SHORT = 3, 2, 4, 2
NOTABLE = 0.1
"""Natural log units; weaker evidence is not worth a reader's glance."""

DISCLAIMER = "Education and reference, not a medical device."


def ratio(item: Evidence) -> str:
    """Return a likelihood ratio in at most three characters and a sign: x12, x3.4, /5."""
    value = item.likelihood_ratio
    sign, size = ("x", value) if value >= 1 else ("/", 1 / value)
    return f"{sign}{size:.0f}" if size >= 9.95 else f"{sign}{size:.1f}"


def entry(item: Evidence) -> str:
    """Return the words for an entry: its label, with 'no' before it if absent."""
    return item.label if item.present else f"no {item.label}"


def page_of(knowledge: KnowledgeBase, differential: Differential, top: int, everything: bool, command: str) -> Page:
    """Return the page of a differential with the `top` leading causes; `command` is what to type for the rest of it."""
    cite = Citations(knowledge)
    page = Page([Paragraph(understood(knowledge, differential, everything))])
    if differential.case.not_understood:
        page.add(Paragraph(line(Span("Not understood: ", "danger"), ", ".join(differential.case.not_understood))))
    page.add(Gap(), _types(knowledge, differential, everything), Gap())
    page.add(_causes(knowledge, differential, top, everything, cite))
    facts: list[tuple[str, Line]] = [*_danger(knowledge, differential, everything), *_next(knowledge, differential, everything)]
    leader = knowledge.conditions[differential.conditions[0].id]
    if not differential.case.is_empty:
        step = leader.next_step
        facts.append(("Practice", line(f"{step.text} ({leader.id})", cite.mark(step.sources))))
        facts.append(("Views", line(leader.views.text, cite.mark(leader.views.sources))))
    page.add(Gap(), Facts(facts))
    if everything and not differential.case.is_empty:
        for item in differential.conditions[:top]:
            page.section(f"Why {item.id}", _why_table(knowledge, differential, knowledge.conditions[item.id], cite))
        page.section("Causes type by type", Facts(_by_type(knowledge, differential)))
        page.section("Sources", *cite.foot())
    else:
        page.add(*cite.foot(short=True))
    key = "" if differential.case.is_empty else " x: times more often with it, /: times less often."
    page.add(Paragraph(line(Span(f"{DISCLAIMER}{key}{'' if everything else f' More: {command}'}", "dim"))))
    return page


def understood(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> Line:
    """Return what was read, in the words of the knowledge base."""
    case, findings = differential.case, knowledge.findings
    if case.is_empty:
        start = "the published shares of the types" if differential.prior == "published" else "equal chances for every cause"
        return line(Span("Nothing entered: ", "name"), f"these are {start}.")
    parts: list[str] = []
    if case.age is not None:
        parts.append(f"{case.age:g} years")
    if case.sex:
        parts.append(case.sex)
    parts += [f"{f} ({findings[f].label})" if everything else f for f in case.present]
    parts += [f"no {f}" for f in case.absent]
    return line(Span("Read: ", "name"), "; ".join(parts))


def _types(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> Table:
    shown = differential.types if everything or differential.case.is_empty else differential.types[:TYPES_SHORT]
    rows = []
    for item in shown:
        kind = knowledge.types[item.id]
        tail = kind.share.text if differential.case.is_empty and differential.prior == "published" else band(item.posttest)
        rows.append((
            line(str(item.rank)), line(Span(kind.name, kind_style(knowledge, item.id))), line(bar(item.posttest)),
            line(percent(item.posttest)), line(tail),
        ))  # fmt: skip
    return Table((Column(""), Column(""), Column(""), Column("", right=True), Column("", flexible=True)), rows)


def _causes(knowledge: KnowledgeBase, differential: Differential, top: int, everything: bool, cite: Citations) -> Table:
    rows = []
    for item in differential.conditions[:top]:
        condition = knowledge.conditions[item.id]
        mark = [Span("! ", "danger")] if is_dangerous(condition, differential.case) else []
        rows.append((
            line(str(item.rank)), line(*mark, Span(condition.id, kind_style(knowledge, condition.type))),
            line(percent(item.posttest)), line(_why(knowledge, differential, condition, cite)),
        ))  # fmt: skip
    return Table((Column(""), Column(""), Column("", right=True), Column("", flexible=True)), rows)


def _why(knowledge: KnowledgeBase, differential: Differential, condition: Condition, cite: Citations) -> Line:
    found = [item for item in evidence(knowledge, differential.case, condition.id) if abs(item.log_ratio) >= NOTABLE]
    if not found:
        return line(condition.name if differential.case.is_empty else Span("nothing entered speaks for or against it", "dim"))
    parts: list[Line] = []
    for item in found[:WHY_SHORT]:
        mark = [cite.mark(item.estimate.link.sources)] if item.estimate and item.estimate.link else []
        parts.append(line(Span(f"{entry(item)} {ratio(item)}", "for" if item.log_ratio > 0 else "against"), *mark))
    return line(*(span for place, part in enumerate(parts) for span in ((*([Span("; ")] if place else []), *part))))


def _why_table(knowledge: KnowledgeBase, differential: Differential, condition: Condition, cite: Citations) -> Table:
    origins = {
        "listed": "", "narrower": "through {via}", "broader": "through {via}", "sites": "by the sites",
        "estimate": "estimate", "age": "by the ages", "sex": "by the sex", "unlisted": "",
    }  # fmt: skip
    rows = []
    for item in evidence(knowledge, differential.case, condition.id):
        estimate = item.estimate
        if estimate is None:
            basis = line("by the ages" if item.finding is None else "not listed for this cause")
        else:
            how = f"{estimate.link.frequency} " if estimate.link and estimate.origin in ("listed", "narrower", "broader") else ""
            where = origins[estimate.origin].format(via=estimate.via)
            basis = line(f"{how}{where}".strip(), *([cite.mark(estimate.link.sources)] if estimate.link else []))
        style = "for" if item.log_ratio > 0 else "against"
        rows.append((
            line(Span(ratio(item), "for" if style == "for" else "against")), line(entry(item)),
            line(f"counts {item.weight:.0%}" if item.weight < 1 else ""), basis,
        ))  # fmt: skip
    return Table((Column("ratio"), Column("entered", flexible=True), Column("", spare=True), Column("basis", flexible=True)), rows)


def _danger(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> list[tuple[str, Line]]:
    open_ones = dangers(knowledge, differential)
    if not open_ones or differential.case.is_empty:
        return []
    shown = open_ones if everything else open_ones[:DANGERS_SHORT]
    parts: list[Line] = []
    for item in shown:
        settle = ", ".join(item.settle_with)
        parts.append(line(Span(item.condition.id, "danger"), f" {percent(item.condition.posttest)} (settle with {settle})"))
    more = f"; {len(open_ones) - len(shown)} more" if len(open_ones) > len(shown) else ""
    return [("Not to miss", line(*_joined(parts), more))]


def _joined(parts: Sequence[Line]) -> list[Span]:
    return [span for place, part in enumerate(parts) for span in (*([Span("; ")] if place else []), *part)]


def _next(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> list[tuple[str, Line]]:
    questions = ask_next(knowledge, differential, 10 if everything else ASK_SHORT)
    by_effort: dict[str, list[str]] = {}
    for question in questions:
        gain = f" (+{question.gain:.2f} bits)" if everything else ""
        by_effort.setdefault(EFFORTS[question.how], []).append(f"{question.finding}{gain}")
    if not by_effort:
        return []
    return [("Look next", line("; ".join(f"{how}: {', '.join(labels)}" for how, labels in by_effort.items())))]


def _by_type(knowledge: KnowledgeBase, differential: Differential) -> list[tuple[str, Line]]:
    grouped = conditions_by_type(knowledge, differential)
    rows: list[tuple[str, Line]] = [
        (kind.id, line(", ".join(f"{item.id} {percent(item.posttest)}" for item in grouped[kind.id][:5])))
        for kind in differential.types
    ]
    extra = implied(knowledge, differential.case)
    if extra:
        rows.append(("implied", line(", ".join(extra))))
    return rows

"""The page of a comparison: causes side by side, only what separates them, or everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from calcref.comparison import SEPARATES, Comparison, Difference

from .detail import COMMONNESS, danger_line, frequency_text
from .page import Block, Citations, Column, Facts, Gap, Items, Line, Page, Paragraph, Span, Table, kind_style, line, percent

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.likelihood import Estimate
    from calcref.model import Condition

BESIDE = 3
"""So many causes stand in columns; more are grouped by what is the same."""

SHORT, PITFALLS_SHORT = 12, 2
UNLISTED = "not listed"

Row = tuple[str, Sequence[Line]]
Told = tuple[float, str, "Difference | None"]


def page_of(knowledge: KnowledgeBase, comparison: Comparison, everything: bool) -> Page:
    """Return the page of a comparison; not everything means the strongest differences, and the first pitfalls of each cause."""
    cite, conditions = Citations(knowledge), comparison.conditions
    patient = (("age", comparison.age_bits), ("women", comparison.sex_bits))
    told: list[Told] = [
        *((item.bits, item.finding, item) for item in comparison.differences if everything or item.separates),
        *((bits, label, None) for label, bits in patient if everything or bits >= SEPARATES),
    ]
    told.sort(key=lambda row: -row[0])
    shown = told if everything else _independent(knowledge, told)[:SHORT]
    rows = [row for row in _about(knowledge, conditions) if everything or len(set(row[1])) > 1]
    rows += [(label, _cells(label, item, conditions, cite)) for _, label, item in shown]
    page = Page([_side_by_side(knowledge, conditions, rows)])
    if not shown:
        page.add(Paragraph(line("Nothing that is known of them separates them.")))
    flags = [(c, c.red_flag) for c in conditions if c.red_flag]
    page.add(*(Paragraph(line(Span(f"{c.id}: ", "danger"), danger_line(knowledge, flag, cite))) for c, flag in flags))
    apart = [
        line(Span(cause, "name"), " from ", Span(other, "name"), ": ", cite.say(text))
        for cause, other, text in comparison.told_apart
    ]
    count = None if everything else PITFALLS_SHORT
    pitfalls = [line(Span(f"{c.id}: ", "name"), cite.say(pitfall)) for c in conditions for pitfall in c.pitfalls[:count]]
    for title, items in (("Told apart", apart), ("Pitfalls", pitfalls)):
        page.section(title, *([Items(items)] if items else []))
    page.add(Gap(), *cite.foot(short=not everything))
    key = ["The strongest difference comes first."]
    words = {span.text for _, cells in rows for cell in cells for span in cell}
    if UNLISTED in words:
        key.append(f"{UNLISTED.capitalize()}: nothing is said of it for that cause, which is not the same as never.")
    if any("estimate" in text for text in words):
        key.append("Estimates are judgement, and no source gives them.")
    if not everything:
        more = len(told) - len(shown)
        key.append(f"{f'{more} more differences' if more else 'What they have in common'}, and all pitfalls: --all")
    page.add(Paragraph(line(Span(" ".join(key), "dim"))))
    return page


def _independent(knowledge: KnowledgeBase, told: Sequence[Told]) -> list[Told]:
    """Return the differences without those of findings whose kin says more."""
    shown: dict[str, Told] = {}
    for row in told:
        if not row[2] or not (knowledge.ancestors[row[1]] | knowledge.descendants[row[1]]) & shown.keys():
            shown[row[1]] = row
    return list(shown.values())


def _about(knowledge: KnowledgeBase, conditions: Sequence[Condition]) -> list[Row]:
    kinds = [line(Span(knowledge.types[c.type].name, kind_style(knowledge, c.type))) for c in conditions]
    return [("type", kinds), ("how common", [line(COMMONNESS[c.commonness]) for c in conditions])]


def _cells(label: str, item: Difference | None, conditions: Sequence[Condition], cite: Citations) -> list[Line]:
    if item:
        return [how_often(estimate, label, c, cite) for estimate, c in zip(item.estimates, conditions, strict=True)]
    if label == "women":
        return [line(percent(c.women.share), cite.mark(c.women.sources)) for c in conditions]
    return [line("{1:g} years ({0:g}-{2:g})".format(*c.age.percentiles), cite.mark(c.age.sources)) for c in conditions]


def how_often(estimate: Estimate | None, finding: str, condition: Condition, cite: Citations) -> Line:
    """Return how often a cause shows a finding, and from where that is known."""
    if estimate is None:
        return line(UNLISTED)
    mark = [cite.mark(estimate.link.sources)] if estimate.link else []
    if estimate.origin == "sites" and finding in condition.sites.counted:
        return line(f"{percent(estimate.probability)} (counted)", *mark)
    if estimate.link is None:
        return line(f"{percent(estimate.probability)} (estimate)")
    return line(frequency_text(estimate.link) + (f", as {estimate.via}" if estimate.via else ""), *mark)


def _side_by_side(knowledge: KnowledgeBase, conditions: Sequence[Condition], rows: Sequence[Row]) -> Block:
    """Return the rows as a table with a column for each cause, or, of many causes, grouped by what is said of them."""
    if len(conditions) <= BESIDE:
        # The causes head the columns as a row of cells, which a pipe and a narrow screen show as well.
        head = [line(""), *(line(Span(c.id, kind_style(knowledge, c.type))) for c in conditions)]
        body = [[line(Span(label, "name")), *cells] for label, cells in rows]
        return Table((Column(""), *(Column("", flexible=True) for _ in conditions)), [head, *body])
    facts: list[tuple[str, Line]] = []
    for label, cells in rows:
        groups: dict[str, list[Span]] = {}
        for condition, (text, *mark) in zip(conditions, cells, strict=True):
            group = groups.setdefault(text.text, [])
            group += [Span(f"{', ' if group else ''}{condition.id}"), *mark]
        facts.append(
            (
                label,
                line(
                    *(
                        part
                        for place, (text, group) in enumerate(groups.items())
                        for part in (f"{'; ' if place else ''}{text}: ", group)
                    )
                ),
            )
        )
    return Facts(facts)


def payload(knowledge: KnowledgeBase, comparison: Comparison) -> dict[str, Any]:
    """Return the answer for programs: all differences, in bits, with how often each cause shows it and where that is from."""
    from .payload import envelope, plain

    conditions = comparison.conditions

    def difference(item: Difference) -> dict[str, Any]:
        causes = {}
        for c, estimate, share in zip(conditions, item.estimates, item.shares, strict=True):
            link = estimate.link if estimate else None
            causes[c.id] = {
                "probability": float(f"{share:.3g}"), "basis": estimate.origin if estimate else "unlisted",
                "via": estimate.via if estimate else "", "frequency": link.frequency if link else None,
                "count": list(link.count) if link and link.count else None, "sources": list(link.sources) if link else [],
            }  # fmt: skip
        return {"finding": item.finding, "bits": round(item.bits, 4), "separates": item.separates, "causes": causes}

    groups: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for item in comparison.differences:
        groups[knowledge.groups[knowledge.findings[item.finding].group].anatomy].append(difference(item))
    return envelope(knowledge, "comparison") | {
        "causes": [{"id": c.id, "name": c.name, "type": c.type, "commonness": c.commonness, "red_flag": plain(c.red_flag)} for c in conditions],
        "findings": groups[False], "sites": groups[True],
        "age": {"bits": round(comparison.age_bits, 4), "causes": {c.id: plain(c.age) for c in conditions}},
        "women": {"bits": round(comparison.sex_bits, 4), "causes": {c.id: plain(c.women) for c in conditions}},
        "tell_apart": [{"cause": cause, "from": other, **plain(text)} for cause, other, text in comparison.told_apart],
        "pitfalls": {c.id: plain(c.pitfalls) for c in conditions},
    }  # fmt: skip

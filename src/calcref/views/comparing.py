"""The page of a comparison: causes side by side, only what separates them, or everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from calcref.differential.comparison import AGE, WOMEN, Comparison, Difference

from .detail import danger_line, frequency_text, how_common
from .page import Column, Foot, Gap, Items, Line, Page, Paragraph, Span, Table, Words, hint, kind_style, line, mark, percent, say

if TYPE_CHECKING:
    from calcref.differential.frequency import Estimate
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition

BESIDE = 3
"""So many causes stand in columns; more are grouped by what is the same."""

SHORT, PITFALLS_SHORT = 12, 2
UNLISTED = "not listed"

Row = tuple[str, Sequence[Line]]


def page_of(knowledge: KnowledgeBase, comparison: Comparison, everything: bool) -> Page:
    """Return the page of a comparison; not everything means the strongest differences, and the first pitfalls of each cause."""
    conditions = comparison.conditions
    told = [item for item in comparison.differences if everything or item.separates]
    shown = told if everything else _independent(knowledge, told)[:SHORT]
    kinds = [line(Span(knowledge.types[c.type].name, kind_style(knowledge, c.type))) for c in conditions]
    about: list[Row] = [("type", kinds), ("how common", [line(how_common(c)) for c in conditions])]
    rows = [row for row in about if everything or len(set(row[1])) > 1]
    rows += [(item.name, _cells(item, conditions)) for item in shown]
    page = Page([_side_by_side(knowledge, conditions, rows)])
    if not shown:
        page.add(Paragraph("Nothing that is known of them separates them."))
    flags = [(c.id, c.red_flag) for c in conditions if c.red_flag]
    page.add(*(Paragraph(line(Span(f"{cause}: ", "danger"), danger_line(knowledge, flag))) for cause, flag in flags))
    apart = [
        line(Span(cause, "name"), " from ", Span(other, "name"), ": ", say(said)) for cause, other, said in comparison.told_apart
    ]
    count = None if everything else PITFALLS_SHORT
    page.section("Told apart", Items(apart))
    page.section("Pitfalls", Items([line(Span(f"{c.id}: ", "name"), say(item)) for c in conditions for item in c.pitfalls[:count]]))
    words = {span.text for _, cells in rows for cell in cells for span in cell}
    key = ["The strongest difference comes first."]
    if UNLISTED in words:
        key.append(f"{UNLISTED.capitalize()}: nothing is said of it for that cause, which is not the same as never.")
    if any("estimate" in text for text in words):
        key.append("Estimates are judgement, and no source gives them.")
    if not everything:
        more = len(told) - len(shown)
        key.append(f"{f'{more} more differences' if more else 'What they have in common'}, and all pitfalls: --all")
    page.add(Gap(), Foot(knowledge.sources, short=not everything), hint(" ".join(key)))
    return page


def _independent(knowledge: KnowledgeBase, told: Sequence[Difference]) -> list[Difference]:
    """Return the differences without those of findings whose kin says more."""
    shown: dict[str, Difference] = {}
    for item in told:
        if not item.estimates or not (knowledge.ancestors[item.name] | knowledge.descendants[item.name]) & shown.keys():
            shown[item.name] = item
    return list(shown.values())


def _cells(item: Difference, conditions: Sequence[Condition]) -> list[Line]:
    if item.name == AGE:
        return [line("{1:g} years ({0:g}-{2:g})".format(*c.age.percentiles), mark(c.age.sources)) for c in conditions]
    if item.name == WOMEN:
        return [line(percent(c.women.share), mark(c.women.sources)) for c in conditions]
    return [how_often(estimate, item.name, c) for estimate, c in zip(item.estimates, conditions, strict=True)]


def how_often(estimate: Estimate | None, finding: str, condition: Condition) -> Line:
    """Return how often a cause shows a finding, and from where that is known."""
    if estimate is None:
        return line(UNLISTED)
    cited = [mark(estimate.link.sources)] if estimate.link else []
    if estimate.origin == "sites" and finding in condition.sites.counted:
        return line(f"{percent(estimate.probability)} (counted)", *cited)
    if estimate.link is None:
        return line(f"{percent(estimate.probability)} (estimate)")
    return line(frequency_text(estimate.link) + (f", as {estimate.via}" if estimate.via else ""), *cited)


def _side_by_side(knowledge: KnowledgeBase, conditions: Sequence[Condition], rows: Sequence[Row]) -> Table:
    """Return the rows as a table with a column for each cause, or, of many causes, with a line for each thing said of them."""
    if len(conditions) <= BESIDE:
        # The causes head the columns as a row of cells, which a pipe and a narrow screen show as well.
        head: list[Words] = ["", *(Span(c.id, kind_style(knowledge, c.type)) for c in conditions)]
        body: list[Sequence[Words]] = [[Span(label, "name"), *cells] for label, cells in rows]
        return Table((Column(""), *(Column("", flexible=True) for _ in conditions)), [head, *body])
    body = []
    for label, cells in rows:
        groups: dict[str, list[Span]] = {}
        for c, (said, *marks) in zip(conditions, cells, strict=True):
            members = groups.setdefault(said.text, [])
            members += [Span(f"{', ' if members else ''}{c.id}"), *marks]
        body += [(Span(label, "name"), said, line(members)) for said, members in groups.items()]
    return Table((Column("difference"), Column("how it is"), Column("in which", flexible=True)), body)


def payload(knowledge: KnowledgeBase, comparison: Comparison) -> dict[str, Any]:
    """Return the answer for programs: all differences, in bits, with how often each cause shows it and where that is from."""
    from .payload import envelope, plain

    conditions = comparison.conditions

    def cause(estimate: Estimate | None, share: float) -> dict[str, Any]:
        link = estimate.link if estimate else None
        return {
            "probability": float(f"{share:.3g}"), "basis": estimate.origin if estimate else "unlisted",
            "via": estimate.via if estimate else "", "frequency": link.frequency if link else None,
            "count": list(link.count) if link and link.count else None, "sources": list(link.sources) if link else [],
        }  # fmt: skip

    parts: dict[str, Any] = {"findings": [], "sites": []}
    for item in comparison.differences:
        bits = round(item.bits, 4)
        if item.name in (AGE, WOMEN):
            parts[item.name] = {"bits": bits, "causes": {c.id: plain(c.age if item.name == AGE else c.women) for c in conditions}}
            continue
        causes = {c.id: cause(estimate, share) for c, estimate, share in zip(conditions, item.estimates, item.shares, strict=True)}
        anatomy = knowledge.groups[knowledge.findings[item.name].group].anatomy
        parts["sites" if anatomy else "findings"].append(
            {"finding": item.name, "bits": bits, "separates": item.separates, "causes": causes}
        )
    return envelope(knowledge, "comparison") | {
        "causes": [{"id": c.id, "name": c.name, "type": c.type, "commonness": c.commonness, "red_flag": plain(c.red_flag)} for c in conditions],
        **parts,
        "tell_apart": [{"cause": cause, "from": other, **plain(said)} for cause, other, said in comparison.told_apart],
        "pitfalls": {c.id: plain(c.pitfalls) for c in conditions},
    }  # fmt: skip

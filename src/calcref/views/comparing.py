"""The page of a comparison: causes side by side, only what separates them, or everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from calcref.comparison import SEPARATES, Comparison, Difference

from .detail import COMMONNESS, danger_line, frequency_text
from .page import Block, Citations, Column, Facts, Gap, Items, Line, Page, Paragraph, Span, Style, Table, kind_style, line, percent

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.likelihood import Estimate
    from calcref.model import Condition

BESIDE = 3
"""So many causes stand in columns; more are grouped by what is the same."""

FINDINGS_SHORT, SITES_SHORT, PITFALLS_SHORT = 8, 3, 2
UNLISTED = "not listed"

Cell = tuple[Span, Span | None]
Row = tuple[str, Sequence[Cell]]


def page_of(knowledge: KnowledgeBase, comparison: Comparison, everything: bool) -> Page:
    """Return the page of a comparison; not everything means the strongest differences, and the first pitfalls of each cause."""
    cite = Citations(knowledge)
    conditions = comparison.conditions
    findings, sites = (
        [item for item in items if everything or item.separates][: None if everything else count]
        for items, count in ((comparison.findings, FINDINGS_SHORT), (comparison.sites, SITES_SHORT))
    )
    rows = [row for row in _about(knowledge, conditions) if everything or len({text.text for text, _ in row[1]}) > 1]
    rows += [(item.finding, _cells(item, conditions, cite)) for item in findings]
    rows += _patients(comparison, everything, cite)
    rows += [(item.finding, _cells(item, conditions, cite)) for item in sites]
    page = Page([_side_by_side(knowledge, conditions, rows)])
    if not findings:
        page.add(Paragraph(line("No finding that they list separates them.")))
    flags = [(c, c.red_flag) for c in conditions if c.red_flag]
    page.add(*(Paragraph(line(Span(f"{c.id}: ", "danger"), danger_line(knowledge, flag, cite))) for c, flag in flags))
    told = [line(Span(cause, "name"), *_from(other, conditions), cite.say(text)) for cause, other, text in comparison.told_apart]
    if told:
        page.section("Told apart", Items(told))
    count = None if everything else PITFALLS_SHORT
    pitfalls = [line(Span(f"{c.id}: ", "name"), cite.say(pitfall)) for c in conditions for pitfall in c.pitfalls[:count]]
    if pitfalls:
        page.section("Pitfalls", Items(pitfalls))
    page.add(Gap(), *cite.foot(short=not everything))
    page.add(Paragraph(line(Span(_key(rows, comparison, len(findings) + len(sites), everything), "dim"))))
    return page


def _from(other: str, conditions: Sequence[Condition]) -> list[Span]:
    """Return the words that say from which cause another is told: needless for two."""
    return [Span(": ")] if len(conditions) == 2 else [Span(" from "), Span(other, "name"), Span(": ")]


def _key(rows: Sequence[Row], comparison: Comparison, shown: int, everything: bool) -> str:
    parts = ["The strongest difference comes first."]
    if any(text.text == UNLISTED for _, cells in rows for text, _ in cells):
        parts.append(f"{UNLISTED.capitalize()}: nothing is said of it for that cause, which is not the same as never.")
    if any("estimate" in text.text for _, cells in rows for text, _ in cells):
        parts.append("Estimates are judgement, and no source gives them.")
    if not everything:
        more = sum(item.separates for item in (*comparison.findings, *comparison.sites)) - shown
        parts.append(f"{f'{more} weaker differences' if more else 'What they have in common'}, and all pitfalls: --all")
    return " ".join(parts)


def _about(knowledge: KnowledgeBase, conditions: Sequence[Condition]) -> list[Row]:
    kinds: list[Cell] = [(Span(knowledge.types[c.type].name, kind_style(knowledge, c.type)), None) for c in conditions]
    common: list[Cell] = [(Span(COMMONNESS[c.commonness]), None) for c in conditions]
    return [("type", kinds), ("how common", common)]


def _patients(comparison: Comparison, everything: bool, cite: Citations) -> list[Row]:
    rows: list[Row] = []
    if everything or comparison.age_bits >= SEPARATES:
        ages = [(c.age, "{1:g} years ({0:g}-{2:g})".format(*c.age.percentiles)) for c in comparison.conditions]
        rows.append(("age", [(Span(text), cite.mark(age.sources)) for age, text in ages]))
    if everything or comparison.sex_bits >= SEPARATES:
        rows.append(("women", [(Span(percent(c.women.share)), cite.mark(c.women.sources)) for c in comparison.conditions]))
    return rows


def _cells(item: Difference, conditions: Sequence[Condition], cite: Citations) -> list[Cell]:
    best = max(item.shares)
    cells = []
    for condition, estimate, share in zip(conditions, item.estimates, item.shares, strict=True):
        style: Style = "for" if item.separates and share == best else ""
        mark = cite.mark(estimate.link.sources) if estimate and estimate.link else None
        cells.append((Span(_how_often(item.finding, estimate, condition), style), mark))
    return cells


def _how_often(finding: str, estimate: Estimate | None, condition: Condition) -> str:
    if estimate is None:
        return UNLISTED
    if estimate.origin == "sites" and finding in condition.sites.counted:
        return f"{percent(estimate.probability)} (counted)"
    if estimate.link is None:
        return f"{percent(estimate.probability)} (estimate)"
    return frequency_text(estimate.link) + (f", as {estimate.via}" if estimate.via else "")


def _side_by_side(knowledge: KnowledgeBase, conditions: Sequence[Condition], rows: Sequence[Row]) -> Block:
    """Return the rows as a table with a column for each cause, or, of many causes, grouped by what is said of them."""
    if len(conditions) <= BESIDE:
        # The causes head the columns as a row of cells, which a pipe and a narrow screen show as well.
        head = [line(""), *(line(Span(c.id, kind_style(knowledge, c.type))) for c in conditions)]
        body = [[line(Span(label, "name")), *(_joined(cell) for cell in cells)] for label, cells in rows]
        return Table((Column(""), *(Column("", flexible=True) for _ in conditions)), [head, *body])
    facts: list[tuple[str, Line]] = []
    for label, cells in rows:
        groups: dict[str, list[Line]] = {}
        for condition, (text, mark) in zip(conditions, cells, strict=True):
            groups.setdefault(text.text, []).append(line(condition.id, *([mark] if mark else [])))
        parts = [line(f"{text}: ", _listed(members)) for text, members in groups.items()]
        facts.append((label, line(*_listed(parts, "; "))))
    return Facts(facts)


def _joined(cell: Cell) -> Line:
    return line(*(span for span in cell if span))


def _listed(lines: Sequence[Line], between: str = ", ") -> list[Span]:
    return [span for place, item in enumerate(lines) for span in (*([Span(between)] if place else []), *item)]


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

    return envelope(knowledge, "comparison") | {
        "causes": [{"id": c.id, "name": c.name, "type": c.type, "commonness": c.commonness, "red_flag": plain(c.red_flag)} for c in conditions],
        "findings": [difference(item) for item in comparison.findings],
        "age": {"bits": round(comparison.age_bits, 4), "causes": {c.id: plain(c.age) for c in conditions}},
        "women": {"bits": round(comparison.sex_bits, 4), "causes": {c.id: plain(c.women) for c in conditions}},
        "sites": [difference(item) for item in comparison.sites],
        "tell_apart": [{"cause": cause, "from": other, **plain(text)} for cause, other, text in comparison.told_apart],
        "pitfalls": {c.id: plain(c.pitfalls) for c in conditions},
    }  # fmt: skip

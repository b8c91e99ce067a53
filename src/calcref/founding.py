"""How well the knowledge is founded: what rests on which kind of source, what on judgement, and where it is thin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .model import Record, Statement

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase

THIN = 12
"""Conditions with fewer findings than this are named."""


def statements(record: Any, where: str) -> Iterator[tuple[str, Statement]]:
    """Yield (path, statement) of every statement in a record, however deep."""
    if isinstance(record, Statement):
        yield where, record
    elif isinstance(record, Mapping):
        for key, value in record.items():
            yield from statements(value, f"{where}.{key}")
    elif isinstance(record, tuple):
        for place, value in enumerate(record):
            yield from statements(value, f"{where}.{place}")
    elif isinstance(record, Record):
        for name in record.__dataclass_fields__:
            yield from statements(getattr(record, name), f"{where}.{name}")


def report(knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return the figures: counts of links and statements by what they rest on, and the ids of what is thin."""
    links = [link for condition in knowledge.conditions.values() for link in condition.findings.values()]
    best = Counter(_kind(knowledge, link.sources) for link in links)
    users: Counter[str] = Counter(finding for condition in knowledge.conditions.values() for finding in condition.findings)
    said = [
        item
        for section in ("about", "types", "conditions", "topics", "mnemonics")
        for item in statements(getattr(knowledge, section), section)
    ]
    return {
        "conditions": len(knowledge.conditions),
        "findings": len(knowledge.findings),
        "sources": len(knowledge.sources),
        "links": len(links),
        "links_sourced": sum(bool(link.sources) for link in links),
        "links_counted": sum(link.count is not None for link in links),
        "links_by_best_source": dict(best.most_common()),
        "estimates": sum(len(condition.estimates) for condition in knowledge.conditions.values()),
        "statements": len(said),
        "statements_sourced": sum(bool(statement.sources) for _, statement in said),
        "conditions_by_findings": {
            f"{low} to {low + 9}": sum(low <= len(c.findings) < low + 10 for c in knowledge.conditions.values())
            for low in range(0, 60, 10)
        },
        "thin_conditions": sorted(c.id for c in knowledge.conditions.values() if len(c.findings) < THIN),
        "conditions_without_group": {
            group: sum(not any(knowledge.findings[f].group == group for f in c.findings) for c in knowledge.conditions.values())
            for group in knowledge.groups
        },
        "findings_of_one_condition": sorted(finding for finding, count in users.items() if count == 1),
        "findings_of_no_link": sorted(set(knowledge.findings) - set(users)),
        "red_flags": sum(c.red_flag is not None for c in knowledge.conditions.values()),
    }


ORDER = ("case-series", "guideline", "review", "textbook", "teaching-file", "encyclopedia", "website", "case-report")
"""Kinds of source, the one that says most about a frequency first."""


def _kind(knowledge: KnowledgeBase, sources: tuple[str, ...]) -> str:
    kinds = {knowledge.sources[source].kind for source in sources}
    return next((kind for kind in ORDER if kind in kinds), "background")

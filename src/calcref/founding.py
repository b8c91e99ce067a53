"""How well the knowledge is founded: what rests on which kind of source, what on judgement, and where it is thin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

from .frequency import link_probability
from .model import Note, Record, Statement
from .names import fold
from .skeleton import TO_FILL_IN

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase

FEW = 12
"""Conditions with fewer findings than this are thin."""

ALIKE = 0.1
"""Shares, 0 to 1, that lie within this separate nothing."""

SECTIONS = ("about", "types", "conditions", "findings", "mnemonics", "topics", "sources")
"""Where statements and notes stand."""


def parts(record: Any, where: str) -> Iterator[tuple[str, Record]]:
    """Yield (path, record) of a record and of every record in it, however deep."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            yield from parts(value, f"{where}.{key}")
    elif isinstance(record, tuple):
        for place, value in enumerate(record):
            yield from parts(value, f"{where}.{place}")
    elif isinstance(record, Record):
        yield where, record
        for name in record.__dataclass_fields__:
            yield from parts(getattr(record, name), f"{where}.{name}")


def report(knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return the figures: counts of links and statements by what they rest on, and under `thin` what is thin, by kind."""
    conditions = knowledge.conditions.values()
    links = [link for condition in conditions for link in condition.findings.values()]
    best = Counter(_kind(knowledge, link.sources) for link in links)
    said = [(where, part) for section in SECTIONS for where, part in parts(getattr(knowledge, section), section)]
    statements = [part for _, part in said if isinstance(part, Statement)]
    return {
        "conditions": len(conditions),
        "findings": len(knowledge.findings),
        "sources": len(knowledge.sources),
        "links": len(links),
        "links_sourced": sum(bool(link.sources) for link in links),
        "links_counted": sum(link.count is not None for link in links),
        "links_by_best_source": dict(best.most_common()),
        "estimates": sum(len(condition.estimates) for condition in conditions),
        "statements": len(statements),
        "statements_sourced": sum(bool(statement.sources) for statement in statements),
        "conditions_by_findings": {
            f"{low} to {low + 9}": sum(low <= len(c.findings) < low + 10 for c in conditions) for low in range(0, 60, 10)
        },
        "conditions_without_group": {
            group: sum(not any(knowledge.findings[f].group == group for f in c.findings) for c in conditions)
            for group in knowledge.groups
        },
        "red_flags": sum(c.red_flag is not None for c in conditions),
        "thin": {
            "texts still to fill in": [
                where for where, part in said if any(isinstance(v, str) and v.startswith(TO_FILL_IN) for v in vars(part).values())
            ],
            "conditions with few findings": [f"{c.id}: {len(c.findings)}" for c in conditions if len(c.findings) < FEW],
            "frequencies without a source": [
                f"conditions.{c.id}.findings.{finding}"
                for c in conditions
                for finding, link in c.findings.items()
                if not link.sources
            ],
            "notes without a source": [where for where, part in said if isinstance(part, Note) and not part.sources],
            **_separating_nothing(knowledge),
            **_overlapping(knowledge),
        },
    }


def _separating_nothing(knowledge: KnowledgeBase) -> dict[str, list[str]]:
    shares: dict[str, list[float]] = {finding: [] for finding in knowledge.findings}
    for condition in knowledge.conditions.values():
        for finding, link in condition.findings.items():
            shares[finding].append(link_probability(link, condition.estimates.get(finding)))
    return {
        "findings of one condition": [finding for finding, known in shares.items() if len(known) == 1],
        "findings that only sites or judged shares use": [finding for finding, known in shares.items() if not known],
        "findings alike wherever they are listed": [
            f"{finding}: {min(known):.0%} to {max(known):.0%} in {len(known)} conditions"
            for finding, known in shares.items()
            if len(known) > 1 and max(known) - min(known) < ALIKE
        ],
    }


def _overlapping(knowledge: KnowledgeBase) -> dict[str, list[str]]:
    """Return the names that a reader may take for those of other findings, of which theirs is no kind and which are none of it.

    Words are read in any order, and a short name is read out of a longer one that somebody breaks off or writes otherwise.
    """
    owners: dict[tuple[str, ...], set[str]] = {}
    for finding in knowledge.findings.values():
        for name in (finding.id, finding.label, *finding.aliases):
            owners.setdefault(tuple(fold(name).split()), set()).add(finding.id)
    alike: dict[tuple[str, ...], dict[str, set[str]]] = {}
    within: dict[str, set[str]] = {}
    for words, own in owners.items():
        alike.setdefault(tuple(sorted(words)), {})[" ".join(words)] = own
        for start, end in combinations(range(len(words) + 1), 2):
            part = words[start:end]
            if part != words and part in owners:
                for owner in owners[part]:
                    kin = {owner} | knowledge.ancestors[owner] | knowledge.descendants[owner]
                    within.setdefault(f"{' '.join(part)} ({owner})", set()).update(own - kin)
    return {
        "names of the same words in another order": [
            ", ".join(f"{name} ({' '.join(sorted(own))})" for name, own in names.items())
            for names in alike.values()
            if len(set().union(*names.values())) > 1
        ],
        "names within the names of others": [
            f"{name}: {len(others)}, such as {', '.join(sorted(others)[:3])}"
            for name, others in sorted(within.items(), key=lambda item: -len(item[1]))
            if others
        ],
    }


ORDER = ("case-series", "guideline", "review", "textbook", "teaching-file", "encyclopedia", "website", "case-report")
"""Kinds of source, the one that says most about a frequency first."""


def _kind(knowledge: KnowledgeBase, sources: tuple[str, ...]) -> str:
    kinds = {knowledge.sources[source].kind for source in sources}
    return next((kind for kind in ORDER if kind in kinds), "background")

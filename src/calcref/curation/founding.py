"""How well the knowledge is founded: what rests on which kind of source, what on judgement, and where it is thin."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from calcref.differential.frequency import link_probability
from calcref.knowledge.citing import walk
from calcref.knowledge.model import FREQUENCY_RANGE, Link, Note, Statement
from calcref.knowledge.names import SECTIONS, fold

from .skeleton import TO_FILL_IN

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase

FEW = 12
"""Conditions with fewer findings than this are thin."""

ALIKE = 0.1
"""Shares, 0 to 1, that lie within this separate nothing."""

SLACK, NEARLY_ALWAYS = 0.02, 0.95
"""By how much shares, 0 to 1, may differ that should agree, and from which share on "always" is no contradiction."""


def report(knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return the figures: counts of links and statements by what they rest on, and under `thin` what is thin, by kind."""
    conditions = knowledge.conditions.values()
    said = [(where, part) for section in ("about", *SECTIONS) for where, part in walk(getattr(knowledge, section), section)]
    statements, links = ([part for _, part in said if isinstance(part, kind)] for kind in (Statement, Link))
    best = Counter(_kind(knowledge, link.sources) for link in links)
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
            "texts still to fill in": list(
                dict.fromkeys(
                    where.rpartition(".")[0] for where, part in said if isinstance(part, str) and part.startswith(TO_FILL_IN)
                )
            ),
            "conditions with few findings": [f"{c.id}: {len(c.findings)}" for c in conditions if len(c.findings) < FEW],
            "conditions without words": [c.id for c in conditions if not (c.words.usual or c.words.often)],
            "frequencies without a source": [where for where, part in said if isinstance(part, Link) and not part.sources],
            "notes without a source": [where for where, part in said if isinstance(part, Note) and not part.sources],
            **_contradicting(knowledge),
            **_separating_nothing(knowledge),
            **_overlapping(knowledge),
        },
    }


def _contradicting(knowledge: KnowledgeBase) -> dict[str, list[str]]:
    """Return where a page contradicts itself: a class and a share of one site, a kind or a part that is met more often than what it
    belongs to, results of one analyte that add up to more than everybody.
    """
    sites: list[str] = []
    kinds: list[str] = []
    results: list[str] = []
    parts = {finding for finding in knowledge.findings if knowledge.groups[knowledge.findings[finding].group].anatomy}
    verdicts = {tuple(filter(None, (a.below, a.within, a.above))) for a in knowledge.laboratory.values()}
    for cause in knowledge.conditions.values():
        shares = cause.sites.shares
        told = {**cause.estimates, **{f: link_probability(link, cause.estimates.get(f)) for f, link in cause.findings.items()}}
        sites += [
            f"{cause.id}: {finding} {link.frequency}, {shares[finding]:.0%} by the sites"
            for finding, link in cause.findings.items()
            if finding in shares and not link.count and not _fits(shares[finding], link)
        ]
        met = {**{finding: share for finding, share in told.items() if finding not in parts}, **shares}
        kinds += [
            f"{cause.id}: {finding} {met[finding]:.0%}, {wider} {met[wider]:.0%}"
            for finding in met
            for wider in knowledge.ancestors[finding] & met.keys()
            if (finding in parts) == (wider in parts) and met[finding] > met[wider] + (0 if finding in parts else SLACK)
        ]
        results += [
            f"{cause.id}: {', '.join(verdict)} {whole:.0%}"
            for verdict in verdicts
            if (whole := sum(told.get(finding, 0.0) for finding in verdict)) > 1 + 2 * SLACK
        ]
    return {
        "sites whose class and share differ": sites,
        "findings met more often than what they are a kind of": sorted(kinds),
        "results of one analyte that add up to more than all": sorted(results),
    }


def _fits(share: float, link: Link) -> bool:
    """Tell whether a share of patients agrees with the class of a link."""
    low, high = FREQUENCY_RANGE[link.frequency]
    return min(low, NEARLY_ALWAYS) - SLACK <= share <= high + SLACK


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

"""What separates causes from one another: each finding, the age, the sex and the sites, measured in bits.

The measure is the Jensen-Shannon divergence (Lin 1991): how much one answer is expected to tell about which of the causes it is,
when they start from equal chances. It is 0 when an answer tells nothing, and log2 of the number of causes when it settles all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import CalcrefError, NotFoundError, UsageError
from .frequency import LIFETIME, Estimate, age_share
from .likelihood import LEAST, MOST, likelihoods
from .names import SECTIONS, resolve

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase
    from .model import Condition, Statement

SEPARATES = 0.05
"""Bits; what tells less does not separate. Between neighbouring classes of frequency lie 0.05 to 0.12 bits."""

NOTABLE_SITE = 0.05
"""Share of patients from which a part of the body is worth a line."""

AGE_STEP = 5
"""Years in which ages are compared."""

_BETWEEN = ("vs", "vs.", "versus")


@dataclass(frozen=True, slots=True)
class Difference:
    """A finding with how often each cause shows it, in their order, and what it tells, in bits.

    An estimate is None where the cause says nothing of the finding. `listed` tells whether a cause lists the finding itself.
    """

    finding: str
    bits: float
    estimates: tuple[Estimate | None, ...]
    shares: tuple[float, ...]
    listed: bool

    @property
    def separates(self) -> bool:
        """Tell whether it is worth a reader's glance."""
        return self.listed and self.bits >= SEPARATES


@dataclass(frozen=True, slots=True)
class Comparison:
    """Causes side by side: what tells them apart, the strongest first, and in words as (cause, from which, statement)."""

    conditions: tuple[Condition, ...]
    findings: tuple[Difference, ...]
    age_bits: float
    sex_bits: float
    sites: tuple[Difference, ...]
    told_apart: tuple[tuple[str, str, Statement], ...]


def read_names(knowledge: KnowledgeBase, names: Sequence[str]) -> tuple[Condition, ...]:
    """Return the causes that the names stand for; 'vs' may stand between them.

    Raises:
        NotFoundError: when a name is unknown or may mean several causes; all such names are told, with the nearest or the choices.
        UsageError: when there are fewer than two, two mean the same cause, or one is no cause.
    """
    names = [name for name in names if name.lower() not in _BETWEEN]
    if len(names) < 2:
        given = f"only {names[0]!r} was given" if names else "none was given"
        raise UsageError(
            f"Two causes or more are compared, and {given}.", "calcref compare A B; the names: calcref list conditions"
        )
    meant: dict[str, str] = {}
    faults: list[CalcrefError] = []
    for name in names:
        try:
            cause = _cause(knowledge, name)
        except CalcrefError as fault:
            faults.append(fault)
            continue
        if cause in meant:
            same = (
                f"{name!r} is given twice" if name == meant[cause] else f"{meant[cause]!r} and {name!r} are the same cause, {cause}"
            )
            faults.append(UsageError(f"{same}.", "Name each cause once."))
        meant[cause] = name
    if faults:
        kind = NotFoundError if any(isinstance(fault, NotFoundError) for fault in faults) else UsageError
        hints = dict.fromkeys(fault.hint for fault in faults)
        raise kind(" ".join(fault.message for fault in faults), "\n  ".join(hint for hint in hints if hint))
    return tuple(knowledge.conditions[cause] for cause in meant)


def _cause(knowledge: KnowledgeBase, name: str) -> str:
    try:
        return resolve(knowledge, name, ("conditions",)).id
    except NotFoundError as fault:
        try:
            other = resolve(knowledge, name, SECTIONS)
        except NotFoundError:
            raise fault from None
    if other.section == "families":
        choices = ", ".join(knowledge.families[other.id].members)
        raise NotFoundError(f"{name!r} may mean several causes.", f"Choose one: {choices}")
    raise UsageError(f"{name!r} is a {other.section.removesuffix('s')} and no cause.", f"About it: calcref show {other.id}")


def compare(knowledge: KnowledgeBase, conditions: Sequence[Condition]) -> Comparison:
    """Return what tells two or more causes apart; whatever their order, the same differences in the same order."""
    findings = knowledge.findings
    named = {finding for c in conditions for finding in (*c.findings, *c.estimates)}
    named |= {site for c in conditions for site, share in c.sites.shares.items() if share >= NOTABLE_SITE}
    differences = sorted(
        (_difference(knowledge, finding, conditions) for finding in named if not (findings[finding].ages or findings[finding].sex)),
        key=lambda item: (-round(item.bits, 9), item.finding),
    )
    sites = {item.finding for item in differences if knowledge.groups[findings[item.finding].group].anatomy}
    ages = [
        [age_share(c.age.percentiles, start, start + AGE_STEP) for start in range(0, round(LIFETIME), AGE_STEP)] for c in conditions
    ]
    return Comparison(
        tuple(conditions),
        tuple(item for item in differences if item.finding not in sites),
        divergence([[share / sum(shares) for share in shares] for shares in ages]),
        divergence([[c.women.share, 1 - c.women.share] for c in conditions]),
        tuple(item for item in differences if item.finding in sites),
        tuple((c.id, o.id, c.tell_apart[o.id]) for c in conditions for o in conditions if o.id in c.tell_apart),
    )


def divergence(distributions: Sequence[Sequence[float]]) -> float:
    """Return the Jensen-Shannon divergence of distributions over the same outcomes, equally weighted, in bits, from 0 up."""
    mixture = [sum(shares) / len(distributions) for shares in zip(*distributions, strict=True)]
    return max(0.0, _entropy(mixture) - sum(map(_entropy, distributions)) / len(distributions))


def _entropy(shares: Sequence[float]) -> float:
    return -sum(share * math.log2(share) for share in shares if share > 0)


def _difference(knowledge: KnowledgeBase, finding: str, conditions: Sequence[Condition]) -> Difference:
    """Return a finding as it stands for each cause; what a cause does not list is as rare as the ranking takes it to be."""
    ratios = likelihoods(knowledge)
    estimates = tuple(ratios.estimate(finding, condition) for condition in conditions)
    base = ratios.base_rate(finding)
    shares = tuple(
        min(MOST, max(LEAST, estimate.probability if estimate else base * math.exp(ratios.log_ratio(finding, condition, True))))
        for estimate, condition in zip(estimates, conditions, strict=True)
    )
    listed = any(finding in c.findings or c.sites.shares.get(finding, 0) >= NOTABLE_SITE for c in conditions)
    return Difference(finding, divergence([[share, 1 - share] for share in shares]), estimates, shares, listed)

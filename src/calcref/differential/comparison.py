"""What separates causes from one another: each finding, the age and the sex, measured in bits.

The measure is the Jensen-Shannon divergence (Lin 1991): how much one answer is expected to tell about which of the causes it is,
when they start from equal chances. It is 0 when an answer tells nothing, and log2 of the number of causes when it settles all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from calcref.errors import UsageError
from calcref.knowledge.names import cause_of

from .frequency import LIFETIME, Estimate, age_share, entropy
from .likelihood import bounded, likelihoods

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition, Statement

SEPARATES = 0.05
"""Bits; what tells less does not separate. Between neighbouring classes of frequency lie 0.05 to 0.12 bits."""

NOTABLE_SITE = 0.05
"""Share of patients from which a part of the body is worth a line."""

AGE_STEP = 5
"""Years in which ages are compared."""

AGE, WOMEN = "age", "women"
_BETWEEN = ("vs", "vs.", "versus", "and", "or")


class Difference(NamedTuple):
    """A finding, the age or the sex, what it tells, in bits, and how often each cause shows it, in their order.

    An estimate is None where the cause says nothing of the finding. `listed` tells whether a cause lists the finding itself.
    The age and the sex have neither estimates nor shares: each cause has its own words for them.
    """

    name: str
    bits: float
    estimates: tuple[Estimate | None, ...] = ()
    shares: tuple[float, ...] = ()
    listed: bool = True

    @property
    def separates(self) -> bool:
        """Tell whether it is worth a reader's glance."""
        return self.listed and self.bits >= SEPARATES


class Comparison(NamedTuple):
    """Causes side by side: what tells them apart, the strongest first, and in words as (cause, from which, statement)."""

    conditions: tuple[Condition, ...]
    differences: tuple[Difference, ...]
    told_apart: tuple[tuple[str, str, Statement], ...]


def read_names(knowledge: KnowledgeBase, names: Sequence[str]) -> tuple[Condition, ...]:
    """Return the causes that the names stand for; with 'vs' between them, a name may have several words.

    Raises:
        NotFoundError: when a name is unknown or may mean several causes; the hint has the nearest or the choices.
        UsageError: when there are fewer than two causes, or one is no cause.
    """
    if any(name.lower() in _BETWEEN for name in names):
        names = [" ".join(words) for between, words in groupby(names, lambda name: name.lower() in _BETWEEN) if not between]
    causes = dict.fromkeys(cause_of(knowledge, name) for name in names)
    if len(causes) < 2:
        given = f"only {', '.join(causes)} was given" if causes else "none was given"
        raise UsageError(
            f"Two causes or more are compared, and {given}.", "calcref compare A B; the names: calcref list conditions"
        )
    return tuple(knowledge.conditions[cause] for cause in causes)


def compare(knowledge: KnowledgeBase, conditions: Sequence[Condition]) -> Comparison:
    """Return what tells two or more causes apart; whatever their order, the same differences in the same order."""
    named = {finding for c in conditions for finding in (*c.findings, *c.estimates)}
    named |= {site for c in conditions for site, share in c.sites.shares.items() if share >= NOTABLE_SITE}
    records = [knowledge.findings[finding] for finding in named]
    differences = [_difference(knowledge, record.id, conditions) for record in records if not (record.ages or record.sex)]
    steps = range(0, round(LIFETIME), AGE_STEP)
    ages = [[age_share(c.age.percentiles, start, start + AGE_STEP) for start in steps] for c in conditions]
    differences.append(Difference(AGE, divergence([[share / sum(shares) for share in shares] for shares in ages])))
    differences.append(Difference(WOMEN, divergence([[c.women.share, 1 - c.women.share] for c in conditions])))
    return Comparison(
        tuple(conditions),
        tuple(sorted(differences, key=lambda item: (-round(item.bits, 9), item.name))),
        tuple((c.id, o.id, c.tell_apart[o.id]) for c in conditions for o in conditions if o.id in c.tell_apart),
    )


def divergence(distributions: Sequence[Sequence[float]]) -> float:
    """Return the Jensen-Shannon divergence of distributions over the same outcomes, equally weighted, in bits, from 0 up."""
    mixture = [sum(shares) / len(distributions) for shares in zip(*distributions, strict=True)]
    return max(0.0, entropy(mixture) - sum(map(entropy, distributions)) / len(distributions))


def _difference(knowledge: KnowledgeBase, finding: str, conditions: Sequence[Condition]) -> Difference:
    """Return a finding as it stands for each cause; what a cause does not list is as rare as the ranking takes it to be."""
    ratios = likelihoods(knowledge)
    estimates = tuple(ratios.estimate(finding, condition) for condition in conditions)
    base = ratios.base_rate(finding)
    shares = tuple(
        bounded(estimate.probability if estimate else base * math.exp(ratios.log_ratio(finding, condition, True)))
        for estimate, condition in zip(estimates, conditions, strict=True)
    )
    listed = any(finding in c.findings or c.sites.shares.get(finding, 0) >= NOTABLE_SITE for c in conditions)
    return Difference(finding, divergence([[share, 1 - share] for share in shares]), estimates, shares, listed)

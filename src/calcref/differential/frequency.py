"""How often a cause shows a finding: p(f|d) from counts, classes, judged shares, the distribution over the body, and kinship."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from calcref.knowledge.model import FREQUENCY_RANGE

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition, Frequency, Link

Origin = Literal["listed", "narrower", "broader", "sites", "estimate", "age", "sex"]

CLASS_PROBABILITY: Mapping[Frequency, float] = {
    "always": 0.98, "very-frequent": 0.90, "frequent": 0.55, "occasional": 0.17, "very-rare": 0.025, "never": 0.005,
}  # fmt: skip
"""Midpoints of the frequency classes; the ends are drawn in, so that no single entry can veto a cause."""

UNEXPECTED_SITE = 0.05
"""Least share of patients outside the listed sites: no list of sites is complete, but that of a cause which can lie `elsewhere` in none."""

OUT_OF_PLACE = 0.25
"""Share of patients at a body part over that of all people with a radiograph, below which the part hardly fits a cause."""

AGE_OUTLIERS = 0.02
"""Share of patients who are of any age that people with a radiograph have: a fifth of the tenth that the percentiles leave outside.

Published cases are chosen for being unusual and would bear five times as much; with that, a child of four is offered its grandmother's disease.
"""

LIFETIME = 95.0
_Z95 = 1.6449


class Estimate(NamedTuple):
    """p(f|d), 0 to 1, with where it comes from: the link used, and the finding that carried it if it is another one."""

    probability: float
    origin: Origin
    link: Link | None = None
    via: str = ""


def link_probability(link: Link, judged: float | None = None) -> float:
    """Return p(f|d) of a link: (k + 1/2) / (n + 1) where patients were counted (Jeffreys 1946), else that of its class.

    A `judged` share moves the value within the class, never out of it.
    """
    if link.count:
        k, n = link.count
        return (k + 0.5) / (n + 1)
    if judged is not None:
        low, high = FREQUENCY_RANGE[link.frequency]
        return min(max(judged, low), high)
    return CLASS_PROBABILITY[link.frequency]


def _split_normal_cdf(x: float, median: float, left: float, right: float) -> float:
    width = left if x < median else right
    return 0.5 * (1 + math.erf((x - median) / (width * math.sqrt(2))))


def _widths(percentiles: tuple[float, float, float]) -> tuple[float, float, float]:
    low, median, high = percentiles
    least = 0.5 + 0.08 * median
    return median, max((median - low) / _Z95, least), max((high - median) / _Z95, least)


def age_share(percentiles: tuple[float, float, float], start: float, end: float) -> float:
    """Return the share of patients, 0 to 1, between two ages in years, for a 5th, 50th and 95th percentile of age.

    Two half normal curves joined at the median (Fechner 1897).
    """
    median, left, right = _widths(percentiles)
    whole = 1 - _split_normal_cdf(0, median, left, right)
    return (_split_normal_cdf(end, median, left, right) - _split_normal_cdf(start, median, left, right)) / whole


def entropy(weights: Sequence[float]) -> float:
    """Return the entropy of weights of any sum, in bits (Shannon 1948)."""
    whole = sum(weights)
    return -sum(weight / whole * math.log2(weight / whole) for weight in weights if weight > 0)


class Frequencies:
    """The frequencies that a knowledge base states, finding by finding and cause by cause."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self._listed: dict[str, frozenset[str]] = {}

    def estimate(self, finding: str, condition: Condition) -> Estimate | None:
        """Return p(finding | condition), or None when the condition says nothing about the finding.

        A count or class of the finding itself comes first, then the distribution over the body, then narrower findings
        that the condition lists (one of them suffices), then broader ones.
        """
        record = self.knowledge.findings[finding]
        if record.ages:
            return Estimate(age_share(condition.age.percentiles, *record.ages), "age")
        if record.sex:
            women = condition.women.share
            return Estimate(women if record.sex == "female" else 1 - women, "sex")
        link = condition.findings.get(finding)
        if self._is_site(finding) and condition.sites.shares and not (link and link.count):
            return Estimate(self._site_share(finding, condition), "sites", link)
        judged = condition.estimates.get(finding)
        if link:
            return Estimate(link_probability(link, judged), "listed", link)
        if judged is not None:
            return Estimate(judged, "estimate")
        return self._by_kinship(finding, condition)

    def _is_site(self, finding: str) -> bool:
        return self.knowledge.groups[self.knowledge.findings[finding].group].anatomy

    def _by_kinship(self, finding: str, condition: Condition) -> Estimate | None:
        knowledge, findings = self.knowledge, self.knowledge.findings
        listed = self._listed.get(condition.id)
        if listed is None:
            listed = self._listed[condition.id] = frozenset(condition.findings)

        def share(name: str) -> float:
            return link_probability(condition.findings[name], condition.estimates.get(name))

        if narrower := sorted(listed & knowledge.descendants[finding]):
            best = max(narrower, key=share)
            floor = findings[finding].base_rate if share(best) < 0.05 else 0.0
            return Estimate(max(share(best), floor), "narrower", condition.findings[best], best)
        # Only a kind of the same thing: what is known of a knee says nothing of a meniscus.
        group = findings[finding].group
        if broader := [name for name in listed & knowledge.ancestors[finding] if findings[name].group == group]:
            nearest = min(broader, key=lambda name: (findings[name].base_rate, name))
            part = min(1.0, findings[finding].base_rate / findings[nearest].base_rate)
            return Estimate(share(nearest) * part, "broader", condition.findings[nearest], nearest)
        return self._out_of_place(finding, condition)

    def _out_of_place(self, finding: str, condition: Condition) -> Estimate | None:
        """Return the share of an unlisted finding that lies where the lesion hardly ever does: a shoulder has no meniscus."""
        knowledge, base = self.knowledge, self.base_rate
        places = [part for part in knowledge.ancestors[finding] if self._is_site(part)]
        if not places or not condition.sites.shares:
            return None
        fit = min(self._site_share(place, condition) / base(place) for place in places)
        unlisted = math.exp(-knowledge.groups[knowledge.findings[finding].group].silence)
        return Estimate(fit * unlisted * base(finding), "sites") if fit < OUT_OF_PLACE else None

    def _site_share(self, finding: str, condition: Condition) -> float:
        """Return the share of patients with the lesion at a body part: listed, or what the parts within and around it leave to it."""
        knowledge, shares = self.knowledge, condition.sites.shares
        findings, base = knowledge.findings, knowledge.findings[finding].base_rate
        if finding in shares:
            around = 0.0
        else:
            around = self._made_of(finding, condition) * max(
                (
                    max(0.0, shares[site] - self._covered(site, shares)) * min(1.0, base / findings[site].base_rate)
                    for site in shares.keys() & knowledge.ancestors[finding]
                ),
                default=0.0,
            )
        rest = max(condition.sites.elsewhere, UNEXPECTED_SITE) * base if condition.sites.elsewhere else 0.0
        return max(shares.get(finding, 0.0), self._covered(finding, shares), around, rest)

    def _made_of(self, finding: str, condition: Condition) -> float:
        """Return how much of the share of the parts around a part falls to it by its tissue, 0 to 1.

        A part that is a ligament is hardly the place of what lies in arteries, wherever around it those are.
        """
        knowledge = self.knowledge
        tissues = [part for part in knowledge.ancestors[finding] if knowledge.groups[knowledge.findings[part].group].tissue]
        estimates = [(part, self.estimate(part, condition)) for part in tissues]
        shares = [(estimate.probability if estimate else 0.0) / knowledge.findings[part].base_rate for part, estimate in estimates]
        return max(0.0, min(1.0, max(shares))) if shares else 1.0

    def _covered(self, site: str, shares: Mapping[str, float]) -> float:
        """Return the share of patients with the lesion at a listed part within `site`; a part within a part is one with it."""
        within = shares.keys() & self.knowledge.descendants[site]
        return 1 - math.prod(1 - shares[part] for part in sorted(within) if not within & self.knowledge.ancestors[part])

    def base_rate(self, finding: str) -> float:
        """Return how often the finding is met in people with a radiograph, for whatever reason, 0 to 1."""
        record, parameters = self.knowledge.findings[finding], self.knowledge.parameters
        if record.ages:
            return age_share(parameters.age_population, *record.ages)
        if record.sex:
            women = parameters.women_population
            return women if record.sex == "female" else 1 - women
        return record.base_rate

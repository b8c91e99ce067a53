"""How much a finding speaks for or against a cause: frequencies turned into likelihood ratios.

A finding that is present multiplies the odds of a cause by p(f|d) / p(f), one that is absent by (1 - p(f|d)) / (1 - p(f)),
where p(f) is the base rate of the finding. What a described cause does not list is met in it rarely, which costs it
`Group.silence`; a cause without estimates is hardly described, so that its silence says almost nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from .model import FREQUENCY_RANGE

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase
    from .model import Condition, Frequency, Link

Origin = Literal["listed", "narrower", "broader", "sites", "estimate", "age", "sex", "unlisted"]

CLASS_PROBABILITY: Mapping[Frequency, float] = {
    "always": 0.98, "very-frequent": 0.90, "frequent": 0.55, "occasional": 0.17, "very-rare": 0.025, "never": 0.005,
}  # fmt: skip
"""Midpoints of the frequency classes; the ends are drawn in, so that no single entry can veto a cause."""

LEAST, MOST = 0.002, 0.985
"""Bounds of every probability that enters a ratio."""

UNEXPECTED_SITE = 0.05
"""Least share of patients outside the listed sites: no list of sites is complete."""

UNDESCRIBED = 0.2
"""What is left of the cost of silence for a cause that has no estimates."""

NEXT_TO_NONE = 1e-6
"""Least share that enters a logarithm."""

BROADER = 0.5
"""What is left of a log ratio when a cause lists only something broader than the finding."""

FORGIVEN = 0.5
"""Part of what silence about everything would cost a cause that is not counted, or the best described would always lose."""

AGE_OUTLIERS = 0.08
"""Share of patients spread evenly over `LIFETIME` years, whatever the percentiles say."""

LIFETIME = 95.0
_Z95 = 1.6449


@dataclass(frozen=True, slots=True)
class Estimate:
    """p(f|d), 0 to 1, with where it comes from: the link used, and the finding that carried it if it is another one."""

    probability: float
    origin: Origin
    link: Link | None = None
    via: str = ""


class Row(NamedTuple):
    """The shares, 0 to 1, of one finding in all conditions, None where nothing is said of it.

    `derived` are the places of shares that do not stand in the record itself, `broader` those of them that only something
    broader carries.
    """

    shares: tuple[float | None, ...]
    derived: frozenset[int]
    broader: frozenset[int]


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

    Two half normal curves joined at the median (Fechner 1897), with `AGE_OUTLIERS` spread evenly.
    """
    median, left, right = _widths(percentiles)
    whole = 1 - _split_normal_cdf(0, median, left, right)
    inside = _split_normal_cdf(end, median, left, right) - _split_normal_cdf(start, median, left, right)
    even = max(0.0, min(end, LIFETIME) - start) / LIFETIME
    return (1 - AGE_OUTLIERS) * inside / whole + AGE_OUTLIERS * even


class Likelihoods:
    """The likelihood ratios of a knowledge base, computed once for each finding that is asked for.

    Vectors are in the order of `conditions`, whose `places` are known by id, in natural log units, clipped to plus or minus `Parameters.clip`.
    """

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.conditions: tuple[Condition, ...] = tuple(knowledge.conditions.values())
        self.places = {condition.id: place for place, condition in enumerate(self.conditions)}
        self._rows: dict[str, Row] = {}
        self._vectors: dict[tuple[str, bool], tuple[float, ...]] = {}
        self._untold: dict[str, Mapping[int, float]] = {}
        self.age_vector = lru_cache(maxsize=512)(self.age_vector)  # type: ignore[method-assign]
        self.sex_vector = lru_cache(maxsize=2)(self.sex_vector)  # type: ignore[method-assign]

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
        knowledge = self.knowledge
        narrower = [name for name in condition.findings if name in knowledge.descendants[finding]]
        if narrower:
            best = max(narrower, key=lambda name: link_probability(condition.findings[name]))
            link = condition.findings[best]
            floor = knowledge.findings[finding].base_rate if link_probability(link) < 0.05 else 0.0
            return Estimate(max(link_probability(link), floor), "narrower", link, best)
        broader = [name for name in condition.findings if name in knowledge.ancestors[finding]]
        if broader:
            nearest = min(broader, key=lambda name: (knowledge.findings[name].base_rate, name))
            link = condition.findings[nearest]
            ratio = min(1.0, knowledge.findings[finding].base_rate / knowledge.findings[nearest].base_rate)
            return Estimate(link_probability(link) * ratio, "broader", link, nearest)
        return None

    def _site_share(self, finding: str, condition: Condition) -> float:
        shares, findings = condition.sites.shares, self.knowledge.findings
        elsewhere = 1.0
        for site, share in shares.items():
            if site in self.knowledge.descendants[finding]:
                elsewhere *= 1 - share
        inside = max(shares.get(finding, 0.0), 1 - elsewhere)
        base = findings[finding].base_rate
        above = max(
            (
                share * min(1.0, base / findings[site].base_rate)
                for site, share in shares.items()
                if site in self.knowledge.ancestors[finding]
            ),
            default=0.0,
        )
        rest = max(condition.sites.elsewhere, UNEXPECTED_SITE) * base
        return max(inside, above, rest)

    def base_rate(self, finding: str) -> float:
        """Return how often the finding is met in people with a radiograph, for whatever reason, 0 to 1."""
        record, parameters = self.knowledge.findings[finding], self.knowledge.parameters
        if record.ages:
            return age_share(parameters.age_population, *record.ages)
        if record.sex:
            women = parameters.women_population
            return women if record.sex == "female" else 1 - women
        return record.base_rate

    def row(self, finding: str) -> Row:
        """Return the shares of a finding in all conditions."""
        if finding not in self._rows:
            estimates = [self.estimate(finding, condition) for condition in self.conditions]
            origins = [estimate.origin if estimate else None for estimate in estimates]
            self._rows[finding] = Row(
                tuple(estimate.probability if estimate else None for estimate in estimates),
                frozenset(place for place, origin in enumerate(origins) if origin not in ("listed", "estimate")),
                frozenset(place for place, origin in enumerate(origins) if origin == "broader"),
            )
        return self._rows[finding]

    def _ratio(self, share: float, base: float, present: bool) -> float:
        """Return the clipped log ratio of a share of the patients over the base rate, or of their complements.

        A part of all findings (`Parameters.surprise`) is taken to be there for other reasons, so that one that hardly ever
        goes with a cause does not rule it out.
        """
        clip, surprise = self.knowledge.parameters.clip, self.knowledge.parameters.surprise
        base = min(MOST, max(LEAST, base))
        if not present:
            share, base = 1 - min(MOST, share), 1 - base
        return max(-clip, min(clip, math.log((1 - surprise) * max(share, NEXT_TO_NONE) / base + surprise)))

    def vector(self, finding: str, present: bool) -> tuple[float, ...]:
        """Return the log likelihood ratios of a finding for all conditions."""
        key = finding, present
        if key not in self._vectors:
            row, base = self.row(finding), self.base_rate(finding)
            silence = self.knowledge.groups[self.knowledge.findings[finding].group].silence if present else 0.0
            self._vectors[key] = tuple(
                -silence * (1.0 if condition.estimates else UNDESCRIBED) if share is None
                else self._ratio(share, base, present) * (BROADER if place in row.broader else 1.0)
                for place, (share, condition) in enumerate(zip(row.shares, self.conditions, strict=True))
            )  # fmt: skip
        return self._vectors[key]

    def log_ratio(self, finding: str, condition: Condition, present: bool) -> float:
        """Return the log likelihood ratio of the finding, present or absent, for one condition."""
        return self.vector(finding, present)[self.places[condition.id]]

    def untold(self, finding: str) -> Mapping[int, float]:
        """Return, by place of the condition that lists it, the log likelihood ratio of a finding that is not mentioned.

        A description states a part of what there is (`Parameters.told`), so that silence is weak evidence of absence:
        (1 - told p(f|d)) / (1 - told p(f)).
        """
        if finding not in self._untold:
            record, told = self.knowledge.findings[finding], self.knowledge.parameters.told
            row = self.row(finding)
            base = 1 - told * min(MOST, max(LEAST, record.base_rate))
            restates = record.ages or record.sex or self._is_site(finding)
            self._untold[finding] = {
                place: math.log((1 - told * min(MOST, max(LEAST, share))) / base)
                for place, share in enumerate(row.shares)
                if share is not None and place not in row.derived and not restates
            }
        return self._untold[finding]

    @cached_property
    def silence(self) -> tuple[float, ...]:
        """The log likelihood ratios of a description that mentions nothing at all, less what is `FORGIVEN`."""
        sums = [0.0] * len(self.conditions)
        for finding in self.knowledge.findings:
            for place, value in self.untold(finding).items():
                sums[place] += value * (1 - FORGIVEN)
        return tuple(sums)

    def age_vector(self, age: float) -> tuple[float, ...]:
        """Return the log likelihood ratios of an age in years: its density for a cause over that of all who are X-rayed."""
        start, end = (0.0, 1.0) if age < 1 else (age - 0.5, age + 0.5)
        base = age_share(self.knowledge.parameters.age_population, start, end)
        return tuple(self._ratio(age_share(c.age.percentiles, start, end), base, True) for c in self.conditions)

    def sex_vector(self, sex: str) -> tuple[float, ...]:
        """Return the log likelihood ratios of a sex."""
        women = self.knowledge.parameters.women_population
        if sex == "female":
            return tuple(self._ratio(c.women.share, women, True) for c in self.conditions)
        return tuple(self._ratio(1 - c.women.share, 1 - women, True) for c in self.conditions)


@lru_cache(maxsize=4)
def likelihoods(knowledge: KnowledgeBase) -> Likelihoods:
    """Return the likelihood ratios of a knowledge base, made once."""
    return Likelihoods(knowledge)

"""How much a finding speaks for or against a cause: frequencies turned into likelihood ratios.

A finding that is present multiplies the odds of a cause by p(f|d) / p(f), one that is absent by (1 - p(f|d)) / (1 - p(f)),
where p(f) is the base rate of the finding. What a described cause does not list is met in it rarely, which costs it
`Group.silence`; a cause without estimates is hardly described, so that its silence says almost nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .frequency import AGE_OUTLIERS, Frequencies, age_share

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition

Column = TypeVar("Column")

LEAST, MOST = 0.002, 0.985
"""Bounds of every probability that enters a ratio."""

UNDESCRIBED = 0.2
"""What is left of the cost of silence for a cause that has no estimates."""

NEXT_TO_NONE = 1e-6
"""Least share that enters a logarithm."""

BROADER = 0.5
"""What is left of a log ratio when a cause lists only something broader than the finding."""

MOST_TOLD = 0.9
"""Largest share of descriptions that mention a finding, however rare it is."""

SILENT = 0.8
"""Part of what a denial says that silence may say at most, or to deny a finding would lift the cause that has it."""

SEX_SLIPS = 0.01
"""Share of people whose sex is noted wrongly, or who have an organ of the other."""

FORGIVEN = 0.5
"""Part of what silence about everything would cost a cause that is not counted, or the best described would always lose."""


def bounded(share: float) -> float:
    """Return a share that may enter a ratio."""
    return min(MOST, max(LEAST, share))


class Row(NamedTuple):
    """The shares, 0 to 1, of one finding in all conditions, None where nothing is said of it.

    `own` are the places of shares that stand in the record of the condition itself, `broader` of those that only something
    broader carries.
    """

    shares: tuple[float | None, ...]
    own: tuple[int, ...]
    broader: tuple[int, ...]


class Likelihoods(Frequencies):
    """The likelihood ratios of a knowledge base, computed once for each finding that is asked for.

    Vectors are in the order of the conditions, whose `places` are known by id, in natural log units, clipped to plus or minus
    `Parameters.clip`. Columns of frequencies come from the index of the knowledge base, or are computed where it has none.
    """

    def __init__(self, knowledge: KnowledgeBase) -> None:
        super().__init__(knowledge)
        self.places = {condition: place for place, condition in enumerate(knowledge.conditions)}
        self._rows: dict[str, Row] = {}
        self._vectors: dict[tuple[str, bool], tuple[float, ...]] = {}
        self._untold: dict[str, Mapping[int, float]] = {}
        self.age_vector = lru_cache(maxsize=512)(self.age_vector)  # type: ignore[method-assign]
        self.sex_vector = lru_cache(maxsize=2)(self.sex_vector)  # type: ignore[method-assign]

    def _column(self, name: str, compute: Callable[[], Column]) -> Column:
        stored: Column | None = self.knowledge.line(name)
        return compute() if stored is None else stored

    def columns(self) -> Mapping[str, Any]:
        """Return all columns by name, as an index keeps them."""
        of_findings = {finding: [list(part) for part in self.row(finding)] for finding in self.knowledge.findings}
        return {
            "(ages)": self._ages,
            "(women)": self._women,
            "(described)": self._described,
            "(silence)": self.silence,
            **of_findings,
        }

    @cached_property
    def _ages(self) -> Sequence[tuple[float, float, float]]:
        ages = self._column("(ages)", lambda: [condition.age.percentiles for condition in self.knowledge.conditions.values()])
        return [(low, middle, high) for low, middle, high in ages]

    @cached_property
    def _women(self) -> Sequence[float]:
        return self._column("(women)", lambda: [condition.women.share for condition in self.knowledge.conditions.values()])

    @cached_property
    def _described(self) -> Sequence[bool]:
        return self._column("(described)", lambda: [bool(condition.estimates) for condition in self.knowledge.conditions.values()])

    def row(self, finding: str) -> Row:
        """Return the shares of a finding in all conditions."""
        if finding not in self._rows:
            shares, own, broader = self._column(finding, lambda: self._counted(finding))
            self._rows[finding] = Row(tuple(shares), tuple(own), tuple(broader))
        return self._rows[finding]

    def _counted(self, finding: str) -> tuple[Sequence[float | None], Sequence[int], Sequence[int]]:
        estimates = [self.estimate(finding, condition) for condition in self.knowledge.conditions.values()]
        origins = [estimate.origin if estimate else None for estimate in estimates]
        return (
            [float(f"{estimate.probability:.4g}") if estimate else None for estimate in estimates],
            [place for place, origin in enumerate(origins) if origin in ("listed", "estimate")],
            [place for place, origin in enumerate(origins) if origin == "broader"],
        )

    def _ratio(self, share: float, base: float, present: bool, surprise: float | None = None) -> float:
        """Return the clipped log ratio of a share of the patients over the base rate, or of their complements.

        A part of all findings (`Parameters.surprise`, or that of their group) is taken to be there for other reasons, so that
        one that hardly ever goes with a cause does not rule it out.
        """
        clip = self.knowledge.parameters.clip
        surprise = self.knowledge.parameters.surprise if surprise is None else surprise
        base = bounded(base)
        if not present:
            share, base = 1 - min(MOST, share), 1 - base
        return max(-clip, min(clip, math.log((1 - surprise) * max(share, NEXT_TO_NONE) / base + surprise)))

    def vector(self, finding: str, present: bool) -> tuple[float, ...]:
        """Return the log likelihood ratios of a finding for all conditions; one that none of them lists says nothing of any."""
        key = finding, present
        if key not in self._vectors:
            row, base = self.row(finding), self.base_rate(finding)
            group = self.knowledge.groups[self.knowledge.findings[finding].group]
            silence = group.silence if present and any(share is not None for share in row.shares) else 0.0
            unlisted = -silence * UNDESCRIBED, -silence
            ratios = {share: self._ratio(share, base, present, group.surprise) for share in set(row.shares) if share is not None}
            values = [
                unlisted[told] if share is None else ratios[share] for share, told in zip(row.shares, self._described, strict=True)
            ]
            for place in row.broader:
                values[place] *= BROADER
            self._vectors[key] = tuple(values)
        return self._vectors[key]

    def log_ratio(self, finding: str, condition: Condition, present: bool) -> float:
        """Return the log likelihood ratio of the finding, present or absent, for one condition."""
        return self.vector(finding, present)[self.places[condition.id]]

    def untold(self, finding: str) -> Mapping[int, float]:
        """Return, by place of the condition that lists it, the log likelihood ratio of a finding that is not mentioned.

        A description states a part of what there is, and the more surely the rarer it is in general, so that silence is weak
        evidence of absence: (1 - t p(f|d)) / (1 - t p(f)), with t = `Parameters.told` times `Group.told` and `Finding.told` for each power of ten in
        1 / p(f).
        """
        if finding not in self._untold:
            record, row = self.knowledge.findings[finding], self.row(finding)
            base = bounded(record.base_rate)
            part = self.knowledge.parameters.told * self.knowledge.groups[record.group].told * record.told
            told = min(MOST_TOLD, -math.log10(base) * part)
            own = () if record.ages or record.sex or self._is_site(finding) else row.own
            shares = {row.shares[place] for place in own}
            surprise = self.knowledge.groups[record.group].surprise
            silent = {
                share: max(
                    math.log((1 - told * bounded(share or 0.0)) / (1 - told * base)),
                    min(0.0, SILENT * self._ratio(share or 0.0, base, False, surprise)),
                )
                for share in shares
            }
            self._untold[finding] = {place: silent[row.shares[place]] for place in own}
        return self._untold[finding]

    @cached_property
    def silence(self) -> Sequence[float]:
        """The log likelihood ratios of a description that mentions nothing at all, less what is `FORGIVEN`."""
        return self._column("(silence)", self._silence)

    def _silence(self) -> list[float]:
        sums = [0.0] * len(self.places)
        for finding in self.knowledge.findings:
            for place, value in self.untold(finding).items():
                sums[place] += value * (1 - FORGIVEN)
        return [round(value, 6) for value in sums]

    def age_vector(self, age: float) -> tuple[float, ...]:
        """Return the log likelihood ratios of an age in years: its density for a cause over that of all who are X-rayed.

        `AGE_OUTLIERS` take the place of the surprise of other findings.
        """
        start, end = (0.0, 1.0) if age < 1 else (age - 0.5, age + 0.5)
        base = age_share(self.knowledge.parameters.age_population, start, end)
        shares = ((1 - AGE_OUTLIERS) * age_share(percentiles, start, end) + AGE_OUTLIERS * base for percentiles in self._ages)
        return tuple(self._ratio(share, base, True, surprise=0) for share in shares)

    def sex_vector(self, sex: str) -> tuple[float, ...]:
        """Return the log likelihood ratios of a sex. `SEX_SLIPS` take the place of the surprise of other findings."""
        women = self.knowledge.parameters.women_population
        if sex == "female":
            return tuple(self._ratio(share, women, True, SEX_SLIPS) for share in self._women)
        return tuple(self._ratio(1 - share, 1 - women, True, SEX_SLIPS) for share in self._women)


@lru_cache(maxsize=4)
def likelihoods(knowledge: KnowledgeBase) -> Likelihoods:
    """Return the likelihood ratios of a knowledge base, made once."""
    return Likelihoods(knowledge)

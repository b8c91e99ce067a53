"""What follows from a differential: what must not be missed, and what to look for next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .differential import Differential, Ranked, is_dangerous
from .likelihood import LEAST, MOST, likelihoods
from .model import EFFORTS

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase
    from .model import Condition, Effort

OPEN = 0.001
"""Post-test probability from which a dangerous cause counts as still open."""

SETTLERS = 3
"""How many findings are named that would settle a dangerous cause."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A dangerous cause that the findings leave open, with the findings that would settle it."""

    condition: Ranked
    settle_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An open finding that is worth looking for. `gain` is the expected fall of uncertainty over all causes, in bits."""

    finding: str
    how: Effort
    gain: float


def _known(knowledge: KnowledgeBase, differential: Differential) -> set[str]:
    """Return all findings whose state the case settles, by themselves or through their kin."""
    case = differential.case
    known = set(case.present) | set(case.absent)
    for finding in case.present:
        known |= knowledge.ancestors[finding]
    for finding in case.absent:
        known |= knowledge.descendants[finding]
    return known


def dangers(knowledge: KnowledgeBase, differential: Differential) -> tuple[Danger, ...]:
    """Return the dangerous causes that are still open, most likely first."""
    known = _known(knowledge, differential)
    return tuple(
        Danger(item, settlers(knowledge, knowledge.conditions[item.id], known))
        for item in differential.conditions
        if item.posttest >= OPEN and is_dangerous(knowledge.conditions[item.id], differential.case)
    )


def settlers(knowledge: KnowledgeBase, condition: Condition, known: set[str]) -> tuple[str, ...]:
    """Return the open findings that tell most about one condition, by the expected weight of evidence (Good 1950)."""
    ratios = likelihoods(knowledge)

    def weight(finding: str) -> float:
        estimate = ratios.estimate(finding, condition)
        p = min(MOST, max(LEAST, estimate.probability if estimate else 0.0))
        base = min(MOST, max(LEAST, ratios.base_rate(finding)))
        return p * math.log(p / base) + (1 - p) * math.log((1 - p) / (1 - base))

    return tuple(sorted((f for f in condition.findings if f not in known), key=lambda f: (-weight(f), f))[:SETTLERS])


def _entropy(values: list[float]) -> float:
    whole = sum(values)
    return -sum(v / whole * math.log2(v / whole) for v in values if v > 0)


def ask_next(knowledge: KnowledgeBase, differential: Differential, count: int = 5) -> tuple[Question, ...]:
    """Return the open findings that tell most, in order of effort and then of expected information gain.

    The gain of a finding is H(cause) - E[H(cause | finding)] over the causes that hold 99 % of the probability, in bits
    (Shannon 1948). Findings that only restate the patient's age or sex, or the body part once one is known, are left out.
    """
    ratios = likelihoods(knowledge)
    known = _known(knowledge, differential)
    has_site = any(knowledge.groups[knowledge.findings[f].group].anatomy for f in differential.case.present)
    leading: list[Ranked] = []
    mass = 0.0
    for item in differential.conditions:
        leading.append(item)
        mass += item.posttest
        if mass > 0.99 or len(leading) == 25:
            break
    conditions = [knowledge.conditions[item.id] for item in leading]
    weights = [item.posttest for item in leading]
    before = _entropy(weights)
    listed = {finding for condition in conditions for finding in condition.findings} - known
    questions = []
    for finding in sorted(listed):
        record = knowledge.findings[finding]
        if record.ages or record.sex or (has_site and knowledge.groups[record.group].anatomy):
            continue
        base = min(MOST, max(LEAST, record.base_rate))
        estimates = [ratios.estimate(finding, condition) for condition in conditions]
        p = [min(MOST, max(LEAST, e.probability)) if e else base for e in estimates]
        yes = [w * share for w, share in zip(weights, p, strict=True)]
        no = [w - v for w, v in zip(weights, yes, strict=True)]
        chance = sum(yes) / sum(weights)
        gain = before - chance * _entropy(yes) - (1 - chance) * _entropy(no)
        questions.append(Question(finding, record.how, max(0.0, gain)))
    best = sorted(questions, key=lambda q: (-q.gain, q.finding))[:count]
    effort = list(EFFORTS)
    return tuple(sorted(best, key=lambda q: (effort.index(q.how), -q.gain, q.finding)))

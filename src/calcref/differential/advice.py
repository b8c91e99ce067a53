"""What follows from a differential: what must not be missed, and what to look for next."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from calcref.knowledge.model import EFFORTS, FREQUENCY_RANGE

from .findings import Case, outside
from .frequency import entropy
from .likelihood import bounded, likelihoods
from .ranking import WORDS, Differential, Evidence, Ranked, evidence, is_dangerous, posterior

if TYPE_CHECKING:
    from random import Random

    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition, Effort

OPEN = 0.001
"""Post-test probability from which a dangerous cause counts as still open."""

ELSEWHERE, FAR = 0.02, -1.5
"""A dangerous cause below this probability is not named if each body part speaks against it by more than this, in natural log units."""

LEADING = 6
"""Causes among which the next question decides."""

SETTLERS = 3
"""How many findings are named that would settle a dangerous cause."""


class Danger(NamedTuple):
    """A dangerous cause that the findings leave open, with the findings that would settle it."""

    condition: Ranked
    settle_with: tuple[str, ...]


class Question(NamedTuple):
    """An open finding that is worth looking for. `gain` is the expected fall of uncertainty over all causes, in bits."""

    finding: str
    how: Effort
    gain: float


class Answer(NamedTuple):
    """What one answer to a question would do: who would lead, with which probability, 0 to 1."""

    leader: str
    probability: float


class Change(NamedTuple):
    """The smallest set of open findings that would put another cause first. Each is (finding, present)."""

    findings: tuple[tuple[str, bool], ...]
    leader: str


class Steadiness(NamedTuple):
    """How the first place stands when the frequencies move: how often it holds, 0 to 1, and the range of its probability."""

    holds: float
    low: float
    high: float
    runs: int


def _known(knowledge: KnowledgeBase, differential: Differential) -> set[str]:
    """Return all findings whose state the case settles, by themselves or through their kin."""
    case = differential.case
    known = set(case.present) | set(case.absent)
    for finding in case.present:
        known |= knowledge.ancestors[finding]
    for finding in case.absent:
        known |= knowledge.descendants[finding]
    return known


def dangers(knowledge: KnowledgeBase, differential: Differential, asked: Container[str] = ()) -> tuple[Danger, ...]:
    """Return the dangerous causes that are still open, most likely first, without those that hardly ever lie where this one does.

    One that was `asked` about by its name is open, however unlikely.
    """
    known = _known(knowledge, differential)
    return tuple(
        Danger(item, settlers(knowledge, knowledge.conditions[item.id], known))
        for item in differential.conditions
        if is_dangerous(knowledge, knowledge.conditions[item.id], differential.case)
        and (
            item.id in asked
            or (
                item.posttest >= OPEN and not (item.posttest < ELSEWHERE and _lies_elsewhere(knowledge, differential.case, item.id))
            )
        )
    )


def _lies_elsewhere(knowledge: KnowledgeBase, case: Case, condition: str) -> bool:
    """Tell whether a condition hardly ever lies at any of the body parts of a case."""
    ratios, record = likelihoods(knowledge), knowledge.conditions[condition]
    sites = [finding for finding in case.present if knowledge.groups[knowledge.findings[finding].group].anatomy]
    return bool(sites) and all(ratios.log_ratio(site, record, True) < FAR for site in sites)


def settlers(knowledge: KnowledgeBase, condition: Condition, known: set[str]) -> tuple[str, ...]:
    """Return the open findings that tell most about one condition, by the expected weight of evidence (Good 1950)."""
    ratios = likelihoods(knowledge)

    def weight(finding: str) -> float:
        estimate = ratios.estimate(finding, condition)
        p, base = bounded(estimate.probability if estimate else 0.0), bounded(ratios.base_rate(finding))
        return p * math.log(p / base) + (1 - p) * math.log((1 - p) / (1 - base))

    return tuple(
        sorted((f for f in condition.findings if f not in known and f != condition.id), key=lambda f: (-weight(f), f))[:SETTLERS]
    )


def ask_next(knowledge: KnowledgeBase, differential: Differential, count: int = 5) -> tuple[Question, ...]:
    """Return the open findings that tell most, in order of effort and then of expected information gain.

    The gain of a finding is H(cause) - E[H(cause | finding)] over the leading causes, in bits (Shannon 1948): those that
    hold 95 % of the probability, `LEADING` at most. Findings that only restate the patient's age or sex, or the body part once one is known, are left out.
    """
    ratios = likelihoods(knowledge)
    known = _known(knowledge, differential)
    has_site = any(knowledge.groups[knowledge.findings[f].group].anatomy for f in differential.case.present)
    leading: list[Ranked] = []
    mass = 0.0
    for item in differential.conditions:
        leading.append(item)
        mass += item.posttest
        if mass > 0.95 or len(leading) == LEADING:
            break
    conditions = [knowledge.conditions[item.id] for item in leading]
    weights = [item.posttest for item in leading]
    before = entropy(weights)
    listed = {finding for condition in conditions for finding in condition.findings} - known
    questions = []
    for finding in sorted(listed):
        record = knowledge.findings[finding]
        if record.ages or record.sex or (has_site and knowledge.groups[record.group].anatomy):
            continue
        estimates = [ratios.estimate(finding, condition) for condition in conditions]
        p = [bounded(e.probability if e else record.base_rate) for e in estimates]
        yes = [w * share for w, share in zip(weights, p, strict=True)]
        no = [w - v for w, v in zip(weights, yes, strict=True)]
        chance = sum(yes) / sum(weights)
        gain = before - chance * entropy(yes) - (1 - chance) * entropy(no)
        questions.append(Question(finding, record.how, max(0.0, gain)))
    best = sorted(questions, key=lambda q: (-q.gain, q.finding))[:count]
    effort = list(EFFORTS)
    return tuple(sorted(best, key=lambda q: (effort.index(q.how), -q.gain, q.finding)))


def answers(knowledge: KnowledgeBase, differential: Differential, finding: str) -> tuple[Answer, Answer]:
    """Return what finding it present, and finding it absent, would do to the ranking."""
    return _leader(knowledge, differential, ((finding, True),)), _leader(knowledge, differential, ((finding, False),))


def _leader(knowledge: KnowledgeBase, differential: Differential, more: tuple[tuple[str, bool], ...]) -> Answer:
    after = posterior(knowledge, differential.case.and_told(more), differential.prior)
    place = max(range(len(after)), key=after.__getitem__)
    return Answer(tuple(knowledge.conditions)[place], after[place])


def change(knowledge: KnowledgeBase, differential: Differential) -> Change | None:
    """Return the smallest set of open findings, of three at most, that would put another cause first, the likeliest of its size."""
    first, rivals = differential.conditions[0], differential.conditions[1:6]
    known = _known(knowledge, differential)
    ratios = likelihoods(knowledge)
    swings: dict[tuple[str, bool], float] = {}
    for rival in rivals:
        for finding in {*knowledge.conditions[rival.id].findings, *knowledge.conditions[first.id].findings}:
            record = knowledge.findings[finding]
            if finding in known or record.ages or record.sex:
                continue
            for present in (True, False):
                vector = ratios.vector(finding, present)
                swing = vector[ratios.places[rival.id]] - vector[ratios.places[first.id]]
                key = finding, present
                swings[key] = max(swings.get(key, 0.0), swing)
    strongest = sorted((key for key, swing in swings.items() if swing > 0), key=lambda key: (-swings[key], key))[:14]
    for size in (1, 2, 3):
        for more in combinations(strongest, size):
            if len({finding for finding, _ in more}) == size:
                leader = _leader(knowledge, differential, more).leader
                if leader != first.id:
                    return Change(more, leader)
    return None


def expected(knowledge: KnowledgeBase, differential: Differential, condition: str) -> tuple[str, ...]:
    """Return the findings that a cause nearly always shows (4 in 5 or more) and that were not mentioned."""
    known = _known(knowledge, differential)
    links = knowledge.conditions[condition].findings
    return tuple(
        finding for finding, link in links.items() if link.frequency in ("always", "very-frequent") and finding not in known
    )


def unusual(knowledge: KnowledgeBase, differential: Differential, condition: str) -> tuple[str, ...]:
    """Return the entered findings that are met in fewer than 1 in 20 with a cause, or not described for it, but for some other."""
    ratios = likelihoods(knowledge)
    return tuple(
        item.finding
        for item in evidence(knowledge, differential.case, condition)
        if item.finding
        and item.present
        and item.log_ratio < 0
        and (item.estimate is None or item.estimate.probability < 0.05)
        and ratios.row(item.finding).own
    )


JUDGED_SPREAD = 0.7
"""Standard deviation of one judged share in log odds: two independent judgements of 7,500 shares differed by 1.05."""


def steadiness(knowledge: KnowledgeBase, differential: Differential, runs: int = 200) -> Steadiness:
    """Return how steady the first place is when each frequency moves within its class and unsourced links fall out.

    In each run a frequency is drawn evenly from its class (counts from their Jeffreys interval's spread), judged shares move
    by `JUDGED_SPREAD`, and one unsourced link in ten is left out. Seeded, so the same every time.
    """
    from random import Random

    dice = Random(1)
    clip, divisor = knowledge.parameters.clip, knowledge.parameters.temperature
    leaders = differential.conditions[:12]
    entries = {item.id: evidence(knowledge, differential.case, item.id) for item in leaders}
    firsts = 0
    shares: list[float] = []
    for _ in range(runs):
        scores: list[float] = []
        for item in leaders:
            total = math.log(item.pretest)
            for entry in entries[item.id]:
                total += entry.weight * _moved(entry, dice, clip) / divisor
            scores.append(total)
        top = max(scores)
        weights = [math.exp(score - top) for score in scores]
        firsts += scores[0] == top
        shares.append(weights[0] / sum(weights) * sum(item.posttest for item in leaders))
    shares.sort()
    return Steadiness(firsts / runs, shares[runs // 20], shares[-1 - runs // 20], runs)


def _moved(entry: Evidence, dice: Random, clip: float) -> float:
    """Return the log ratio of an entry with its frequency moved by chance."""
    estimate, ratio = entry.estimate, float(entry.log_ratio)
    if estimate is None:
        return ratio
    link, p = estimate.link, bounded(estimate.probability)
    if link and not link.sources and dice.random() < 0.1:
        return 0.0
    if link and not link.count:
        low, high = FREQUENCY_RANGE[link.frequency]
        moved = bounded(dice.uniform(low, high))
    elif link and link.count:
        moved = bounded(dice.gauss(p, math.sqrt(p * (1 - p) / (link.count[1] + 1))))
    else:
        odds = p / (1 - p) * math.exp(dice.gauss(0, JUDGED_SPREAD))
        moved = odds / (1 + odds)
    shift = math.log(moved / p) if entry.present else math.log((1 - moved) / (1 - p))
    return max(-clip, min(clip, ratio + shift))


FEW, TIE, POOR, UNSOURCED = 3, 1.25, 0.5, 0.5
"""Fewer findings than this are few; a smaller ratio of the first two is a near tie; more unusual or unsourced is too much."""


def remarks(knowledge: KnowledgeBase, differential: Differential) -> Iterator[str]:
    """Yield in plain words what a reader has to know before trusting a ranking."""
    case, first, others = differential.case, differential.conditions[0], differential.conditions[1:]
    if case.is_empty:
        return
    for label in outside(knowledge, case):
        yield f"The causes of {label} are not among those that are ranked here."
    entered = len(case.present) + len(case.absent) + (case.age is not None) + (case.sex is not None)
    if entered < FEW:
        yield f"Little was entered ({entered} fact{'s' if entered > 1 else ''}): the list is wide."
    if others and first.posttest < TIE * others[0].posttest:
        yield f"Near tie: {first.id} and {others[0].id} can hardly be told apart by what was entered."
    known, links = _known(knowledge, differential), knowledge.conditions[first.id].findings
    lacking = [
        f for f, link in links.items()
        if link.frequency == "always" and knowledge.findings[f].how == "ask" and f not in known and f != first.id
    ]  # fmt: skip
    if lacking:
        yield f"{first.id} always has {' and '.join(lacking)}, which nothing entered tells: ask, or look at the next."
    odd = unusual(knowledge, differential, first.id)
    if case.present and len(odd) > POOR * len(case.present):
        yield f"Nothing listed fits well: {', '.join(odd)} would be unusual for the leading cause."
    told = evidence(knowledge, case, first.id)
    weights = [(abs(item.log_ratio * item.weight), bool(item.estimate and item.estimate.link and item.estimate.link.sources))
               for item in told if item.finding]  # fmt: skip
    whole = sum(weight for weight, _ in weights)
    if whole and sum(weight for weight, sourced in weights if not sourced) > UNSOURCED * whole:
        yield "The first place rests mainly on estimates and background knowledge, not on sourced figures."
    if max((item.log_ratio for item in told if item.label == WORDS), default=0.0) > whole:
        yield "The first place rests more on the words of the text than on the findings read from it."

"""The ranking: pre-test shares times likelihood ratios, for every cause, from one case.

Posterior odds are prior odds times the likelihood ratios of the findings (Bayes; for differentials in this form Robinson
2020). Findings of one cluster tell one story: for each cause the strongest counts in full and the k-th after it
1 / (1 + c k), for and against apart, so that one more finding that speaks for a cause never lowers it against a cause that it
does not speak for. The sum of the evidence is divided by a temperature; the prior is not, so no findings means the published
shares. Pure functions: same input, same answer; no printing, no files, no clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from calcref.errors import UsageError

from . import prose
from .findings import Case, check
from .frequency import Estimate
from .likelihood import Likelihoods, likelihoods

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition, RedFlag, Urgency

Prior = Literal["published", "flat"]

SITE_CLUSTER = "(body part)"
PATIENT_CLUSTER = "(age and sex)"
UNTOLD = "not mentioned"
"""The label of the entry that stands for all that a cause shows and the description does not mention."""

WORDS, NAMES = "wording", "names"
"""The labels of the entry that stands for the words of a text, or for those in the names of the findings, beside the findings."""


class Ranked(NamedTuple):
    """A type or a condition with its probabilities, 0 to 1, before and after the findings. Equal ones share a rank."""

    id: str
    pretest: float
    posttest: float
    rank: int


class Differential(NamedTuple):
    """The answer to a case: all types and all conditions, most likely first."""

    case: Case
    prior: Prior
    types: tuple[Ranked, ...]
    conditions: tuple[Ranked, ...]


class Evidence(NamedTuple):
    """What one entry says of one condition.

    `finding` is an id, or None where the entry is the age, the sex, the words or what was not mentioned; `label` names it either
    way. `log_ratio` is in natural log units and undamped; `weight`, 0 to 1, is what damping leaves of it; `words` are those of the
    entry that speak for the condition, the most telling first.
    """

    finding: str | None
    label: str
    present: bool
    log_ratio: float
    weight: float
    estimate: Estimate | None = None
    words: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        """What the ratio rests on: where its estimate is from, "unlisted", "words", or the "profile" of age, sex and silence."""
        if self.estimate:
            return self.estimate.origin
        return "unlisted" if self.finding else "words" if self.label in (WORDS, NAMES) else "profile"

    @property
    def likelihood_ratio(self) -> float:
        """How many times more (or less) often the entry is met with this condition than otherwise."""
        return math.exp(self.log_ratio)


class _Entry(NamedTuple):
    """One entered fact with its log ratios for all conditions, in their order."""

    finding: str | None
    label: str
    present: bool
    cluster: str
    vector: tuple[float, ...]


@lru_cache(maxsize=8)
def pretest(knowledge: KnowledgeBase, prior: Prior = "published", described: bool = False) -> tuple[float, ...]:
    """Return the pre-test probabilities of all conditions, in the order of the knowledge base; they sum to 1.

    Published: the share of the type, divided among its causes by how common each is; of a density that was `described`, the
    types outside the published shares have a share of their own. Flat: equal for every condition.

    Raises:
        UsageError: when it is neither of the two.
    """
    if prior not in get_args(Prior):
        raise UsageError(
            f"The prior {prior!r} is neither {' nor '.join(get_args(Prior))}.", "Leave it out for the published shares."
        )
    if prior == "flat":
        return (1 / len(knowledge.conditions),) * len(knowledge.conditions)
    weight = [knowledge.parameters.commonness[how] for how in knowledge.heads("conditions", "commonness")]
    kinds = knowledge.heads("conditions", "type")
    within = dict.fromkeys(knowledge.types, 0.0)
    for kind, value in zip(kinds, weight, strict=True):
        within[kind] += value
    shares = _shares(knowledge, described)
    raw = [shares[kind] * value / within[kind] for kind, value in zip(kinds, weight, strict=True)]
    whole = sum(raw)
    return tuple(value / whole for value in raw)


def _shares(knowledge: KnowledgeBase, described: bool) -> Mapping[str, float]:
    """Return the shares of the types in per cent, of which those of their own leave the rest to the others."""
    shares = {kind: record.share.used for kind, record in knowledge.types.items()}
    own = {kind: record.share.described for kind, record in knowledge.types.items() if described and record.share.described}
    rest = sum(share for kind, share in shares.items() if kind not in own)
    return {kind: own.get(kind, share * (100 - sum(own.values())) / rest) for kind, share in shares.items()}


@lru_cache(maxsize=8)
def _log_pretest(knowledge: KnowledgeBase, prior: Prior) -> tuple[float, ...]:
    return tuple(map(math.log, pretest(knowledge, prior, described=True)))


@lru_cache(maxsize=8)
def _entries(knowledge: KnowledgeBase, case: Case) -> Sequence[_Entry]:
    """Return what a case says, fact by fact; each explanation of an answer asks for it again."""
    ratios = likelihoods(knowledge)
    entries: list[_Entry] = []
    present = set(case.present)
    for finding in case.present:
        record = knowledge.findings[finding]
        if (record.ages and case.age is not None) or (record.sex and case.sex):
            continue  # the age or the sex itself says it better
        if present & knowledge.descendants[finding]:
            continue  # a narrower finding says it; see _with_broader
        entries.append(_Entry(finding, finding, True, _cluster(knowledge, finding), _with_broader(ratios, finding, present)))
    absent = set(case.absent)
    for finding in case.absent:
        record = knowledge.findings[finding]
        if record.sex or absent & knowledge.ancestors[finding]:
            continue  # the broader absence says it already
        entries.append(_Entry(finding, finding, False, _cluster(knowledge, finding), ratios.vector(finding, False)))
    if case.age is not None:
        age = round(case.age, 1)
        entries.append(_Entry(None, f"age {age:g}", True, PATIENT_CLUSTER, ratios.age_vector(age)))
    if case.sex:
        entries.append(_Entry(None, case.sex, True, PATIENT_CLUSTER, ratios.sex_vector(case.sex)))
    if entries and (case.wording or case.present):
        label, vector = (
            (WORDS, prose.vector(knowledge, case)) if prose.counted(knowledge, case) else (NAMES, _names(knowledge, entries))
        )
        entries.append(_Entry(None, label, True, label, vector))
    if entries:
        entries.append(_Entry(None, UNTOLD, True, UNTOLD, _silence(ratios, entries)))
    return entries


def _names(knowledge: KnowledgeBase, entries: Iterable[_Entry]) -> tuple[float, ...]:
    """Return the log likelihood ratios of the names of the present findings, against all conditions together."""
    sums = [0.0] * len(knowledge.conditions)
    for entry in entries:
        if entry.finding and entry.present:
            for place, value in prose.of_name(knowledge, entry.finding).items():
                sums[place] += value
    return prose.against_all(sums)


def _silence(ratios: Likelihoods, entries: Iterable[_Entry]) -> tuple[float, ...]:
    """Return what all that was not mentioned says of each cause.

    A present finding mentions what it is a kind of too, but only to the causes that it speaks for: else to say more of one
    cause would free another.
    """
    sums = list(ratios.silence)
    freed: set[tuple[str, int]] = set()
    for entry in entries:
        if entry.finding is None:
            continue
        for place, value in ratios.untold(entry.finding).items():
            sums[place] -= value
        for broader in ratios.knowledge.ancestors[entry.finding] if entry.present else ():
            freed |= {(broader, place) for place, value in ratios.untold(broader).items() if value < 0 < entry.vector[place]}
    for broader, place in sorted(freed):
        sums[place] -= ratios.untold(broader)[place]
    return tuple(sums)


def _with_broader(ratios: Likelihoods, finding: str, present: set[str]) -> tuple[float, ...]:
    """Return the log ratios of a finding that was entered together with broader ones: counted once.

    The narrower finding speaks for the pair; where it speaks for a cause, it never says less than the broader one alone.
    """
    vector = ratios.vector(finding, True)
    for parent in sorted(present & ratios.knowledge.ancestors[finding]):
        broader = ratios.vector(parent, True)
        vector = tuple(max(own, other) if own > 0 else own for own, other in zip(vector, broader, strict=True))
    return vector


def _cluster(knowledge: KnowledgeBase, finding: str) -> str:
    record = knowledge.findings[finding]
    if knowledge.groups[record.group].anatomy:
        return SITE_CLUSTER
    if record.ages or record.sex:
        return PATIENT_CLUSTER
    return record.cluster or finding


def _weights(values: Sequence[float], damping: float) -> list[float]:
    """Return the damped weights of one cause's log ratios within a cluster: for and against each ordered by strength."""
    weights = [1.0] * len(values)
    for sign in (1, -1):
        side = sorted((i for i, value in enumerate(values) if value * sign > 0), key=lambda i: -abs(values[i]))
        for k, i in enumerate(side):
            weights[i] = 1 / (1 + damping * k)
    return weights


def _sums(entries: Iterable[_Entry], count: int, damping: float) -> list[float]:
    clusters: dict[str, list[tuple[float, ...]]] = {}
    for entry in entries:
        clusters.setdefault(entry.cluster, []).append(entry.vector)
    columns = [vectors[0] if len(vectors) == 1 else _damped(vectors, damping) for vectors in clusters.values()]
    return [sum(values) for values in zip(*columns, strict=True)] if columns else [0.0] * count


def _damped(vectors: Sequence[tuple[float, ...]], damping: float) -> Sequence[float]:
    """Return what a cluster says of each cause; the common case of two findings is written out, being most of the work."""
    if len(vectors) == 2:
        second = 1 / (1 + damping)
        return [
            (a + b * second if a > b else b + a * second)
            if a > 0 and b > 0
            else (a + b * second if a < b else b + a * second)
            if a < 0 and b < 0
            else a + b
            for a, b in zip(*vectors, strict=True)
        ]
    shares = [1 / (1 + damping * k) for k in range(len(vectors))]
    return [
        sum(map(mul, sorted([value for value in values if value > 0], reverse=True), shares))
        + sum(map(mul, sorted([value for value in values if value < 0]), shares))
        for values in zip(*vectors, strict=True)
    ]


def posterior(knowledge: KnowledgeBase, case: Case, prior: Prior = "published") -> tuple[float, ...]:
    """Return the post-test probabilities of all conditions, in the order of the knowledge base; they sum to 1.

    The case is taken as it is: `check` it first.
    """
    if case.is_empty:
        return pretest(knowledge, prior)
    logs, parameters = _log_pretest(knowledge, prior), knowledge.parameters
    sums = _sums(_entries(knowledge, case), len(logs), parameters.damping)
    scores = [p + value / parameters.temperature for p, value in zip(logs, sums, strict=True)]
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    whole = math.fsum(weights)
    return tuple(weight / whole for weight in weights)


def _ranked(ids: Sequence[str], before: Sequence[float], after: Sequence[float]) -> tuple[Ranked, ...]:
    result: list[Ranked] = []
    rank, above = 0, math.inf
    order = sorted(zip([-share for share in after], [-share for share in before], ids, before, after, strict=True))
    for place, (*_, key, pretest, posttest) in enumerate(order, 1):
        if posttest < above * (1 - 1e-9):
            rank = place
        above = posttest
        result.append(Ranked(key, pretest, posttest, rank))
    return tuple(result)


def rank(knowledge: KnowledgeBase, case: Case, prior: Prior = "published") -> Differential:
    """Rank all types and conditions for a case.

    Args:
        knowledge: the knowledge base.
        case: present and absent findings by id, age in years, sex.
        prior: "published" starts from the published shares of the types, "flat" from equal chances for every condition.

    Returns:
        The differential. The probability of a type is the sum of those of its conditions; all conditions sum to 1, and none
        is 0 or 1.

    Raises:
        UsageError: when the case contradicts itself or has what it cannot have, such as an unknown finding, or there is no such prior.
    """
    case = check(knowledge, case)
    before, after = pretest(knowledge, prior, described=not case.is_empty), posterior(knowledge, case, prior)
    by_type: dict[str, list[float]] = {kind: [0.0, 0.0] for kind in knowledge.types}
    for kind, p, q in zip(knowledge.heads("conditions", "type"), before, after, strict=True):
        by_type[kind][0] += p
        by_type[kind][1] += q
    return Differential(
        case,
        prior,
        _ranked(tuple(by_type), [p for p, _ in by_type.values()], [q for _, q in by_type.values()]),
        _ranked(tuple(knowledge.conditions), before, after),
    )


def evidence(knowledge: KnowledgeBase, case: Case, condition: str) -> tuple[Evidence, ...]:
    """Return what each entry of a case says of one condition, strongest first.

    Raises:
        KeyError: when the condition is not in the knowledge base.
    """
    ratios = likelihoods(knowledge)
    record = knowledge.conditions[condition]
    place = ratios.places[condition]
    entries = _entries(knowledge, check(knowledge, case))
    found: list[Evidence] = []
    for cluster in dict.fromkeys(entry.cluster for entry in entries):
        members = [entry for entry in entries if entry.cluster == cluster]
        weights = _weights([entry.vector[place] for entry in members], knowledge.parameters.damping)
        found += [
            Evidence(
                entry.finding, entry.label, entry.present, entry.vector[place], weight,
                ratios.estimate(entry.finding, record) if entry.finding else None,
                _telling(knowledge, case, place) if entry.label in (WORDS, NAMES) else (),
            )
            for entry, weight in zip(members, weights, strict=True)
        ]  # fmt: skip
    return tuple(sorted(found, key=lambda item: (-abs(item.log_ratio * item.weight), item.label)))


def _telling(knowledge: KnowledgeBase, case: Case, place: int) -> tuple[str, ...]:
    """Return the words, or the findings by whose names, a case speaks for the condition at a place, the most telling first."""
    if prose.counted(knowledge, case):
        return prose.telling(knowledge, case, place)
    said = {finding: prose.of_name(knowledge, finding).get(place, 0.0) for finding in case.present}
    return tuple(sorted((finding for finding, value in said.items() if value), key=lambda finding: (-said[finding], finding)))


def conditions_by_type(knowledge: KnowledgeBase, differential: Differential) -> Mapping[str, tuple[Ranked, ...]]:
    """Return the ranked conditions of each type, most likely first."""
    return {
        kind: tuple(item for item in differential.conditions if knowledge.conditions[item.id].type == kind)
        for kind in knowledge.types
    }


def is_dangerous(knowledge: KnowledgeBase, condition: Condition, case: Case) -> bool:
    """Tell whether the red flag of a condition is up: always, or by a finding, something narrower, or the age that it names, and that nothing explains it."""
    if condition.id not in knowledge.red_flags:
        return False
    when, unless = knowledge.red_flags[condition.id]
    return (not when or any_is_met(knowledge, when, case)) and not any_is_met(knowledge, unless, case)


def flag_urgency(knowledge: KnowledgeBase, condition: Condition, case: Case) -> Urgency | None:
    """Return how urgent the red flag of a condition is as things stand, or None where none is up."""
    return _raised(knowledge, condition.red_flag, case)


def alarms(knowledge: KnowledgeBase, case: Case) -> Mapping[str, Urgency]:
    """Return the present findings that are dangerous whatever their cause, each with how urgent it is as things stand.

    Of a finding and its narrower one only the graver speaks.
    """
    flags = {finding: _raised(knowledge, knowledge.findings[finding].red_flag, case) for finding in case.present}
    up = {finding: urgency for finding, urgency in flags.items() if urgency}
    return {
        finding: urgency for finding, urgency in up.items()
        if not any(finding in knowledge.ancestors[other] and up[other] in ("urgent", urgency) for other in up)
    }  # fmt: skip


def _raised(knowledge: KnowledgeBase, flag: RedFlag | None, case: Case) -> Urgency | None:
    if flag is None or any_is_met(knowledge, flag.unless, case):
        return None
    if any_is_met(knowledge, flag.urgent_when, case):
        return "urgent"
    return flag.urgency if not flag.when or any_is_met(knowledge, flag.when, case) else None


def any_is_met(knowledge: KnowledgeBase, findings: Iterable[str], case: Case) -> bool:
    """Tell whether one of some findings, something narrower, or an age that one of them names, is present in a case."""
    for finding in findings:
        ages = knowledge.findings[finding].ages
        if ages and case.age is not None:
            if ages[0] <= case.age <= ages[1]:
                return True
        elif finding in case.present or any(finding in knowledge.ancestors[present] for present in case.present):
            return True
    return False

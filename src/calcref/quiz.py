"""Flash cards made from the knowledge base: a picture drawn from one cause, and three causes that it is easily confused with.

Which of the four is right is not left to the draw: the picture has to fit the cause `MARGIN` times better than each of the
others by the ranking's own ratios, from equal chances. The same seed gives the same cards from the same knowledge.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .differential import Evidence, evidence, posterior
from .errors import NotFoundError
from .findings import Case
from .frequency import link_probability
from .likelihood import likelihoods
from .names import fold

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase
    from .model import Condition

OPTIONS = 4
PICTURE = 5
"""Findings on a card, at most."""

MARGIN = 3.0
TRIES = 8
"""Pictures that are drawn for a card; the one whose other choices are most easily confused is kept."""

TYPICAL, MET = 0.3, 0.05
"""Least share of patients, 0 to 1, who show a finding that is called typical, and one that may be drawn."""

TELLING = 0.1
"""Natural log units by which an entry has to speak for one cause over another to be worth naming."""

STEM = 5
"""Letters that a word of a finding and of a cause's name share when the one gives the other away."""

SEEDS = 9999


@dataclass(frozen=True, slots=True)
class Card:
    """A picture, the causes to choose from, and which of them it fits best."""

    case: Case
    options: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Separator:
    """What one entry says of two causes; it speaks for the first."""

    first: Evidence
    second: Evidence

    @property
    def gain(self) -> float:
        """By how much the entry speaks for the first rather than the second, in natural log units."""
        return self.first.log_ratio - self.second.log_ratio


def any_seed() -> int:
    """Return a seed that nobody chose."""
    return random.randint(1, SEEDS)


def deck(knowledge: KnowledgeBase, cards: int, seed: int, kind: str | None = None) -> Iterator[Card]:
    """Yield cards, each cause of the type `kind` (or of all) once before any comes again.

    Raises:
        NotFoundError: when there are too few causes to choose from.
    """
    if len(knowledge.conditions) < OPTIONS:
        raise NotFoundError(f"A card needs {OPTIONS} causes to choose from.", "Use a larger knowledge base.")
    return _cards(knowledge, cards, random.Random(seed), kind)


def _cards(knowledge: KnowledgeBase, cards: int, dice: random.Random, kind: str | None) -> Iterator[Card]:
    causes = [condition for condition in knowledge.conditions.values() if kind in (None, condition.type)]
    shares = {c.id: {f: link_probability(link) for f, link in c.findings.items()} for c in knowledge.conditions.values()}
    order: list[Condition] = []
    for _ in range(cards):
        order = order or dice.sample(causes, len(causes))
        yield _card(knowledge, order.pop(), shares, dice)


def alike(first: dict[str, float], second: dict[str, float]) -> float:
    """Return how much two causes have in common, 0 to 1: what they share of their findings' shares (Ruzicka 1958)."""
    both, whole = first.keys() & second.keys(), first.keys() | second.keys()
    most = sum(max(first.get(f, 0.0), second.get(f, 0.0)) for f in sorted(whole))
    return sum(min(first[f], second[f]) for f in sorted(both)) / most if most else 0.0


def _card(knowledge: KnowledgeBase, cause: Condition, shares: dict[str, dict[str, float]], dice: random.Random) -> Card:
    confusion = {
        other.id: (other.id in cause.tell_apart or cause.id in other.tell_apart) + alike(shares[cause.id], shares[other.id])
        for other in knowledge.conditions.values() if other is not cause
    }  # fmt: skip
    near = sorted(confusion, key=lambda other: (-confusion[other] - 0.2 * dice.random(), other))
    best: tuple[float, Case, list[str]] | None = None
    for _ in range(TRIES):
        case = _picture(knowledge, cause, dice)
        fit = dict(zip(knowledge.conditions, posterior(knowledge, case, "flat"), strict=True))
        worse = [other for other in near if fit[other] * MARGIN <= fit[cause.id]]
        # Where a picture is too vague for three, the worst fitting ones stand in.
        others = worse[: OPTIONS - 1] if len(worse) >= OPTIONS - 1 else sorted(near, key=fit.__getitem__)[: OPTIONS - 1]
        score = sum(confusion[other] for other in others) if len(worse) >= OPTIONS - 1 else -1.0
        if best is None or score > best[0]:
            best = score, case, others
    assert best is not None
    return Card(best[1], tuple(dice.sample([cause.id, *best[2]], OPTIONS)), cause.id)


def _picture(knowledge: KnowledgeBase, cause: Condition, dice: random.Random) -> Case:
    """Return findings that go with a cause, drawn by how often it shows them (squared, so that a picture is a usual one) and how
    much they say, with an age and a sex.

    Of findings that tell one story, of kin, and of body parts there is one, so that a picture does not contradict itself.
    """
    ratios = likelihoods(knowledge)
    place, weights = ratios.places[cause.id], dict[str, float]()
    for finding in cause.findings:
        record = knowledge.findings[finding]
        estimate = ratios.estimate(finding, cause)
        share, says = estimate.probability if estimate else 0.0, ratios.vector(finding, True)[place]
        if share >= MET and says > 0 and not (record.ages or record.sex or _gives_away(knowledge, finding, cause)):
            weights[finding] = share**2 * says
    picture: list[str] = []
    while weights and len(picture) < PICTURE:
        drawn = dice.choices(list(weights), list(weights.values()))[0]
        picture.append(drawn)
        weights = {f: weight for f, weight in weights.items() if not _same_story(knowledge, f, drawn)}
    order = list(knowledge.findings)
    sex = dice.choices(("female", "male"), (cause.women.share, 1 - cause.women.share))[0]
    low, middle, high = cause.age.percentiles
    age = float(round(dice.triangular(low, high, middle)))
    return Case(tuple(sorted(picture, key=order.index)), (), age, "female" if sex == "female" else "male")


def _same_story(knowledge: KnowledgeBase, first: str, second: str) -> bool:
    one, two = knowledge.findings[first], knowledge.findings[second]
    kin = knowledge.ancestors[first] | knowledge.descendants[first] | {first}
    body = knowledge.groups[one.group].anatomy and knowledge.groups[two.group].anatomy
    return second in kin or body or (one.cluster is not None and one.cluster == two.cluster)


def _gives_away(knowledge: KnowledgeBase, finding: str, cause: Condition) -> bool:
    """Tell whether a word of the finding stands in the name of the cause, in any ending."""
    name = fold(f"{cause.id} {cause.name}")
    record = knowledge.findings[finding]
    return any(len(word) >= STEM and f" {word[:STEM]}" in f" {name}" for word in fold(f"{record.id} {record.label}").split())


def separators(knowledge: KnowledgeBase, case: Case, first: str, second: str, count: int = 3) -> tuple[Separator, ...]:
    """Return the entries of a case that speak most for the first cause over the second, strongest first."""
    other = {item.label: item for item in evidence(knowledge, case, second)}
    pairs = [Separator(item, other[item.label]) for item in evidence(knowledge, case, first)]
    return tuple(sorted((pair for pair in pairs if pair.gain >= TELLING), key=lambda pair: (-pair.gain, pair.first.label))[:count])


def would_tell(knowledge: KnowledgeBase, case: Case, first: str, second: str, count: int = 3) -> tuple[Separator, ...]:
    """Return the findings typical of the first cause, and not in the picture, that would speak most for it over the second."""
    known = set(case.present).union(*(knowledge.ancestors[finding] for finding in case.present))
    typical = [
        finding for finding, link in knowledge.conditions[first].findings.items()
        if finding not in known and link_probability(link) >= TYPICAL and not knowledge.findings[finding].sex
        and not knowledge.findings[finding].ages
    ]  # fmt: skip
    # Each is judged by itself: together, a broader one would go unseen beside a narrower one.
    found = [pair for finding in typical for pair in separators(knowledge, Case((finding,)), first, second, 1)]
    return tuple(sorted(found, key=lambda pair: (-pair.gain, pair.first.label))[:count])


def rival(knowledge: KnowledgeBase, card: Card) -> str:
    """Return the choice that comes nearest to the right one, by the picture."""
    fit = dict(zip(knowledge.conditions, posterior(knowledge, card.case, "flat"), strict=True))
    return max((option for option in card.options if option != card.answer), key=lambda option: (fit[option], option))

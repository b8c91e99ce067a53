"""Flash cards made from the knowledge base: a picture drawn from one cause, and three causes that it is easily confused with.

Which of the four is right is not left to the draw: the picture has to fit the cause `MARGIN` times better than each of the
others by the ranking's own ratios, from equal chances. The same seed gives the same cards from the same knowledge.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from calcref.errors import NotFoundError
from calcref.knowledge.names import fold

from .findings import Case
from .frequency import link_probability
from .likelihood import likelihoods
from .ranking import Evidence, evidence, posterior

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition

OPTIONS = 4
PICTURE = 5
"""Findings on a card, at most."""

MARGIN = 3.0
TRIES = 8
"""Pictures that are drawn for a card, at most, until three of the causes most easily confused fit clearly worse."""

CHANCE = 0.2
"""What chance adds to how easily a cause is confused, at most, so that not always the same three stand beside it."""

TYPICAL, MET = 0.3, 0.05
"""Least share of patients, 0 to 1, who show a finding that is called typical, and one that may be drawn."""

TELLING, REASONS = 0.1, 3
"""Natural log units by which an entry has to speak for one cause over another to be named, and how many are, at most."""

STEM = 5
"""Letters that a word of a finding and of a cause's name share when the one gives the other away."""

SEEDS = 9999

Pair = tuple[Evidence, Evidence]
"""What one entry says of two causes; it speaks for the first."""


class Card(NamedTuple):
    """A picture, the causes to choose from, which of them it fits best, and which comes nearest to that one."""

    case: Case
    options: tuple[str, ...]
    answer: str
    rival: str


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
    dice = random.Random(seed)
    shares = {c.id: {f: link_probability(link) for f, link in c.findings.items()} for c in knowledge.conditions.values()}
    order: list[Condition] = []
    for _ in range(cards):
        order = order or dice.sample(causes := [c for c in knowledge.conditions.values() if kind in (None, c.type)], len(causes))
        yield _card(knowledge, order.pop(), shares, dice)


def alike(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Return how much two causes have in common, 0 to 1: what they share of their findings' shares (Ruzicka 1958)."""
    both = [(first.get(f, 0.0), second.get(f, 0.0)) for f in sorted(first.keys() | second.keys())]
    most = sum(map(max, both))
    return sum(map(min, both)) / most if most else 0.0


def _card(knowledge: KnowledgeBase, cause: Condition, shares: Mapping[str, Mapping[str, float]], dice: random.Random) -> Card:
    confusion = {
        other.id: (other.id in cause.tell_apart or cause.id in other.tell_apart) + alike(shares[cause.id], shares[other.id])
        for other in knowledge.conditions.values() if other is not cause
    }  # fmt: skip
    near = sorted(confusion, key=lambda other: (-confusion[other] - CHANCE * dice.random(), other))
    for _ in range(TRIES):
        case = _picture(knowledge, cause, dice)
        fit = dict(zip(knowledge.conditions, posterior(knowledge, case, "flat"), strict=True))
        others = [other for other in near if fit[other] * MARGIN <= fit[cause.id]][: OPTIONS - 1]
        if len(others) == OPTIONS - 1:
            break
    else:  # no picture is clear enough: the worst fitting stand in
        others = sorted(near, key=fit.__getitem__)[: OPTIONS - 1]
    rival = max(others, key=lambda other: (fit[other], other))
    return Card(case, tuple(dice.sample([cause.id, *others], OPTIONS)), cause.id, rival)


def _picture(knowledge: KnowledgeBase, cause: Condition, dice: random.Random) -> Case:
    """Return findings that go with a cause, drawn by how often it shows them (squared, so that a picture is a usual one) and how
    much they say, with an age and a sex.

    Of findings that tell one story, of kin, and of body parts there is one, so that a picture does not contradict itself.
    """
    ratios, name = likelihoods(knowledge), f" {fold(f'{cause.id} {cause.name}')}"
    weights: dict[str, float] = {}
    for finding in cause.findings:
        record, estimate = knowledge.findings[finding], ratios.estimate(finding, cause)
        share, says = estimate.probability if estimate else 0.0, ratios.log_ratio(finding, cause, True)
        words = fold(f"{record.id} {record.label}").split()
        given_away = any(len(word) >= STEM and f" {word[:STEM]}" in name for word in words)
        if share >= MET and says > 0 and not (record.ages or record.sex or given_away):
            weights[finding] = share**2 * says
    picture: list[str] = []
    while weights and len(picture) < PICTURE:
        # A card is about a film: the first finding is one that it shows, if the cause shows any.
        on_film = {f: weight for f, weight in weights.items() if not picture and knowledge.findings[f].how == "look"} or weights
        drawn = dice.choices(list(on_film), list(on_film.values()))[0]
        picture.append(drawn)
        weights = {finding: weight for finding, weight in weights.items() if not _same_story(knowledge, finding, drawn)}
    low, middle, high = cause.age.percentiles
    female = dice.random() < cause.women.share
    age = float(round(dice.triangular(low, high, middle)))
    return Case(tuple(sorted(picture, key=list(knowledge.findings).index)), (), age, "female" if female else "male")


def _same_story(knowledge: KnowledgeBase, first: str, second: str) -> bool:
    one, two = knowledge.findings[first], knowledge.findings[second]
    kin = knowledge.ancestors[first] | knowledge.descendants[first] | {first}
    body = knowledge.groups[one.group].anatomy and knowledge.groups[two.group].anatomy
    return second in kin or body or (one.cluster is not None and one.cluster == two.cluster)


def separators(knowledge: KnowledgeBase, case: Case, first: str, second: str) -> list[Pair]:
    """Return the entries of a case that speak most for the first cause over the second, strongest first."""
    other = {item.label: item for item in evidence(knowledge, case, second)}
    return _strongest([(item, other[item.label]) for item in evidence(knowledge, case, first)])


def would_tell(knowledge: KnowledgeBase, case: Case, first: str, second: str) -> list[Pair]:
    """Return the findings typical of the first cause, and not in the picture, that would speak most for it over the second."""
    known = set(case.present).union(*(knowledge.ancestors[finding] for finding in case.present))
    links = knowledge.conditions[first].findings
    records = [knowledge.findings[f] for f, link in links.items() if f not in known and link_probability(link) >= TYPICAL]
    typical = [record.id for record in records if not (record.ages or record.sex)]
    # Each is judged by itself: together, a broader one would go unseen beside a narrower one.
    return _strongest([pair for finding in typical for pair in separators(knowledge, Case((finding,)), first, second)])


def _strongest(pairs: list[Pair]) -> list[Pair]:
    gains = [(first.log_ratio - second.log_ratio, (first, second)) for first, second in pairs]
    return [pair for gain, pair in sorted(gains, key=lambda item: (-item[0], item[1][0].label)) if gain >= TELLING][:REASONS]

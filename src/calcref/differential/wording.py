"""Words to start from: a radiographer's comment or a report, put together from templates, the case and its differential.

What is said to be seen, and to be absent, is only what was entered. How sure the words sound is decided by the band of the
ranking alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from calcref.errors import KnowledgeError, UsageError
from calcref.knowledge.model import EFFORTS, Urgency

from .advice import dangers
from .findings import age_in_words, outside
from .ranking import Differential, alarms, flag_urgency

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition

Style = Literal["comment", "report"]
Topic = Literal["seen", "known", "likely", "rivals", "danger", "advice", "views", "tell", "sign"]

ORDER: Mapping[Style, tuple[Topic, ...]] = {
    "comment": ("seen", "known", "likely", "rivals", "danger", "views", "tell", "sign"),
    "report": ("known", "seen", "likely", "rivals", "danger", "advice", "tell", "sign"),
}
NEAR = 0.5
"""A cause with at least this share of the leader's probability is near, whatever its band."""

RIVALS, DANGERS = 2, 3
"""How many near causes and dangerous ones are named, at most."""

SPOKEN = 0.01
"""Post-test probability from which a dangerous cause is named in a draft; others are counted."""

Pieces = list[tuple[str, tuple[str, ...]]]
"""Texts, each with the ids of the sources that it rests on."""

Fill = Callable[..., str]

_FURTHER = ("no", "if-unclear", "yes")
_COMPARISON = ("no", "exception")


class Sentence(NamedTuple):
    """What is said about one topic, in one or more sentences, and the ids of the sources that it rests on."""

    topic: Topic
    text: str
    sources: tuple[str, ...] = ()


class Draft(NamedTuple):
    """A draft. `named` are the leader and the near causes, none where a finding has causes that are not ranked.

    `urgency` is how soon someone should know.
    """

    style: Style
    sentences: tuple[Sentence, ...]
    named: tuple[str, ...]
    urgency: Urgency

    @property
    def text(self) -> str:
        """The whole draft, a line for each topic."""
        return "\n".join(sentence.text for sentence in self.sentences)


def short_name(condition: Condition) -> str:
    """Return the name of a condition without the explanation in brackets at its end."""
    return re.sub(r" \([^()]*\)$", "", condition.name)


def first_sentence(text: str) -> str:
    """Return the first sentence of a text: what a draft has room for."""
    return re.split(r"(?<=[a-z)]\.)\s+(?=[A-Z])", text, maxsplit=1)[0]


def draft(
    knowledge: KnowledgeBase, differential: Differential, style: Style, band: Callable[[float], str], unsure: Collection[str] = (),
    asked: Collection[str] = (),
) -> Draft:  # fmt: skip
    """Return a draft for a case that was ranked.

    Args:
        knowledge: the knowledge base that it was ranked with; its `templates` hold the sentences.
        differential: the ranking, with its case.
        style: "comment" or "report".
        band: the word of the ranking for a probability, 0 to 1; it decides which template is used.
        unsure: findings of the case that were only called possible.
        asked: causes that are asked about by their names, which are told however unlikely they are.

    Raises:
        UsageError: when nothing was entered.
        KnowledgeError: when a template is missing or names something that it is not given.
    """
    if differential.case.is_empty:
        raise UsageError("Nothing was entered to write about.", "Say what is seen, by flags or in words: calcref report --help")

    def fill(*key: str, **values: object) -> str:
        return _filled(knowledge.contents.templates, style, key, values)

    def word(share: float) -> str:
        return band(share).replace(" ", "-")

    judged, named, urgency = _judged(knowledge, differential, fill, word, asked)
    said: dict[Topic, Pieces] = {
        **_entered(knowledge, differential, frozenset(unsure), fill),
        **judged,
        "sign": [(fill("sign"), ())],
    }
    sentences = []
    order = ORDER[style]
    for topic in sorted(order, key=lambda topic: topic != "tell") if urgency == "urgent" else order:  # what cannot wait comes first
        pieces = said.get(topic, [])
        texts = [text[:1].upper() + text[1:] for text, _ in pieces if text]
        sources = dict.fromkeys(source for _, used in pieces for source in used)
        if texts:
            sentences.append(Sentence(topic, " ".join(texts), tuple(sources)))
    return Draft(style, tuple(sentences), named, urgency)


def _judged(
    knowledge: KnowledgeBase, differential: Differential, fill: Fill, word: Callable[[float], str], asked: Collection[str]
) -> tuple[dict[Topic, Pieces], tuple[str, ...], Urgency]:
    """Return what the ranking says of causes, dangers, advice and views, with the causes that it names, and how soon someone should know."""
    case, conditions, rank = differential.case, knowledge.conditions, get_args(Urgency).index
    raised = {c.id: how for c in conditions.values() if (how := flag_urgency(knowledge, c, case))}
    flags = {cause: flag for cause in raised if (flag := conditions[cause].red_flag)}

    alone = alarms(knowledge, case)
    unranked = "; ".join(outside(knowledge, case))

    def urgency(cause: str) -> int:
        return max(rank(conditions[cause].next_step.urgency), rank(raised.get(cause, "none")))

    def names(causes: Iterable[str]) -> str:
        return "; ".join(short_name(conditions[cause]) for cause in causes)

    share = {item.id: item.posttest for item in differential.conditions}
    first, *others = [item.id for item in differential.conditions[: RIVALS + 1]]
    likely, unlikely = word(share[first]), word(0)
    rivals = [cause for cause in others if word(share[cause]) != unlikely or share[cause] >= NEAR * share[first]]
    named = () if unranked else (first, *rivals)
    perils = [danger.condition.id for danger in dangers(knowledge, differential, asked) if danger.condition.id not in named]
    together = word(sum(share[cause] for cause in perils))
    spoken = [cause for cause in perils[:DANGERS] if share[cause] >= SPOKEN]
    at_risk = names(spoken)
    if len(perils) > len(spoken):
        at_risk = fill("more", names=at_risk, count=len(perils) - len(spoken))
    # Dangerous causes may each be unlikely and still weigh together; and an open cause is never nobody's business.
    feared = [cause for cause in perils if cause in asked]
    weighty = [*named, *(perils if together != unlikely else feared)]
    soonest: Urgency = get_args(Urgency)[
        max([rank("none" if likely == word(1) and named else "routine"), *map(urgency, weighty), *map(rank, alone.values())])
    ]
    danger: Pieces = [
        *((fill("alarm", alone[finding.id], name=finding.label, why=flag.why), flag.sources)
          for finding in map(knowledge.findings.__getitem__, alone) if (flag := finding.red_flag)),
        *((fill("flag", name=names([c]), why=flags[c].why if raised[c] == "urgent" else first_sentence(flags[c].why)), flags[c].sources)
          for c in (*named, *feared) if c in flags),
        *([(fill("danger", together, names=at_risk), ())] if spoken else []),
    ]  # fmt: skip
    tell: Pieces = [(fill("tell", soonest), ())]
    if not named:
        return {"likely": [(fill("outside", names=unranked), ())], "danger": danger, "tell": tell}, named, soonest
    more_urgent = [c for c in (*rivals, *(c for c in perils if word(share[c]) != unlikely)) if urgency(c) > urgency(first)]
    views = [conditions[cause].views for cause in named]
    further = max((v.further for v in views), key=_FURTHER.index)
    comparison = max((v.comparison for v in views), key=_COMPARISON.index)
    steps = [(cause, conditions[cause].next_step) for cause in (first, *more_urgent)]
    said: dict[Topic, Pieces] = {
        "likely": [(fill("likely", likely, name=names([first])), ())],
        "rivals": [(fill("rivals", word(share[rivals[-1]]), names=names(rivals)), ())] if rivals else [],
        "danger": danger,
        "advice": [(fill("advice", word(share[c]), text=step.text, name=names([c])), step.sources) for c, step in steps],
        "views": [(fill("views", further, likely), tuple(source for v in views for source in v.sources)), (fill("sides", comparison), ())],
        "tell": tell,
    }  # fmt: skip
    return said, named, soonest


def _filled(templates: Mapping[str, str], style: Style, key: tuple[str, ...], values: Mapping[str, object]) -> str:
    """Return the template that fits best, filled: of this style first, then with fewer of the last parts of the key.

    A missing variant thus falls back to the shorter key, which holds the more careful words.
    """
    names = ["-".join((*styled, *key[:length])) for length in range(len(key), 0, -1) for styled in ((style,), ())]
    found = next((name for name in names if name in templates), None)
    if found is None:
        raise KnowledgeError(f"There is no template {names[-1]!r}.", "It belongs in the section templates.")
    try:
        return templates[found].format_map(values)
    except (LookupError, ValueError, AttributeError) as error:
        hint = f"It may name {', '.join(values) or 'nothing'}."
        raise KnowledgeError(f"The template {found!r} cannot be filled: {error}.", hint) from None


def _entered(knowledge: KnowledgeBase, differential: Differential, unsure: frozenset[str], fill: Fill) -> dict[Topic, Pieces]:
    """Return what is seen and what is known besides: what was entered, without what a narrower finding says already."""
    case, findings = differential.case, knowledge.findings
    sure = [finding for finding in case.present if finding not in unsure]
    told = {(wider, findings[finding].how) for finding in sure for wider in knowledge.ancestors[finding]}
    present = _by_group(knowledge, [f for f in case.present if (f, findings[f].how) not in told], unsure, fill)
    absent = _by_group(knowledge, case.absent, frozenset(), fill)
    look, places = "; ".join(present.pop("look")), ", ".join(present.pop("place"))
    wider = frozenset[str]().union(*(knowledge.ancestors[finding] for finding in case.present))
    located = places or any(knowledge.groups[findings[f].group].anatomy or findings[f].outside for f in wider.union(case.present))
    variant = (() if places else ("located",) if located else ("nowhere",)) if look else ("placed",) if places else ("nothing",)
    seen: Pieces = [(fill("seen", *variant, findings=look, places=places), ())]
    if gone := absent.pop("look") + absent.pop("place"):
        seen.append((fill("absent", "look", findings="; ".join(gone)), ()))
    if case.age is not None:
        present["patient"].append(fill("age", age=age_in_words(case.age).removesuffix(" years")))
    if case.sex and not any(findings[finding].sex for finding in case.present):
        present["patient"].append(case.sex)
    known: Pieces = [
        (fill(state, how, findings="; ".join(words)), ())
        for state, groups in (("present", present), ("absent", absent)) for how, words in groups.items() if words
    ]  # fmt: skip
    return {"seen": seen, "known": known}


def _by_group(knowledge: KnowledgeBase, findings: Iterable[str], unsure: frozenset[str], fill: Fill) -> dict[str, list[str]]:
    """Return the words for findings by how they are got; places and what restates the patient are groups of their own."""
    groups: dict[str, list[str]] = {"place": [], **{how: [] for how in EFFORTS}, "patient": []}
    place = fill("place")
    for finding in findings:
        record = knowledge.findings[finding]
        is_place = record.label.startswith(place)
        words = record.label.removeprefix(place) if is_place else record.label
        group = "patient" if record.ages or record.sex else "place" if is_place else record.how
        groups[group].append(fill("unsure", finding=words) if finding in unsure else words)
    return groups

"""Words to start from: a radiographer's comment or a report, put together from templates, the case and its differential.

What is said to be seen is only what was entered. A cause's own phrases describe its textbook picture, so they stand beside the
draft, to be cut to what is there, and never in it. How sure the words sound is decided by the band of the ranking alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from .advice import dangers
from .differential import Differential, Ranked, is_dangerous
from .errors import KnowledgeError, UsageError
from .model import EFFORTS, Urgency

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase
    from .model import Condition

Style = Literal["comment", "report"]
Topic = Literal["seen", "known", "likely", "rivals", "danger", "advice", "views", "tell", "sign"]

ORDER: Mapping[Style, tuple[Topic, ...]] = {
    "comment": ("seen", "known", "likely", "rivals", "danger", "views", "tell", "sign"),
    "report": ("known", "seen", "likely", "rivals", "danger", "advice", "tell", "sign"),
}
NEAR = 0.5
"""A cause with at least this share of the leader's probability is near, whatever its band."""

RIVALS, DANGERS, PHRASES = 2, 3, 2
"""How many near causes and dangerous ones are named, and phrases of causes lent, at most."""

Pieces = Iterator[tuple[str, tuple[str, ...]]]
"""Texts, each with the ids of the sources that it rests on."""

_FURTHER = ("no", "if-unclear", "yes")
_COMPARISON = ("no", "exception")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said about one topic, in one or more sentences, and the ids of the sources that it rests on."""

    topic: Topic
    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `named` are the leader and the near causes, `urgency` how soon someone should know.

    `phrases` are the causes' own words by id: the textbook picture, to be cut to what was seen.
    """

    style: Style
    sentences: tuple[Sentence, ...]
    named: tuple[str, ...]
    urgency: Urgency
    phrases: Mapping[str, str]

    @property
    def text(self) -> str:
        """The whole draft, a line for each topic."""
        return "\n".join(sentence.text for sentence in self.sentences)


def short_name(condition: Condition) -> str:
    """Return the name of a condition without the explanation in brackets at its end."""
    return re.sub(r" \([^()]*\)$", "", condition.name)


def read_style(text: str) -> Style:
    """Return the style that a word or its beginning means.

    Raises:
        UsageError: when it means none.
    """
    for style in ORDER:
        if text and style.startswith(text.lower()):
            return style
    from .names import did_you_mean, nearest

    raise UsageError(f"--style {text!r} is neither comment nor report.", did_you_mean(nearest(text.lower(), ORDER)))


def draft(
    knowledge: KnowledgeBase, differential: Differential, style: Style, band: Callable[[float], str], unsure: Collection[str] = ()
) -> Draft:
    """Return a draft for a case that was ranked.

    Args:
        knowledge: the knowledge base that it was ranked with; its `templates` hold the sentences.
        differential: the ranking, with its case.
        style: "comment" or "report".
        band: the word of the ranking for a probability, 0 to 1; it decides which template is used.
        unsure: findings of the case that were only called possible.

    Raises:
        UsageError: when nothing was entered.
        KnowledgeError: when a template is missing or names something that it is not given.
    """
    if differential.case.is_empty:
        raise UsageError("Nothing was entered to write about.", "Say what is seen, by flags or in words: calcref report --help")
    writer = _Writer(knowledge, differential, style, band, frozenset(unsure))
    sentences = (Sentence(topic, *writer.say(topic)) for topic in ORDER[style])
    phrases = {item.id: str(getattr(knowledge.conditions[item.id].report, style)) for item in writer.named[:PHRASES]}
    return Draft(style, tuple(s for s in sentences if s.text), tuple(item.id for item in writer.named), writer.urgency, phrases)


def _soonest(urgencies: Iterable[Urgency]) -> Urgency:
    return max(urgencies, key=get_args(Urgency).index, default="none")


class _Writer:
    """Says each topic once; every method of a topic yields pieces of text with the sources that they rest on."""

    def __init__(
        self, knowledge: KnowledgeBase, answer: Differential, style: Style, band: Callable[[float], str], unsure: frozenset[str]
    ) -> None:
        self.knowledge, self.answer, self.style, self.unsure, self._band = knowledge, answer, style, unsure, band
        first, *others = answer.conditions[: RIVALS + 1]
        self.rivals = [o for o in others if self.word(o.posttest) != self.word(0) or o.posttest >= NEAR * first.posttest]
        self.named = [first, *self.rivals]
        self.flagged = [i for i in self.named if is_dangerous(knowledge, knowledge.conditions[i.id], answer.case)]
        self.dangers = [danger for danger in dangers(knowledge, answer) if danger.condition not in self.named]
        self.danger_word = self.word(sum(danger.condition.posttest for danger in self.dangers))
        # Dangerous causes may each be unlikely and still weigh together; and an open cause is never nobody's business.
        weighty = self.dangers if self.danger_word != self.word(0) else []
        least: Urgency = "none" if self.word(first.posttest) == self.word(1) else "routine"
        self.urgency = _soonest([least, *map(self._next, self.named), *(self._flag(danger.condition) for danger in weighty)])

    def word(self, share: float) -> str:
        """Return the word of the ranking for a probability, 0 to 1, as a part of a key."""
        return self._band(share).replace(" ", "-")

    def say(self, topic: Topic) -> tuple[str, tuple[str, ...]]:
        """Return the text and the sources of a topic."""
        pieces = [(text, sources) for text, sources in getattr(self, f"_{topic}")() if text]
        text = " ".join(text[:1].upper() + text[1:] for text, _ in pieces)
        return text, tuple(dict.fromkeys(source for _, sources in pieces for source in sources))

    def _condition(self, item: Ranked) -> Condition:
        return self.knowledge.conditions[item.id]

    def _names(self, items: Iterable[Ranked]) -> str:
        return "; ".join(short_name(self._condition(item)) for item in items)

    def _flag(self, item: Ranked) -> Urgency:
        flag = self._condition(item).red_flag
        return flag.urgency if flag else "none"

    def _next(self, item: Ranked) -> Urgency:
        step = self._condition(item).next_step.urgency
        return _soonest([step, self._flag(item)]) if is_dangerous(self.knowledge, self._condition(item), self.answer.case) else step

    def _fill(self, *key: str, **values: object) -> str:
        """Return the template that fits best, filled: of this style first, then with fewer of the last parts of the key.

        A missing variant thus falls back to the shorter key, which holds the more careful words.
        """
        templates: Mapping[str, str] = self.knowledge.contents.templates
        names = ["-".join((*style, *key[:length])) for length in range(len(key), 0, -1) for style in ((self.style,), ())]
        found = next((name for name in names if name in templates), None)
        if found is None:
            raise KnowledgeError(f"There is no template {names[-1]!r}.", "It belongs in the section templates.")
        try:
            return templates[found].format_map(values)
        except (LookupError, ValueError, AttributeError) as error:
            hint = f"It may name {', '.join(values) or 'nothing'}."
            raise KnowledgeError(f"The template {found!r} cannot be filled: {error}.", hint) from None

    def _group(self, finding: str) -> str:
        """Return how a finding is got; places and what restates the patient are groups of their own."""
        record = self.knowledge.findings[finding]
        is_place = record.how == "look" and record.label.startswith(self._fill("place"))
        return "patient" if record.ages or record.sex else "place" if is_place else record.how

    def _sorted(self, findings: Iterable[str]) -> dict[str, list[str]]:
        """Return the words for findings by their groups."""
        groups: dict[str, list[str]] = {"place": [], **{how: [] for how in EFFORTS}, "patient": []}
        for finding in findings:
            group, words = self._group(finding), self.knowledge.findings[finding].label
            words = words.removeprefix(self._fill("place")) if group == "place" else words
            groups[group].append(self._fill("unsure", finding=words) if finding in self.unsure else words)
        return groups

    def _present(self) -> dict[str, list[str]]:
        """Return the words for what is present, without what a narrower finding of the same group says already."""
        present, above = self.answer.case.present, self.knowledge.ancestors
        said = {(wider, self._group(finding)) for finding in present if finding not in self.unsure for wider in above[finding]}
        return self._sorted(finding for finding in present if (finding, self._group(finding)) not in said)

    def _seen(self) -> Pieces:
        groups = self._present()
        look, places = "; ".join(groups["look"]), ", ".join(groups["place"])
        variant = (() if places else ("nowhere",)) if look else ("placed",) if places else ("nothing",)
        yield self._fill("seen", *variant, findings=look, places=places), ()
        absent = self._sorted(self.answer.case.absent)
        if absent["look"] or absent["place"]:
            yield self._fill("absent", "look", findings="; ".join(absent["look"] + absent["place"])), ()

    def _known(self) -> Pieces:
        case = self.answer.case
        present, absent = self._present(), self._sorted(case.absent)
        if case.age is not None:
            present["patient"].append(self._fill("age", age=f"{case.age:g}"))
        present["patient"] += [case.sex] if case.sex and not any(self.knowledge.findings[f].sex for f in case.present) else []
        for state, groups in (("present", present), ("absent", absent)):
            for how, words in groups.items():
                if words and how not in ("look", "place"):
                    yield self._fill(state, how, findings="; ".join(words)), ()

    def _likely(self) -> Pieces:
        first = self.named[0]
        yield self._fill("likely", self.word(first.posttest), name=self._names([first])), ()

    def _rivals(self) -> Pieces:
        if self.rivals:
            yield self._fill("rivals", self.word(self.rivals[-1].posttest), names=self._names(self.rivals)), ()

    def _danger(self) -> Pieces:
        for item in self.flagged:
            condition = self._condition(item)
            if condition.red_flag:
                yield self._fill("flag", name=short_name(condition), why=condition.red_flag.why), condition.red_flag.sources
        if self.dangers:
            names = self._names(danger.condition for danger in self.dangers[:DANGERS])
            if len(self.dangers) > DANGERS:
                names = self._fill("more", names=names, count=len(self.dangers) - DANGERS)
            yield self._fill("danger", self.danger_word, names=names), ()

    def _advice(self) -> Pieces:
        """Yield the next step of the leader, and of whatever else is possible by itself and more urgent."""
        rank = get_args(Urgency).index
        likelier = [danger.condition for danger in self.dangers if self.word(danger.condition.posttest) != self.word(0)]
        others = [i for i in (*self.rivals, *likelier) if rank(self._next(i)) > rank(self._next(self.named[0]))]
        for item in (self.named[0], *others):
            condition = self._condition(item)
            step = condition.next_step
            yield self._fill("advice", self.word(item.posttest), text=step.text, name=short_name(condition)), step.sources

    def _views(self) -> Pieces:
        views = [self._condition(item).views for item in self.named]
        further = max((view.further for view in views), key=_FURTHER.index)
        comparison = max((view.comparison for view in views), key=_COMPARISON.index)
        sources = tuple(source for view in views for source in view.sources)
        yield self._fill("views", further, self.word(self.named[0].posttest)), sources
        yield self._fill("sides", comparison), sources

    def _tell(self) -> Pieces:
        yield self._fill("tell", self.urgency), ()

    def _sign(self) -> Pieces:
        yield self._fill("sign"), ()

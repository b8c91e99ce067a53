"""What the words of a description say of each cause, beside the findings that are read from them.

A cause is described in the words of its page and in those that `Condition.words` lists. How much a word speaks for it is taken from a
unigram model of the language of each cause, smoothed with that of all of them together (the method of Jelinek and Mercer, as in
Zhai and Lafferty 2001): log((1 - s) p(w | cause) / p(w) + s). Words go together, and with the findings, so that `Parameters.wording` of
their sum counts. Where nothing was written in words, those in the names of the findings stand for them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from calcref.knowledge.names import SHORTEST_WORD

from .likelihood import likelihoods

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition
    from calcref.reading.dictionary import Dictionary

    from .findings import Case

LINE, NAME = "(words)", "name of "
"""The line of an index that has the words, and what its lines for the names of findings begin with."""

SMOOTHING = 0.5
"""Share of the words of a description that are taken from the language of all causes."""

COUNTS = {"usual": 20, "often": 6}
"""How often a listed word counts beside one that stands on the page."""

OF_NAMES = 0.6
"""What is left of what a word says where it only stands in the name of a finding, which says most of it by itself."""

TELLING = 2.0
"""How many times more often a cause is described with a word than others are, for the word to be shown to speak for it."""

MOST_WORDS = 20_000
"""Words of which it is remembered what they say."""

UNIT = 100
"""Parts of a natural log unit in which an index keeps what a word says."""

_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST_WORD},}}")
_PROSE = (".name", ".text", ".note", ".why", ".comment", ".report")
"""The ends of the paths under which a record has texts in words."""


def _texts(condition: Condition) -> Iterator[tuple[str, int]]:
    """Yield the texts of a page, and how often each counts."""
    from calcref.knowledge.citing import walk
    from calcref.knowledge.model import Words

    for where, value in walk(condition, ""):
        if isinstance(value, Words):
            yield from ((getattr(value, name), count) for name, count in COUNTS.items())
        elif isinstance(value, str) and (where.endswith(_PROSE) or where.startswith(".aliases.")):
            yield value, 1


def stored(knowledge: KnowledgeBase, words: Dictionary) -> dict[str, str]:
    """Return, by stem, what a word says for the causes that use it, above what it says for the others, as an index keeps it.

    Each is a text of pairs of figures: the place of the cause, and `UNIT` parts of a log unit.
    """
    texts = [[(_WORD.findall(text.lower()), count) for text, count in _texts(c)] for c in knowledge.conditions.values()]
    words.learn(word for page in texts for found, _ in page for word in found)
    uses: list[Counter[str]] = []
    for page in texts:
        used = Counter[str]()
        for found, count in page:
            for word in found:
                used[words.stem(word)] += count
        uses.append(used)
    everywhere = Counter[str]()
    for used in uses:
        everywhere.update(used)
    whole = everywhere.total()
    says: dict[str, list[str]] = {}
    for place, used in enumerate(uses):
        size = used.total()
        for stem, count in used.items():
            ratio = (count / size) / (everywhere[stem] / whole)
            value = math.log((1 - SMOOTHING) * ratio / SMOOTHING + 1)
            says.setdefault(stem, []).append(f"{place} {value * UNIT:.0f}")
    return {stem: " ".join(pairs) for stem, pairs in says.items()}


def named(knowledge: KnowledgeBase, words: Dictionary, says: Mapping[str, str], finding: str) -> str:
    """Return what the words in the name of a finding say together, as `says` has it of each word and an index keeps it.

    It says something only for the causes that the finding speaks for: else to say more of one cause would lift another.
    """
    record = knowledge.findings[finding]
    if record.ages or record.sex:
        return ""
    sums = Counter[int]()
    for stem in words.stems(_WORD.findall(record.label.lower())) - words.filler:
        sums.update(_figures(says.get(stem, "")))
    ratios = likelihoods(knowledge).vector(finding, True)
    return " ".join(f"{place} {value}" for place, value in sorted(sums.items()) if ratios[place] > 0)


def _figures(pairs: str) -> dict[int, int]:
    """Return a text of pairs of figures as they were."""
    figures = [*map(int, pairs.split())]
    return dict(zip(figures[::2], figures[1::2], strict=True))


@lru_cache(maxsize=1_000)
def of_name(knowledge: KnowledgeBase, finding: str) -> Mapping[int, float]:
    """Return what the name of a finding says, in natural log units, by place of the causes that it speaks for."""
    part = knowledge.parameters.wording * OF_NAMES / UNIT
    pairs: str | None = knowledge.line(NAME + finding)
    if pairs is None:
        from calcref.reading.dictionary import dictionary

        pairs = named(knowledge, dictionary(knowledge), prose(knowledge), finding)
    return {place: part * value for place, value in _figures(pairs).items()}


@lru_cache(maxsize=4)
def prose(knowledge: KnowledgeBase) -> Mapping[str, str]:
    """Return what `stored` returns, from the index of a knowledge base or made anew."""
    lines: Mapping[str, str] | None = knowledge.line(LINE)
    if lines is not None:
        return lines
    from calcref.reading.dictionary import dictionary

    return stored(knowledge, dictionary(knowledge))


@lru_cache(maxsize=MOST_WORDS)
def _says(knowledge: KnowledgeBase, stem: str) -> Mapping[int, int]:
    """Return what a word says for the causes that are described with it, by place, in parts of a log unit."""
    return _figures(prose(knowledge).get(stem, ""))


def _said(knowledge: KnowledgeBase, case: Case) -> Iterator[tuple[str, Mapping[int, int]]]:
    """Yield the words of a case that any cause is described with, and what each says."""
    for word, stem in case.wording:
        says = _says(knowledge, stem)
        if says:
            yield word, says


def vector(knowledge: KnowledgeBase, case: Case) -> tuple[float, ...]:
    """Return the log likelihood ratios of the wording of a case for all conditions, in their order, against all of them together.

    None lies further below the best than two findings could bring it, each at the bound of its ratio.
    """
    sums = [0] * len(knowledge.conditions)
    for _, says in _said(knowledge, case):
        for place, value in says.items():
            sums[place] += value
    part = knowledge.parameters.wording / UNIT
    least = part * max(sums) - 2 * knowledge.parameters.clip
    return against_all([max(least, part * value) for value in sums])


def against_all(values: Sequence[float]) -> tuple[float, ...]:
    """Return log likelihoods of all conditions as log ratios over their mean likelihood, as if each were as common."""
    top = max(values)
    mean = top + math.log(math.fsum([math.exp(value - top) for value in values]) / len(values))
    return tuple([value - mean for value in values])


def counted(knowledge: KnowledgeBase, case: Case) -> frozenset[str]:
    """Return the words of a case that any cause is described with."""
    return frozenset(word for word, _ in _said(knowledge, case))


def telling(knowledge: KnowledgeBase, case: Case, place: int) -> tuple[str, ...]:
    """Return the words of a case that speak for the condition at a place, the most telling first, and everyday words last."""
    from calcref.reading.dictionary import dictionary

    least = UNIT * math.log(TELLING / SMOOTHING)
    ordinary = dictionary(knowledge).ordinary
    said = [(stem in ordinary, -_says(knowledge, stem).get(place, 0), word) for word, stem in case.wording]
    return tuple(word for _, value, word in sorted(said) if -value >= least)

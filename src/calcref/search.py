"""Searching everything that the knowledge base says, by words: plain scanning, without an index.

All texts are joined into one, in a loose spelling that has the same form for British and American words, accents and case, and
each word is looked for at the beginnings of words. A word that is met nowhere is taken for a part of one
with its neighbour, for two written as one, or for the nearest in spelling. Nothing that the user types is read as a pattern.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import NotFoundError, UsageError
from .likelihood import link_probability
from .model import Letter, Link, Record, Sites
from .names import SECTIONS, Entry, did_you_mean, title

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase

MOST_WORDS = 32
"""Words that are looked for at a time."""

FIELDS: Mapping[str, tuple[str, float]] = {
    "name": ("name", 10), "label": ("name", 10), "word": ("name", 10), "title": ("name", 10), "aliases": ("also called", 8),
    "id": ("id", 9), "replaces": ("former id", 6), "codes": ("code", 6), "doi": ("doi", 5), "pmid": ("pmid", 5),
    "definition": ("definition", 4), "summary": ("what", 4), "helps_with": ("what", 4), "text": ("what", 4),
    "findings": ("sign", 3), "look": ("looks", 3), "appearance": ("looks", 3), "clues": ("settled by", 3), "sites": ("where", 3),
    "red_flag": ("danger", 3), "pitfalls": ("pitfall", 3), "statements": ("fact", 3), "letters": ("letter", 3),
    "authors": ("authors", 3), "mechanism": ("how", 2), "tell_apart": ("told apart", 2), "notes": ("note", 2),
    "subtypes": ("kinds", 2), "examples": ("example", 2), "facts": ("fact", 2), "year": ("year", 2), "publisher": ("publisher", 1),
    "share": ("share", 1), "age": ("age", 1), "women": ("sex", 1), "next_step": ("next", 1), "views": ("views", 1),
    "report": ("report", 1), "url": ("address", 1), "base_rate_why": ("base rate", 0.5),
}  # fmt: skip
"""The fields that are searched: what a reader calls them, and how much a match in them counts."""

WEIGHTS: Mapping[str, float] = {"sources": 0.15, "topics": 0.8, "mnemonics": 0.8}
"""How much a match counts by section, 1 if not given: an answer goes before what it rests on."""

WHOLE, BEGINNING, WHOLE_ONLY = 1.0, 0.5, 3
"""How much a match of a whole word counts, and one of its beginning; a word of fewer letters has to be whole."""

NAMES, NAMED = ("name", "also called", "id"), 2.0
"""The fields that name an entry, and how many times more it counts when one of them is the whole query."""

USUAL_LENGTH = 80
"""Characters; in a passage of this length a match counts half as much as it would alone."""

ALIKE, FAR = 0.75, 0.67
"""Likeness in spelling, 0 to 1, from which a word is taken for another, and from which the other is offered."""

OFTEN = 0.02
"""What a word that is met e times as often gains, at most, in likeness."""

SELDOM, LONG = 3, 8
"""A word that is met in fewer passages may be a slip that stands in them as well, if it has so many letters."""

SHORTEST, LONGEST = 4, 40
"""Letters of a word whose spelling is guessed at: shorter ones have too many neighbours, longer ones take too long."""

RARELY = 0.05
"""Share of patients; a site or a finding that is met less often is no way to look for a cause."""

_SENTENCES = ("text", "why", "note", "comment", "report")
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("z", "s"), ("tre", "ter"), ("bre", "ber"))
_WORD = re.compile(r"[^\W_]+")


class Passage(NamedTuple):
    """A text of an entry: the field that it stands in, its sources, and how much a match in it counts.

    `sources` is None where none is due: a name is no statement.
    """

    where: str
    text: str
    sources: tuple[str, ...] | None
    weight: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the user, and the loose spellings under which it was looked for: none if nothing comes near.

    `meant` is the word that it was taken for, if it is met nowhere, or hardly anywhere.
    """

    typed: str
    forms: tuple[str, ...]
    meant: str = ""


LONGEST_WORD = 60
"""Characters of a word that are looked for; no word has more, and every way to part it in two is tried."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry with its score and its passages that match, best first."""

    entry: Entry
    score: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search: how the words were taken, and what they found, best first."""

    words: tuple[Word, ...]
    hits: tuple[Hit, ...]


def loose(text: str) -> str:
    """Return `text` in lower case ASCII, with one spelling for British and American words; '' when nothing is left of it."""
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("\u2013", " ")).encode("ascii", "ignore").decode()
    for british, american in _SPELLINGS:
        text = text.replace(british, american)
    return text


def search(knowledge: KnowledgeBase, query: str) -> Found:
    """Return everything that has the words of `query`, best first. Words that could be left out of a sentence do not count.

    An entry scores the sum over the words of the word's rarity, log(1 + N / n) for n of N entries that have it (Sparck Jones
    1972), times the weight of its best passage; then times the square of the share of the words that it has.

    Raises:
        UsageError: when there is no word, or more than `MOST_WORDS`.
        NotFoundError: when nothing has any of them; the hint has the nearest words.
    """
    typed = list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(query.lower())))
    typed = [word for word in typed if word not in knowledge.contents.language.filler] or typed
    if not typed:
        raise UsageError("There is no word to search for.", "Give one or more: calcref search WORDS")
    if len(typed) > MOST_WORDS:
        raise UsageError(f"{len(typed)} words are too many.", f"Search for {MOST_WORDS} at most.")
    scan = _Scan(knowledge)
    beside = ["", *typed, ""]
    words = tuple(taken for i, word in enumerate(typed) for taken in scan.take(word, beside[i], beside[i + 2]))
    hits = scan.hits(words, {_squeezed(query), "".join(form for word in words for form in word.forms[-1:]).rstrip("s")})
    if not hits:
        near = [word for item in typed for word in scan.nearest(item, FAR)]
        raise NotFoundError(f"Nothing has {' or '.join(map(repr, typed))}.", did_you_mean(near) or "What there is: calcref list")
    return Found(words, hits)


def marks(text: str, words: Iterable[Word]) -> list[tuple[int, int]]:
    """Return where in `text` the words stand, as (start, end) in characters; neighbours with a blank or hyphen between are one."""
    forms = {form for word in words for form in word.forms}
    beginnings = tuple(form for form in forms if len(form) >= WHOLE_ONLY)
    result: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        word, (start, end) = loose(found[0]), found.span()
        if word not in forms and not word.startswith(beginnings):
            continue
        if result and text[result[-1][1] : start] in (" ", "-"):
            start = result.pop()[0]
        result.append((start, end))
    return result


def _singular(form: str) -> str:
    return form[:-1] if len(form) > 3 and form[-1] == "s" and form[-2] not in "sui" else form


def _squeezed(text: str) -> str:
    return "".join(map(loose, _WORD.findall(text))).rstrip("s")


class _Scan:
    """All passages of a knowledge base, as one text in loose spelling, a line for each."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._entries: list[Entry] = []
        self._owners: list[int] = []
        self._passages: list[Passage] = []
        for section in SECTIONS:
            for record in getattr(knowledge, section).values():
                passages = list(_passages(knowledge, record, WEIGHTS.get(section, 1.0)))
                self._owners += [len(self._entries)] * len(passages)
                self._passages += passages
                self._entries.append(Entry(section, record.id, title(record)))
        self._text = loose("\n".join([passage.text.replace("\n", " ") for passage in self._passages])) + "\n"
        self._starts = list(accumulate((len(line) + 1 for line in self._text.split("\n")), initial=0))
        self._vocabulary: dict[str, str] = {}

    def take(self, typed: str, before: str, after: str) -> list[Word]:
        """Return a word, or the two that it is made of, with the spellings under which it is met, or may be meant.

        `before` and `after` are its neighbours, with which it may make one word.
        """
        form = _singular(loose(typed))
        met = len(self._met((form,)))
        if met >= SELDOM or (met and len(form) < LONG):
            return [Word(typed, (form,))]
        meant = sorted(self.nearest(typed, ALIKE), key=lambda word: -self._likely(form, word))[:1]
        alike = tuple(_singular(loose(word)) for word in meant)
        if met:
            return [Word(typed, (form, *alike), *meant)]
        cuts = [] if alike else [(form[:place], form[place:]) for place in range(3, len(form) - 2)]
        for forms in ((loose(before) + form,), (form + loose(after),), *cuts):
            if form and all(part != form and part in self._words() for part in forms):
                return [Word(typed, (part,), self._words()[part]) for part in forms]
        return [Word(typed, alike, *meant)]

    def nearest(self, typed: str, likeness: float) -> list[str]:
        """Return the words of the knowledge base that are spelled most like `typed`; `likeness` is the least ratio, 0 to 1."""
        from difflib import get_close_matches

        form, words = loose(typed), self._words()
        if not SHORTEST <= len(form) <= LONGEST:
            return []
        pool = [word for word in words if abs(len(word) - len(form)) <= 2 and not word.isdigit() and not word.startswith(form)]
        return [words[word] for word in get_close_matches(form, pool, 5, likeness)]

    def _likely(self, form: str, word: str) -> float:
        """Return how likely `form` is a slip for `word`: like in spelling, and a little more so if it is often met."""
        from difflib import SequenceMatcher

        return SequenceMatcher(None, form, loose(word)).ratio() + OFTEN * math.log1p(len(self._met((loose(word),))))

    def hits(self, words: Sequence[Word], wholes: Collection[str]) -> tuple[Hit, ...]:
        """Return the entries that have any of the words; `wholes` are the squeezed forms of the query, which a name may equal."""
        parts: dict[int, list[float]] = {}
        together: dict[int, dict[int, float]] = {}
        for word in words:
            met, best = self._met(word.forms), dict[int, float]()
            rarity = math.log(1 + len(self._entries) / max(1, len({self._owners[passage] for passage in met})))
            for passage, quality in met.items():
                owner, value = self._owners[passage], rarity * quality * self._passages[passage].weight
                best[owner] = max(value, best.get(owner, 0.0))
                inside = together.setdefault(owner, {})
                inside[passage] = inside.get(passage, 0.0) + value
            for owner, value in best.items():
                parts.setdefault(owner, []).append(value)
        hits = []
        for owner, values in parts.items():
            # What stands together says more than the same words apart: the best passage counts once more.
            ordered = sorted(together[owner].items(), key=lambda item: (-item[1], item[0]))
            passages = tuple(self._passages[passage] for passage, _ in ordered)
            named = any(passage.where in NAMES and _squeezed(passage.text) in wholes for passage in passages)
            score = (sum(values) + ordered[0][1]) * (NAMED if named else (len(values) / len(words)) ** 2)
            hits.append(Hit(self._entries[owner], score, passages))
        order = {section: place for place, section in enumerate(SECTIONS)}
        return tuple(sorted(hits, key=lambda hit: (-hit.score, order[hit.entry.section], hit.entry.id)))

    def _met(self, forms: Iterable[str]) -> dict[int, float]:
        """Return the passages that have a word in one of its forms, with the quality of its best match: whole, in the plural too, or its beginning."""
        result: dict[int, float] = {}
        for form in forms:
            for place in self._places(form):
                rest = self._text[place + len(form) : place + len(form) + 2]
                rest = rest.removeprefix("s") if len(form) >= WHOLE_ONLY else rest
                quality = BEGINNING if rest[:1].isalnum() else WHOLE
                passage = bisect_right(self._starts, place) - 1
                result[passage] = max(quality, result.get(passage, 0.0))
        return result

    def _places(self, form: str) -> Iterator[int]:
        """Yield where `form` begins a word; one of one or two letters has to be the word."""
        text, place = self._text, self._text.find(form) if form else -1
        while place >= 0:
            end = place + len(form)
            if not (place and text[place - 1].isalnum()) and not (len(form) < WHOLE_ONLY and text[end].isalnum()):
                yield place
            place = text.find(form, end)

    def _words(self) -> Mapping[str, str]:
        """Return every word in loose spelling with the word as it is written. It takes long, and only guesses need it."""
        if not self._vocabulary:
            written = dict.fromkeys(_WORD.findall("\n".join(passage.text.lower() for passage in self._passages)))
            self._vocabulary = {loose(word): word for word in written}
        return self._vocabulary


def _passages(knowledge: KnowledgeBase, record: Any, weight: float) -> Iterator[Passage]:
    for name in record.__dataclass_fields__:
        if name in FIELDS:
            where, counts = FIELDS[name]
            for text, sources, share in _texts(knowledge, getattr(record, name)):
                yield Passage(where, text, sources, weight * counts * share * USUAL_LENGTH / (USUAL_LENGTH + len(text)))


Texts = list[tuple[str, tuple[str, ...] | None, float]]


def _texts(knowledge: KnowledgeBase, value: Any) -> Texts:
    """Return the texts in a part of a record, with their sources and how much each counts, 0 to 1."""
    if isinstance(value, (str, int)):
        return [(str(value), None, 1.0)] if value else []
    if isinstance(value, tuple):
        return [text for item in value for text in (_told(item) if isinstance(item, Record) else [(item, None, 1.0)])]
    if isinstance(value, Mapping):
        return [text for key, item in value.items() for text in _keyed(knowledge, key, item)]
    if isinstance(value, Sites):
        return [
            (f"{knowledge.findings[site].label} {share:.0%}", None, share)
            for site, share in value.shares.items()
            if share >= RARELY
        ]
    return _told(value) if value else []


def _told(record: Any, head: str = "") -> Texts:
    """Return the sentences of a part, each with `head` before it."""
    if isinstance(record, Letter):
        return [(f"{record.letter}: {record.stands_for}. {record.text}".rstrip(". "), record.sources, 1.0)]
    inside = record.__dict__
    return [(head + inside[name], inside.get("sources"), 1.0) for name in _SENTENCES if inside.get(name)]


def _keyed(knowledge: KnowledgeBase, key: str, value: Any) -> Texts:
    """Return the texts of what stands under a key: a finding, another cause, or a system of codes."""
    if isinstance(value, Link):
        note = f" ({value.note})" if value.note else ""
        share = link_probability(value)
        return (
            [(f"{knowledge.findings[key].label}: {value.frequency}{note}", value.sources, share)] if share >= RARELY or note else []
        )
    return _told(value, f"{key}: ") if isinstance(value, Record) else [(f"{key} {value}", None, 1.0)]

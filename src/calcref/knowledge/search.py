"""Searching everything that the knowledge base says, by words: plain scanning, without an index.

All texts are joined into one, in a loose spelling that has the same form for British and American words, accents and case, and
each word is looked for at the beginnings of words. A word that is met nowhere is looked for again with blanks in it, or as a
part of one with its neighbour, and then taken for the nearest in spelling. Nothing that the user types is read as a pattern.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from calcref.errors import NotFoundError, UsageError

from .model import FREQUENCY_RANGE, Record
from .names import SECTIONS, Entry, did_you_mean, title

if TYPE_CHECKING:
    from .base import KnowledgeBase

MOST_WORDS, LONGEST_WORD = 32, 60
"""Words that are looked for at a time, and characters of one: every way to part it in two is tried."""

FIELDS: Mapping[str, tuple[str, float]] = {
    "name": ("name", 10), "label": ("name", 10), "word": ("name", 10), "title": ("name", 10), "aliases": ("also called", 8),
    "id": ("id", 9), "replaces": ("former id", 6), "codes": ("code", 6), "doi": ("doi", 5), "pmid": ("pmid", 5),
    "definition": ("definition", 4), "summary": ("what", 4), "helps_with": ("what", 4), "text": ("what", 4),
    "findings": ("sign", 3), "look": ("looks", 3), "appearance": ("looks", 3), "clues": ("points to it", 3), "sites": ("where", 3),
    "red_flag": ("danger", 3), "pitfalls": ("pitfall", 3), "statements": ("fact", 3), "letters": ("letter", 3),
    "authors": ("authors", 3), "mechanism": ("how", 2), "tell_apart": ("told apart", 2), "notes": ("note", 2),
    "subtypes": ("kinds", 2), "examples": ("example", 2), "facts": ("fact", 2), "year": ("year", 2), "publisher": ("publisher", 1),
    "share": ("share", 1), "age": ("age", 1), "women": ("sex", 1), "next_step": ("next", 1), "views": ("views", 1),
    "report": ("report", 1), "url": ("address", 1), "base_rate_why": ("base rate", 0.5),
}  # fmt: skip
"""The fields that are searched: what a reader calls them, and how much a match in them counts."""

WEIGHTS: Mapping[str, float] = {"sources": 0.15, "topics": 0.8, "mnemonics": 0.8}
"""How much a match counts by section, 1 if not given: an answer goes before what it rests on."""

BEGINNING, WHOLE_ONLY = 0.5, 3
"""How much a match of a word's beginning counts beside one of all of it; a word of fewer letters has to be whole."""

NAMES, NAMED = ("name", "also called", "id"), 2.0
"""The fields that name an entry, and how many times more it counts when one of them is the whole query."""

USUAL_LENGTH = 80
"""Characters; in a passage of this length a match counts half as much as it would alone."""

ALIKE, FAR = 0.75, 0.67
"""Likeness in spelling, 0 to 1, from which a word is taken for another, and from which the other is offered."""

OFTEN, SWAPPED = 0.02, 0.15
"""What a word gains in likeness that is met e times as often, at most, and one of the same letters."""

SELDOM, LONG = 3, 8
"""A word that is met in fewer passages may be a slip that stands in them as well, if it has so many letters."""

SHORTEST, LONGEST = 4, 40
"""Letters of a word whose spelling is guessed at: shorter ones have too many neighbours, longer ones take too long."""

RARELY = 0.05
"""Share of patients; a site or a finding that is met less often is no way to look for a cause."""

Text = tuple[str, Sequence[str] | None, float]

_SENTENCES = ("text", "why", "note", "comment", "report")
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("tre", "ter"), ("bre", "ber"))
_LETTERS = {code: " " for code in range(128) if not chr(code).isalnum() and code != 10} | {ord("z"): "s"}


class Passage(NamedTuple):
    """A text of an entry, the field that it stands in, and its sources; None where none is due: a name is no statement."""

    where: str
    text: str
    sources: Sequence[str] | None


class Word(NamedTuple):
    """A word of the user, and the loose spellings under which it was looked for: none if nothing comes near.

    `meant` is what it was taken for, if it is met nowhere, or hardly anywhere.
    """

    typed: str
    forms: tuple[str, ...]
    meant: str = ""


class Hit(NamedTuple):
    """An entry with its score and its passages that match, best first."""

    entry: Entry
    score: float
    passages: tuple[Passage, ...]


class Found(NamedTuple):
    """The answer to a search: how the words were taken, and what they found, best first."""

    words: tuple[Word, ...]
    hits: tuple[Hit, ...]


def loose(text: str) -> str:
    """Return `text` in lower case ASCII letters, figures and blanks, with one spelling for British and American words."""
    text = text.lower()
    if not text.isascii():
        from unicodedata import normalize

        text = normalize("NFKD", text.replace("\u2013", " ")).encode("ascii", "ignore").decode()
    text = text.translate(_LETTERS)
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
    typed = list(dict.fromkeys(word[:LONGEST_WORD] for word in _words(query.lower())))
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
        near = [scan.written(form) for word in typed for form in scan.nearest(loose(word), FAR)]
        raise NotFoundError(f"Nothing has {' or '.join(map(repr, typed))}.", did_you_mean(near) or "What there is: calcref list")
    return Found(words, hits)


def marks(text: str, words: Iterable[Word]) -> list[tuple[int, int]]:
    """Return where in `text` the words stand, as (start, end) in characters; neighbours with a blank or hyphen between are one."""
    forms = {form for word in words for form in word.forms}
    beginnings = tuple(form for form in forms if len(form) >= WHOLE_ONLY)
    result: list[tuple[int, int]] = []
    for found in re.finditer(r"[^\W_]+", text):
        word, (start, end) = loose(found[0]), found.span()
        if word not in forms and not word.startswith(beginnings):
            continue
        if result and text[result[-1][1] : start] in (" ", "-"):
            start = result.pop()[0]
        result.append((start, end))
    return result


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _squeezed(text: str) -> str:
    return loose(text).replace(" ", "").rstrip("s")


class _Scan:
    """All passages of a knowledge base, as one text in loose spelling: a line for each, every word with a blank before it."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._records = [(section, record) for section in SECTIONS for record in getattr(knowledge, section).values()]
        # (place of the record, field, text, sources, share): plain tuples, because there are tens of thousands.
        self._passages = [
            (owner, field, *told)
            for owner, (_, record) in enumerate(self._records)
            for field, value in record.given().items() if field in FIELDS
            for told in _texts(value, knowledge)
        ]  # fmt: skip
        # What is not ASCII is made so by itself: the whole would be slower by half.
        texts = [(text if text.isascii() else loose(text)).replace("\n", " ") for _, _, text, *_ in self._passages]
        self._text = " " + loose("\n ".join(texts)) + "\n"
        self._met = cache(self._matches)
        self._starts = list(accumulate(map(len, self._text.splitlines(keepends=True)), initial=0))

    def take(self, typed: str, before: str, after: str) -> list[Word]:
        """Return a word, or those that it is made of, with the spellings under which it is met, or may be meant.

        `before` and `after` are its neighbours, with which it may make one word.
        """
        form = loose(typed)
        form = form[:-1] if len(form) > 3 and form[-1] == "s" and form[-2] not in "sui" else form
        met = self._met((form,))
        if len(met) >= SELDOM or (met and len(form) < LONG):
            return [Word(typed, (form,))]
        nearest = self.nearest(form, ALIKE)[:1]
        if met:
            return [Word(typed, (form, *nearest), *map(self.written, nearest))]
        beside = [word + form for word in [loose(before)] if word] + [form + word for word in [loose(after)] if word]
        parts = next(filter(None, map(self._parted, beside)), nearest or self._parted(form))
        meant = " ".join(map(self.written, parts))
        return [Word(typed, (part,), meant) for part in parts] or [Word(typed, ())]

    def written(self, form: str) -> str:
        """Return a word in loose spelling as it is written."""
        met = self._met((form,))
        words = _words(self._passages[max(met, key=lambda place: met[place])][2].lower())
        return min((word for word in words if loose(word).startswith(form)), key=len, default=form)

    def nearest(self, form: str, likeness: float) -> list[str]:
        """Return the words of the knowledge base that `form` may be a slip for, the likeliest first.

        They are like in spelling, with a ratio of `likeness`, 0 to 1, at least; swapped letters and words that are often met
        are a little more likely.
        """
        if not SHORTEST <= len(form) <= LONGEST:
            return []
        from difflib import SequenceMatcher, get_close_matches

        def likely(word: str) -> float:
            swapped = SWAPPED if sorted(word) == sorted(form) else 0.0
            return SequenceMatcher(None, word, form).ratio() + swapped + OFTEN * math.log1p(self._text.count(f" {word}"))

        pool = [word for word in {*self._text.split()} if abs(len(word) - len(form)) <= 2 and not word.isdigit()]
        near = get_close_matches(form, sorted(word for word in pool if not word.startswith(form)), 8, likeness)
        return sorted(near, key=likely, reverse=True)

    def _parted(self, form: str) -> list[str]:
        """Return the words that make up `form`, with or without blanks between its letters."""
        found = re.search(f" {' ?'.join(form)}s?(?![a-z0-9])", self._text) if SHORTEST <= len(form) <= LONGEST else None
        return found[0].split() if found else []

    def hits(self, words: Sequence[Word], wholes: Iterable[str]) -> tuple[Hit, ...]:
        """Return the entries that have any of the words; `wholes` are the squeezed forms of the query, which a name may equal."""
        values: dict[int, dict[int, dict[int, float]]] = {}
        for number, word in enumerate(words):
            met = self._met(word.forms)
            rarity = math.log(1 + len(self._records) / max(1, len({self._passages[place][0] for place in met})))
            for place, quality in met.items():
                owner, field, text, _, share = self._passages[place]
                section = self._records[owner][0]
                weight = FIELDS[field][1] * WEIGHTS.get(section, 1.0) * share * USUAL_LENGTH / (USUAL_LENGTH + len(text))
                values.setdefault(owner, {}).setdefault(place, {})[number] = rarity * quality * weight
        hits = []
        for owner, places in values.items():
            sums = {place: sum(by_word.values()) for place, by_word in places.items()}
            best = [max(by_word.get(number, 0.0) for by_word in places.values()) for number in range(len(words))]
            told = [self._passages[place] for place in sorted(sums, key=lambda place: (-sums[place], place))]
            passages = tuple(Passage(FIELDS[field][0], text, sources) for _, field, text, sources, _ in told)
            named = any(passage.where in NAMES and _squeezed(passage.text) in wholes for passage in passages)
            # What stands together says more than the same words apart: the best passage counts once more.
            score = (sum(best) + max(sums.values())) * (NAMED if named else (sum(value > 0 for value in best) / len(words)) ** 2)
            section, record = self._records[owner]
            hits.append((-score, owner, Hit(Entry(section, record.id, title(record)), score, passages)))
        return tuple(hit for *_, hit in sorted(hits))

    def _matches(self, forms: tuple[str, ...]) -> dict[int, float]:
        """Return the passages that have a word in one of its forms, with the quality of the best match: 1 if whole, in the plural too."""
        result: dict[int, float] = {}
        for form in filter(None, forms):
            start = self._text.find(f" {form}")
            while start >= 0:
                end = start + 1 + len(form)
                rest = self._text[end : end + 2]
                whole = not (rest if len(form) < WHOLE_ONLY else rest.removeprefix("s"))[:1].isalnum()
                if whole or len(form) >= WHOLE_ONLY:
                    place = bisect_right(self._starts, start) - 1
                    result[place] = max(1.0 if whole else BEGINNING, result.get(place, 0.0))
                start = self._text.find(f" {form}", end)
        return result


def _texts(value: Any, knowledge: KnowledgeBase) -> list[Text]:
    """Return the texts in a part of a record, with their sources, and how much each counts, 0 to 1."""
    if isinstance(value, (str, int)):
        return [(str(value), None, 1.0)] if value else []
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in ([(item, None, 1.0)] if isinstance(item, str) else _texts(item, knowledge))]
    parts = value.given() if isinstance(value, Record) else value or {}
    sources = None if "comment" in parts else parts.get("sources", ())
    if "letter" in parts:
        return [(f"{parts['letter']}: {parts['stands_for']}. {parts.get('text', '')}".rstrip(". "), sources, 1.0)]
    if "shares" in parts:
        shares = parts["shares"].items()
        return [(f"{knowledge.findings[site].label} {share:.0%}", None, share) for site, share in shares if share >= RARELY]
    if told := [(parts[name], sources, 1.0) for name in _SENTENCES if parts.get(name)]:
        return told
    return [text for key, item in parts.items() for text in _keyed(key, item, knowledge)]


def _keyed(key: str, item: Any, knowledge: KnowledgeBase) -> list[Text]:
    """Return the texts of what stands under a key: a finding with how often it is met, another cause, or a system of codes."""
    if isinstance(item, str):
        return [(f"{key} {item}", None, 1.0)]
    parts = item.given() if isinstance(item, Record) else item
    if not isinstance(parts, Mapping):
        return []
    if "frequency" not in parts:
        return [(f"{key}: {text}", sources, share) for text, sources, share in _texts(parts, knowledge)]
    share, note = sum(FREQUENCY_RANGE[parts["frequency"]]) / 2, parts.get("note")
    text = f"{knowledge.findings[key].label}: {parts['frequency']}{f' ({note})' if note else ''}"
    return [(text, parts.get("sources", ()), max(share, RARELY))] if share >= RARELY or note else []

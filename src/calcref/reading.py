"""Findings read from running English: a dictionary of the knowledge base's own terms, negation, age, sex, laboratory values.

Terms are matched by their words, in any order and within a short reach, the longest first. Negation follows NegEx (Chapman
2001): a trigger before or after a term, whose reach ends at a full stop, a "but" and the like. What looks medical and was
not understood is handed back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from .findings import Case
from .laboratory import Laboratory
from .names import fold
from .negation import CLAUSE_END, Scopes, State, denial, words_of
from .patient import read_age, read_sex

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase
    from .model import Language, Sex


REACH = 4
"""Words that may stand between the words of a term beyond its own."""

MOST_UNKNOWN = 40
"""Words not understood that are handed back one by one."""

MOST_SLIPS = 20_000
"""Unknown words whose correction is remembered, so that the memory of a reader has an end."""

_ENDLESS = re.compile(r"(\w{60})\w+|(\s{8})\s+")
"""What goes on after no word and no gap that anyone writes: patterns would look through the rest over and over."""

_TOKEN = re.compile(r"\d+[.,]\d+|[^\W_]+(?:['\u2019][^\W_]+)*|[.;:!?,()\n/]|[<>=]")


_SIZE = re.compile(r"(?:\d+(?:[.,]\d+)?\s*(?:x|by|\u00d7|cm|mm)?\s*){1,3}(?<=[\d\s])(cm|mm)\b", re.IGNORECASE)
_TURNS = frozenset(("but", "however", "although", "whereas"))
_ONE = frozenset(["a", "an", "one", "single", "solitary", "isolated"])
_SEVERAL = frozenset(
    [
        "several",
        "many",
        "multiple",
        "numerous",
        "some",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "dozens",
        "scattered",
        "innumerable",
        "various",
        "few",
    ]
)
_NOT_AFTER_NUMBER = frozenset(
    ["of", "with", "in", "and", "or", "on", "month", "months", "week", "weeks", "year", "years", "day", "days"]
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding that was read, the words that it was read from, and how it was meant."""

    finding: str
    words: str
    state: State
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. `not_understood` has the words that look as if they meant something and were not read."""

    mentions: tuple[Mention, ...] = ()
    age: float | None = None
    sex: Sex | None = None
    not_understood: tuple[str, ...] = ()
    age_words: str = ""
    sex_words: str = ""

    def ids(self, *states: State) -> tuple[str, ...]:
        """Return the findings read in one of the states, each once, in order."""
        return tuple(dict.fromkeys(mention.finding for mention in self.mentions if mention.state in states))


@dataclass(slots=True)
class _Token:
    text: str
    start: int
    stem: str
    clause: int = 0
    covered: bool = False
    meant: bool = False
    read: list[str] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of the dictionary: what it means for a finding.

    It states the finding, denies it, or only looks as if it stated it and so blocks it. The words of an `exact` term stand
    side by side, small words too.
    """

    stems: tuple[str, ...]
    finding: str
    exact: bool = False
    use: Literal["states", "denies", "blocks"] = "states"


@dataclass(slots=True)
class _Match:
    term: _Term
    places: tuple[int, ...]

    @property
    def span(self) -> int:
        return self.places[-1] - self.places[0]


@dataclass(slots=True)
class Reader:
    """A dictionary made from one knowledge base, ready to read any number of texts. `read` changes nothing in it."""

    knowledge: KnowledgeBase
    _same: dict[str, str] = field(default_factory=dict)
    _filler: frozenset[str] = frozenset()
    _ordinary: frozenset[str] = frozenset()
    _by_stem: dict[str, list[_Term]] = field(default_factory=dict)
    _single: dict[str, _Term] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _results: Laboratory = field(default_factory=lambda: Laboratory(()))
    _spelling: dict[str, list[str]] = field(default_factory=dict)
    _slips: dict[str, str | None] = field(default_factory=dict)
    _counted_nouns: frozenset[str] = frozenset()
    _counted_words: frozenset[str] = frozenset()
    _beside: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        language = self.knowledge.contents.language
        self._same = {fold(word): fold(first) for first, words in language.same.items() for word in words}
        self._filler = frozenset(map(fold, language.filler))
        self._ordinary = frozenset(map(fold, language.ordinary)) | self._filler
        self._counted_words = frozenset(map(fold, language.counted))
        self._counted_nouns = frozenset(map(self._stem, language.counted))
        self._beside = frozenset(map(self._stem, language.beside))
        self._results = Laboratory(tuple(self.knowledge.laboratory.values()))
        measured = {f for a in self.knowledge.laboratory.values() for f in (a.below, a.within, a.above)}
        terms: dict[tuple[str, ...], _Term] = {}
        others: list[_Term] = []
        for finding in self.knowledge.findings.values():
            for phrase in finding.not_aliases:
                stems = tuple(self._stem(word) for word in words_of(phrase))
                if len(stems) > 1:
                    others.append(_Term(stems, finding.id, True, "blocks"))
        for finding in self.knowledge.findings.values():
            for phrase in (finding.id.replace("-", " "), finding.label, *finding.aliases):
                stems, exact = self._stems(phrase)
                if finding.id in measured and len(stems) > 1 and self._results.reads(words_of(phrase)):
                    continue  # 'low calcium' is read by the grammar of laboratory values
                if stems and not (len(stems) == 1 and stems[0] in self._ordinary):
                    own = phrase == finding.id.replace("-", " ") and len(stems) > 1
                    terms[stems] = _Term(stems, finding.id, exact or own)
            for phrase in finding.absent_aliases:
                stems, exact = self._stems(phrase)
                others.append(_Term(stems, finding.id, exact, "denies"))
        for term in (*terms.values(), *others):
            self._known.update(term.stems)
            if term.use != "states":
                continue
            if len(term.stems) == 1:
                self._single[term.stems[0]] = term
        often: dict[str, int] = {}
        for term in (*terms.values(), *others):
            for stem in set(term.stems) - self._filler:
                often[stem] = often.get(stem, 0) + 1
        for term in (*terms.values(), *others):
            if len(term.stems) > 1 or term.use != "states":
                content = [stem for stem in term.stems if stem in often]
                if content:
                    self._by_stem.setdefault(min(content, key=lambda stem: (often[stem], stem)), []).append(term)

    def _stem(self, word: str) -> str:
        folded = fold(word)
        return self._same.get(folded, folded)

    def _stems(self, phrase: str) -> tuple[tuple[str, ...], bool]:
        """Return the words of content of a phrase, or all its words if that leaves one only, and whether it is so."""
        stems = tuple(self._stem(word) for word in words_of(phrase))
        content = tuple(dict.fromkeys(stem for stem in stems if stem not in self._filler))
        exact = len(content) < 2 <= len(stems) or denial(words_of(phrase), 0) > 0
        return (stems if exact else content), exact

    def read(self, text: str) -> Reading:
        """Read a text.

        Args:
            text: anything; control characters count as blanks.

        Returns:
            The findings with the words they came from, age in years, sex, and the words not understood.
        """
        text = _ENDLESS.sub(r"\1\2", re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text))
        text = _SHORTHAND.sub(_spelled_out, text)
        tokens = self._tokens(text)
        mentions: list[Mention] = []
        said_age, said_sex = read_age(text), read_sex(text)
        for said in (said_age, said_sex):
            for token in tokens:
                if said and said.span[0] <= token.start < said.span[1]:
                    token.meant = True
        age = float(said_age.value) if said_age else None
        sex: Sex | None = said_sex.value if said_sex else None  # type: ignore[assignment]
        mentions += self._laboratory(text, tokens, age, sex)
        matches = self._matches(tokens)
        mentions += self._mentions(text, tokens, matches)
        mentions += self._counted(tokens, mentions, text)
        mentions = self._sort_out(mentions, age, sex)
        unknown = self._unknown(tokens)
        return Reading(tuple(mentions), age, sex, unknown, said_age.words if said_age else "", said_sex.words if said_sex else "")

    def _tokens(self, text: str) -> list[_Token]:
        tokens: list[_Token] = []
        clause = 0
        for match in _TOKEN.finditer(text):
            word = match.group()
            decimal = word == "." and match.end() < len(text) and text[match.end()].isdigit()
            stem = self._stem(word) if word[0].isalnum() else word
            if stem not in self._known and len(stem) > 4 and stem.isalpha() and stem not in self._ordinary:
                stem = self._corrected(word.lower()) or self._corrected(stem) or stem
            tokens.append(_Token(word, match.start(), stem, clause))
            if (word in CLAUSE_END and not decimal) or word.lower() in _TURNS:
                clause += 1
        return tokens

    def _corrected(self, stem: str) -> str | None:
        """Return the one known word that differs from `stem` by a slip of the keyboard, or None."""
        if stem in self._slips:
            return self._slips[stem]
        if not self._spelling:
            for word in self._known:
                if len(word) > 5 and word.isalpha():
                    for key in _deletions(word):
                        self._spelling.setdefault(key, []).append(word)
        found = {
            word
            for key in _deletions(stem)
            for word in self._spelling.get(key, ())
            if word[0] == stem[0] and abs(len(word) - len(stem)) < 2
        }
        found = {word for word in found if _one_slip(stem, word)}
        if len(self._slips) > MOST_SLIPS:
            self._slips.clear()
        self._slips[stem] = found.pop() if len(found) == 1 else None
        return self._slips[stem]

    def _matches(self, tokens: list[_Token]) -> list[_Match]:
        places: dict[str, list[int]] = {}
        content: list[int] = []
        order: dict[int, int] = {}
        for i, token in enumerate(tokens):
            if token.stem in self._filler or not token.text[0].isalnum():
                continue
            order[i] = len(content)
            content.append(i)
            places.setdefault(token.stem, []).append(i)
        matches: list[_Match] = []
        for i in content:
            stem = tokens[i].stem
            single = self._single.get(stem)
            if single:
                matches.append(_Match(single, (i,)))
            for term in self._by_stem.get(stem, ()):
                found = _side_by_side(term, i, tokens) if term.exact else self._around(term, i, tokens, content, order)
                if found:
                    matches.append(_Match(term, found))
        matches.sort(
            key=lambda match: (match.term.use != "blocks", -len(match.places), match.span, match.places, match.term.finding)
        )
        return matches

    def _around(
        self, term: _Term, start: int, tokens: list[_Token], content: list[int], order: dict[int, int]
    ) -> tuple[int, ...] | None:
        """Return the places of the words of `term` near `start`, or None."""
        reach = len(term.stems) + REACH
        middle = order[start]
        window = content[max(0, middle - reach + 1) : middle + reach]
        clause = tokens[start].clause
        free = [i for i in window if tokens[i].clause == clause]
        taken: list[int] = []
        for stem in term.stems:
            options = [i for i in free if tokens[i].stem == stem and i not in taken]
            if not options:
                return None
            taken.append(start if stem == tokens[start].stem and start not in taken else min(options, key=lambda i: abs(i - start)))
        taken.sort()
        if order[taken[-1]] - order[taken[0]] >= reach:
            return None
        return tuple(taken)

    def _mentions(self, text: str, tokens: list[_Token], matches: Iterable[_Match]) -> Iterator[Mention]:
        scopes = Scopes([token.text.lower() for token in tokens], [token.clause for token in tokens])
        for match in matches:
            finding = match.term.finding
            if match.term.use == "blocks":
                for i in match.places:
                    tokens[i].blocked.add(finding)
                continue
            if match.term.use == "denies":
                yield from self._denied(text, tokens, match, scopes)
                continue
            if any(finding in tokens[i].blocked for i in match.places):
                continue
            denies = any(denial(scopes.words, i) for i in match.places)
            if not denies and any(denial(scopes.words, i) for i in range(match.places[0] + 1, match.places[-1])):
                continue  # half of it is denied: 'the lump does not move'
            if all(tokens[i].covered for i in match.places) and not self._still_worth_reading(finding, match, tokens):
                continue
            for i in match.places:
                if not (
                    denial(scopes.words, match.places[0]) and i > match.places[0]
                ):  # 'no injury' is a finding, and says that there was no injury
                    tokens[i].covered = True
                tokens[i].meant = True
                tokens[i].read.append(finding)
            first, last = match.places[0], match.places[-1]
            words = text[tokens[first].start : tokens[last].start + len(tokens[last].text)]
            state: State = "present" if denies else scopes.state(first, last)
            if state == "absent" and self._is_part(finding) and not (first and denial(scopes.words, first - 1)):
                continue  # 'non-tender over the thigh' does not say that the thigh is spared
            yield Mention(finding, " ".join(words.split()), state, tokens[first].start)

    def _still_worth_reading(self, finding: str, match: _Match, tokens: list[_Token]) -> bool:
        """Tell whether a word inside a longer term says something by itself, as both words of 'knee pain' do."""
        if len(match.places) > 1:
            return False
        group = self.knowledge.groups[self.knowledge.findings[finding].group]
        for longer in tokens[match.places[0]].read:
            if longer == finding or finding in self.knowledge.ancestors[longer]:
                return False
            if group.anatomy and not self.knowledge.groups[self.knowledge.findings[longer].group].local:
                return False
        return group.anatomy or group.plain

    def _denied(self, text: str, tokens: list[_Token], match: _Match, scopes: Scopes) -> Iterator[Mention]:
        """Yield that a finding is absent, from a phrase that says so, unless the phrase itself is denied."""
        first, last = match.places[0], match.places[-1]
        own = any(denial(scopes.words, i) for i in match.places)  # "not affected" is the denial itself
        if own or scopes.state(first, last) != "absent":
            for i in match.places:
                tokens[i].meant = True
            words = text[tokens[first].start : tokens[last].start + len(tokens[last].text)]
            yield Mention(match.term.finding, " ".join(words.split()), "absent", tokens[first].start)

    def _counted(self, tokens: list[_Token], mentions: list[Mention], text: str) -> Iterator[Mention]:
        """Yield what number and neighbourhood say: one deposit, several, one on both sides, one beside a joint."""
        language = self.knowledge.contents.language
        read = {mention.finding for mention in mentions}
        clauses = {token.clause for token in tokens if token.stem in self._counted_nouns}
        for i, token in enumerate(tokens):
            finding, fits = self._grammar(token, language, clauses)
            if finding is None or finding in read:
                continue
            for k in range(i + 1, min(len(tokens), i + 6)):
                noun = tokens[k].text.lower()
                if tokens[k].clause != token.clause or noun in _ONE | _SEVERAL or noun in _NOT_AFTER_NUMBER:
                    break
                if fits(tokens[k]):
                    token.meant = tokens[k].meant = True
                    read.add(finding)
                    yield Mention(finding, text[token.start : tokens[k].start + len(noun)], "present", token.start)
                    break
        if language.large and language.large not in read:
            for size in _SIZE.finditer(text):
                parts = [float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", size.group())]
                if max(parts) * (0.1 if size.group(1).lower() == "mm" else 1) >= language.large_from:
                    yield Mention(language.large, size.group(), "present", size.start())
                    break
        if language.many and not read & {language.one, language.many}:
            for token in tokens:
                if self._is_counted(token) and _is_plural(token.text.lower()) and language.many not in token.blocked:
                    yield Mention(language.many, token.text, "present", token.start)
                    break

    def _grammar(self, token: _Token, language: Language, clauses: set[int]) -> tuple[str | None, Callable[[_Token], bool]]:
        """Return the finding that a small word may mean, and the test that the noun after it has to pass.

        `clauses` are those that speak of a deposit: 'both legs scalded' does not.
        """
        word = token.text.lower()
        if word in _ONE or word in _SEVERAL:
            several = word in _SEVERAL
            return (
                language.many if several else language.one,
                lambda noun: self._is_counted(noun) and _is_plural(noun.text.lower()) == several,
            )
        if word == "both":
            return (
                language.both,
                lambda noun: _is_plural(noun.text.lower()) and self._is_place(noun.stem) and noun.clause in clauses,
            )
        if token.stem in self._beside:
            return language.beside_means, lambda noun: self._is_place(noun.stem, language.beside_what)
        return None, lambda _: False

    def _is_counted(self, token: _Token) -> bool:
        """Tell whether a token is a noun that can be counted, or a slip of one, and no other form of the word."""
        word = token.text.lower()
        near = word.replace("ies", "y"), word.removesuffix("es"), word.removesuffix("s")
        return token.stem in self._counted_nouns and (not word.endswith(("ed", "en")) or not self._counted_words.isdisjoint(near))

    def _is_part(self, finding: str) -> bool:
        """Tell whether a finding is a part of the body."""
        return self.knowledge.groups[self.knowledge.findings[finding].group].anatomy

    def _is_place(self, stem: str, within: str | None = None) -> bool:
        term = self._single.get(stem)
        if not term or (within and within not in self.knowledge.ancestors[term.finding]):
            return False
        return self._is_part(term.finding)

    def _sort_out(self, mentions: list[Mention], age: float | None, sex: str | None) -> list[Mention]:
        """Return the mentions in the order of the text, without contradictions: what is present wins over what is absent."""
        findings = self.knowledge.findings
        present = {mention.finding for mention in mentions if mention.state != "absent"}
        above = present.union(*(self.knowledge.ancestors[finding] for finding in present))
        kept: dict[tuple[str, bool], Mention] = {}
        for mention in sorted(mentions, key=lambda item: item.start):
            record = findings[mention.finding]
            if mention.state == "absent" and mention.finding in above:
                continue
            if (record.ages and age is not None) or (record.sex and (sex or mention.state == "absent")):
                continue
            kept.setdefault((mention.finding, mention.state == "absent"), mention)
        return list(kept.values())

    def _laboratory(self, text: str, tokens: list[_Token], age: float | None, sex: Sex | None) -> Iterator[Mention]:
        """Yield what the laboratory results mean, and take their words out of further reading."""
        words, starts = [token.text for token in tokens], [token.start for token in tokens]
        for result in self._results.results(text, words, starts, age, sex):
            first, last = min(result.first, result.name[0]), max(result.last, result.name[1] - 1)
            for i in (*range(*result.name), *range(result.name[1], result.last + 1), result.first):
                tokens[i].covered = tokens[i].meant = True
            for i in range(*result.name):
                tokens[i].stem = ""
            said = " ".join(text[starts[first] : starts[last] + len(words[last])].split())
            if result.present:
                yield Mention(result.present, said, "present", starts[first])
            for finding in result.absent:
                yield Mention(finding, said, "absent", starts[first])

    def _unknown(self, tokens: list[_Token]) -> tuple[str, ...]:
        unknown: dict[str, None] = {}
        for token in tokens:
            word = token.text
            if token.meant or len(word) < 3 or not word.isalpha() or token.stem in self._ordinary or fold(word) in self._ordinary:
                continue
            unknown.setdefault(word.lower())
        words = list(unknown)
        if len(words) > MOST_UNKNOWN:
            return (*words[:MOST_UNKNOWN], f"... and {len(words) - MOST_UNKNOWN} more")
        return tuple(words)


def _side_by_side(term: _Term, place: int, tokens: Sequence[_Token]) -> tuple[int, ...] | None:
    """Return the places of all words of `term`, in its order and with nothing between, around `place`, or None."""
    for offset, stem in enumerate(term.stems):
        first = place - offset
        if stem == tokens[place].stem and first >= 0 and first + len(term.stems) <= len(tokens):
            places = range(first, first + len(term.stems))
            if all(tokens[i].stem == own for i, own in zip(places, term.stems, strict=True)):
                return tuple(places)
    return None


_SHORTHAND = re.compile(
    r"(?<![\d/])(\d{1,2})/(7|52|12)(?![\d/])|(?<=\s)([+-])\s?ve\b|\b(\w+)([+-])ve\b|([\u2191\u2193#])+", re.IGNORECASE
)
_SPANS = {"7": "days", "52": "weeks", "12": "months"}
_SIGNS = {"\u2191": " high ", "\u2193": " low ", "#": " fracture "}


def _spelled_out(found: re.Match[str]) -> str:
    """Return what 2/52, +ve, an arrow and # stand for."""
    if found.group(6):
        return _SIGNS[found.group(6)]
    if found.group(2):
        return f"{found.group(1)} {_SPANS[found.group(2)]}"
    word = f"{found.group(4)} " if found.group(4) else ""
    return word + ("positive" if "+" in (found.group(3) or found.group(5)) else "negative")


def _is_plural(noun: str) -> bool:
    return (noun.endswith("s") and not noun.endswith(("ss", "us", "is"))) or noun in ("foci", "feet")


def _deletions(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _one_slip(a: str, b: str) -> bool:
    """Tell whether two words differ by one letter more, less, or other, or by two neighbours exchanged."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[2:] == b[2:] and a[:2] == b[1::-1])
    return a[1:] == b if len(a) > len(b) else a == b[1:]


@lru_cache(maxsize=4)
def reader(knowledge: KnowledgeBase) -> Reader:
    """Return the reader of a knowledge base, made once."""
    return Reader(knowledge)


def read(knowledge: KnowledgeBase, text: str) -> Reading:
    """Read findings, age, sex and laboratory values from running English."""
    return reader(knowledge).read(text)


def case_of(reading: Reading) -> Case:
    """Return the case that a reading describes; what is only possible counts as present."""
    present = reading.ids("present", "possible")
    absent = tuple(finding for finding in reading.ids("absent") if finding not in present)
    return Case(present, absent, reading.age, reading.sex, reading.not_understood)

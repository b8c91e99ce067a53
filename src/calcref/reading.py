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
from typing import TYPE_CHECKING

from .findings import Case
from .names import fold
from .negation import CLAUSE_END, Scopes, State, denial, words_of
from .patient import read_age, read_sex

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase
    from .model import Analyte, Language, Sex


REACH = 4
"""Words that may stand between the words of a term beyond its own."""

MOST_UNKNOWN = 40
"""Words not understood that are handed back one by one."""

_TOKEN = re.compile(r"\d+[.,]\d+|[^\W_]+(?:['\u2019][^\W_]+)*|[.;:!?,()\n/+-]|[<>=]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")

_LOW = frozenset(["low", "reduced", "decreased", "suppressed", "undetectable", "hypo", "deficient"])
_NORMAL = frozenset(["normal", "unremarkable", "undisturbed"])
_HIGH = frozenset(["high", "raised", "elevated", "increased", "up"])
_JOINING = frozenset(
    (
        "and",
        "or",
        ",",
        "/",
        "the",
        "serum",
        "blood",
        "of",
        "total",
        "also",
        "both",
        "as",
        "well",
        "values",
        "value",
        "level",
        "plasma",
    )
)

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
    read: list[str | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of the dictionary: the finding that it means, or None for a phrase that means something else.

    An `exact` term has one word of content only, so that its small words count too: all of them, side by side.
    """

    stems: tuple[str, ...]
    finding: str | None
    exact: bool = False
    denies: bool = False


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
    _analytes: dict[str, Analyte] = field(default_factory=dict)
    _spelling: dict[str, list[str]] = field(default_factory=dict)
    _counted_nouns: frozenset[str] = frozenset()
    _beside: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        language = self.knowledge.contents.language
        self._same = {fold(word): fold(first) for first, words in language.same.items() for word in words}
        self._filler = frozenset(map(fold, language.filler))
        self._ordinary = frozenset(map(fold, language.ordinary)) | self._filler
        self._counted_nouns = frozenset(map(self._stem, language.counted))
        self._beside = frozenset(map(self._stem, language.beside))
        for analyte in self.knowledge.laboratory.values():
            for name in (analyte.name, *analyte.aliases):
                self._analytes.setdefault(" ".join(fold(part) for part in words_of(name)), analyte)
        measured = {f for a in self.knowledge.laboratory.values() for f in (a.below, a.within, a.above)}
        terms: dict[tuple[str, ...], _Term] = {}
        denials: list[_Term] = []
        for finding in self.knowledge.findings.values():
            for phrase in finding.not_aliases:
                stems, _ = self._stems(phrase)
                if len(stems) > 1:
                    terms.setdefault(stems, _Term(stems, None, exact=True))
        for finding in self.knowledge.findings.values():
            for phrase in (finding.id.replace("-", " "), finding.label, *finding.aliases):
                stems, exact = self._stems(phrase)
                if finding.id in measured and len(stems) > 1 and any(fold(word) in self._analytes for word in words_of(phrase)):
                    continue  # 'low calcium' is read by the grammar of laboratory values
                if stems and not (len(stems) == 1 and stems[0] in self._ordinary):
                    terms[stems] = _Term(stems, finding.id, exact)
            for phrase in finding.absent_aliases:
                stems, exact = self._stems(phrase)
                denials.append(_Term(stems, finding.id, exact, denies=True))
        for term in (*terms.values(), *denials):
            self._known.update(term.stems)
            if term.denies:
                continue
            if len(term.stems) == 1:
                self._single[term.stems[0]] = term
        often: dict[str, int] = {}
        for term in (*terms.values(), *denials):
            for stem in set(term.stems) - self._filler:
                often[stem] = often.get(stem, 0) + 1
        for term in (*terms.values(), *denials):
            if len(term.stems) > 1 or term.denies:
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
        exact = len(content) < 2 <= len(stems)
        return (stems if exact else content), exact

    def read(self, text: str) -> Reading:
        """Read a text.

        Args:
            text: anything; control characters count as blanks.

        Returns:
            The findings with the words they came from, age in years, sex, and the words not understood.
        """
        text = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text)
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
                stem = self._corrected(stem)
            tokens.append(_Token(word, match.start(), stem, clause))
            if word in CLAUSE_END and not decimal:
                clause += 1
        return tokens

    def _corrected(self, stem: str) -> str:
        """Return the one known word that differs from `stem` by a slip of the keyboard, or `stem`."""
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
        return found.pop() if len(found) == 1 else stem

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
        matches.sort(key=lambda match: (-len(match.places), match.term.finding is not None, match.span, match.places))
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
            if match.term.denies and finding:
                yield from self._denied(text, tokens, match, scopes)
                continue
            if all(tokens[i].covered for i in match.places) and not self._still_worth_reading(finding, match, tokens):
                continue
            denies = denial(scopes.words, match.places[0])
            for i in match.places:
                if not (denies and i > match.places[0]):  # 'no injury' is a finding, and says that there was no injury
                    tokens[i].covered = True
                tokens[i].meant = True
                tokens[i].read.append(finding)
            if finding is None:
                continue
            first, last = match.places[0], match.places[-1]
            words = text[tokens[first].start : tokens[last].start + len(tokens[last].text)]
            state: State = "present" if denies else scopes.state(first, last)
            yield Mention(finding, " ".join(words.split()), state, tokens[first].start)

    def _still_worth_reading(self, finding: str | None, match: _Match, tokens: list[_Token]) -> bool:
        """Tell whether a word inside a longer term says something by itself, as both words of 'knee pain' do."""
        if finding is None or len(match.places) > 1:
            return False
        group = self.knowledge.groups[self.knowledge.findings[finding].group]
        for longer in tokens[match.places[0]].read:
            if longer is None or longer == finding or finding in self.knowledge.ancestors[longer]:
                return False
            if group.anatomy and not self.knowledge.groups[self.knowledge.findings[longer].group].local:
                return False
        return group.anatomy or group.plain

    def _denied(self, text: str, tokens: list[_Token], match: _Match, scopes: Scopes) -> Iterator[Mention]:
        """Yield that a finding is absent, from a phrase that says so, unless the phrase itself is denied."""
        first, last = match.places[0], match.places[-1]
        own = any(denial(scopes.words, i) for i in match.places)  # "not affected" is the denial itself
        if match.term.finding and (own or scopes.state(first, last) != "absent"):
            for i in match.places:
                tokens[i].meant = True
            words = text[tokens[first].start : tokens[last].start + len(tokens[last].text)]
            yield Mention(match.term.finding, " ".join(words.split()), "absent", tokens[first].start)

    def _counted(self, tokens: list[_Token], mentions: list[Mention], text: str) -> Iterator[Mention]:
        """Yield what number and neighbourhood say: one deposit, several, one on both sides, one beside a joint."""
        language = self.knowledge.contents.language
        read = {mention.finding for mention in mentions}
        for i, token in enumerate(tokens):
            finding, fits = self._grammar(token, language)
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
        if language.many and not read & {language.one, language.many}:
            for token in tokens:
                if token.stem in self._counted_nouns and _is_plural(token.text.lower()):
                    yield Mention(language.many, token.text, "present", token.start)
                    break

    def _grammar(self, token: _Token, language: Language) -> tuple[str | None, Callable[[_Token], bool]]:
        """Return the finding that a small word may mean, and the test that the noun after it has to pass."""
        word = token.text.lower()
        if word in _ONE or word in _SEVERAL:
            several = word in _SEVERAL
            return (
                language.many if several else language.one,
                lambda noun: noun.stem in self._counted_nouns and _is_plural(noun.text.lower()) == several,
            )
        if word == "both":
            return language.both, lambda noun: _is_plural(noun.text.lower()) and self._is_place(noun.stem)
        if token.stem in self._beside:
            return language.beside_means, lambda noun: self._is_place(noun.stem, language.beside_what)
        return None, lambda _: False

    def _is_place(self, stem: str, within: str | None = None) -> bool:
        term = self._single.get(stem)
        if not term or not term.finding or (within and within not in self.knowledge.ancestors[term.finding]):
            return False
        return self.knowledge.groups[self.knowledge.findings[term.finding].group].anatomy

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
        """Yield what laboratory values and words such as 'normal calcium and phosphate' mean."""
        i = 0
        while i < len(tokens):
            found = self._analyte_at(tokens, i)
            if not found:
                i += 1
                continue
            analyte, end = found
            meaning, last, first = self._value_after(text, tokens, end, analyte, age, sex), end, i
            if meaning is None:
                word = self._qualifier(tokens, i, end)
                meaning = (_meaning(analyte, word[0]), word[1]) if word else None
                if word:
                    first = min(i, word[1])
            if meaning:
                finding, last = meaning
                last = max(last, end - 1)
                for k in range(i, max(end, last + 1 if last >= end else end)):
                    tokens[k].covered = tokens[k].meant = True
                    tokens[k].stem = ""
                tokens[first].meant = True
                start = tokens[min(first, i)].start
                stop = tokens[max(last, end - 1)]
                words = " ".join(text[start : stop.start + len(stop.text)].split())
                if finding:
                    yield Mention(finding, words, "present", start)
                for other in {analyte.above, analyte.below} - {finding, None}:
                    if finding is None or finding == analyte.within:
                        yield Mention(str(other), words, "absent", start)
            i = end

    def _analyte_at(self, tokens: list[_Token], i: int) -> tuple[Analyte, int] | None:
        for size in (4, 3, 2, 1):
            name = " ".join(fold(token.text) for token in tokens[i : i + size] if token.text[0].isalnum())
            if i + size <= len(tokens) and name in self._analytes and tokens[i].text[0].isalnum():
                if size == 1 and len(tokens[i].text) < 3 and not any(c.isupper() for c in tokens[i].text):
                    continue
                return self._analytes[name], i + size
        return None

    def _value_after(
        self, text: str, tokens: list[_Token], end: int, analyte: Analyte, age: float | None, sex: Sex | None
    ) -> tuple[str | None, int] | None:
        """Return what the number that follows an analyte means, and the place of its last token."""
        allowed = {"was", "is", "of", "at", "level", ":", "=", "(", "serum", "adjusted", "corrected", "<", ">", "value", "total", "high", "low",
                   "normal", "raised", "elevated"}  # fmt: skip
        k = end
        while k < len(tokens) and k < end + 4 and tokens[k].text.lower() in allowed:
            k += 1
        if k >= len(tokens):
            return None
        number = _NUMBER.match(text, tokens[k].start)
        if not number or not tokens[k].text[0].isdigit():
            return None
        value = float(number.group().replace(",", "."))
        rest = text[number.end() : number.end() + 14]
        unit = re.match(r"\s*([a-zA-Z\u00b5\u03bc%]+(?:\s?/\s?[a-zA-Z0-9.]+(?:\s?m2)?)?)", rest)
        named = unit.group(1).replace(" ", "").replace("\u00b5", "u").replace("\u03bc", "u").lower() if unit else ""
        units = {name.lower().replace("\u00b5", "u").replace("\u03bc", "u"): factor for name, factor in analyte.units.items()}
        stop_at = number.end()
        if named in units:
            candidates = [value * units[named]]
            stop_at = number.end() + (unit.end() if unit else 0)
        elif re.match(r"\s*[/-]\s*\d|\s*(?:weeks?|months?|days?|years?|cm|mm)\b", rest):
            return None
        else:
            candidates = [value * factor for factor in units.values()]
        low, high = analyte.plausible
        meanings = {_judged(analyte, item, age, sex) for item in candidates if low <= item <= high}
        last = k
        while last + 1 < len(tokens) and tokens[last + 1].start < stop_at:
            last += 1
        return (meanings.pop(), last) if len(meanings) == 1 else None

    def _qualifier(self, tokens: list[_Token], start: int, end: int) -> tuple[str, int] | None:
        """Return low, normal or high as said of the analyte before or after it, across a list, with its place."""
        for k in range(start - 1, max(-1, start - 14), -1):
            word = tokens[k].text.lower()
            sense = _sense(word)
            if sense and tokens[k + 1].text != ",":
                opposed = k and tokens[k - 1].text.lower() in ("not", "no", "nor") and sense != "normal"
                return ("normal" if opposed else sense), k
            if sense or not (word in _JOINING or any(self._analyte_at(tokens, j) for j in range(max(0, k - 2), k + 1))):
                break
        for k in range(end, min(len(tokens), end + 12)):
            word = tokens[k].text.lower()
            sense = _sense(word)
            if sense:
                return sense, k
            if word not in _JOINING | {
                "is",
                "was",
                "were",
                "are",
                "all",
                "a",
                "little",
                "very",
                "slightly",
                "mildly",
                "within",
                "limits",
                "(",
            } and not self._analyte_at(tokens, k):
                break
        return None

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


def _sense(word: str) -> str | None:
    return "low" if word in _LOW else "normal" if word in _NORMAL else "high" if word in _HIGH else None


def _meaning(analyte: Analyte, sense: str) -> str | None:
    return {"low": analyte.below, "normal": analyte.within, "high": analyte.above}[sense]


def _judged(analyte: Analyte, value: float, age: float | None, sex: Sex | None) -> str | None:
    """Return the finding that a value in the base unit means, by the reference range for the sex."""
    if age is not None and age < analyte.min_age:
        return None
    low, high = analyte.by_sex.get(sex, (analyte.low, analyte.high)) if sex else (analyte.low, analyte.high)
    if low is not None and value < low:
        return analyte.below
    return analyte.above if high is not None and value > high else analyte.within


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

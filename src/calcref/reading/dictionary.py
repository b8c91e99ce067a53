"""The dictionary of the reader: the knowledge base's own terms by their words, and where they stand in a text.

Terms are matched by their words, in any order and within a short reach, the longest first; spelling, plural and one slip of
the keyboard are folded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from calcref.knowledge.names import fold, words_of

from .cues import DENIALS, denial
from .laboratory import Laboratory
from .negation import CLAUSE_END

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Group

ADJECTIVES = 2
"""Commas among the adjectives of a noun: 'fixed, hard, painless lump'."""

REACH, REVERSED_REACH = 3, 2
"""Words of content that may stand between the words of a term, in their order and in another."""

LINE = "(dictionary)"
"""The line of an index that has the dictionary."""

SHORTEST_NAME = 3
"""Letters of an abbreviation that names a cause by itself."""

MOST_SLIPS = 20_000
"""Unknown words whose correction is remembered."""

SHORTEST_SLIP, SHORTEST_SLIP_OF_A_LETTER = 7, 9
"""Letters of the shorter of two words that may be one word and its slip; more if a letter is another one."""

_TOKEN = re.compile(r"\d+[.,]\d+|[^\W_]+(?:['\u2019][^\W_]+)*|[.;:!?,()\n/]|[<>=]")
_AROUND = re.compile(r"\s+(?:the|an?|each|both|all|its|his|her|this|it)\b", re.IGNORECASE)
"""What follows 'round' where it says where something is."""
_VERDICTS = frozenset("normal preserved intact free negative clear low high raised".split())
_MADE = ("ified", "alised", "alized")
"""Ends of what is said of a noun that follows: 'calcified', 'mineralised'."""
_ABBREVIATED = frozenset("ant post lat med prox dist sup inf approx incl mr mrs dr".split())
"""What a full stop shortens, and does not end a clause."""
_TURNS = frozenset("but however although whereas except".split())


@dataclass(slots=True)
class Token:
    """A word or a sign of a text, and what has been done with it: read for some findings, blocked for others, or only understood,
    perhaps as the age or the sex of the patient. `word` is its text in lower case.
    """

    text: str
    word: str
    start: int
    stem: str
    clause: int
    covered: bool = False
    meant: bool = False
    patient: bool = False
    read: list[str] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)


class Term(NamedTuple):
    """A term of the dictionary: what it means for a finding.

    It states the finding, denies it, or only looks as if it stated it and so blocks it; one that names has a cause in its place.
    The words of an `exact` term stand side by side, small words too.
    """

    stems: tuple[str, ...]
    finding: str
    exact: bool
    use: Literal["states", "denies", "blocks", "names"]


Match = tuple[Term, tuple[int, ...]]
"""A term, and the places of its words in a text."""


class Dictionary:
    """The terms of one knowledge base, from its index or made anew. `single` has the finding that a stem states by itself."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.language = language = knowledge.contents.language
        self._same = {fold(word): fold(first) for first, words in language.same.items() for word in words}
        self._stems: dict[str, str] = {}
        self.filler = frozenset(map(fold, language.filler))
        self.ordinary = frozenset(map(fold, language.ordinary)) | self.filler
        stored = knowledge.line(LINE) or self.stored()
        self.known = frozenset(stored["known"])
        self._spelt = self.known.union(stored["spelt"], self.ordinary)
        self.single: Mapping[str, str] = stored["single"]
        self._stored_terms: Mapping[str, list[Any]] = stored["terms"]
        self._terms_with = lru_cache(None)(self._made)
        self._corrected = lru_cache(MOST_SLIPS)(self._slip_of)
        self.counted, self.looked_at = self.stems(language.counted), self.stems(language.looked_at)
        self.not_looked_at = self.stems(language.not_looked_at)

    def _made(self, stem: str) -> tuple[Term, ...]:
        """Return the terms of which `stem` is the rarest word."""
        return tuple(Term(tuple(stems), *rest) for stems, *rest in self._stored_terms.get(stem, ()))

    def stored(self) -> dict[str, Any]:
        """Return the terms as an index keeps them: the `known` stems, others that are `spelt` right, the findings that a `single`
        one states, and the other `terms` by the rarest of their stems, each as its stems, its finding, whether it is exact, and
        its use.
        """
        terms = list(self._terms())
        often = Counter(chain.from_iterable(set(term.stems) for term in terms))
        known = sorted(often)
        often.update(dict.fromkeys(self.filler, len(terms)))
        single: dict[str, str] = {}
        by_stem: dict[str, list[Term]] = {}
        for term in terms:
            if len(term.stems) == 1 and term.use == "states":
                single[term.stems[0]] = term.finding
            else:
                by_stem.setdefault(min(term.stems, key=often.__getitem__), []).append(term)
        described = chain.from_iterable((c.words.usual, c.words.often) for c in self.knowledge.conditions.values())
        spelt = sorted(self.stems(words_of(" ".join(described))).difference(known))
        return {"known": known, "spelt": spelt, "single": single, "terms": by_stem}

    def _terms(self) -> Iterator[Term]:
        """Yield the terms of the dictionary; where two findings share a phrase, the later one has it."""
        findings = self.knowledge.findings.values()
        phrases = [p for f in findings for p in (f.id, f.label, *f.aliases, *f.not_aliases, *f.absent_aliases)]
        phrases += [p for c in self.knowledge.conditions.values() for p in (c.id, c.name, *c.aliases)]
        self.learn(words_of("\n".join(phrases)))
        results = Laboratory(self.knowledge.laboratory.values())
        measured = {f for a in self.knowledge.laboratory.values() for f in (a.below, a.within, a.above, *a.at_least, *a.at_most)}
        states: dict[tuple[str, ...], Term] = {}
        for finding in findings:
            own = finding.id.replace("-", " ")
            for phrase in (own, finding.label, *finding.aliases):
                stems, exact = self._content(phrase, phrase in (own, finding.label))
                if finding.id in measured and len(stems) > 1 and results.reads(phrase):
                    continue  # 'low calcium' is read by the grammar of laboratory values
                if len(stems) > 1 or (stems and stems[0] not in self.ordinary):
                    states[stems] = Term(stems, finding.id, exact, "states")
            for phrase in finding.absent_aliases:
                stems, exact = self._content(phrase)
                yield Term(stems, finding.id, exact, "denies")
            for phrase in finding.not_aliases:
                stems = tuple(map(self.stem, words_of(phrase)))
                if len(stems) > 1:
                    yield Term(stems, finding.id, True, "blocks")
        yield from states.values()
        yield from self._names(states)

    def _names(self, states: Container[tuple[str, ...]]) -> Iterator[Term]:
        """Yield the names of causes that are no names of findings, nor say in plain words where calcium is."""
        counted = self.stems((*self.language.counted, *self.language.looked_at))
        for condition in self.knowledge.conditions.values():
            for phrase in (condition.id.replace("-", " "), condition.name.partition(" (")[0], *condition.aliases):
                stems = tuple(map(self.stem, words_of(phrase)))
                whole = len(stems) > 1 or phrase == condition.id or (phrase.isupper() and len(phrase) >= SHORTEST_NAME)
                if whole and stems not in states and counted.isdisjoint(stems):
                    yield Term(stems, condition.id, True, "names")

    def learn(self, words: Iterable[str]) -> None:
        """Find the stems of many words, in lower case, at once: several times quicker than one by one."""
        plain = [word for word in dict.fromkeys(words) if word.isalnum() and word.isascii()]
        folded = fold(" ".join(plain)).split()
        self._stems.update((word, self._same.get(stem, stem)) for word, stem in zip(plain, folded, strict=True))

    def stem(self, word: str) -> str:
        """Return the word by which all spellings, forms and synonyms of `word` go."""
        word = word.lower()
        stem = self._stems.get(word)
        if stem is None:
            stem = fold(re.sub(r"['\u2019]s$", "", word))
            stem = self._same.get(stem, stem)
        return stem

    def stems(self, words: Iterable[str]) -> frozenset[str]:
        """Return the words by which several words go."""
        return frozenset(map(self.stem, words))

    def group(self, finding: str) -> Group:
        """Return the group of a finding."""
        return self.knowledge.groups[self.knowledge.findings[finding].group]

    def is_part(self, finding: str) -> bool:
        """Tell whether a finding is a part of the body."""
        return self.group(finding).anatomy

    def is_where(self, stem: str) -> bool:
        """Tell whether a word by itself is a body part or a tissue."""
        finding = self.single.get(stem)
        return finding is not None and (self.is_part(finding) or self.group(finding).tissue)

    def is_look(self, stem: str) -> bool:
        """Tell whether a word by itself says how what is looked at looks or is spread."""
        group = self.group(self.single[stem]) if stem in self.single else None
        return group is not None and group.local and not (group.plain or group.anatomy or group.tissue)

    def is_deposit(self, token: Token) -> bool:
        """Tell whether a word is a noun for what is looked at, or another word for it."""
        return token.stem in self.counted or token.stem in self.looked_at

    def _content(self, phrase: str, whole: bool = False) -> tuple[tuple[str, ...], bool]:
        """Return the words of content of a phrase and False, or all its words and True if it can only be read as it stands."""
        words = words_of(phrase)
        stems = tuple(map(self.stem, words))
        content = tuple(dict.fromkeys([stem for stem in stems if stem not in self.filler]))
        if len(stems) > 1 and (whole or len(content) < 2 or (words[0] in DENIALS and denial(words, 0))):
            return stems, True
        return content, False

    def _stem_as_meant(self, word: str) -> str:
        """Return the stem of a word, or of the one that it most likely is a slip of; a sign stands for itself."""
        stem = self.stem(word) if word[0].isalnum() else word
        if stem not in self._spelt and len(stem) > 5 and stem.isalpha():
            stem = self._corrected(word.lower()) or self._corrected(stem) or stem
        return stem

    def tokens(self, text: str) -> list[Token]:
        """Return the words and signs of a text, with the clause that each stands in."""
        tokens: list[Token] = []
        stems: dict[str, str] = {}
        clause = 0
        for match in _TOKEN.finditer(text):
            word = match.group()
            if (
                word == "."
                and tokens
                and tokens[-1].word in _ABBREVIATED
                and text[match.end() : match.end() + 2].lstrip()[:1].islower()
            ):
                continue
            if word.lower() == "round" and _AROUND.match(text, match.end()):
                stem = self.stem("around")
            else:
                stem = stems.get(word) or stems.setdefault(word, self._stem_as_meant(word))
            tokens.append(Token(word, word.lower(), match.start(), stem, clause))
            decimal = word == "." and text[match.end() : match.end() + 1].isdigit()
            clause += (word in CLAUSE_END and not decimal) or word.lower() in _TURNS
        return tokens

    @cached_property
    def _spelling(self) -> Mapping[str, list[str]]:
        """The longer known words by their first and by their last three letters: one slip spares one end."""
        spelling: dict[str, list[str]] = {}
        for word in self.known:
            if len(word) > 5 and word.isalpha():
                for end in (word[:3], word[-3:]):
                    spelling.setdefault(end, []).append(word)
        return spelling

    def _slip_of(self, stem: str) -> str | None:
        """Return the one known word that differs from `stem` by a slip of the keyboard, or None."""
        near = {word for end in (stem[:3], stem[-3:]) for word in self._spelling.get(end, ())}
        found = [word for word in near if word[0] == stem[0] and _one_slip(stem, word)]
        return self._same.get(found[0], found[0]) if len(found) == 1 else None

    def matches(self, tokens: list[Token]) -> list[Match]:
        """Return where terms stand in a text: first what only looks like a term, then the longest and closest."""
        content = [i for i, token in enumerate(tokens) if token.text[0].isalnum() and token.stem not in self.filler]
        said = {token.stem for token in tokens}
        order = -1
        matches: list[Match] = []
        for i, token in enumerate(tokens):
            order += token.stem not in self.filler and token.text[0].isalnum()
            if token.stem in self.single:
                matches.append((Term((token.stem,), self.single[token.stem], False, "states"), (i,)))
            for term in self._terms_with(token.stem):
                if said.issuperset(term.stems):
                    reach = len(term.stems) + REACH
                    window = content[max(0, order - reach + 1) : order + reach]
                    found = _side_by_side(term, i, tokens) if term.exact else self._around(term, i, tokens, window)
                    if found:
                        matches.append((term, found))

        def order_of(match: Match) -> Any:
            term, places = match
            return term.use != "blocks", -len(places), places[-1] - places[0], places, term.finding

        return sorted(matches, key=order_of)

    def _around(self, term: Term, start: int, tokens: Sequence[Token], window: Sequence[int]) -> tuple[int, ...] | None:
        """Return the places of the words of `term` nearest to `start` in its clause, within the reach of the term, or None."""
        free = [i for i in window if tokens[i].clause == tokens[start].clause]
        taken: list[int] = []
        for stem in term.stems:
            options = [i for i in free if tokens[i].stem == stem]
            if not options:
                return None
            taken.append(min(options, key=lambda i: (abs(i - start), any(token.word == "," for token in tokens[i:start]))))
        places = tuple(sorted(taken))
        if "like" in term.stems[1:] and any(tokens[i].stem == "like" and i - 1 not in places for i in places):
            return None  # 'grape-like lucencies in bone' is not bone-like
        ordered, between = places == tuple(taken), [token.word for token in tokens[places[0] : places[-1]]]
        if "," in between and not (ordered and between.count(",") <= ADJECTIVES and self._are_adjectives(tokens, places)):
            return None
        if not self.is_deposit(tokens[places[-1]]) and any(
            place + 1 not in places and self.is_deposit(tokens[place + 1]) and self.is_look(tokens[place].stem)
            for place in places[:-1]
        ):
            return None  # 'diffuse calcification, hip pain' is no diffuse pain
        gap = free.index(places[-1]) - free.index(places[0]) + 1 - len(places)
        if not ordered and gap and "and" in between:
            return None  # 'a dense line in the tissue and branching specks' is no branching line
        return places if gap <= (REACH if ordered else REVERSED_REACH) else None

    def _are_adjectives(self, tokens: Sequence[Token], places: Sequence[int]) -> bool:
        """Tell whether words that commas part may all be said of one thing: 'fixed, hard, painless lump'.

        'Swelling gone, calcified' does not say that something calcified has gone, nor 'mobile, skin normal' that the skin is mobile.
        Of 'iron infusion, calcified arteries' calcium is no part, nor of 'lump, nodes not enlarged' the nodes of the lump.
        """
        last, comma = tokens[places[-1]], max(i for i in range(places[0], places[-1]) if tokens[i].word == ",")
        if last.word.endswith(_MADE) or last.word in _VERDICTS or any(self.is_where(tokens[i].stem) for i in places):
            return False
        if last.stem in self.looked_at:  # its adjectives stand right before a comma, and one of them before it
            return tokens[places[0] + 1].word == "," and comma + 1 < places[-1]
        between = tokens[comma : places[-1]]
        listed = any(token.word == "and" for token in between)  # "muscles, vessels and viscera are spared"
        return listed or self.is_deposit(last) or not any(self.is_where(token.stem) for token in between)


@lru_cache(maxsize=4)
def dictionary(knowledge: KnowledgeBase) -> Dictionary:
    """Return the dictionary of a knowledge base, made once."""
    return Dictionary(knowledge)


def _side_by_side(term: Term, place: int, tokens: Sequence[Token]) -> tuple[int, ...] | None:
    """Return the places of all words of `term`, in its order and with nothing between, around `place`, or None."""
    for offset, stem in enumerate(term.stems):
        first = place - offset
        if stem == tokens[place].stem and first >= 0 and first + len(term.stems) <= len(tokens):
            places = range(first, first + len(term.stems))
            if all(tokens[i].stem == own for i, own in zip(places, term.stems, strict=True)):
                return tuple(places)
    return None


def _one_slip(a: str, b: str) -> bool:
    """Tell whether two words differ by one letter more, less, or other, or by two neighbours exchanged.

    Short words are too near to others that are spelt right ('shallow', 'swallow'), the more so if a letter is another one.
    """
    if abs(len(a) - len(b)) > 1:
        return False
    least, start = min(len(a), len(b)), 0
    while start < least and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    if len(a) == len(b):
        exchanged = a[2:] == b[2:] and a[:2] == b[1::-1]
        return (least >= SHORTEST_SLIP and exchanged) or (least >= SHORTEST_SLIP_OF_A_LETTER and a[1:] == b[1:])
    return least >= SHORTEST_SLIP and (a[1:] == b if len(a) > len(b) else a == b[1:])

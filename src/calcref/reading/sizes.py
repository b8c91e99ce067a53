"""What sizes say: a large mass or a small one, one that has grown, a wide vessel; and of what a size is told."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from .mentions import Mention
from .negation import CLAUSE_END

if TYPE_CHECKING:
    from .dictionary import Dictionary, Token
    from .negation import Scopes, State

_SIZE = re.compile(
    r"(?:\d+(?:[.,]\d+)?[\s-]*(?:x|by|\u00d7|cm|mm)?\s*){1,3}(?<=[\d\s-])(cm|mm)\b"
    r"(?!\s*(?:/|hg|in the (?:first )?hour|long|tall|high|from|above|below|in length|in height))",  # no length, height or distance
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
NEAR = 40
"""Characters between a size and the word it is of, and between two sizes of one thing."""

_BEYOND = re.compile(r"(?:[>\u2265]|\b(?:over|than|above|exceeding|exceeds|beyond))\s*$", re.IGNORECASE)
"""What stands before a size that is only the least: 'over 5 cm'."""

_NOW = re.compile(r"\b(?:now|today|current|currently|at present)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:comparison|prior|previous(?:ly)?)\b[^.]*$", re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|prev\w*|formerly|initially|prior|before|earlier)\b", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?:ago|prev\w*|before|earlier|last (?:week|month|year|time|film|ct|scan)|on (?:the )?(?:prev\w*|prior|last|old)"
    r"|in (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\w*|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BREAK = re.compile(r"[,;(]")
_WAS_BARE = re.compile(r"\s*\((?:was|prev\w*)\s(\d+(?:[.,]\d+)?)\)", re.IGNORECASE)
"""Words that tell today's size from an earlier one: '3 cm in 2022, now 6 cm', '6 cm (4 cm on previous)', '62 mm (was 41)'."""

GROWN = 1.2
"""How many times its earlier size a mass has that has grown; two measurements of one thing differ by less."""

_ENDS = frozenset(
    """in within of the into from beneath under below at on over with by to above behind near beside arising lying that which is are was
    were and or""".split()
)
"""Words behind which another thing is named than that which has the size."""

_HOW = frozenset("and now still getting gradually slowly rapidly quickly fast steadily in size it is".split())
"""Words beside which a word for growth says only that."""

NOUN_AFTER, NOUN_BEFORE = 5, 4
"""Words behind and before a size among which the noun stands that it is of."""


class _Size(NamedTuple):
    """A size in a text: where it is, its words and its largest extent in centimetres."""

    start: int
    end: int
    words: str
    centimetres: float


def sizes(text: str) -> Iterator[_Size]:
    """Yield each size in a text."""
    for found in _SIZE.finditer(text):
        largest = max(float(number.replace(",", ".")) for number in _NUMBER.findall(found.group()))
        yield _Size(found.start(), found.end(), found.group(), largest / 10 if found.group(1).lower() == "mm" else largest)


class Sizes:
    """The nouns of one dictionary that sizes are told of."""

    def __init__(self, words: Dictionary) -> None:
        self._words, self._language = words, words.language
        self._masses, self._beside = words.stems(words.language.large_of), frozenset(words.language.beside)
        self._growing = frozenset(words.language.growing)

    def mentions(self, text: str, tokens: Sequence[Token]) -> Iterator[Mention]:
        """Yield what sizes say of a mass, named in their clause or before it: 'a lump. It measures 12 cm', or of a wide vessel."""
        language = self._language
        masses = {token.clause for token in tokens if token.stem in self._masses}
        nouns = {token.clause for token in tokens if token.stem in self._words.counted}
        starts = [token.start for token in tokens]
        first_mass = min(masses, default=len(tokens))
        broad = [
            token.start
            for i, token in enumerate(tokens)
            if token.word in language.broad and self._beside.isdisjoint(before.word for before in tokens[max(0, i - 3) : i])
        ]
        found = [*sizes(text)] if masses or broad else []
        earlier = dict(_earlier(text, found))
        of_then = set(earlier.values())
        for size in found:
            place = bisect_right(starts, size.start) - 1
            clause = tokens[place].clause
            around = broad[bisect_left(broad, size.start - NEAR) : bisect_right(broad, size.start + NEAR)]
            near = size not in of_then and any(tokens[bisect_left(starts, start)].clause == clause for start in around)
            if near and clause not in masses and size.centimetres >= language.broad_from:
                yield Mention(str(language.broad_means), size.words, "present", size.start)
                continue
            then = earlier.get(size)
            compared = then is not None and tokens[bisect_right(starts, then.start) - 1].clause in masses
            of_mass = clause in masses or compared or (clause not in nouns and first_mass < clause)
            if not of_mass or size in of_then or self._is_of_another(tokens, place, bisect_right(starts, size.end - 1)):
                continue
            beyond = _BEYOND.search(text[max(0, size.start - NEAR) : size.start]) or text.startswith("+", size.end)
            large = size.centimetres > language.large_from or (beyond and size.centimetres == language.large_from)
            state: State = "present" if large else "absent"
            yield Mention(str(language.large), size.words, state, size.start)
            if then and language.grown and size.centimetres >= GROWN * then.centimetres:
                yield Mention(language.grown, f"{then.words} ... {size.words}", "present", size.start)

    def growing(self, tokens: Sequence[Token], scopes: Scopes) -> Iterator[Mention]:
        """Yield that a mass grows where a part of the text says only that: 'a lump, hard, fixed, growing'."""
        part: list[tuple[int, Token]] = []
        mass = False
        for place, token in enumerate([*tokens, None]):
            if token is not None and token.text != "," and token.text not in CLAUSE_END:
                part.append((place, token))
                continue
            said = next((where for where, word in part if word.word in self._growing), None)
            lone = all(word.word in self._growing or word.word in _HOW for _, word in part)
            if mass and said is not None and lone and self._language.grown and not tokens[said].read and scopes.is_of_patient(said):
                tokens[said].meant = True
                yield Mention(self._language.grown, tokens[said].text, "present", tokens[said].start)
            mass = mass or any(word.stem in self._masses for _, word in part)
            part = []

    def _is_of_another(self, tokens: Sequence[Token], first: int, after: int) -> bool:
        """Tell whether the size from `first` to before `after` is that of another noun: 'a 2 cm node', 'femoral vein 9 mm'."""
        behind = [*takewhile(self._goes_on, tokens[after : after + NOUN_AFTER])]
        before = [*takewhile(self._goes_on, reversed(tokens[max(0, first - NOUN_BEFORE) : first]))]
        for words in (behind, before):
            for token in words:
                if token.word in self._language.parts_of_mass:
                    return True
                if token.stem in self._masses:
                    return False
            if any(map(self._is_other, words)):
                return True
        return False

    @staticmethod
    def _goes_on(token: Token) -> bool:
        """Tell whether a word may belong to the noun that has the size."""
        return token.text[0].isalnum() and token.word not in _ENDS

    def _is_other(self, token: Token) -> bool:
        """Tell whether a word is a tissue, or what else may have a size of its own."""
        finding = self._words.single.get(token.stem, "")
        return token.stem in self._words.not_looked_at or (bool(finding) and self._words.group(finding).tissue)


def _earlier(text: str, found: Sequence[_Size]) -> Iterator[tuple[_Size, _Size]]:
    """Yield each size of today with the earlier one of the same thing."""
    for one, other in pairwise(found):
        between, tail = text[one.end : other.start], _BREAK.split(text[other.end : other.end + NEAR].replace(")", ","))[0]
        if len(between) > NEAR:
            continue
        if "." in between:
            if _NOW.search(between.rsplit(".", 1)[1]) or _COMPARED.search(text, max(0, one.start - 2 * NEAR), one.start):
                yield other, one
            continue
        behind, *before = _BREAK.split(between, maxsplit=1)
        years = _YEAR.findall(behind), _YEAR.findall(tail)
        if all(years):
            then = years[0] < years[1]
        elif _NOW.search(before[0] if before else between) or _NOW.search(tail):
            then = True
        elif _NOW.search(behind) or _WAS.search(before[0] if before else between) or _AGO.search(tail):
            then = False
        elif _AGO.search(behind):
            then = True
        else:
            continue
        yield (other, one) if then else (one, other)
    for size in found:
        was = _WAS_BARE.match(text, size.end)
        if was:
            then_was = float(was.group(1).replace(",", ".")) * (0.1 if size.words.lower().endswith("mm") else 1)
            yield size, _Size(was.start(1), was.end(1), was.group(1), then_was)

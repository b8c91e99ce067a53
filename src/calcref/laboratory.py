"""Laboratory values in running English: "Ca 2.3 mmol/L", "PTH 1,340 pg/ml", "normal calcium and phosphate", "CRP not raised"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import takewhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from .names import fold
from .negation import words_of

if TYPE_CHECKING:
    from .model import Analyte, Sex

Sense = Literal["low", "normal", "high"]
Named = Callable[[int], "tuple[list[Analyte], int] | None"]
"""What is named at a place of a text, and where the name ends."""

_SENSES: Mapping[str, Sense] = {
    **dict.fromkeys(["low", "reduced", "decreased", "suppressed", "undetectable", "deficient", "depressed"], "low"),
    **dict.fromkeys(["normal", "unremarkable", "undisturbed"], "normal"),
    **dict.fromkeys(["high", "raised", "elevated", "increased"], "high"),
}
_SENSES_AFTER: Mapping[str, Sense] = {**_SENSES, "up": "high", "down": "low"}
_LIST = frozenset(("and", "or", ",", "/", "&", "nor"))
_SMALL = frozenset(
    (
        "the serum blood plasma total of also both all a little very slightly mildly markedly moderately clearly persistently "
        "repeatedly always still is was were are has have had be been too stayed stays remained remains remain found proved to in grossly "
        "range reference often once at times within limits level levels concentration concentrations value values result results ( ) : ="
    ).split()
)
_BEFORE_NUMBERS = frozenset("< > at adjusted corrected that above below over under about around risen fallen peaked as".split())
_GOES_ON = _LIST | _SMALL | _SENSES.keys()
_NEGATIONS = frozenset(("not", "no", "nor", "never"))
_URINE = frozenset(("urine", "urinary", "24", "24h", "24hr", "excretion"))
_BREAKS = frozenset(",;.")
_NEAR_URINE = 4
"""Words before an analyte among which the urine is named if that is what was measured."""

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_UNIT = re.compile(r"\s*\u00b0?([a-zA-Z\u00b5\u03bc%]+(?:\s?/\s?(?:\d+(?:\.\d+)?\s?)?[a-zA-Z]+\d?)*)")
_NOT_A_VALUE = re.compile(
    r"\s*(?:[/-]\s*\d|x\s*\d|(?:weeks?|months?|days?|years?|yrs?|cm|mm|times|units?|iu|mcg|micrograms?|tablets?)\b)", re.IGNORECASE
)
_VERBS = frozenset("is are was were remain remained all both within".split())
LONGEST_ITEM = 4
"""Words of something else in a list of results, such as 'renal function'."""

REACH = 20
"""Words between an analyte and the word that says low, normal or high, across a list of analytes."""

GUESSED_UNITS = 2
"""Units, in the order of the data, that a number without a unit may have."""


class Result(NamedTuple):
    """What a laboratory result means: findings present and absent, and the first and last token that say so."""

    present: str | None
    absent: tuple[str, ...]
    first: int
    last: int
    name: tuple[int, int]


class Laboratory:
    """The reference ranges of a knowledge base, by the names of their analytes."""

    def __init__(self, analytes: Iterable[Analyte]) -> None:
        self._by_name: dict[str, list[Analyte]] = {}
        for analyte in analytes:
            for name in {" ".join(map(fold, words_of(name))) for name in (analyte.name, *analyte.aliases)}:
                self._by_name.setdefault(name, []).append(analyte)

    def reads(self, words: Sequence[str]) -> bool:
        """Tell whether a phrase is the name of an analyte with a sense, such as 'low calcium'."""
        return any(fold(word) in self._by_name for word in words) and not _SENSES.keys().isdisjoint(words)

    def results(
        self, text: str, words: Sequence[str], starts: Sequence[int], age: float | None, sex: Sex | None
    ) -> Iterator[Result]:
        """Yield every result that a text states: `words` are its tokens as written, `starts` where they start, `age` is in years."""
        lower = [word.lower() for word in words]
        named = cache(partial(self._named, words))
        place = 0
        while place < len(words):
            found = named(place)
            if not found:
                place += 1
                continue
            analytes, end = found
            if not _of_urine(lower, place, end):
                result = self._value(text, lower, starts, place, end, analytes, age, sex) or self._word(
                    lower, named, place, end, analytes[0]
                )
                if result:
                    yield result
            place = end

    def _named(self, words: Sequence[str], place: int) -> tuple[list[Analyte], int] | None:
        for size in (4, 3, 2, 1):
            if place + size > len(words) or not (words[place][0].isalnum() and words[place + size - 1][0].isalnum()):
                continue
            name = " ".join(fold(word) for word in words[place : place + size] if word[0].isalnum())
            if name in self._by_name and not (size == 1 and len(name) < 3 and words[place].islower()):
                return self._by_name[name], place + size
        return None

    def _value(
        self, text: str, lower: Sequence[str], starts: Sequence[int], place: int, end: int,
        analytes: Sequence[Analyte], age: float | None, sex: Sex | None,
    ) -> Result | None:  # fmt: skip
        """Return what the number after an analyte means, if it can mean one thing only."""
        k = end
        while k < min(len(lower), end + 4) and (lower[k] in _SMALL or lower[k] in _SENSES or lower[k] in _BEFORE_NUMBERS):
            k += 1
        number = _NUMBER.match(text, starts[k]) if k < len(lower) else None
        if number is None:
            return None
        digits = number.group()
        value = float(digits.replace(",", "") if re.search(r",\d{3}$", digits) else digits.replace(",", "."))
        unit = _UNIT.match(text, number.end())
        named = _plain_unit(unit.group(1)) if unit else ""
        meanings: set[tuple[str | None, tuple[str, ...]]] = set()
        stop = number.end()
        for analyte in analytes:
            units = {_plain_unit(name): factor for name, factor in analyte.units.items()}
            if named in units and unit:
                factors, stop = [units[named]], unit.end()
            elif _NOT_A_VALUE.match(text, number.end()) or any(named in map(_plain_unit, other.units) for other in analytes):
                continue
            else:
                factors = list(units.values())[:GUESSED_UNITS]
            low, high = analyte.plausible
            meanings |= {_judged(analyte, value * factor, age, sex) for factor in factors if low <= value * factor <= high}
        if len(meanings) != 1:
            return None
        present, absent = meanings.pop()
        return Result(present, absent, place, bisect_left(starts, stop, k + 1) - 1, (place, end))

    def _word(self, lower: Sequence[str], named: Named, place: int, end: int, analyte: Analyte) -> Result | None:
        """Return what low, normal or high before or after an analyte means, across a list."""
        said = end
        while said < len(lower) and lower[said] in _SMALL | _NEGATIONS and lower[said] not in "()":
            said += 1
        sense = _SENSES_AFTER.get(lower[said]) if said < len(lower) else None
        if sense and not named(said + 1):
            return _result(analyte, _opposed(lower, said, sense), place, said, (place, end))
        for k in range(place - 1, max(-1, place - REACH), -1):
            sense = _SENSES.get(lower[k])
            if sense:
                if lower[k + 1] in (",", ")") or k in _ends_of_names(named, k):
                    break  # said of what stands before it
                return _result(analyte, _opposed(lower, k, sense), k, end - 1, (place, end))
            if not (lower[k] in _LIST or lower[k] in _SMALL or max(_ends_of_names(named, k), default=0) > k):
                break
        k = end
        while k < min(len(lower), end + REACH):
            sense = _SENSES_AFTER.get(lower[k])
            if sense:
                if named(k + 1) and lower[k - 1] in _LIST and k - 1 == end:
                    return None  # said of what follows
                return _result(analyte, _opposed(lower, k, sense), place, k, (place, end))
            following = named(k)
            if following:
                k = following[1]
            elif lower[k] in _LIST and (item := self._other_item(lower, k + 1)):
                k = item
            elif (
                lower[k] in _SMALL
                or lower[k] in _NEGATIONS
                or (lower[k][0].isdigit() and lower[k + 1 : k + 2] == ["("])
                or (lower[k] in _LIST and (not _GOES_ON.isdisjoint(lower[k + 1 : k + 2]) or named(k + 1)))
            ):
                k += 1
            else:
                return None
        return None

    def _other_item(self, lower: Sequence[str], place: int) -> int | None:
        """Return where an item of a list ends that is no analyte: a few words, before the next comma or a verb; else None."""
        for k in range(place, min(len(lower), place + LONGEST_ITEM + 1)):
            if lower[k] in _LIST or lower[k] in _VERBS or lower[k] in _SENSES:
                return k if k > place else None
            if not lower[k].isalpha():
                return None
        return None


def _ends_of_names(named: Named, place: int) -> set[int]:
    """Return where the names of analytes end that begin at a place or within the four tokens before it."""
    return {found[1] for start in range(max(0, place - 4), place + 1) if (found := named(start))}


def _of_urine(lower: Sequence[str], place: int, end: int) -> bool:
    """Tell whether an analyte, from `place` to `end`, is that of the urine: the urine is named just before it or 'in' it."""
    before = takewhile(lambda word: word not in _BREAKS, reversed(lower[max(0, place - _NEAR_URINE) : place]))
    after = lower[end : end + 3] if lower[end : end + 1] in (["in"], ["excretion"]) else []
    return not _URINE.isdisjoint([*before, *after])


def _opposed(lower: Sequence[str], place: int, sense: Sense) -> Sense:
    return "normal" if place and lower[place - 1] in _NEGATIONS and sense != "normal" else sense


def _plain_unit(unit: str) -> str:
    return unit.replace(" ", "").replace("\u00b0", "").replace("\u00b5", "u").replace("\u03bc", "u").lower()


def _result(analyte: Analyte, sense: Sense, first: int, last: int, name: tuple[int, int]) -> Result | None:
    present, absent = _meaning(analyte, sense)
    return Result(present, absent, first, last, name) if present or absent else None


def _meaning(analyte: Analyte, sense: Sense) -> tuple[str | None, tuple[str, ...]]:
    """Return the finding that a sense means, and those that a normal value denies when no finding stands for normal."""
    present = {"low": analyte.below, "normal": analyte.within, "high": analyte.above}[sense]
    denied = (analyte.below, analyte.above) if sense == "normal" and not present else ()
    return present, tuple(finding for finding in denied if finding)


def _judged(analyte: Analyte, value: float, age: float | None, sex: Sex | None) -> tuple[str | None, tuple[str, ...]]:
    """Return what a value in the base unit means, by the reference range for age and sex."""
    low, high = analyte.by_sex.get(sex, (analyte.low, analyte.high)) if sex else (analyte.low, analyte.high)
    if age is not None and age < analyte.min_age:
        band = next((band for band in analyte.by_age if age < band[0]), None)
        if band is None:
            return None, ()
        low, high = band[1:]
    if low is not None and value < low:
        return _meaning(analyte, "low")
    return _meaning(analyte, "high" if high is not None and value > high else "normal")

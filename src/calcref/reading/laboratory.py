"""Laboratory values in running English: "Ca 2.3 mmol/L", "PTH 1,340 pg/ml", "normal calcium and phosphate", "CRP not raised"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import accumulate, product, takewhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from calcref.knowledge.names import fold, words_of

if TYPE_CHECKING:
    from calcref.knowledge.model import Analyte, Sex

Sense = Literal["low", "normal", "high", "not low", "not high"]
Named = Callable[[int], "tuple[list[Analyte], int] | None"]
"""What is named at a place of a text, and where the name ends."""

_SENSES: Mapping[str, Sense] = {
    **dict.fromkeys(["low", "reduced", "decreased", "suppressed", "undetectable", "deficient", "depressed"], "low"),
    **dict.fromkeys(["normal", "unremarkable", "undisturbed", "satisfactory", "ordinary", "wnl", "nad"], "normal"),
    **dict.fromkeys(["high", "hi", "raised", "elevated", "increased"], "high"),
}
_SENSES_AFTER: Mapping[str, Sense] = {**_SENSES, "nl": "normal", "up": "high", "down": "low", "doubled": "high", "tripled": "high"}
_PHRASE = re.compile(
    r"""\b(?:
    (?P<low>on\ the\ low\ side(?!\ of)
        |(?:well\ )?(?:below|under|beneath)\ (?:the\ )?(?:lower\ )?(?:reference\ )?(?:range|normal|limit|detection)
        |(?:barely|not)\ (?:measurable|detectable)|unmeasurable)
    |(?P<normal>(?:with|)in(?:side)?\ (?:the\ )?(?:normal\ |reference\ )?(?:range|limits|interval|reference|norm)|mid\ range
        |(?:on\ the\ )?(?:low|high)\ side\ of\ normal|back\ (?:to\ normal|in\ range)|(?:low|high|lower|upper)\ normal|upper\ limit\ of\ normal|nothing\ abnormal
        |not\ remarkable|without\ deviation|as\ expected|neither\ (?:high|raised)\ nor\ low|neither\ low\ nor\ high)
    |(?P<high>on\ the\ high\ side(?!\ of)|sky\ high|through\ the\ roof
        |(?:well\ )?(?:above|over)\ (?:the\ )?(?:upper\ )?(?:reference\ )?(?:range|normal|limit)
        |(?:(?:[\d.,]+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|dozens|several
            |many)\ (?:times|x|fold)|[\d.,]+x|twice|double)
        \ (?:the\ )?(?:upper(?:\ limit)?(?:\ of\ normal)?|normal|uln|limit))
    )(?!\S)""",
    re.VERBOSE,
)
"""Words that say low, normal or high together."""

_AT_THE_END: Mapping[str, Sense] = {
    "n": "normal",
    "fine": "normal",
    "ok": "normal",
    "okay": "normal",
    "negative": "normal",
    "h": "high",
    "l": "low",
}
"""Words that say so only where nothing follows."""

_LIST = frozenset(("and", "or", ",", "/", "nor"))
_SMALL = frozenset(
    (
        "the serum blood plasma total of also both all a little very v slightly sl mod mildly markedly moderately clearly persistently "
        "repeatedly always still is was were are has have had be been too stayed stays remained remains remain found proved to in grossly "
        "range reference often once at times within limits level levels concentration concentrations value values result results ( ) : = "
        "now today then again just well far borderline bit runs came back returned reported as previously "
        "inappropriately likewise currently stubbornly somewhat only lay lies stands stood "
        "consistently constantly chronically invariably presently marginally modestly massively enormously hugely vastly extremely "
        "strikingly tenfold twofold threefold fivefold nonetheless nevertheless ran running hovers flagged marked recorded"
    ).split()
) | {""}
BEFORE_NUMBERS = frozenset(
    "< > at adjusted corrected from dropped improved that above below over under about around risen fallen peaked as climbed rose fell reached crept up down".split()
)
"""Words between the name of an analyte and its number."""
_THERE = frozenset("the off into along onto its to".split())
"""Words after 'up', 'down' or 'raised' that make it a place: 'calcium down the artery'."""

_GOES_ON = _LIST | _SMALL | _SENSES.keys()
_NEGATIONS = frozenset(("not", "no", "nor", "never"))
_URINE = frozenset(("urine", "urinary", "24", "24h", "24hr", "excretion"))
_BREAKS = frozenset(",;.")
_PARTING = frozenset(",;.:!?\n")
_NEAR_URINE = 4
"""Words before an analyte among which the urine is named if that is what was measured."""

_UNSPACED = re.compile(r"(?<![\w-])([A-Za-z]{1,5})(\d+(?:\.\d+)?)(?![\w+])")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_UNIT = re.compile(r"\s*\u00b0?([a-zA-Z\u00b5\u03bc%]+(?:\s?/\s?(?:\d+(?:\.\d+)?\s?)?[a-zA-Z]+\d?)*)")
_NOT_A_VALUE = re.compile(
    r"[\s-]*(?:cm|mm|places|spots|areas|sites|bones|joints)\b|k\b|"
    r"\s*(?:%|[/-]\s*\d|x\s*\d|(?:lacs?|lakhs?|weeks?|months?|days?|years?|yrs?|cm|mm|times|units?|iu|mcg|micrograms?|tablets?)\b)",
    re.IGNORECASE,
)
_AGE_AND_SEX = re.compile(r"[fFmM](?![\w/])")
_STATED = re.compile(r"\s*[(\[]\s*([^()\[\]]{1,40})[)\]]")
_CALLED = re.compile(
    r"\s*[,=]?\s*(?:too\s|clearly\s|very\s)?(low|high|raised|elevated|increased|reduced|decreased|normal)(?=\s*(?:[.,;)]|for\s|$))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"({_NUMBER.pattern})\s*(?:-|\u2013|to)\s*({_NUMBER.pattern})")
_UP_TO = re.compile(rf"(?:up to|normal to|upper limit|less than|below|under|<)\D{{0,12}}({_NUMBER.pattern})", re.IGNORECASE)
_FROM = re.compile(rf"(?:from|lower limit|more than|above|over|>)\D{{0,12}}({_NUMBER.pattern})", re.IGNORECASE)
_LATER = re.compile(
    r"(?:\s?[a-z]+/[a-z]+)?(?:\s(?:in (?:19|20)\d\d|on admission|last (?:week|month|year)|\w+ (?:days?|weeks?|months?|years?) ago"
    r"|initially|previously|before))?(?:\s(?:pre|post|before|after|since)[\s-]?[a-z]+)?\s?[,;(]?\s?(?:and |but )?"
    r"(?:(?:now|today|currently|->|\u2192|(?:albumin[\s-])?(?:adjusted|corrected))\s?(?:is |at |to )?(\d+(?:[.,]\d+)?)"
    r"(?!\s?(?:y|yrs?|years?|yo|cm|mm|weeks?|months?)\b)|(\d+(?:[.,]\d+)?)\s(?:now|today|currently)\b)",
    re.IGNORECASE,
)
"""The value of today behind an earlier one, or the adjusted one: '3.4 in 2019, 2.4 now', '1.85 (adjusted 2.21)'."""

_FROM_TO = re.compile(r"(?:\s?[a-z]+/[a-z]+)?\s(?:down |up )?to\s(\d+(?:[.,]\d+)?)", re.IGNORECASE)
"""The second of two values: 'fell from 180 to 45'."""

_ITEM = re.compile(r"[.)](?=\s+[^\W\d])")
"""What follows the number of an item in a list."""

LONGEST_ENTRY = 200
"""Characters in an item of a numbered list."""

_SI = frozenset(("mmol/l", "pmol/l", "umol/l", "nmol/l"))
_CONVENTIONAL = frozenset(("mg/dl", "pg/ml", "ng/ml"))
_LESS = frozenset(("<", "below", "under"))
_OF_ALL = frozenset(("all", "both", "each", ":"))
_VERBS = frozenset("is are was were remain remained all both within".split())
LONGEST_ITEM = 4
"""Words of something else in a list of results, such as 'renal function'."""

LONGEST_OTHER_LY = 7
"""Letters of the longer words in -ly that are no adverbs: 'family', 'anomaly'."""

IMPLAUSIBLE = "cannot be right"
"""Why a value is handed back that nobody who lives has."""

LONGEST_NAME = 7
"""Tokens of the name of an analyte: '1,25(OH)2 vitamin D' has seven."""

REACH = 20
"""Words between an analyte and the word that says low, normal or high, across a list of analytes."""

_NUMBERED = re.compile(r"(?:(?:of|at|\(|:) )?\d")
"""What follows a word such as 'hypercalcaemia' if its value is told."""

GUESSED_UNITS = 2
"""Units, in the order of the data, that a number without a unit may have."""


class Result(NamedTuple):
    """What a laboratory result means: findings present and absent, and the first and last token that say so.

    It is `unclear`, and why, if its number has no unit and would mean one thing in one and another in another, or cannot be right.
    """

    present: tuple[str, ...]
    absent: tuple[str, ...]
    first: int
    last: int
    name: tuple[int, int]
    unclear: str = ""
    analyte: str = ""


class Laboratory:
    """The reference ranges of a knowledge base, by the names of their analytes."""

    def __init__(self, analytes: Iterable[Analyte]) -> None:
        self._by_name: dict[str, list[Analyte]] = {}
        self._states = set[str]()
        self._first_words: set[str] = set()
        self._instead_of: dict[str, tuple[str, ...]] = {}
        for analyte in analytes:
            self._instead_of[analyte.id] = analyte.instead_of
            self._states |= set(map(fold, analyte.states))
            names = {tuple(map(fold, words_of(name))) for name in (analyte.name, *analyte.aliases, *analyte.states)}
            self._first_words |= {name[0] for name in names}
            for name in names:
                self._by_name.setdefault(" ".join(name), []).append(analyte)

    def spaced(self, text: str) -> str:
        """Return a text with a blank between the name of an analyte and its number: 'CRP240', 'Ca2.9'; not 'C5', 'Ca2+'."""
        return _UNSPACED.sub(lambda found: " ".join(found.groups()) if self._is_result(*found.groups()) else found.group(), text)

    def _is_result(self, name: str, number: str) -> bool:
        return fold(name) in self._by_name and (len(name) > 2 or not number.isdigit())

    def reads(self, phrase: str) -> bool:
        """Tell whether a phrase is a result by itself, such as 'low calcium'."""
        words = [(match.group(), match.start()) for match in re.finditer(r"\w+", phrase)]
        return any(self.results(phrase, [word for word, _ in words], [start for _, start in words], None, None))

    def results(
        self, text: str, words: Sequence[str], starts: Sequence[int], age: float | None, sex: Sex | None
    ) -> Iterator[Result]:
        """Yield every result that a text states: `words` are its tokens as written, `starts` where they start, `age` is in years."""
        lower = ["" if _says_how(word) else word for word in _in_plain_words([word.lower() for word in words])]
        named = cache(partial(self._named, words))
        units: set[str] = set()
        for _ in range(2):  # the second time with all units that the text uses
            results = list(self._once(text, words, starts, age, sex, lower, named, units))
        replaced = {other for result in results if not result.unclear for other in self._instead_of[result.analyte]}
        yield from (result._replace(present=(), absent=()) if result.analyte in replaced else result for result in results)

    def _once(
        self, text: str, words: Sequence[str], starts: Sequence[int], age: float | None, sex: Sex | None,
        lower: Sequence[str], named: Named, units: set[str],
    ) -> Iterator[Result]:  # fmt: skip
        place = 0
        while place < len(words):
            found = named(place)
            if not found:
                place += 1
                continue
            analytes, end = found
            if lower[place - 1 : place] == ["x"] or (
                lower[end : end + 1] == ["x"] and "".join(lower[end + 1 : end + 2])[:1].isalpha()
            ):
                yield Result((), (), place, end - 1, (place, end), analyte=analytes[0].id)  # 'Ca x P 70' is a product of two
            elif not _of_urine(lower, place, end) or not _URINE.isdisjoint(words_of(analytes[0].name)):
                result = self._value(text, lower, starts, place, end, analytes, age, sex, units)
                if not result or result.unclear:
                    result = self._word(lower, named, place, end, analytes[0]) or result
                if result:
                    yield result._replace(analyte=analytes[0].id)
            place = end

    def _named(self, words: Sequence[str], place: int) -> tuple[list[Analyte], int] | None:
        if place >= len(words) or fold(words[place]) not in self._first_words:
            return None
        for size in range(LONGEST_NAME, 0, -1):
            if place + size > len(words) or not words[place + size - 1][0].isalnum():
                continue
            if not _PARTING.isdisjoint(words[place : place + size]):
                continue  # 'motion is free. Ca 2.5'
            name = " ".join(fold(word) for word in words[place : place + size] if word[0].isalnum())
            if name in self._states and not _NUMBERED.match(" ".join(words[place + size : place + size + 3])):
                continue
            if name in self._by_name and not (
                size == 1 and len(name) < 3 and words[place].islower() and not _measured(words, place)
            ):
                following = "".join(words[place + size : place + size + 1]).lower()
                analytes = [analyte for analyte in self._by_name[name] if following not in analyte.not_before]
                return (analytes, place + size) if analytes else None
        return None

    def _value(
        self, text: str, lower: Sequence[str], starts: Sequence[int], place: int, end: int,
        analytes: Sequence[Analyte], age: float | None, sex: Sex | None, units: set[str],
    ) -> Result | None:  # fmt: skip
        """Return what the number after an analyte means, by the range or the verdict that the text gives or by ours, if it can
        mean one thing only.

        `units` are those that the text has used so far: a number without one is first tried in them.
        """
        k = end
        while k < min(len(lower), end + 6) and (
            lower[k] in _SMALL or lower[k] in _SENSES or lower[k] in BEFORE_NUMBERS or lower[k : k + 2] == [",", "now"]
        ):
            k += 1
        number = _NUMBER.match(text, starts[k]) if k < len(lower) else None
        if number is None or _is_item(text, number):
            return None
        later = (_FROM_TO if lower[k - 1] == "from" else _LATER).match(text, number.end())
        if later:
            number = _NUMBER.match(text, later.start(later.lastindex or 0)) or number
            k = bisect_left(starts, number.start(), k)
        if _AGE_AND_SEX.match(text, number.end()):
            return None  # 'vitamin D, 52f'
        value = _number(number.group())
        unit = _UNIT.match(text, number.end())
        named = _plain_unit(unit.group(1)) if unit else ""
        known = [analyte for analyte in analytes if named in map(_plain_unit, analyte.units)]
        ends = [unit.end()] if unit and known else [number.end()]  # of 'Ca 2.9 PTH low' the second is no unit
        ends += [unit.end()] if unit and "/" in named else []
        stated = next((found for end in ends for form in (_STATED, _CALLED) if (found := form.match(text, end))), None)
        sense = _verdict(stated.group(1), value) if stated else None
        if stated and sense:
            analyte = (known or analytes)[0]
            result = _result(analyte, sense, place, bisect_left(starts, stated.end(), k + 1) - 1, (place, end))
            numbers = [value, *map(_number, _NUMBER.findall(stated.group(1)))]
            of_units = (factor for name, factor in analyte.units.items() if not known or _plain_unit(name) == named)
            low, high = analyte.plausible
            meant = next((value * factor for factor in of_units if all(low <= number * factor <= high for number in numbers)), None)
            more = _extremes(analyte, meant, sense) if meant is not None else ()
            return result and result._replace(present=(*result.present, *more))
        meanings: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
        stop = unit.end() if unit and known else number.end()
        thousands = [value * 1000] if re.fullmatch(r"\d{1,2}\.\d{3}", number.group()) else []  # 'ALP 1.250 U/l'
        for analyte, read in product(known or analytes, [value, *thousands]):
            low, high = analyte.plausible
            factors = {_plain_unit(name): factor for name, factor in analyte.units.items()}
            possible = [name for name, factor in factors.items() if low <= read * factor <= high]
            if not known:
                if _NOT_A_VALUE.match(text, number.end()):
                    continue
                first = list(factors)[: 1 if units & _SI else GUESSED_UNITS]
                if units & _CONVENTIONAL:
                    first = [name for name in first if name not in _SI]
                possible = [name for name in possible if name in units] or [name for name in first if name in possible] or possible
            for name in possible:
                if not known or name == named:
                    meaning = _judged(analyte, read * factors[name], age, sex, lower[k - 1] in _LESS)
                    meanings.setdefault(meaning, []).append(name if len(set(factors.values())) > 1 else "")
        last = bisect_left(starts, stop, k + 1) - 1
        if not meanings:
            return Result((), (), place, last, (place, end), IMPLAUSIBLE) if known else None
        unclear = "unit?" if len(meanings) > 1 else ""
        if not unclear and len(*meanings.values()) == 1:
            units.update(*meanings.values())  # what means the same in two units does not tell which the text uses
        present, absent = ((), ()) if unclear else meanings.popitem()[0]
        return Result(present, absent, place, last, (place, end), unclear)

    def _word(self, lower: Sequence[str], named: Named, place: int, end: int, analyte: Analyte) -> Result | None:
        """Return what low, normal or high before or after an analyte means, across a list."""
        said = end
        while said < len(lower) and lower[said] in _SMALL | _NEGATIONS and lower[said] not in ("(", ")"):
            said += 1
        sense = _own_sense(lower, named, said)
        if sense:
            return _result(analyte, _opposed(lower, place, end, said, sense), place, _last(lower, said), (place, end))
        joined = end
        while joined < end + REACH and lower[joined : joined + 1] == ["and"] and (following := named(joined + 1)):
            joined = following[1]
        while joined > end and joined < len(lower) and lower[joined] in _SMALL:
            joined += 1
        for k in range(place - 1, max(-1, place - REACH), -1):
            sense = _SENSES.get(lower[k])
            if lower[k] == "," and joined > end and _own_sense(lower, named, joined):
                break  # 'normal calcium, phosphate and PTH raised'
            if sense:
                before = [start for start in range(max(0, k - LONGEST_NAME), k) if (found := named(start)) and found[1] == k]
                if lower[_last(lower, k) + 1] in (",", ")") or any(
                    start < 1 or lower[start - 1] not in _SENSES for start in before
                ):
                    break  # said of what stands before it, but not in 'high calcium low phosphate'
                return _result(analyte, _opposed(lower, k, k, k, sense), k, end - 1, (place, end))
            if not (lower[k] in _LIST or lower[k] in _SMALL or max(_ends_of_names(named, k), default=0) > k):
                break
        k, numbers = end, False
        while k < min(len(lower), end + REACH):
            sense = _sense_after(lower, k)
            if sense:
                if numbers and _OF_ALL.isdisjoint(lower[k - 2 : k]):
                    return None  # said of the last of them
                if named(k + 1) and lower[k - 1] in _LIST and k - 1 == end:
                    return None  # said of what follows
                return _result(analyte, _opposed(lower, place, end, k, sense), place, _last(lower, k), (place, end))
            following = named(k)
            if following:
                k = following[1]
            elif lower[k] in _LIST and (item := self._other_item(lower, k + 1)):
                k = item
            elif (
                lower[k] in _SMALL
                or lower[k] in _NEGATIONS
                or lower[k][:1].isdigit()
                or (lower[k] in _LIST and (not _GOES_ON.isdisjoint(lower[k + 1 : k + 2]) or named(k + 1)))
            ):
                numbers = numbers or lower[k][:1].isdigit()
                k += 1
            else:
                return None
        return None

    def _other_item(self, lower: Sequence[str], place: int) -> int | None:
        """Return where an item of a list ends that is no analyte: a few words, before the next comma or a verb; else None."""
        for k in range(place, min(len(lower), place + LONGEST_ITEM + 1)):
            if lower[k] in _LIST or lower[k] in _VERBS or lower[k] in _SENSES or lower[k] in (":", ""):
                return k if k > place else None
            if not lower[k].isalpha():
                return None
        return None


def _says_how(word: str) -> bool:
    """Tell whether a word says how much or how often something is high: 'surprisingly'."""
    return word.endswith("ly") and len(word) > LONGEST_OTHER_LY


def _measured(words: Sequence[str], place: int) -> bool:
    """Tell whether a short word in small letters can only be the name of an analyte: 'raised ck', 'ca 2.9'."""
    before, after = ("".join(words[i : i + 1]).lower() for i in (max(0, place - 1), place + 1))
    return after[:1].isdigit() or after in _SENSES_AFTER or (place > 0 and before in _SENSES)


def _in_plain_words(lower: Sequence[str]) -> list[str]:
    """Return the words with each phrase for low, normal or high as that one word, and nothing for the rest of it."""
    plain = list(lower)
    starts = list(accumulate((len(word) + 1 for word in lower), initial=0))
    for found in _PHRASE.finditer(" ".join(lower)):
        first, last = bisect_left(starts, found.start()), bisect_left(starts, found.end())
        plain[first:last] = [str(found.lastgroup), *[""] * (last - first - 1)]
    return plain


def _last(lower: Sequence[str], place: int) -> int:
    """Return the last word of the phrase that stands at a place."""
    while lower[place + 1 : place + 2] == [""]:
        place += 1
    return place


def _sense_after(lower: Sequence[str], place: int) -> Sense | None:
    """Return the sense that a word has behind what it is said of."""
    if place >= len(lower):
        return None
    following = lower[place + 1] if place + 1 < len(lower) else "."
    if lower[place] in _AT_THE_END and not following[:1].isalnum():
        return _AT_THE_END[lower[place]]
    return None if following in _THERE else _SENSES_AFTER.get(lower[place])


def _own_sense(lower: Sequence[str], named: Named, place: int) -> Sense | None:
    """Return the sense of the word at a place, unless it is said of an analyte behind it; it is not in 'phosphate high PTH ok'."""
    sense = _sense_after(lower, place)
    following = named(place + 1) if sense else None
    return sense if not following or _sense_after(lower, following[1]) else None


def _is_item(text: str, number: re.Match[str]) -> bool:
    """Tell whether a number is that of an item and comes after the one before it: '1. calcium 2. phosphate'."""
    mark = _ITEM.match(text, number.end())
    if not mark or not number.group().isdigit():
        return False
    before = rf"(?<![\w.,]){int(number.group()) - 1}{re.escape(mark.group())}\s"
    return re.search(before, text[max(0, number.start() - LONGEST_ENTRY) : number.start()]) is not None


def _number(digits: str) -> float:
    return float(digits.replace(",", "") if re.search(r",\d{3}$", digits) else digits.replace(",", "."))


def _verdict(said: str, value: float) -> Sense | None:
    """Return what a text says of its own value behind it: '(low)', '(0.8-1.5)', '(normal up to 79)'."""
    between, up_to, above = (pattern.search(said) for pattern in (_BETWEEN, _UP_TO, _FROM))
    if between:
        low, high = map(_number, between.groups())
        return "low" if value < low else "high" if value > high else "normal"
    first = next(iter(words_of(said)), "")
    sense = _SENSES_AFTER.get(first) or _AT_THE_END.get(first)
    if sense in ("low", "high") or (sense and not (up_to or above)):
        return sense
    if up_to:
        return "high" if value > _number(up_to.group(1)) else "normal"
    return ("low" if value < _number(above.group(1)) else "normal") if above else None


def _ends_of_names(named: Named, place: int) -> set[int]:
    """Return where the names of analytes end that begin at a place or within the four tokens before it."""
    return {found[1] for start in range(max(0, place - 4), place + 1) if (found := named(start))}


def _of_urine(lower: Sequence[str], place: int, end: int) -> bool:
    """Tell whether an analyte, from `place` to `end`, is that of the urine: the urine is named just before it or 'in' it."""
    before = [*takewhile(lambda word: word not in _BREAKS, reversed(lower[max(0, place - _NEAR_URINE) : place]))]
    before = [] if "output" in before else before
    after = lower[end : end + 3] if lower[end : end + 1] in (["in"], ["excretion"]) else []
    return not _URINE.isdisjoint([*before, *after])


def _opposed(lower: Sequence[str], place: int, end: int, said: int, sense: Sense) -> Sense | None:
    """Return the sense of the word at `said` for what is named from `place` to `end`, denied or not: 'neither calcium nor PTH raised'."""
    before = said - 1
    while before > end and lower[before] in _SMALL:
        before -= 1
    denied = (before >= 0 and lower[before] in _NEGATIONS) or lower[place - 1 : place] in (["neither"], ["nor"])
    return sense if not denied else "not low" if sense == "low" else "not high" if sense == "high" else None


def _plain_unit(unit: str) -> str:
    return unit.replace(" ", "").replace("\u00b0", "").replace("\u00b5", "u").replace("\u03bc", "u").lower()


def _result(analyte: Analyte, sense: Sense | None, first: int, last: int, name: tuple[int, int]) -> Result | None:
    present, absent = _meaning(analyte, sense) if sense else ((), ())
    return Result(present, absent, first, last, name) if present or absent else None


def _meaning(analyte: Analyte, sense: Sense) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the findings that a sense means, and those that it denies: both sides by a normal value for which no finding stands."""
    present = {"low": analyte.below, "normal": analyte.within, "high": analyte.above}.get(sense)
    denied = (
        (analyte.below,) if sense == "not low" else (analyte.above,) if sense == "not high"
        else (analyte.below, analyte.above) if sense == "normal" and not present else ()
    )  # fmt: skip
    return (present,) if present else (), tuple(finding for finding in denied if finding)


def _judged(
    analyte: Analyte, value: float, age: float | None, sex: Sex | None, less: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a value in the base unit means, by the reference range for age and sex; `less` if the result is below it."""
    if analyte.doubtful and analyte.doubtful[0] <= value <= analyte.doubtful[1]:
        return (), ()
    low, high = analyte.by_sex.get(sex, (analyte.low, analyte.high)) if sex else (analyte.low, analyte.high)
    if age is not None and age < analyte.min_age:
        band = next((band for band in analyte.by_age if age < band[0]), None)
        if band is None:
            return (), ()
        low, high = band[1:]
    sense: Sense = "low" if low is not None and value < low else "high" if high is not None and value > high else "normal"
    if less and sense != "low":
        return _meaning(analyte, "not high")
    present, absent = _meaning(analyte, sense)
    return (*present, *_extremes(analyte, value, sense)), absent


def _extremes(analyte: Analyte, value: float, sense: Sense) -> tuple[str, ...]:
    """Return what else a high or low value in the base unit means, being as high or low as that."""
    if sense == "high":
        return tuple(finding for finding, least in analyte.at_least.items() if value >= least)
    return tuple(finding for finding, most in analyte.at_most.items() if value <= most) if sense == "low" else ()

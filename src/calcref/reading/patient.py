"""Age and sex as people write them: "58-year-old", "72F", "woman of 62", "3 months old", "in his sixties"."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, NamedTuple

from calcref.knowledge.model import OLDEST

if TYPE_CHECKING:
    from calcref.knowledge.model import Language, Sex

_WOMEN = "[a-z]*woman|women|female|pregnant|lady|girl|schoolgirl|housewife|widow|seamstress|waitress|nun|she|her|herself|(?-i:Mrs|Ms|Miss)"
_ANY_MAN = "(?-i:(?!wo|hu|otto|talis|german|roman|norman|layman)[a-z]{3,}(?<!wo)man)"
_MEN = f"{_ANY_MAN}|man|men|male|gentleman|gent|boy|lad|schoolboy|widower|he|his|him|himself|(?-i:Mr)"
_PEOPLE = (
    "woman|man|female|male|lady|gentleman|gent|girl|boy|schoolboy|schoolgirl|pensioner|widow|widower|housewife|patient|person|adult|child|"
    "infant|teenager|baby|worker|farmer|labourer|teacher|athlete|player|dancer|runner|footballer|soldier|student|driver|nurse|"
    f"toddler|kid|adolescent|lad|{_ANY_MAN}|sprinter|swimmer|gymnast|jogger|cyclist|rower|climber|boxer|golfer|painter|plumber|carpenter|builder|gardener|mechanic|smoker"
)
_YEARS = r"(?:years?|yrs?|ys|yr\(s\)|y)"
_END = r"(?=[\s,.;:)/]|$)"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER = rf"\d{{1,3}}|(?:(?:{'|'.join(_ROUND)})(?:[\s-]+(?:{'|'.join(_SMALL[:9])}))?|{'|'.join(reversed(_SMALL))})\b"
_TRADE = r"(?!(?:dia|para|peri)?meter|number|order|layer|centre|center)[a-z]+(?:er|or|ist|ian|ant|ee|ary|ess|clerk|cook|nurse)"
"""What ends like a word for one who does something: 'engineer', 'secretary', 'seamstress'."""

_NO_UNIT = r"(?!\s?(?:mm|cm|kg|mg|ml|hu|days?|weeks?|months?|hours?|min\w*|per|percent|degrees|x|%)\b)"

_NOT_SINCE = (
    r"(?![\s,]*(?:ago|hx|history|of|post|after|later|following|since|duration|on|old|mother|father|grand\w+|aunt|uncle|\d+[fm])\b)"
)
"""What does not follow a span that is an age: '5 yr history'."""

_TITLE = r"(?-i:Mr|Mrs|Ms|Miss|Sir|Dr)\.?\s(?-i:[A-Z][a-z]*)\.?"
_GOES_ON = "(?:with|who|whose|has|had|is|was|presents|presented|came|comes|attends|attended|after|on|known)"
_AGE = _compiled(
    rf"\b(\d{{1,3}}(?:\.\d+)?)[\s-]*(?:{_YEARS}[\s-]*(?:old|of age|o)\b|y[./]?o\b|yo[mf]?\b)",
    rf"\b(?<!gestational )(?<!corrected )aged?\s*(?:of\s*|is\s+|[:=]\s*|\s-\s|about\s+|approx(?:imately)?\s+|around\s+)?"
    rf"(\d{{1,3}}(?:\.\d+)?\b|\b(?:{_NUMBER})\b)(?!\s*(?:\+\s?\d|weeks?|wks?|months?|days?|and\s+\d))",
    r"\b(\d{1,3})\s(?:anos|a\u00f1os|ans|jahre)\b",
    rf"\b(\d{{1,3}})[\s-]*{_YEARS}[\s./,-]+(?=(?:{_PEOPLE}|(?-i:[MF]))\b)",
    rf"\b(?-i:[MF])/(\d{{1,3}})\s?{_YEARS}\b",
    rf"\b(?:{_PEOPLE})\s+of\s+({_NUMBER})(?!\s*(?:cm|mm|%|/|\.\d|months|weeks|days|and)){_END}",
    rf"\b(?:{_PEOPLE}|(?-i:[MF])|{_TITLE})\s*(?:of \w+ \w+)?,\s*(?:aged\s*|now\s*|about\s*)?({_NUMBER})(?:\s*{_YEARS})?(?=[,.;:)]|\s+(?:who|with|has|had)|$)",
    rf"{_TITLE}\s?\((\d{{1,3}})\)",
    rf"^\W*(?:[a-z]+ )?[a-z]+ of (\d{{1,3}})(?=[,.;]|\s+{_GOES_ON}\b)",
    r"^\W*(?:[a-z'-]+ ){0,7}[a-z'-]+, (\d{2})(?=[,.;:](?! ?\d)|$)",
    r"^\W*(?:[a-z]+ )?[a-z]+ \((\d{2})\)",
    rf"\b(?:s?he is|{_PEOPLE})\s(\d{{2}})(?=[,.;:]|$)",
    rf"(?:^\W*|[:,.;] (?:retired )?)(?:{_PEOPLE})\s(\d{{2}})(?=[,.;]|\s[a-z]){_NO_UNIT}",
    rf"(?:^\W*|[:,.;] )(?:boy|girl|child|kid|toddler)\s(\d)(?=[,.;]|\s[a-z]|$){_NO_UNIT}",
    r"(?:^|[\s,(;]|(?<!\d)\.)(\d{1,3})[\s-]?(?-i:[MFf])(?=[\s,.;:)/\u2013-]|$)",
    r"(?:^\W*|\()(2[5-9]|[3-9]\d|1[01]\d)\s?m(?=[\s,.;:)/\u2013-]|$)",
    r"(?<=[\s,(;])(2[5-9]|[3-9]\d|10\d)m(?=[\s,.;:)]|$)",
    rf"\b(?:{_PEOPLE})\swith\s(\d{{1,3}})\s?(?:years|yrs|ys)\b(?!\s+(?:of|history|hx|ago|duration)\b)",
    r"(?:^|[\s,(;.])(?-i:[MF])\s?/?\s?(\d{1,3})(?:\s?y(?:rs?)?)?(?=[\s,.;:)]|$)(?!\s(?:days?|weeks?|months?)\b)",
    rf"\b(?!patient|person|worker)(?:{_PEOPLE}),?\s(\d{{1,3}})\s?{_YEARS}\b(?!\s+(?:ago|history|hx|later|after|before))",
    r"\b(\d{1,3})\s*[/,]\s*[mf]\b",
    rf"^\W*(\d{{1,3}})\s+(?:(?-i:[A-Z][a-z]+)\s+)?(?=(?:{_PEOPLE})\b)",
    r"\b(?:time|presenting|presented|onset) at (\d{2})(?=[,.;)]|$)",
    rf"(?:^|[.:]\s)({_NUMBER}),\s(?=(?:female|male|woman|man)\b)",
    r"(?<=[a-z])\.\s(\d{2}),\s(?=[a-z])",
    r"(?<=[a-z])[.;,:]\s(1[89]|[2-9]\d)[.,]?\s*$",
    r"(?:^\W*|[,;]\s)(\d{2})\snow\b",
    r"\bnow\s(\d{2})(?=[,.;]|$)",
    r"(?<![\w.,/-])(\d{1,3})\s+(?=(?:female|male|lady|gentleman)\b)",
    r"\b(?-i:Mr|Mrs|Ms|Miss)\.?\s(\d{2})(?=[\s,.;]|$)",
    r"\bpt\.?,?\s(\d{2})(?=[,.;]|$)",
    r"\b(?:son|daughter|husband|wife|grandson|granddaughter),\s(\d{1,3})(?=,)",
    r"\b(?-i:Mr|Mrs|Ms|Miss)\.?\s(?-i:[A-Z]\w*)\.?,?\s(\d{2})(?=[,.;]|$)",
    rf"^\W*(?:[a-z]+ ){{1,2}}(?:{_PEOPLE})\s(\d{{2}})(?=[,.;]|\s[a-z]|$){_NO_UNIT}",
    rf"^\W*(\d{{1,3}})\s?(?:(?:y|yr)\b|(?:yrs|years)(?=\s?,)){_NOT_SINCE}",
)
_OF_TRADE = _compiled(
    rf"\b(?:an?|the|this|retired) (?:[a-z-]+ ){{0,4}}{_TRADE} of (\d{{2}})(?=[,.;]|\s[a-z]){_NO_UNIT}",
    rf"[-:\u2013.,] (?:retired )?(?:[a-z-]+ ){{0,3}}{_TRADE}, (\d{{2}})(?=[,.;](?! ?\d)|$)",
)
_SPAN = rf"\b({_NUMBER})[\s-]*(day|week|wk|month|mth|mo|year)s?"
_SHORT_SPAN = r"(?<![\w.])(\d{1,2})\s?((?-i:[dwm]))"
_PARTS = (
    re.compile(rf"{_SPAN}[\s-]*old\b", re.IGNORECASE),
    re.compile(rf"{_SHORT_SPAN}(?:[\s-]+old\b|[\s,/]+(?=(?:(?-i:[MF])|male|female|boy|girl|baby|infant)\b))", re.IGNORECASE),
    re.compile(
        rf"{_SPAN}[\s/]+(?=(?-i:[MF])\b(?!/)|(?:male|female|boy|girl|baby|infant|child|toddler|preemie|premature|preterm|ex)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:infant|baby|toddler|child|newborn|neonate|boy|girl|woman|man|twin(?: [12AB])?)(?:,|\s+of|\s+aged?)?\s+{_SPAN}\b(?!\s+ago)",
        re.IGNORECASE,
    ),
    re.compile(rf"^\W*{_SPAN}\b(?=,\s)(?!,\s(?:now|worse|worsening|increasing|growing)\b)", re.IGNORECASE),
    re.compile(r"^\W*(\d{1,2})\s?((?-i:d|w|wk|mo|mth))\b(?=,|\s(?:with|lump)\b)", re.IGNORECASE),
    re.compile(rf"\b(?<!gestational )(?<!corrected )age[d:]?\s+{_SPAN}\b(?!\s+ago)|{_SPAN}\s+of\s+(?:age|life)\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:(?-i:[MF])|male|female)\b,?\s{_SPAN}(?!\s(?:ago|of|hx|history|pain|duration|later|after|following|post|now)\b)(?=[\s,.;]|$)",
        re.IGNORECASE,
    ),
)
_COMPOUND = re.compile(
    r"(?<![\w./])(\d{1,2})\s?(?:y|yr|yrs|years?)[\s,]*(?:and\s)?(\d|1[01])\s?(?:(?-i:m)|mo|mths?|months?|/12)(?:[\s-]old)?\b(?!\s(?:ago|history|hx|post|after|later))",
    re.IGNORECASE,
)
"""Years and months together: '6y4m', '6 years 4 months'."""

_BABY = re.compile(r"\b(?:infant|bab(?:y|ies)|newborn|neonat\w+|preterm|premature|preemie|twin|term (?:girl|boy))\b", re.IGNORECASE)
_EARLY = re.compile(r"\b(?:preterm|premature|preemie|gestation\w*|newborn|neonat\w+|stillborn)\b", re.IGNORECASE)
_GESTATION = re.compile(r"\b(?:2[2-9]|3\d|4[0-2])[\s-]w(?:ee)?ks?\b(?!.*\b(?:old|age|life)\b)", re.IGNORECASE)
_OF_BABY = (
    re.compile(rf"\b(?:at|now)\s(?!(?:2[2-9]|3\d|4[0-2])\sw){_SPAN}\b(?!\s(?:gestation|ago|later|before|after))", re.IGNORECASE),
    re.compile(r"\b(day)\s(\d{1,2})\b", re.IGNORECASE),
)
"""How the age is told where the text speaks of a baby: 'at nine days', 'premature girl, day 24'."""

_PARENT = re.compile(
    r"\s(?:mother|father|mum|dad|parent|aunt|uncle|grand(?:mother|father|ma|pa|ad))s?\b(?!\sof\s(?:one|two|three|four|five|six|\d))",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?:\bage\b|\baged\b|childhood|infancy|\bteens\b|[a-z]ies\b).{0,60}?(?:\bnow\s(?:aged\s)?|\bs?he is (?=\d\d now))(\d{2})(?=[,.;]|$|\snow\b|\swith\b)",
    re.IGNORECASE,
)
"""The age of today behind one of the past: 'burned at age 15, now 49'."""

_ANOTHER = re.compile(
    r"\b(?:since|from|until|before)(?: the)?\s*$|(?!(?:son|daughter|husband|wife|grandson|granddaughter),\s*$)"
    r"\b(?:daughter|son|mother|father|mum|dad|brother|sister|wife|husband|aunt|uncle|grand\w+|cousin)"
    r"s?\b(?!\s+of\s+(?:one|two|three|four|five|six|\d))(?:\s+(?!who|he|she|him|her|brings?\b|brought)[a-z]+){0,3}[\s,(]*$", re.IGNORECASE,
)  # fmt: skip
"""What stands before an age that is not the patient's of today: 'since age 10', 'mother died at 60 years old'."""

_KIN_BEFORE = re.compile(
    r"\b(?:since|from|until|before)(?: the)?\s*$|\b(?:daughter|son|mother|father|mum|dad|brother|sister|wife|husband|aunt|uncle|cousin),?[\s(]*$",
    re.IGNORECASE,
)
"""What stands right before an age with a letter for the sex that is another's: 'sister 45f'."""

_THEN = re.compile(r"\b(?:as an?|when(?: s?he was)?|at(?: the age of)?|\w+ (?:out|removed|done))\s*$", re.IGNORECASE)
_AT_THAT_TIME = re.compile(r"\s(?:then|at the time)\b", re.IGNORECASE)
"""What stands before and behind an age that was that of another time, if there is a second one: 'as a lad of 19, now 58'."""

_RELATIVE = re.compile(
    r"\b(?:daughter|son|mother|father|mum|dad|brother|sister|aunt|uncle|cousin|sibling)s?\b[^.;]*$", re.IGNORECASE
)
"""A relative whose decade follows: 'mother and brother had the same in their twenties'."""

_METRES = re.compile(
    r"(?:\b(?:walk\w*|distance|under|only|about|around|than|within|to|after|every|nearly|almost)|[<>~])(?: of)?\s*(\d{1,3})\s?m$"
)
"""How a distance stands before a blank: 'walks 50 m'; not an age and a sex."""

_UNCLEAR = re.compile(
    r"\W*(?:pt\s)?(?:(\d{1,2}\s?m)(?=[\s,;:.]|$)(?!\s(?:ago|of|long|wide|tall|distance|from))|([mf]\s\d{2}|\d{2}(?=\s(?!pack)[a-z]{4}))\b)"
    rf"{_NO_UNIT}{_NOT_SINCE}",
    re.IGNORECASE,
)

_DECIMALS = re.compile(r"[.,]\d")
_NEWBORN = re.compile(
    r"\b(?:newborn|neonate|d(?:ay\s)?\d{1,2} (?:of life|old|baby|infant|neonate)|baby (?:boy|girl)[\s,]+born)\b", re.IGNORECASE
)
_BEFORE_AGE = 60
"""Characters before an age that may say whose it is."""

_SHORT_TIME = re.compile(r"day|\dd\b|week|wk", re.IGNORECASE)
"""The unit of an age that nobody but a newborn has."""

_PART_OF_YEAR = {
    **dict.fromkeys(("day", "d"), 1 / 365), **dict.fromkeys(("week", "wk", "w"), 7 / 365),
    **dict.fromkeys(("month", "mth", "mo", "m"), 1 / 12), "year": 1.0,
}  # fmt: skip
_TENS = "twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties"
_DECADE = re.compile(
    rf"\b(?:in (?:his|her|their|the) (?:(early|mid|late)[\s-]*)?(?:(\d)0s|({_TENS}))\b|([2-9])0s\s(?=(?:(?-i:[MF])|male|female|man|woman|lady)\b))",
    re.IGNORECASE,
)
_SHORT_SEX = re.compile(
    r"(?<![\w/.])\d{1,3}(?:\.\d)?[\s-]?(?i:y/?o|yo|y|0?s|(?:yrs?|yr\(s\)|years?|days?|weeks?|wks?|months?|mths?|mo|(?-i:[dwm]))(?:[\s-]old)?)?[.,]?\s?/?\s?([MFf])\b(?!/)"
    r"|\d{1,3}\s?[Yy][Oo]([MFmf])\b|\b(?i:newborn|neonate|infant|baby|NB)\s([MF])\b"
    r"|^\W*(?:2[5-9]|[3-9]\d|1[01]\d)\s?(m)\b(?!/)|(?<=[\s,(;])(?:2[5-9]|[3-9]\d|10\d)(m)(?=[\s,.;:)]|$)|\b\d{1,3}\s?(?:y|yo|y/o)\s(m)(?=[\s,.;:)]|$)|\((?:2[5-9]|[3-9]\d)(m)\)"
    r"|^\W*([MF]),\s?\d{1,3}\b|\b([MF])\s?/?\s?\d{1,3}(?:\s?y(?:rs?)?)?\b(?!\.?\d)|\d{1,3}\s*[/,]\s*([MF])\b|\b[Ss]ex\s?[:=]\s?([MFmf])\b"
    r"|\d{1,3}[\s-]?(?:y/?o|yo|(?:yrs?|years?)[\s-]old)\s(?:[A-Za-z-]+\s){1,2}([MF])(?=\s(?:with|w/|who|p/w|c/o|s/p|h/o|here|pre)|[,.;:]|$)"
)
_KIN = re.compile(r"\b(?:(daughter|wife|granddaughter)|son|husband|grandson),\s\d{1,3}(?=,)", re.IGNORECASE)
"""A relative who is the patient: 'her son, 6, has'."""

_CHILD = re.compile(r"[- ]old (?:(daughter|girl|granddaughter)|son|boy|grandson)\b", re.IGNORECASE)
_SEX = re.compile(rf"\b(?:({_WOMEN})|({_MEN}))\b", re.IGNORECASE)


_NUMERAL = re.compile(rf"\d|\b(?:{'|'.join((*_ROUND, *_SMALL))}|{_TENS}|newborn|neonate|baby)\b", re.IGNORECASE)
"""What a text has to have if it tells an age."""


class Said(NamedTuple):
    """A value with the words that it was read from, and where they stand in the text."""

    value: float | Sex
    words: str
    span: tuple[int, int]


class Happened:
    """The words of a knowledge base by which a span is told for an age, an age for a past one, or a word for no trade.

    `events` are words for what happened at an age: 'crushed under a tractor aged 19'; `brought` those for why somebody comes of
    whom a text begins with the age: '18mo swallowed a coin', and `newborn` those behind the day of life: 'D2 bilious'. `aged` are
    things that have an age of their own ('a scar 30 years old'), `measured` those of which a number is told: 'eGFR of 44', `graded`
    those that have a stage or a type: 'CKD stage 3'. Of words
    that end like a trade, those that `mean` something of the patient are none: 'a shoulder of 29'.
    """

    def __init__(self, language: Language, means: Container[str]) -> None:
        def either(words: Iterable[str]) -> str:
            return "|".join(map(re.escape, words))

        words = either(("pmh", "pmhx", "past", "childhood", *language.events))
        self._before = re.compile(rf"\b(?:{words})\b(?:(?!\b(?:{_PEOPLE})\b)[^.;\n]){{0,40}}$", re.IGNORECASE)
        why, newborn, things = map(either, (language.brought, language.newborn, language.aged))
        self.first = (
            *(_compiled(rf"^\W*{_SPAN},?\s(?=(?:{why})\b)") if why else ()),
            *(_compiled(rf"^\W*(D)(\d)(?=,?\s(?:{newborn}))") if newborn else ()),
        )
        self._of_thing = (
            re.compile(rf"\b(?:{things})(?:\s(?!{_PEOPLE})[a-z]+){{0,2}}\s(?:now\s)?$", re.IGNORECASE) if things else None
        )
        self._thing_behind = (
            re.compile(rf"\s(?:(?!{_PEOPLE}|(?:who|with|has|and|in|for)\b)[a-z]+\s){{0,2}}({things})s?\b", re.IGNORECASE)
            if things
            else None
        )
        self._injuries = frozenset((*language.events, *language.mishaps))
        self._graded = re.compile(rf"\b(?:{either(language.graded)})\s?$", re.IGNORECASE) if language.graded else None
        self._measured = frozenset(language.measured)
        self._means = means

    def is_before(self, text: str) -> bool:
        """Tell whether a text that ends before an age tells what happened then."""
        return self._before.search(text) is not None

    def is_of_thing(self, text: str) -> bool:
        """Tell whether a text that ends before an age speaks of a thing that may be as old."""
        return self._of_thing is not None and self._of_thing.search(text) is not None

    def thing_behind(self, text: str, found: re.Match[str]) -> str:
        """Return the thing that is as old as what looks like an age, and is named behind it: 'an 8 week old dislocation'; or nothing."""
        old = found.group().lower().endswith("old")
        thing = self._thing_behind.match(text, found.end()) if old and self._thing_behind else None
        return thing.group(1).lower() if thing else ""

    def is_of_thing_behind(self, text: str, found: re.Match[str]) -> bool:
        """Tell whether what looks like an age can only be that of the thing behind it: a patient may have broken a bone at ten years."""
        thing = self.thing_behind(text, found)
        return bool(thing) and (thing not in self._injuries or _SHORT_TIME.search(found.group()) is not None)

    def is_grade(self, text: str, found: re.Match[str]) -> bool:
        """Tell whether what looks like an age is a stage or a type: 'CKD stage 3 female 70'."""
        return (
            self._graded is not None
            and self._graded.search(text[max(0, found.start(1) - _BEFORE_AGE) : found.start(1)]) is not None
        )

    def is_measured(self, found: re.Match[str]) -> bool:
        """Tell whether what looks like an age is a number of something else: 'CRP of 88'."""
        words = found.group().lower().split()
        return len(words) > 2 and words[-2] == "of" and words[-3].strip("(") in self._measured

    def is_trade(self, found: re.Match[str]) -> bool:
        """Tell whether the last word that was found, and ends like a trade, is one."""
        return re.findall(rf"\b{_TRADE}\b", found.group().lower())[-1] not in self._means


def read_age(text: str, happened: Happened) -> Said | None:
    """Return the first age in years that a text states, or None. If none can be right, it is the first of those."""
    if not _NUMERAL.search(text):
        return None
    early = _EARLY.search(text) is not None
    babys = _OF_BABY if _BABY.search(text) else ()
    found = [(match, _of_span(match)) for pattern in (*_PARTS, *happened.first, *babys) for match in pattern.finditer(text)]
    found += [
        (match, _number(match.group(1)))
        for pattern in (*_AGE, *_OF_TRADE)
        for match in pattern.finditer(text)
        if (not happened.is_measured(match) if pattern in _AGE else happened.is_trade(match))
        and not happened.is_grade(text, match)
        and not _DECIMALS.match(text, match.end(1))
    ]
    own = [
        (age > OLDEST, match.start(), -match.end(), age, match)
        for match, age in found
        if not (_is_past(text, match, happened) or _is_distance(text, match) or (early and _GESTATION.search(match.group())))
    ]
    if len(own) > 1:
        own = [each for each in own if not (_is_of_then(text, each[4]) or happened.thing_behind(text, each[4]))] or own
    own += [
        (False, match.start(), -match.end(), int(match.group(1)) + int(match.group(2)) / 12, match)
        for match in _COMPOUND.finditer(text)
        if not _is_past(text, match, happened)
    ]
    now = _NOW.search(text)
    if now:
        return Said(float(now.group(1)), now.group(1), now.span(1))
    own = own or [(False, match.start(), 0, 0.0, match) for match in _NEWBORN.finditer(text)]
    if own:
        *_, age, first = min(own, key=lambda item: item[:4])
        return Said(age, first.group().strip(" ,(;."), first.span())
    decade = _DECADE.search(text)
    if decade and not _RELATIVE.search(text[max(0, decade.start() - _BEFORE_AGE) : decade.start()]):
        digit = decade.group(2) or decade.group(4)
        tens = int(digit) * 10 if digit else 20 + 10 * _TENS.split("|").index(decade.group(3).lower())
        return Said(float(tens + {"early": 2, "late": 8}.get((decade.group(1) or "").lower(), 5)), decade.group(), decade.span())
    return None


def unclear_age(text: str) -> str | None:
    """Return what may be an age where a text begins with it, and what it may be: '19m fell', '72 knee'. It is not looked for an age."""
    found = _UNCLEAR.match(text)
    if not found or _is_distance(text, found):
        return None
    return f"{found.group(1)} (months or male?)" if found.group(1) else f"{found.group(2)} (age?)"


def _is_of_then(text: str, found: re.Match[str]) -> bool:
    """Tell whether an age is said to have been that of another time."""
    before = text[max(0, found.start() - _BEFORE_AGE) : found.start()]
    return _THEN.search(before) is not None or _AT_THAT_TIME.match(text, found.end()) is not None


def _of_span(found: re.Match[str]) -> float:
    """Return a span of days, weeks or months in years."""
    number, unit = sorted(filter(None, found.groups()), key=lambda group: group.lower() in _PART_OF_YEAR)
    return round(_number(number) * _PART_OF_YEAR[unit.lower()], 3)


def _is_past(text: str, found: re.Match[str], happened: Happened) -> bool:
    """Tell whether an age is another person's, or that at which something happened."""
    before, number = (text[max(0, start - _BEFORE_AGE) : start] for start in (found.start(), found.start(1)))
    # in 'mum had gout 67m' and '67m mum had gout' it is the patient's
    short = re.search(r"\d\s?[mf]\W*$", found.group(), re.IGNORECASE)
    another = (
        _KIN_BEFORE.search(before)
        if short
        else _ANOTHER.search(before) or _ANOTHER.search(number) or _PARENT.match(text, found.end())
    )
    of_thing = found.group().lower().endswith("old") and (happened.is_of_thing(before) or happened.is_of_thing_behind(text, found))
    return bool(another or of_thing or (found.group().lower().startswith("age") and happened.is_before(before)))


def _number(words: str) -> float:
    """Return the number that digits or words state: 36 for 'thirty-six'."""
    if words[0].isdigit():
        return float(words)
    parts = re.split(r"[\s-]+", words.lower())
    return float(sum(10 * (_ROUND.index(part) + 2) if part in _ROUND else _SMALL.index(part) + 1 for part in parts))


def _is_distance(text: str, found: re.Match[str]) -> bool:
    """Tell whether what looks like an age with a sex is a number of metres: 'walks 50 m'."""
    number = re.fullmatch(r"\W*(\d{1,3})\s?m\W*", found.group())
    before = text[max(0, found.start() - _BEFORE_AGE) : found.end()].rstrip(" ,.;)")
    return number is not None and _METRES.search(before) is not None


def read_sex(text: str) -> Said | None:
    """Return the sex that a text states first, or None."""
    short = next((found for found in _SHORT_SEX.finditer(text) if not _is_distance(text, found)), None)
    if short:
        letter = next(group for group in short.groups() if group)
        return Said("female" if letter in "Ff" else "male", short.group().strip(), short.span())
    word = _KIN.search(text) or _CHILD.search(text) or _SEX.search(text)
    return Said("female" if word.group(1) else "male", word.group(), word.span()) if word else None

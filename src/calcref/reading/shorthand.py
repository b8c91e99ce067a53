"""Shorthand in full words: 2/52, +ve, h/o, isn't, 'fever: no', arrows, # and degrees."""

from __future__ import annotations

import re

from calcref.knowledge.names import uncontracted

_SIGNED = re.compile(
    r"(?<![\w/])(\d{1,2})/(7|52|12|24(?=\s(?:ago|hx|history|post)))(?![\d/])|(?<!\S)([+\u2013\u2212-])\s?ve\b|\b(\w+)([+\u2013\u2212-])ve\b|([\u2191\u2193#])+"
    r"|(?<=\d)\s?[x*\u00d7]?\s?10\s?[\^*]?\s?9\s?/\s?(L)\b",
    re.IGNORECASE,
)
_SPANS = {"7": "days", "52": "weeks", "12": "months", "24": "hours"}
_SIGNS = {"\u2191": " high ", "\u2193": " low ", "#": " fracture "}
_ASKED = re.compile(r"\?\s?(?:#|\b(?i:fracture|fx)\b)|(?<!\w)\?(?=[A-Z]{2,4}\b)")
_ARROW_BEFORE = re.compile(r"(?<!\S)(?=[\u2191\u2193]\w)|\s&(?=\s)")


def _spelled_out(found: re.Match[str]) -> str:
    """Return what 2/52, +ve, an arrow, # and x 10^9/L stand for."""
    if found.group(7):
        return " G/L"
    if found.group(6):
        return _SIGNS[found.group(6)]
    if found.group(2):
        return f"{found.group(1)} {_SPANS[found.group(2)]}"
    word = f"{found.group(4)} " if found.group(4) else ""
    return word + ("positive" if "+" in (found.group(3) or found.group(5)) else "negative")


_SLASHED = {
    "h/o": "history of", "w/o": "without", "s/s": "signs of", "r/o": "rule out", "c/o": "complains of", "s/p": "after",
    "e/o": "evidence of", "k/c/o": "known", "p/w": "presents with", "b/l": "bilateral", "f/h": "family history", "c/f": "concern for",
    "c/w": "consistent with", "d/d": "differential", "s/o": "suggestive of",
}  # fmt: skip
_SLASH = re.compile(rf"(?<![\w/])(?:{'|'.join(_SLASHED)})(?![\w/])", re.IGNORECASE)
_ENDS_THERE = r"(?=\s*(?:[.,;\n)/]|$))"
_ANSWERED_NO = re.compile(
    r"(?<=\w)(?:\s*[:?]\s*|\s+[-\u2013]\s*)"
    rf"(?:no|none|nil|never|negative|neg|denied|denies|(?:pt|patient) denies|absent|n){_ENDS_THERE}"
    rf"|(?<=\w)\s+no{_ENDS_THERE}|(?<=\w)\s+[-\u2013\u2212](?=\s*(?:[.,;\n]|$))",
    re.IGNORECASE,
)
_ANSWERED_YES = re.compile(
    rf"(?<=\w)(?:\s*[:?]\s*|\s+[-\u2013]\s*)(?:yes|y){_ENDS_THERE}|(?<=\w)\s+yes\b,?|(?<=\w)\s+\+(?=\s*[.,;\n])", re.IGNORECASE
)
_SUPERSCRIPT = re.compile(
    r"(?<![\w-])(?:[A-Za-z]+[+-](?:[,;]?\s+|[,;.]|$)){2,}(?!(?:and|or)\b)"
    r"|(?<![\w-])[A-Za-z]+-(?!, \w+- (?:and|or)\b)(?:[,;]|(?=\.))(?=\s|$)"
)
"""Signs behind what they answer: 'PVD+ DM- warfarin-' and 'trauma-, calcified cuff'."""

_ANSWERS = {"+": "positive", "-": "absent"}
_BRACKETED_NO = re.compile(r"\s*\(\s*(?:[-\u2013\u2212]|no|none|nil|absent|negative|neg)\s*\),?", re.IGNORECASE)
_PLUS = re.compile(rf"(?<=\w)(?<!\d[cm]m)(?<!\d [cm]m)\+{_ENDS_THERE}|(?<=[A-Za-z])\+(?=\s+\()")
_NO_TO_A_LIST = re.compile(r"\b(no|nil|denies)\s*:", re.IGNORECASE)


_DASH = re.compile(r"(?<=[^\W\d])\s+[-\u2013\u2014]\s+(?=[^\W\d])")
_FREE = re.compile(rf"\b(\w+)-(?:free{_ENDS_THERE}|na(?:i|\u00ef)ve\b)", re.IGNORECASE)


_QUERIED = re.compile(r"(?<=\w)(?:\s*\(\?\)|\?(?=\s|$|[,;.)])|\s+\?(?=\s*(?:$|[,;.)\n])))\s*,?")
_ASKED_NEXT = re.compile(r"(?<=\w)\?\s+(?=(?:[a-z][\w'-]*|[A-Z]{2,})(?:\s+[\w'-]+){0,2}\s*(?:[,;.\n]|$))")
"""A question mark that stands before what it asks about: 'knee swelling? gout'."""

_AS_ONE = re.compile(
    r"(?<=\d)\s?%\s(?:on )?RA\b|(?<=\d)\son RA\b|(?<=sats \d\d)\sRA\b|(?<=spo2 \d\d)\sRA\b"  # room air
    r"|(?<=\bwith)[ -](?=out\b)|(?<=\bradi)o[ -](?=opa)|(?<=\bradio)[ -](?=dens|lucen)",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"\b(\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)[ -](?:(centi)|milli)met(?:re|er)s?\b",
    re.IGNORECASE,
)
_COUNTED = dict(
    zip("one two three four five six seven eight nine ten twelve fifteen twenty".split(), (*range(1, 11), 12, 15, 20), strict=True)
)


def _answered(text: str) -> str:
    """Return a text with the answers of a form as words: 'fever: no' is 'fever absent', 'pain? yes' just 'pain'."""
    text = _SUPERSCRIPT.sub(lambda found: re.sub(r"([+-])[,;]?", lambda sign: f" {_ANSWERS[sign.group(1)]},", found.group()), text)
    text = _BRACKETED_NO.sub(" absent,", text)
    text = _ASKED_NEXT.sub(" ? ", _ANSWERED_YES.sub(",", _ANSWERED_NO.sub(" absent", text)))
    text = _PLUS.sub(" positive", _QUERIED.sub(" queried, ", text)).replace(" + ", " and ")
    return _FREE.sub(r"no \1", _DASH.sub(", ", _NO_TO_A_LIST.sub(r"\1 ", text)))


_BACK = re.compile(
    r"\b(\d{1,2}|a|one|two|three|four|five|six|few|some)\s?(days?|weeks?|wks?|months?|mths?|mo|years?|yrs?|hours?|hrs?)\s+back\b",
    re.IGNORECASE,
)
"""'Three weeks back' is three weeks ago."""

_DAY_OF_LIFE = re.compile(
    r"\b(?:DOL|day of life)\s?(\d{1,2})\b|\bd(?:ay)?\s?(\d{1,2})\s(?:of life|old)\b|^\W*(?-i:d)(\d{1,2})(?=[\s,])", re.IGNORECASE
)
_SPOKEN = re.compile(r"\s*\b(?:(comma)(?![\s-](?:shaped?|like))|(full stop|new (?:line|paragraph)|semi-?colon))\b", re.IGNORECASE)
"""Signs that a dictation spells out."""

_PRESSURE = re.compile(r"\b(?:BP|blood pressure)(?:\s(?:of|is|was))?\s?:?\s?(\d{2,3})\s?/\s?\d{2,3}\b", re.IGNORECASE)
_DEGREES = re.compile(
    r"(\b(?:temp(?:erature)?|tmax|t)\W{0,3}(?:(?:of|was|is|to)\s)?)?(?<![\d.,])(\d{2,3}(?:[.,]\d)?)\s?"
    r"(?:([\u00b0\u00ba]|deg(?:rees?)?)\s?([CF])?|([CF]))(?![a-z0-9])",
    re.IGNORECASE,
)


_FAHRENHEIT = re.compile(
    r"\b((?:temp(?:erature)?|tmax|t)\W{0,3}(?:(?:of|was|is|to)\s)?)((?:9[5-9]|10[0-7])(?:\.\d)?)(?!\.?\d)(?=[\s,;.]*(?:$|[,;.\n]|\s[a-z]))(?!\s?(?:deg|[CF]\b))",
    re.IGNORECASE,
)
"""A temperature that can only be in degrees Fahrenheit, as its unit is left out."""


_FEVER = re.compile(
    r"\b((?:a?febrile|fever|pyrexia|pyrexial)(?:\s(?:of|to))?)\s\(?((?:9[5-9]|10[0-7])(?:\.\d)?)\s?F\b\)?", re.IGNORECASE
)
"""A temperature behind the word for it, with its unit, which is no sex: 'febrile 103F'."""

_BARE_TEMPERATURE = re.compile(r"(?<=[,;]\s)((?:3[89]|4[01])\.\d)(?=\s*(?:[,;.]\s|\.?$|\n))")
"""A number that stands alone and can only be a fever: 'red hot swollen, 38.4'."""


def _in_celsius(found: re.Match[str]) -> str:
    """Return a body temperature in words that the laboratory knows, and any other number of degrees as it stands."""
    degrees, scale = float(found.group(2).replace(",", ".")), (found.group(4) or found.group(5) or "").upper()
    if scale == "F" and (found.group(1) or found.group(3)) and 90 <= degrees <= 110:
        degrees = (degrees - 32) / 1.8
    elif scale == "F" or not 34 <= degrees <= 43 or not (found.group(1) or scale or "." in found.group(2)):
        return found.group()
    return f"temperature {degrees:.1f} C"


_RAISED_POINT = re.compile(r"(?<=\d)[\u00b7\u2219\u22c5](?=\d)")
_CHARGE = re.compile(r"\b([A-Z][a-z]?)\s?(?:[23]?\s?\+{1,2}|[\u00b2\u00b3]\u207a)(?=[\s:=]*\d)")
"""'Ca 2+ 3.65': the charge of an ion before its value."""

_MOLAR = re.compile(r"(?<=\d)\s?([mnpu\u00b5\u03bc])M\b(?!/)")
_SQUARED = re.compile(r"\b(?:m?mol|mg)\s?[2\u00b2]\s?/\s?d?l\s?[2\u00b2]", re.IGNORECASE)
"""The unit of a product of two results."""

_TIMES = re.compile(r"(?<=[A-Za-z])\s?[\u00d7*]\s?(?=[A-Za-z])")


def spelled_out(text: str) -> str:
    """Return a text with its shorthand in words that the reader knows, body temperatures in degrees Celsius."""
    text = _SPOKEN.sub(lambda found: "," if found.group(1) else ". ", text)
    text = _DAY_OF_LIFE.sub(lambda found: f"{next(filter(None, found.groups()))} days old", text)
    text = _CHARGE.sub(r"\1", _RAISED_POINT.sub(".", text))
    text = _MOLAR.sub(r" \1mol/L", _SQUARED.sub(" ", _TIMES.sub(" x ", text)))
    text = _LENGTH.sub(
        lambda found: f"{_COUNTED.get(found.group(1).lower(), found.group(1))} {'cm' if found.group(2) else 'mm'}", text
    )
    text = _PRESSURE.sub(r"systolic pressure \1 mmHg", _AS_ONE.sub("", text))
    text = re.sub(r"\b(temp)\.(?=\s?\d)", r"\1", _BACK.sub(r"\1 \2 ago", text), flags=re.IGNORECASE)
    text = _BARE_TEMPERATURE.sub(r"temperature \1 C", _FAHRENHEIT.sub(r"\1\2 F", _FEVER.sub(r"temperature \2 F", text)))
    text = _SLASH.sub(lambda found: _SLASHED[found.group().lower()], uncontracted(text))
    text = _ASKED.sub(lambda found: f" ? query {'fracture' * (len(found.group()) > 1)} ", text)
    text = _ARROW_BEFORE.sub(lambda found: " and" if found.group() else ", ", text)
    return _DEGREES.sub(_in_celsius, _answered(_SIGNED.sub(_spelled_out, text)))

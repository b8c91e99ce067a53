"""Shorthand of request forms in full words: 2/52, +ve, arrows, # and degrees."""

from __future__ import annotations

import re

_SIGNED = re.compile(
    r"(?<![\d/])(\d{1,2})/(7|52|12)(?![\d/])|(?<=\s)([+-])\s?ve\b|\b(\w+)([+-])ve\b|([\u2191\u2193#])+"
    r"|(?<=\d)\s?[x*\u00d7]?\s?10\s?[\^*]?\s?9\s?/\s?(L)\b",
    re.IGNORECASE,
)
_SPANS = {"7": "days", "52": "weeks", "12": "months"}
_SIGNS = {"\u2191": " high ", "\u2193": " low ", "#": " fracture "}


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


_DEGREES = re.compile(
    r"(\b(?:temp(?:erature)?|t)\W{0,3}(?:(?:of|was|is|to)\s)?)?(?<![\d.])(\d{2,3}(?:\.\d)?)\s?"
    r"(?:([\u00b0\u00ba]|deg(?:rees?)?)\s?([CF])?|([CF]))(?![a-z0-9])",
    re.IGNORECASE,
)


def _in_celsius(found: re.Match[str]) -> str:
    """Return a body temperature in words that the laboratory knows, and any other number of degrees as it stands."""
    degrees, scale = float(found.group(2)), (found.group(4) or found.group(5) or "").upper()
    if scale == "F" and (found.group(1) or found.group(3)) and 90 <= degrees <= 110:
        degrees = (degrees - 32) / 1.8
    elif scale == "F" or not 34 <= degrees <= 43 or not (found.group(1) or scale or "." in found.group(2)):
        return found.group()
    return f"temperature {degrees:.1f} C"


def spelled_out(text: str) -> str:
    """Return a text with its shorthand in words that the reader knows, body temperatures in degrees Celsius."""
    return _DEGREES.sub(_in_celsius, _SIGNED.sub(_spelled_out, text))

"""Strict JSON: nothing that JSON leaves open, and nothing that grows beyond what a reader can bear."""

from __future__ import annotations

import json
import math
from typing import Any

DEEPEST = 60
"""Levels of nesting that a file may have; a valid one has about a dozen."""

MOST_VALUES = 250_000
"""Lists, objects and members of them that a text may have: three times those of the shipped file."""

LONGEST_NUMBER = 300
"""Characters of a number; the digits beyond would not fit a floating-point number anyway."""


def parse(data: bytes, most: int | None = MOST_VALUES) -> Any:
    """Return the JSON value in `data`: UTF-8, no repeated keys, finite numbers, limited depth, `most` values at most.

    Raises:
        ValueError: with a sentence that names the fault and its place.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    if most is not None and sum(map(data.count, (b"[", b"{", b","))) > most:
        raise ValueError(f"more than {most:,} values; split it")
    try:
        value = json.loads(text, object_pairs_hook=_unrepeated, parse_constant=_no_constant, parse_int=_whole, parse_float=_finite)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if "\n" in text else f"column {error.colno}"
        raise ValueError(f"not JSON at {place}: {error.msg}") from None
    except RecursionError:
        raise ValueError(f"nested more than {DEEPEST} levels deep") from None
    texts(value)
    return value


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {key[:60]!r} stands twice in one object")
            seen.add(key)
    return result


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _whole(digits: str) -> int:
    _finite(digits)
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits) if len(digits) <= LONGEST_NUMBER else math.inf
    if math.isinf(number):
        raise ValueError(f"the number {digits[:20]}... is too large or too long")
    return number


def texts(value: Any) -> list[str]:
    """Return every text and every key in a parsed value.

    Raises:
        ValueError: when it is nested too deep.
    """
    found: list[str] = []
    level = [value]
    for _ in range(DEEPEST + 1):
        inside: list[Any] = []
        for item in level:
            if isinstance(item, str):
                found.append(item)
            elif isinstance(item, dict):
                found.extend(item)
                inside.extend(item.values())
            elif isinstance(item, list):
                inside.extend(item)
        level = inside
    if level:
        raise ValueError(f"nested more than {DEEPEST} levels deep")
    return found

"""Records made from parsed JSON that is known to be valid: each when it is first asked for, and its parts likewise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from .model import (
    About,
    Age,
    Analyte,
    Body,
    Condition,
    Contents,
    Drawing,
    Family,
    Finding,
    Group,
    Language,
    Letter,
    Link,
    Mnemonic,
    NextStep,
    Note,
    Parameters,
    RedFlag,
    Report,
    Share,
    Sites,
    Source,
    Statement,
    Topic,
    Trial,
    Type,
    Views,
    Women,
    Words,
    defaults,
)  # fmt: skip

SECTION_KINDS: Mapping[str, type] = {
    "groups": Group, "types": Type, "conditions": Condition, "findings": Finding, "mnemonics": Mnemonic, "sources": Source,
    "families": Family, "topics": Topic, "laboratory": Analyte, "drawings": Drawing,
}  # fmt: skip
"""The sections whose records are keyed by id, and what stands in them."""


def frozen(value: Any) -> Any:
    """Return a JSON value with its lists as tuples."""
    return tuple(map(frozen, value)) if type(value) is list else value


def record(kind: type, raw: Mapping[str, Any]) -> Any:
    """Return a record whose parts wait to be made until they are asked for."""
    makers = _PARTS.get(kind, {})
    made: Any = object.__new__(kind)
    inside = made.__dict__
    inside.update(defaults(kind))
    parts = {}
    for key, value in raw.items():
        if key in makers and value is not None:
            parts[key] = makers[key], value
            inside.pop(key, None)
        else:
            inside[key] = frozen(value) if type(value) is list else value
    if parts:
        inside["_parts"] = parts
    return made


def headed(kind: type, head: Mapping[str, Any], read: Callable[[], Mapping[str, Any]]) -> Any:
    """Return a record of which some plain fields are known; asking for any other reads the whole of it."""
    made: Any = object.__new__(kind)
    made.__dict__.update({key: frozen(value) for key, value in head.items()})
    made.__dict__["_rest"] = lambda: record(kind, {**read(), "id": head["id"]}).__dict__
    return made


class Lazy(Mapping[str, Any]):
    """Values by id, each made when it is first asked for."""

    def __init__(self, ids: Sequence[str] | Mapping[str, Any], make: Callable[[str], Any]) -> None:
        self._ids, self._make, self._made = ids, make, dict[str, Any]()

    def __getitem__(self, key: str) -> Any:
        if key not in self._made:
            if key not in self._ids:
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default: quicker than to fail first, as most of what is asked for is not there."""
        return self[key] if key in self._ids else default

    def __contains__(self, key: object) -> bool:
        return key in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def _one(kind: type) -> Callable[[Any], Any]:
    return partial(record, kind)


def _each(kind: type) -> Callable[[Any], Any]:
    return lambda raw: tuple(record(kind, item) for item in raw)


def _by_id(kind: type) -> Callable[[Any], Any]:
    return lambda raw: Lazy(raw, lambda key: record(kind, raw[key]))


def _keyed(kind: type) -> Callable[[Any], Any]:
    return lambda raw: {key: record(kind, {**item, "id": key}) for key, item in raw.items()}


def _tuples(raw: Mapping[str, Any]) -> Any:
    return {key: frozen(value) for key, value in raw.items()}


_PARTS: dict[type, dict[str, Callable[[Any], Any]]] = {
    Finding: {"red_flag": _one(RedFlag), "notes": _each(Note)},
    Type: {
        "share": _one(Share), "definition": _one(Statement), "mechanism": _one(Statement), "appearance": _each(Statement),
        "sites": _each(Statement), "subtypes": _each(Statement), "examples": _each(Statement), "facts": _each(Statement),
        "notes": _each(Note),
    },
    Condition: {
        "summary": _one(Statement), "mechanism": _one(Statement), "appearance": _one(Statement), "findings": _by_id(Link),
        "age": _one(Age), "women": _one(Women), "words": _one(Words), "sites": _one(Sites), "clues": _each(Statement),
        "tell_apart": _by_id(Statement), "pitfalls": _each(Statement), "next_step": _one(NextStep), "views": _one(Views),
        "report": _one(Report), "red_flag": _one(RedFlag), "notes": _each(Note),
    },
    Mnemonic: {"letters": _each(Letter), "notes": _each(Note)},
    Topic: {"statements": _each(Statement)},
    Language: {"same": _tuples, "without": _tuples, "sound": _tuples, "long_ago": _tuples, "lately": _tuples, "in_infancy": _tuples},
    Analyte: {"by_sex": _tuples},
    Body: {"places": _tuples},
    About: {"purpose": _each(Statement), "evaluation": _each(Trial)},
    Contents: {
        "about": _one(About), "parameters": _one(Parameters), "language": _one(Language), "body": _one(Body),
        "examples": _tuples,
        **{section: _keyed(kind) for section, kind in SECTION_KINDS.items()},
    },
}  # fmt: skip

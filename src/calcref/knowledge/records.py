"""Records made from parsed JSON that is known to be valid: each when it is first asked for, and its parts likewise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from . import model
from .model import Record, defaults


def frozen(value: Any) -> Any:
    """Return a JSON value with its lists as tuples."""
    return tuple(map(frozen, value)) if type(value) is list else value


def record(kind: type, raw: Mapping[str, Any]) -> Any:
    """Return a record whose parts wait to be made until they are asked for."""
    makers = _makers(kind)
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


def _each(kind: type, raw: Any) -> Any:
    return tuple(record(kind, item) for item in raw)


def _by_id(kind: type, raw: Any) -> Any:
    return Lazy(raw, lambda key: record(kind, raw[key]))


def _keyed(kind: type, raw: Any) -> Any:
    return {key: record(kind, {**item, "id": key}) for key, item in raw.items()}


def _tuples(raw: Mapping[str, Any]) -> Any:
    return {key: frozen(value) for key, value in raw.items()}


_FORM = re.compile(r"(tuple\[|Mapping\[\w+, )?(\w+)(?:, \.\.\.)?\]?(?: \| None)?")


def _maker(annotation: str) -> Callable[[Any], Any] | None:
    """Return what makes a part of its JSON, by its annotation; None where JSON is what it is."""
    if annotation.startswith("Mapping") and ", tuple[" in annotation:
        return _tuples
    form = _FORM.fullmatch(annotation)
    kind = getattr(model, form[2], None) if form else None
    if not form or not (isinstance(kind, type) and issubclass(kind, Record)):
        return None
    many = {None: record, "tuple[": _each}.get(form[1], _keyed if "id" in kind.__annotations__ else _by_id)
    return partial(many, kind)


@cache
def _makers(kind: type) -> Mapping[str, Callable[[Any], Any]]:
    return {name: made for name, text in kind.__annotations__.items() if (made := _maker(text))}


SECTION_KINDS: Mapping[str, type] = {
    name: made.args[0] for name, made in _makers(model.Contents).items() if isinstance(made, partial) and made.func is _keyed
}
"""The sections whose records are keyed by id, and what stands in them."""

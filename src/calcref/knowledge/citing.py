"""A walk over every record, and which statement rests on which source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .model import Record
from .records import SECTION_KINDS

if TYPE_CHECKING:
    from .base import KnowledgeBase


def walk(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Yield (path, value) of a value and of everything in it, however deep."""
    yield where, value
    inside: Iterable[tuple[object, Any]] = ()
    if isinstance(value, Mapping):
        inside = value.items()
    elif isinstance(value, tuple):
        inside = enumerate(value)
    elif isinstance(value, Record):
        inside = ((name, getattr(value, name)) for name in value.__dataclass_fields__)
    for key, item in inside:
        yield from walk(item, f"{where}.{key}")


def citations(record: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield (path, source id) of every citation in a record, however deep."""
    for path, value in walk(record, where):
        if path.endswith((".sources", ".reading")) and isinstance(value, tuple):
            for source in value:
                yield path, source


def all_citations(knowledge: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Yield (path, source id) of every citation in a knowledge base."""
    for section in ("about", *SECTION_KINDS):
        if section != "sources":
            yield from citations(getattr(knowledge, section), section)


def cited_by(knowledge: KnowledgeBase, source: str) -> list[str]:
    """Return the paths of all statements that cite a source."""
    return [where.removesuffix(".sources") for where, cited in all_citations(knowledge) if cited == source]

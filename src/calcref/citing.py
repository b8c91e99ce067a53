"""Which statement rests on which source: a walk over every record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .records import SECTION_KINDS

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase


def citations(record: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield (path, source id) of every citation in a record, however deep."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            yield from citations(value, f"{where}.{key}")
    elif isinstance(record, tuple):
        for place, value in enumerate(record):
            yield from citations(value, f"{where}.{place}")
    elif hasattr(record, "__dataclass_fields__"):
        for name in record.__dataclass_fields__:
            value = getattr(record, name)
            if name in ("sources", "reading"):
                for source in value:
                    yield f"{where}.{name}", source
            else:
                yield from citations(value, f"{where}.{name}")


def all_citations(knowledge: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Yield (path, source id) of every citation in a knowledge base."""
    yield from citations(knowledge.about, "about")
    for section in SECTION_KINDS:
        if section != "sources":
            yield from citations(getattr(knowledge, section), section)


def cited_by(knowledge: KnowledgeBase, source: str) -> list[str]:
    """Return the paths of all statements that cite a source."""
    return [where.removesuffix(".sources") for where, cited in all_citations(knowledge) if cited == source]

"""Quick reference and differential helper for soft tissue calcification on radiographs.

The library in four names, imported only when they are used:

    from calcref import case_of, load, rank, read
    knowledge = load()
    rank(knowledge, case_of(read(knowledge, "58M on dialysis, diffuse calcification"))).types[0]

`batch.answer` does the same for one line of JSON. Answers are frozen and can be pickled. All of it may be called from any
number of threads and processes; each process loads the knowledge once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.14.0"

if TYPE_CHECKING:
    from .differential.cases import case_of
    from .differential.findings import Case
    from .differential.ranking import Differential, rank
    from .knowledge.base import KnowledgeBase, load
    from .reading.mentions import Reading
    from .reading.reader import read

__all__ = ["Case", "Differential", "KnowledgeBase", "Reading", "__version__", "case_of", "load", "rank", "read"]

_HOME = {
    "Case": "differential.findings", "Differential": "differential.ranking", "KnowledgeBase": "knowledge.base",
    "Reading": "reading.mentions", "case_of": "differential.cases", "load": "knowledge.base", "rank": "differential.ranking",
    "read": "reading.reader",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOME[name]}", __name__), name)

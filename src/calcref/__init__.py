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

__version__ = "0.12.0"

if TYPE_CHECKING:
    from .differential import Differential, rank
    from .findings import Case
    from .knowledge import KnowledgeBase, load
    from .mentions import Reading
    from .reading import case_of, read

__all__ = ["Case", "Differential", "KnowledgeBase", "Reading", "__version__", "case_of", "load", "rank", "read"]

_HOME = {
    "Case": "findings", "Differential": "differential", "KnowledgeBase": "knowledge", "Reading": "mentions", "case_of": "reading",
    "load": "knowledge", "rank": "differential", "read": "reading",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOME[name]}", __name__), name)

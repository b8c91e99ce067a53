"""Quick reference and differential helper for soft tissue calcification on radiographs.

The library in three names, imported only when they are used:

    from calcref import Case, load, rank
    rank(load(), Case(present=("diffuse", "renal-failure")))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .differential import Differential, rank
    from .findings import Case
    from .knowledge import KnowledgeBase, load

__all__ = ["Case", "Differential", "KnowledgeBase", "__version__", "load", "rank"]

_HOME = {
    "Case": "findings", "Differential": "differential", "KnowledgeBase": "knowledge", "load": "knowledge",
    "rank": "differential",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOME[name]}", __name__), name)

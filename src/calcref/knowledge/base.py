"""The knowledge base in memory: found, read, checked, and looked through.

The shipped file travels with an index, which is good for the very content that passed validation. While it fits, the file is
read in parts and without pydantic, which would cost more time than the whole answer; any other file, or any edit, is
validated in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from calcref.errors import KnowledgeError

from .index import FlagFindings, Index, opened
from .model import (
    About,
    Analyte,
    Condition,
    Contents,
    Family,
    Finding,
    Group,
    Mnemonic,
    Parameters,
    Source,
    Topic,
    Type,
)  # fmt: skip

if TYPE_CHECKING:
    from .layers import Layer

FILE_NAME = "calcifications.json"
SIZE_LIMIT = 10_000_000
"""Bytes of a file without an index; a larger one is refused: to validate it would take too much memory. The shipped has 3 million."""


def shipped_file() -> Path:
    """Return the path of the shipped knowledge base: inside the installed package, or at the top of a source checkout.

    Raises:
        KnowledgeError: when neither place has it.
    """
    package = Path(__file__).parents[1]
    for folder in (package.parents[1] / "data", package / "data"):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise KnowledgeError("The knowledge base is missing from the installation.", "Install calcref again.")


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    from hashlib import sha256

    return sha256(data).hexdigest()


class KnowledgeBase:
    """A validated knowledge base with its indexes. Nothing in it is changed after it is made.

    `path` is the file that it came from, `layers` what was laid over that, and `sha256` the digest of the content.
    """

    def __init__(
        self, contents: Contents, sha256: str, path: Path | None = None, index: Index | None = None, layers: tuple[Layer, ...] = ()
    ) -> None:
        self.contents = contents
        self.sha256 = sha256
        self.path = path
        self.layers = layers
        self._index = index

    def __reduce__(self) -> tuple[Any, ...]:
        if self._index is not None:
            return load, (self.path,)
        return KnowledgeBase, (self.contents, self.sha256, self.path, None, self.layers)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "contents":
            raise AttributeError(name)
        value = self.__dict__[name] = getattr(self.contents, name)
        return value

    about: About
    parameters: Parameters
    groups: Mapping[str, Group]
    types: Mapping[str, Type]
    conditions: Mapping[str, Condition]
    findings: Mapping[str, Finding]
    mnemonics: Mapping[str, Mnemonic]
    sources: Mapping[str, Source]
    families: Mapping[str, Family]
    topics: Mapping[str, Topic]
    laboratory: Mapping[str, Analyte]

    def heads(self, section: str, field: str) -> Sequence[Any]:
        """Return one field of all records of a section, in their order."""
        if self._index is not None:
            return self._index.heads(section, field)
        return [getattr(item, field) for item in getattr(self, section).values()]

    def line(self, name: str) -> Any | None:
        """Return a line of the index by its name: a column of the ranking, or the dictionary; None where there is no index."""
        return None if self._index is None else self._index.line(name)

    @cached_property
    def red_flags(self) -> Mapping[str, FlagFindings]:
        """The conditions that may be dangerous, each with the findings that make it so, none if it always is, and those that explain it."""
        if self._index is not None:
            return self._index.red_flags
        flags = {key: condition.red_flag for key, condition in self.conditions.items() if condition.red_flag}
        return {key: ((*flag.when, *flag.urgent_when) if flag.when else (), flag.unless) for key, flag in flags.items()}

    @cached_property
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """Every finding with all that it is a kind of, or lies within, itself left out."""
        known: dict[str, frozenset[str]] = {}

        parents = dict(zip(self.findings, self.heads("findings", "is_a"), strict=True))

        def above(finding: str) -> frozenset[str]:
            if finding not in known:
                known[finding] = frozenset(parents[finding]).union(*map(above, parents[finding]))
            return known[finding]

        return {finding: above(finding) for finding in parents}

    @cached_property
    def descendants(self) -> Mapping[str, frozenset[str]]:
        """Every finding with all that is a kind of it, or lies within it, itself left out."""
        below: dict[str, set[str]] = {finding: set() for finding in self.findings}
        for finding, parents in self.ancestors.items():
            for parent in parents:
                below[parent].add(finding)
        return {finding: frozenset(children) for finding, children in below.items()}

    @cached_property
    def conditions_of(self) -> Mapping[str, tuple[Condition, ...]]:
        """The conditions of each type, in the order of the file."""
        return {kind: tuple(condition for condition in self.conditions.values() if condition.type == kind) for kind in self.types}

    @cached_property
    def former_ids(self) -> Mapping[str, str]:
        """Ids of conditions that were merged into another, with the id that replaced them."""
        return {old: condition.id for condition in self.conditions.values() for old in condition.replaces}


def read_knowledge(path: Path, layers: tuple[Path, ...] = ()) -> KnowledgeBase:
    """Read a file and its layers, validating them in full unless the index of a file by itself says that this very content passed.

    Raises:
        KnowledgeError: when a file cannot be read or is not valid; the message has the path to the first fault.
    """
    index = None if layers else opened(path)
    if index is not None:
        return KnowledgeBase(index.contents(), index.sha256, path, index)
    from .layers import laid

    return laid(path, layers)


_LOADING = Lock()


def load(path: Path | None = None, layers: tuple[Path, ...] = ()) -> KnowledgeBase:
    """Return the knowledge base of `path`, or the shipped one, with the files of `layers` laid over it, each over those before.

    It is read once in a process, however many threads ask for it.

    Raises:
        KnowledgeError: when a file cannot be read or is not valid; the message has the path to the first fault.
    """
    with _LOADING:
        return _loaded(path or shipped_file(), layers)


_loaded = lru_cache(maxsize=4)(read_knowledge)

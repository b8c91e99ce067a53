"""The knowledge base in memory: found, read, checked, and indexed.

The shipped file travels with a stamp, the SHA-256 of the file that last passed validation. While the stamp fits, the file is
read without pydantic, which would cost more time than the whole answer; any other file, or any edit, is validated in full.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from .errors import KnowledgeError
from .files import read_bytes
from .model import (
    KEYED_SECTIONS,
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
    Type,
    Views,
    Women,
    defaults,
)  # fmt: skip

FILE_NAME = "calcifications.json"
STAMP_NAME = "calcifications.stamp.json"
SIZE_LIMIT = 10_000_000
"""Bytes; a larger file is refused: to validate it would take too much memory. The shipped one has 3 million."""


def shipped_file() -> Path:
    """Return the path of the shipped knowledge base: inside the installed package, or at the top of a source checkout.

    Raises:
        KnowledgeError: when neither place has it.
    """
    package = Path(__file__).parent
    for folder in (package.parents[1] / "data", package / "data"):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise KnowledgeError("The knowledge base is missing from the installation.", "Install calcref again.")


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def stamp_text(data: bytes) -> str:
    """Return the stamp of a file in canonical form: its digest, and where each section begins and ends in it, in bytes."""
    starts = [(found.group(1).decode(), found.end()) for found in re.finditer(rb'^  "([a-z]+)": ', data, re.MULTILINE)]
    ends = [found.start() for found in re.finditer(rb',?\n  "[a-z$]+": |\n\}\n\Z', data)][-len(starts) :]
    sections = {name: [start, end] for (name, start), end in zip(starts, ends, strict=True)}
    return json.dumps({"sha256": digest(data), "sections": sections}, indent=1) + "\n"


def _stamp(path: Path) -> tuple[str, Mapping[str, list[int]]]:
    """Return the digest and the sections of the stamp beside a file; nothing when there is none."""
    try:
        stamp = json.loads(path.with_name(STAMP_NAME).read_bytes())
        return str(stamp["sha256"]), stamp["sections"]
    except (OSError, ValueError, KeyError, TypeError):
        return "", {}


def _freeze(value: Any) -> Any:
    return tuple(map(_freeze, value)) if type(value) is list else value


def _record(kind: type, raw: Mapping[str, Any]) -> Any:
    """Return a record whose parts wait to be made until they are asked for."""
    makers = _PARTS.get(kind, {})
    record: Any = object.__new__(kind)
    inside = record.__dict__
    inside.update(defaults(kind))
    parts = {}
    for key, value in raw.items():
        if key in makers and value is not None:
            parts[key] = makers[key], value
            inside.pop(key, None)
        else:
            inside[key] = _freeze(value) if type(value) is list else value
    if parts:
        inside["_parts"] = parts
    return record


class _Lazy(Mapping[str, Any]):
    """Records by id, each made when it is first asked for."""

    def __init__(self, kind: type, raw: Mapping[str, Any]) -> None:
        self._kind, self._raw, self._made = kind, raw, dict[str, Any]()

    def __getitem__(self, key: str) -> Any:
        if key not in self._made:
            self._made[key] = _record(self._kind, self._raw[key])
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self._raw else default


def _one(kind: type) -> Callable[[Any], Any]:
    return partial(_record, kind)


def _each(kind: type) -> Callable[[Any], Any]:
    return lambda raw: tuple(_record(kind, item) for item in raw)


def _by_id(kind: type) -> Callable[[Any], Any]:
    return partial(_Lazy, kind)


def _keyed(kind: type) -> Callable[[Any], Any]:
    """Return the maker of a section, whose records learn their ids from their keys; it may still be JSON text."""

    def make(raw: Any) -> Any:
        records = _parse(raw) if isinstance(raw, bytes) else raw
        return {key: _record(kind, {**item, "id": key}) for key, item in records.items()}

    return make


def _parse(data: bytes) -> Any:
    """Return the JSON value in `data`. Collecting garbage meanwhile would find none, and doubles the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return json.loads(data)
    finally:
        if collecting:
            gc.enable()


_PARTS: dict[type, dict[str, Callable[[Any], Any]]] = {
    Finding: {"notes": _each(Note)},
    Type: {
        "share": _one(Share), "definition": _one(Statement), "mechanism": _one(Statement), "appearance": _each(Statement),
        "sites": _each(Statement), "subtypes": _each(Statement), "examples": _each(Statement), "facts": _each(Statement),
        "notes": _each(Note),
    },
    Condition: {
        "summary": _one(Statement), "mechanism": _one(Statement), "appearance": _one(Statement), "findings": _by_id(Link),
        "age": _one(Age), "women": _one(Women), "sites": _one(Sites), "clues": _each(Statement),
        "tell_apart": _by_id(Statement), "pitfalls": _each(Statement), "next_step": _one(NextStep), "views": _one(Views),
        "report": _one(Report), "red_flag": _one(RedFlag), "notes": _each(Note),
    },
    Mnemonic: {"letters": _each(Letter), "notes": _each(Note)},
    Topic: {"statements": _each(Statement)},
    Language: {"same": lambda raw: {word: tuple(words) for word, words in raw.items()}},
    Analyte: {"by_sex": lambda raw: {sex: tuple(ends) for sex, ends in raw.items()}},
    Body: {"places": lambda raw: {place: tuple(point) for place, point in raw.items()}},
    About: {"purpose": _each(Statement)},
    Contents: {
        "about": _one(About), "parameters": _one(Parameters), "groups": _keyed(Group), "types": _keyed(Type),
        "conditions": _keyed(Condition), "findings": _keyed(Finding), "mnemonics": _keyed(Mnemonic),
        "sources": _keyed(Source), "families": _keyed(Family), "topics": _keyed(Topic), "laboratory": _keyed(Analyte),
        "language": _one(Language), "drawings": _keyed(Drawing), "body": _one(Body),
    },
}  # fmt: skip


def with_ids(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a parsed file in which every keyed record carries its key as `id`."""
    result = {key: value for key, value in raw.items() if key != "$schema"}
    for section in KEYED_SECTIONS:
        records = result.get(section)
        if isinstance(records, dict):
            result[section] = {
                key: {**record, "id": key} if isinstance(record, dict) else record for key, record in records.items()
            }
    return result


class KnowledgeBase:
    """A validated knowledge base with its indexes. Nothing in it is changed after it is made.

    `path` is the file that it came from and `sha256` the digest of its content.
    """

    def __init__(self, contents: Contents, sha256: str, path: Path | None = None) -> None:
        self.contents = contents
        self.sha256 = sha256
        self.path = path

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

    @cached_property
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """Every finding with all that it is a kind of, or lies within, itself left out."""
        known: dict[str, frozenset[str]] = {}

        def above(finding: str) -> frozenset[str]:
            if finding not in known:
                parents = self.findings[finding].is_a
                known[finding] = frozenset(parents).union(*map(above, parents))
            return known[finding]

        return {finding: above(finding) for finding in self.findings}

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

    def condition(self, name: str) -> Condition:
        """Return the condition of an id or a former id.

        Raises:
            KeyError: when there is none.
        """
        return self.conditions[self.former_ids.get(name, name)]


def build(raw: Mapping[str, Any]) -> Contents:
    """Return the records of a parsed file that is known to be valid."""
    contents: Contents = _record(Contents, {key: value for key, value in raw.items() if key != "$schema"})
    return contents


def read_knowledge(path: Path) -> KnowledgeBase:
    """Read one file, validating it in full unless its stamp says that this very content passed before.

    Raises:
        KnowledgeError: when the file cannot be read or is not valid; the message has the path to the first fault.
    """
    data = read_bytes(path, SIZE_LIMIT)
    sha256 = digest(data)
    stamped, sections = _stamp(path)
    if sha256 == stamped:
        raw: dict[str, Any] = {name: data[start:end] for name, (start, end) in sections.items()}
        for name in raw.keys() - set(KEYED_SECTIONS):
            raw[name] = _parse(raw[name])
        return KnowledgeBase(build(raw), sha256, path)
    from .validation import check_bytes

    contents, problems = check_bytes(data)
    if contents is None:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise KnowledgeError(f"{path}: {first.where}: {first.what}{more}", f"{first.remedy} All of it: calcref check {path}")
    return KnowledgeBase(contents, sha256, path)


@lru_cache(maxsize=4)
def load(path: Path | None = None) -> KnowledgeBase:
    """Return the knowledge base of `path`, or the shipped one.

    Raises:
        KnowledgeError: when the file cannot be read or is not valid.
    """
    return read_knowledge(path or shipped_file())


def cited(statements: Iterable[Any]) -> tuple[str, ...]:
    """Return the ids of all sources that the records cite, each once, in order of first use."""
    return tuple(dict.fromkeys(source for statement in statements for source in statement.sources))

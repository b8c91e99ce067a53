"""The index of a knowledge base file: the seal that it passed validation, and the way to its parts without reading the whole.

It is made when a file passes, and good for that very content, which it knows by its size and its CRC-32: an edit is told, and
who would forge a file could as well forge its index. Its first line says where each record stands in the file and gives the
fields that nearly every answer needs; then the numbers of the ranking follow, a line for each column over all conditions, what the
words of a text say for each cause, and the dictionary of the reader. A command reads the lines and the records that it needs, so that a hundred times the knowledge
costs little more than one.
"""

from __future__ import annotations

import gc
import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from io import BufferedReader
from itertools import accumulate, zip_longest
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from zlib import crc32

from calcref import files
from calcref.errors import KnowledgeError

from .model import Contents
from .records import SECTION_KINDS, Lazy, headed, record

FlagFindings = tuple[Sequence[str], Sequence[str]]
"""The findings that put a red flag up, and those that explain it."""

INDEX_SUFFIX = ".index.jsonl"

FORMAT = 9
"""Raised when an index says something else or says it otherwise: an older one is passed over."""

STRETCH, PART = 1 << 25, 1 << 18
"""Bytes of a stretch of a file, which has a checksum of its own so that those of a large file are made side by side; and of what is
checked at a time."""

HEADS: Mapping[str, tuple[str, ...]] = {
    "conditions": ("name", "type", "commonness", "also_types"),
    "findings": ("label", "group", "how", "base_rate", "is_a", "cluster", "ages", "sex"),
    "sources": (),
}
"""The sections that are read record by record, with the fields that are known without reading."""


def index_path(path: Path) -> Path:
    """Return where the index of a knowledge base file stands: beside it."""
    return path.with_name(path.stem + INDEX_SUFFIX)


def parse(data: bytes) -> Any:
    """Return the JSON value in `data`. Collecting garbage meanwhile would find none, and doubles the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return json.loads(data)
    finally:
        if collecting:
            gc.enable()


def _state(file: BufferedReader) -> tuple[int, int]:
    """Return the size of an open file in bytes, and when it was last written to."""
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns


def _stretches(size: int) -> range:
    """Return where the stretches of a file of `size` bytes begin; an empty one has one."""
    return range(0, max(size, 1), STRETCH)


def seal(data: bytes) -> list[int]:
    """Return what an index says of the file that it is for: its own format, the size in bytes, and the CRC-32 of each stretch."""
    return [FORMAT, len(data), *(crc32(data[start : start + STRETCH]) for start in _stretches(len(data)))]


class Parts:
    """A file that is read in parts, of which it is known that it has not changed since it was opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = files.opened(path)
        self._state = _state(self._file)
        self._lock = Lock()

    def check(self) -> list[int]:
        """Return what an index that goes with the file says of it, as `seal` does."""
        sums = [0] * len(_stretches(self._state[0]))

        def add(place: int) -> None:
            with suppress(OSError, KnowledgeError):  # gone meanwhile: no index fits
                sums[place] = self._checksum(place * STRETCH)

        others = [Thread(target=add, args=(place,)) for place in range(1, len(sums))]
        for other in others:
            other.start()
        add(0)
        for other in others:
            other.join()
        return [FORMAT, self._state[0], *sums]

    def _checksum(self, start: int) -> int:
        """Return the CRC-32 of the stretch from `start` on, of the file as it was when it was opened."""
        checksum, left, part = 0, STRETCH, memoryview(bytearray(PART))
        with files.opened(self.path) as file:
            file.seek(start)
            while _state(file) == self._state and (size := file.readinto1(part[:left])):
                checksum, left = crc32(part[:size], checksum), left - size
        return checksum

    def first_line(self) -> bytes:
        """Return the first line."""
        self._file.seek(0)
        return self._file.readline()

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`.

        Raises:
            KnowledgeError: when the file was written to since it was opened.
        """
        with self._lock:
            self._file.seek(start)
            data = self._file.read(end - start)
        if _state(self._file) != self._state:
            raise KnowledgeError(f"{self.path} has changed while it was being read.", "Try again.")
        return data

    def __del__(self) -> None:
        if "_file" in self.__dict__:
            self._file.close()


class Index:
    """An open knowledge base file with its index."""

    def __init__(self, text: Parts, lines: Parts, header: Mapping[str, Any], offset: int) -> None:
        self._text, self._lines, self._header, self._offset = text, lines, header, offset
        self.sha256: str = header["sha256"]
        self.red_flags: Mapping[str, FlagFindings] = {key: (when, unless) for key, (when, unless) in header["red_flags"].items()}

    def line(self, name: str) -> Any:
        """Return what a line has that goes by a name."""
        start, end = self._header["lines"][name]
        return parse(self._lines.read(start + self._offset, end + self._offset))

    def heads(self, section: str, field: str) -> list[Any]:
        """Return a field of all records of a section, in their order."""
        place = 2 + HEADS[section].index(field)
        return [row[place] for row in self._header["records"][section].values()]

    def _part(self, start: int, end: int) -> Any:
        return parse(self._text.read(start, end))

    def _section(self, name: str) -> Any:
        if name not in HEADS:
            return self._part(*self._header["sections"][name])
        rows: Mapping[str, list[Any]] = self._header["records"][name]

        def make(key: str) -> Any:
            start, end, *values = rows[key]
            head = dict(zip(HEADS[name], values, strict=True))
            return headed(SECTION_KINDS[name], {**head, "id": key}, partial(self._part, start, end))

        return Lazy(rows, make)

    def contents(self) -> Contents:
        """Return the knowledge base, of which each section is read when it is first asked for."""
        made: Contents = record(Contents, {})
        waiting = {}
        for name in self._header["sections"]:
            made.__dict__.pop(name, None)
            waiting[name] = self._filled, name
        made.__dict__["_parts"] = waiting
        return made

    def _filled(self, name: str) -> Any:
        section = self._section(name)
        return section if name in HEADS else getattr(record(Contents, {name: section}), name)


def opened(path: Path) -> Index | None:
    """Return a knowledge base file with its index, or None when there is no index, or none of this very content."""
    try:
        text, lines = Parts(path), Parts(index_path(path))
        line = lines.first_line()
        header = parse(line)
        return Index(text, lines, header, len(line)) if header["check"] == text.check() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _places(data: bytes, start: int, end: int, indent: int) -> dict[str, tuple[int, int]]:
    """Return where the values of an object in canonical form begin and end, by key; `indent` is that of its keys."""
    keys = list(re.compile(rb'^ {%d}"([^"]+)": ' % indent, re.MULTILINE).finditer(data, start, end))
    places = {}
    for key, following in zip_longest(keys, keys[1:]):
        # A value ends before the comma and the next key, or before the bracket that closes the object.
        value = data[key.end() : following.start() if following else end - 1].rstrip()
        places[key.group(1).decode()] = key.end(), key.end() + len(value) - bool(following)
    return places


def index_bytes(data: bytes, contents: Contents, named: Mapping[str, Any], red_flags: Mapping[str, FlagFindings]) -> bytes:
    """Return the index of a file.

    Args:
        data: the file, in canonical form.
        contents: its records.
        named: what the lines have, by name.
        red_flags: the findings that put up the red flag of a condition, by its id, none if it is always up; and those that explain it.
    """
    from hashlib import sha256

    sections = _places(data, 0, len(data.rstrip()), 2)
    lines = [json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n" for value in named.values()]
    ends = list(accumulate(map(len, lines)))
    header = {
        "check": seal(data),
        "sha256": sha256(data).hexdigest(),
        "sections": {name: place for name, place in sections.items() if name != "$schema"},
        "records": {
            section: {
                key: [*place, *(getattr(getattr(contents, section)[key], field) for field in fields)]
                for key, place in _places(data, *sections[section], 4).items()
            }
            for section, fields in HEADS.items()
        },
        "red_flags": red_flags,
        "lines": dict(zip(named, map(list, zip([0, *ends], ends, strict=False)), strict=True)),
    }
    return json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n" + b"".join(lines)

"""The curator's side: check a knowledge base file, write it in canonical form with its index, print its schema."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from calcref.differential import prose
from calcref.differential.likelihood import Likelihoods
from calcref.errors import KnowledgeError
from calcref.files import read_bytes, write_whole
from calcref.knowledge import names
from calcref.knowledge.base import SIZE_LIMIT, KnowledgeBase, digest
from calcref.knowledge.index import index_bytes, index_path
from calcref.knowledge.layers import Layer, checked
from calcref.knowledge.model import Contents
from calcref.knowledge.strict_json import parse
from calcref.knowledge.validation import Problem, check_bytes, schema
from calcref.reading.dictionary import LINE, dictionary

from .formatting import canonical

SCHEMA_NAME = "calcifications.schema.json"


LARGEST = 1_000_000_000
"""Bytes of a file that may be given an index, after which it is read in parts; without one it has to be small enough to be
validated at each start."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `contents` is None when there are problems; `layers` are those that were laid over the file."""

    path: Path
    contents: Contents | None
    problems: tuple[Problem, ...]
    written: bool = False
    layers: tuple[Layer, ...] = ()


def check_file(path: Path, layers: tuple[Path, ...] = ()) -> Checked:
    """Validate a file in full, whatever its index says, or what comes of `layers` laid over it.

    Raises:
        KnowledgeError: when the file cannot be read; of a layer it is a fault like any other.
    """
    if layers:
        try:
            contents, faults, read, _ = checked(path, layers)
        except KnowledgeError as error:
            return Checked(path, None, (Problem("(file)", error.message, error.hint),))
        return Checked(path, contents, tuple(replace(fault, what=f"{file}: {fault.what}") for file, fault in faults), layers=read)
    contents, problems = check_bytes(read_bytes(path, SIZE_LIMIT))
    return Checked(path, contents, tuple(problems))


def format_file(path: Path) -> Checked:
    """Validate a file and, if it is valid, write it in canonical form, with its index and the schema beside it.

    Raises:
        KnowledgeError: when a file cannot be read or written.
    """
    data = read_bytes(path, LARGEST)
    contents, problems = check_bytes(data, most=None)
    if contents is None:
        return Checked(path, contents, tuple(problems))
    text = canonical(parse(data, most=None)).encode("utf-8")
    if text != data:  # the index follows the order of the records that is written
        contents = check_bytes(text, most=None)[0] or contents
    write_whole(path, text)
    write_whole(index_path(path), index_of(text, contents))
    write_whole(path.with_name(SCHEMA_NAME), schema_text().encode("utf-8"))
    return Checked(path, contents, (), written=True)


def index_of(data: bytes, contents: Contents) -> bytes:
    """Return the index of a file in canonical form that holds these records."""
    knowledge = KnowledgeBase(contents, digest(data))
    words = dictionary(knowledge)
    says = prose.stored(knowledge, words)
    lines = {
        **Likelihoods(knowledge).columns(),
        LINE: words.stored(), prose.LINE: says, names.NAMES: {section: names.folded(knowledge, section) for section in names.SECTIONS},
        **{prose.NAME + finding: prose.named(knowledge, words, says, finding) for finding in contents.findings},
    }  # fmt: skip
    return index_bytes(data, contents, lines, knowledge.red_flags)


def schema_text() -> str:
    """Return the JSON Schema of a knowledge base as text."""
    return json.dumps(schema(), indent=2) + "\n"

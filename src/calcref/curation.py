"""The curator's side: check a knowledge base file, write it in canonical form, stamp it, print its schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .files import read_bytes, write_whole
from .formatting import canonical
from .knowledge import SIZE_LIMIT, STAMP_NAME, stamp_text
from .model import Contents
from .strict_json import parse
from .validation import Problem, check_bytes, schema

SCHEMA_NAME = "calcifications.schema.json"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `contents` is None when there are problems."""

    path: Path
    contents: Contents | None
    problems: tuple[Problem, ...]
    written: bool = False


def check_file(path: Path) -> Checked:
    """Validate a file in full, whatever its stamp says.

    Raises:
        KnowledgeError: when the file cannot be read.
    """
    contents, problems = check_bytes(read_bytes(path, SIZE_LIMIT))
    return Checked(path, contents, tuple(problems))


def format_file(path: Path) -> Checked:
    """Validate a file and, if it is valid, write it in canonical form, with its stamp and the schema beside it.

    Raises:
        KnowledgeError: when a file cannot be read or written.
    """
    data = read_bytes(path, SIZE_LIMIT)
    contents, problems = check_bytes(data)
    if problems:
        return Checked(path, contents, tuple(problems))
    text = canonical(parse(data)).encode("utf-8")
    write_whole(path, text)
    write_whole(path.with_name(STAMP_NAME), stamp_text(text).encode("ascii"))
    write_whole(path.with_name(SCHEMA_NAME), schema_text().encode("utf-8"))
    return Checked(path, contents, (), written=True)


def schema_text() -> str:
    """Return the JSON Schema of a knowledge base as text."""
    return json.dumps(schema(), indent=2) + "\n"

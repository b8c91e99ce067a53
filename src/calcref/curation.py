"""The curator's side: check a knowledge base file, write it in canonical form, stamp it, print its schema."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .errors import KnowledgeError
from .formatting import canonical
from .knowledge import STAMP_NAME, read_bytes, stamp_text
from .model import Contents
from .validation import Problem, check_bytes, parse, schema

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
    contents, problems = check_bytes(read_bytes(path))
    return Checked(path, contents, tuple(problems))


def format_file(path: Path) -> Checked:
    """Validate a file and, if it is valid, write it in canonical form, with its stamp and the schema beside it.

    Raises:
        KnowledgeError: when a file cannot be read or written.
    """
    data = read_bytes(path)
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


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        KnowledgeError: when it cannot be written; whatever was there before is untouched.
    """
    name = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            name = file.name
            file.write(data)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(name).replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise KnowledgeError(f"{path} cannot be written: {reason}.", "Check the folder, its permissions and its room.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

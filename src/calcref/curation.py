"""The curator's side: check a knowledge base file, write it in canonical form with its index, print its schema."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from .errors import KnowledgeError
from .formatting import canonical
from .index import index_bytes, index_path
from .knowledge import KnowledgeBase, digest, read_bytes
from .layers import Layer, checked
from .likelihood import Likelihoods
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
    layers: tuple[Layer, ...] = ()


def check_file(path: Path, layers: tuple[Path, ...] = ()) -> Checked:
    """Validate a file in full, whatever its index says, or what comes of `layers` laid over it.

    Raises:
        KnowledgeError: when a file cannot be read.
    """
    if layers:
        contents, faults, read, _ = checked(path, layers)
        return Checked(path, contents, tuple(replace(fault, what=f"{file}: {fault.what}") for file, fault in faults), layers=read)
    contents, problems = check_bytes(read_bytes(path))
    return Checked(path, contents, tuple(problems))


def format_file(path: Path) -> Checked:
    """Validate a file and, if it is valid, write it in canonical form, with its index and the schema beside it.

    Raises:
        KnowledgeError: when a file cannot be read or written.
    """
    data = read_bytes(path)
    contents, problems = check_bytes(data)
    if contents is None:
        return Checked(path, contents, tuple(problems))
    text = canonical(parse(data)).encode("utf-8")
    write_whole(path, text)
    write_whole(index_path(path), index_of(text, contents))
    write_whole(path.with_name(SCHEMA_NAME), schema_text().encode("utf-8"))
    return Checked(path, contents, (), written=True)


def index_of(data: bytes, contents: Contents) -> bytes:
    """Return the index of a file in canonical form that holds these records."""
    knowledge = KnowledgeBase(contents, digest(data))
    return index_bytes(data, contents, Likelihoods(knowledge).columns(), knowledge.red_flags)


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

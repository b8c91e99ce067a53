"""Knowledge laid over knowledge: a department's own file over the shipped one, as a JSON merge patch (RFC 7396).

An object in a layer is merged into the one below, null removes, anything else replaces. What comes of it is validated as a
whole, with the same checks as any other knowledge base.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from calcref.errors import KnowledgeError
from calcref.files import read_bytes

from .base import SIZE_LIMIT, KnowledgeBase, digest
from .strict_json import parse

if TYPE_CHECKING:
    from .model import Contents
    from .validation import Problem

VARIABLE = "CALCREF_KB"
"""Environment variable that names layers, parted as in PATH."""

OWN_FILE = "knowledge.json"
"""The layer in the user's configuration folder."""


class Layer(NamedTuple):
    """A file laid over others. `changes` has the fields that it sets, by section and id; none for a record that is new."""

    path: Path
    sha256: str
    changes: Mapping[tuple[str, str], tuple[str, ...]]


def origins(knowledge: KnowledgeBase, section: str, key: str) -> Iterator[tuple[Layer, str]]:
    """Yield the layers that a record comes from or was changed by, each with what it did."""
    for layer in knowledge.layers:
        fields = layer.changes.get((section, key))
        if fields is not None:
            yield layer, f"changes {', '.join(fields)}" if fields else "is new here"


def said_of(knowledge: KnowledgeBase, section: str, key: str) -> list[tuple[str, str]]:
    """Return what a page says of the layers of a record."""
    return [("Layer", f"{layer.path}: {what}") for layer, what in origins(knowledge, section, key)]


def own_files(folder: Path, environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the layers of this user, the lowest first: the one in the configuration `folder`, and those of the environment."""
    own = [folder / OWN_FILE] if _may_be_there(folder / OWN_FILE) else []
    return (*own, *(Path(name) for name in environment.get(VARIABLE, "").split(os.pathsep) if name))


def _may_be_there(path: Path) -> bool:
    """Tell whether a file is there, or may be: a broken link or a locked folder is a fault to tell, and no absence."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def merged(below: Any, patch: Any) -> Any:
    """Return a JSON value with a merge patch applied to it (RFC 7396); neither is changed."""
    if not isinstance(patch, dict):
        return patch
    result = dict(below) if isinstance(below, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def laid(base: Path, files: Sequence[Path]) -> KnowledgeBase:
    """Return the knowledge base of `base` with `files` laid over it, each over those before it.

    Raises:
        KnowledgeError: when a file cannot be read, or what comes of the layers is not valid; the message names the layer, the
            path and the remedy.
    """
    contents, faults, layers, sha256 = checked(base, files)
    if contents is None:
        path, first = faults[0]
        more = f" (and {len(faults) - 1} more: calcref check with the same files lists them)" if len(faults) > 1 else ""
        over = f", as laid over {base.name}" if path != base else ""
        raise KnowledgeError(f"{path}{over}: {first.where}: {first.what}{more}", first.remedy)
    return KnowledgeBase(contents, sha256, base, layers=layers)


def checked(base: Path, files: Sequence[Path]) -> tuple[Contents | None, list[tuple[Path, Problem]], tuple[Layer, ...], str]:
    """Validate what comes of `files` laid over `base`. Return its records, or None; the faults, each with the file that brings it
    in; the layers; and a digest of it all.

    Raises:
        KnowledgeError: when a file cannot be read, or removes a record that is not there.
    """
    from .validation import check_raw

    raw, own = _read(base)
    stages, digests, layers = [raw], [own], list[Layer]()
    for path in files:
        patch, own = _read(path)
        layers.append(Layer(path, own, dict(_changes(path, stages[-1], patch))))
        digests.append(own)
        stages.append(merged(stages[-1], patch))
    contents, problems = check_raw(stages[-1])
    found: list[tuple[Path, Problem]] = []
    if problems:  # whose fault it is shows in what was not wrong without a file
        earlier = [(path, check_raw(stage)[1]) for path, stage in zip((base, *files), stages[:-1], strict=False)]
        found = [
            (next((path for path, faults in earlier if problem in faults), (base, *files)[-1]), problem) for problem in problems
        ]
    return contents, found, tuple(layers), digest("".join(digests).encode()) if files else own


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Return the JSON object of a file, and its digest."""
    data = read_bytes(path, SIZE_LIMIT)
    try:
        raw = parse(data)
    except ValueError as error:
        raise KnowledgeError(f"{path}: {error}.", "Repair the JSON.") from None
    if not isinstance(raw, dict):
        raise KnowledgeError(f"{path}: the file is not a JSON object.", 'Such as {"conditions": {...}}: calcref new condition ID')
    return raw, digest(data)


def _changes(path: Path, below: Mapping[str, Any], patch: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Yield what a patch does to each record: its fields, "(removed)", or nothing where it is new."""
    for section, records in patch.items():
        there = below.get(section)
        for key, record in records.items() if isinstance(records, dict) else [("", records)]:
            is_new = not isinstance(there, dict) or key not in there
            if is_new and key and record is None:
                raise KnowledgeError(
                    f"{path}: {section}.{key}: there is nothing of that id to remove.", "Correct the id, or leave it out."
                )
            fields = tuple(record) if isinstance(record, dict) else ("(removed)",) if record is None else ("(replaced)",)
            yield (section, key), () if is_new else fields

"""Knowledge laid over knowledge: a department's own file over the shipped one, as a JSON merge patch (RFC 7396).

An object in a layer is merged into the one below, null removes, anything else replaces. What comes of it is validated as a
whole, with the same checks as any other knowledge base.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .errors import KnowledgeError
from .files import read_bytes
from .knowledge import SIZE_LIMIT, KnowledgeBase, digest
from .strict_json import parse

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


def own_files(folder: Path, environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the layers of this user, the lowest first: the one in the configuration `folder`, and those of the environment."""
    own = [folder / OWN_FILE] if (folder / OWN_FILE).exists() else []
    return (*own, *(Path(name) for name in environment.get(VARIABLE, "").split(os.pathsep) if name))


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
    from .validation import check_raw

    raw, sha256 = _read(base)
    digests, layers = [sha256], list[Layer]()
    for path in files:
        patch, sha256 = _read(path)
        layers.append(Layer(path, sha256, dict(_changes(raw, patch))))
        digests.append(sha256)
        raw = merged(raw, patch)
    contents, problems = check_raw(raw)
    if contents is None:
        first = problems[0]
        section, _, rest = first.where.partition(".")
        at_fault = [layer.path for layer in layers if (section, rest.split(".")[0]) in layer.changes] or files
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise KnowledgeError(f"{at_fault[-1]}, as laid over {base.name}: {first.where}: {first.what}{more}", first.remedy)
    return KnowledgeBase(contents, digest("".join(digests).encode()), base, layers=tuple(layers))


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Return the JSON object in a file, and the digest of the file."""
    data = read_bytes(path, SIZE_LIMIT)
    try:
        raw = parse(data)
    except ValueError as error:
        raise KnowledgeError(f"{path}: {error}.", "Repair the JSON.") from None
    if not isinstance(raw, dict):
        raise KnowledgeError(f"{path}: the file is not a JSON object.", 'Such as {"conditions": {...}}: calcref new condition ID')
    return raw, digest(data)


def _changes(below: Mapping[str, Any], patch: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Yield what a patch does to each record: its fields, "(removed)", or nothing where it is new."""
    for section, records in patch.items():
        there = below.get(section)
        for key, record in records.items() if isinstance(records, dict) else [("", records)]:
            is_new = not isinstance(there, dict) or key not in there
            fields = tuple(record) if isinstance(record, dict) else ("(removed)",) if record is None else ("(replaced)",)
            yield (section, key), () if is_new else fields

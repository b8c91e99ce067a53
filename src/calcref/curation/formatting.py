"""The one way in which a knowledge base is written down: fields in the order of the model, records by id, short things on a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from calcref.knowledge.model import Condition, Contents, Letter, Link, Note, Share, Statement, defaults
from calcref.knowledge.records import SECTION_KINDS

LINE = 120
"""Columns up to which a list or an object stands on one line."""

SORTED_SECTIONS = ("conditions", "findings", "sources", "families", "topics", "laboratory")
"""Sections in which the order of the records means nothing, so that they stand by id."""

_PARTS: Mapping[str, type] = {"statements": Statement, "notes": Note, "letters": Letter, "share": Share}


def canonical(raw: Mapping[str, Any]) -> str:
    """Return the canonical text of a valid knowledge base, or of a part of one. To read the text and write it again changes nothing."""
    result = {}
    for section in ("$schema", *Contents.__dataclass_fields__):
        if section in raw:
            records = dict(sorted(raw[section].items())) if section in SORTED_SECTIONS else raw[section]
            kind = SECTION_KINDS.get(section)
            result[section] = {key: _ordered(record, kind) for key, record in records.items()} if kind else records
    return _text(result, 0, 0) + "\n"


def _ordered(value: Any, kind: Any) -> Any:
    """Return a record, or a list of them, with its fields in the order of the model, without those that only repeat a default."""
    if isinstance(value, list):
        return [_ordered(item, kind) for item in value]
    default = {name: [] if usual == () else usual for name, usual in defaults(kind).items()}
    result = {}
    for name in kind.__dataclass_fields__:
        if name in value and (name not in default or value[name] != default[name]):
            result[name] = _ordered(value[name], _PARTS[name]) if name in _PARTS else value[name]
    if kind is Condition:
        result["findings"] = {finding: _ordered(link, Link) for finding, link in sorted(value["findings"].items())}
    return result


def _text(value: Any, depth: int, used: int) -> str:
    """Return `value` as JSON; `used` columns of its first line are taken by the key before it."""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, (dict, list)) or (depth > 1 and len(line) + used + 2 * depth <= LINE):
        return line
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        keys = {key: json.dumps(key, ensure_ascii=False) + ": " for key in value}
        parts = [keys[key] + _text(item, depth + 1, len(keys[key])) for key, item in value.items()]
        return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{outer}}}"
    return "[\n" + ",\n".join(inner + _text(item, depth + 1, 0) for item in value) + f"\n{outer}]"

"""The one way in which a knowledge base is written down: fields in the order of the model, records by id, short things on a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from .model import Condition, Contents, Finding, Letter, Link, Mnemonic, Note, Share, Source, Statement, Topic, Type

LINE = 120
"""Columns up to which a list or an object stands on one line."""

SORTED_SECTIONS = ("conditions", "findings", "sources", "families", "topics", "laboratory")
"""Sections in which the order of the records means nothing, so that they stand by id."""

_KINDS: Mapping[str, type] = {"types": Type, "conditions": Condition, "findings": Finding, "mnemonics": Mnemonic,
                              "sources": Source, "topics": Topic}  # fmt: skip
_PARTS: Mapping[str, type] = {"statements": Statement, "notes": Note, "letters": Letter, "share": Share}


def _ordered(record: Mapping[str, Any], kind: type) -> dict[str, Any]:
    """Return the record with known fields first, in the order of the model, without those that only repeat a default."""
    result: dict[str, Any] = {}
    for item in fields(kind):
        if item.name not in record or item.name == "id":
            continue
        value = record[item.name]
        default = item.default_factory() if item.default_factory is not MISSING else item.default
        if default is not MISSING and (value == default or (default == () and value == [])):
            continue
        result[item.name] = value
    result.update((key, value) for key, value in record.items() if key not in result and key not in _names(kind))
    return result


def _names(kind: type) -> set[str]:
    return {item.name for item in fields(kind)}


def _part(key: str, value: Any) -> Any:
    kind = _PARTS.get(key)
    if kind and isinstance(value, list):
        return [_ordered(item, kind) if isinstance(item, dict) else item for item in value]
    return _ordered(value, kind) if kind and isinstance(value, dict) else value


def _tidy(record: Any, kind: type) -> Any:
    if not isinstance(record, dict):
        return record
    result = {key: _part(key, value) for key, value in _ordered(record, kind).items()}
    links = result.get("findings")
    if kind is Condition and isinstance(links, dict):
        result["findings"] = {key: _ordered(link, Link) if isinstance(link, dict) else link for key, link in sorted(links.items())}
    return result


def canonical(raw: Mapping[str, Any]) -> str:
    """Return the canonical text of a parsed knowledge base. Reading the text and writing it again changes nothing."""
    result: dict[str, Any] = {"$schema": raw["$schema"]} if "$schema" in raw else {}
    order = [item.name for item in fields(Contents) if item.name in raw]
    for section in [*order, *(key for key in raw if key not in order and key != "$schema")]:
        records = raw[section]
        if section in SORTED_SECTIONS and isinstance(records, dict):
            records = dict(sorted(records.items()))
        if section in _KINDS and isinstance(records, dict):
            records = {key: _tidy(record, _KINDS[section]) for key, record in records.items()}
        result[section] = records
    return _text(result, 0, 0) + "\n"


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

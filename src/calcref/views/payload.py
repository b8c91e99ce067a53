"""JSON answers: what programs may rely on. Within a schema version things are added, never renamed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from calcref.differential.advice import ask_next, dangers, expected, remarks, steadiness, unusual
from calcref.differential.findings import implied
from calcref.differential.ranking import NAMES, UNTOLD, WORDS, Differential, alarms, evidence, flag_urgency, is_dangerous

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.reading.mentions import Reading

EXPLAINED = 10
"""Conditions that carry their evidence; the others have an empty list."""

DIGITS = 6
_HOW = {"other-view": "look", "other-modality": "look"}


def dump(answer: Mapping[str, Any]) -> str:
    """Return an answer as one line of JSON in ASCII, so that no terminal and no pipe can spoil it."""
    return json.dumps(answer) + "\n"


def envelope(knowledge: KnowledgeBase, schema: str) -> dict[str, Any]:
    """Return what every answer begins with: its schema and which knowledge base it is from."""
    about, layers = knowledge.about, [{"path": str(layer.path), "sha256": layer.sha256} for layer in knowledge.layers]
    known = {"version": about.version, "date": about.date, "sha256": knowledge.sha256}
    return {"schema": f"calcref.{schema}/1", "knowledge_base": known | ({"layers": layers} if layers else {})}


def _probability(value: float) -> float:
    """Return a probability rounded to `DIGITS` significant digits, never 0 and never 1."""
    return min(max(float(f"{value:.{DIGITS}g}"), 1e-12), 1 - 1e-12)


def plain(value: Any) -> Any:
    """Return a record, or anything made of records, as what JSON knows."""
    names: Iterable[str] | None = getattr(value, "_fields", None) or getattr(value, "__dataclass_fields__", None)
    if names is not None:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def differential(
    knowledge: KnowledgeBase, answer: Differential, reading: Reading | None = None, why: str | None = None, steady: bool = False
) -> dict[str, Any]:
    """Return the contract of a differential, version 1; `why` names a condition that carries its evidence wherever it ranks."""
    ranked = ranking(knowledge, answer, asked=reading.named if reading else ())
    for place, item in enumerate(ranked["conditions"]):
        item["evidence"] = list(_evidence(knowledge, answer, item["id"])) if place < EXPLAINED or item["id"] == why else []
    ranked["findings"]["implied"] = list(implied(knowledge, answer.case))
    return envelope(knowledge, "differential") | ranked | {
        "ask_next": [
            {"finding": item.finding, "how": _HOW.get(item.how, item.how), "effort": item.how,
             "information_gain_bits": float(f"{item.gain:.3g}")}
            for item in ask_next(knowledge, answer)
        ],
    } | _more(knowledge, answer, reading, why, steady)  # fmt: skip


def ranking(knowledge: KnowledgeBase, answer: Differential, top: int | None = None, asked: Collection[str] = ()) -> dict[str, Any]:
    """Return what was entered, all types, the `top` leading conditions or all, and the dangerous ones that are open or `asked` about."""
    case = answer.case
    return {
        "prior": answer.prior,
        "findings": {
            "present": list(case.present), "absent": list(case.absent), "age": case.age, "sex": case.sex,
            "not_understood": list(case.not_understood),
        },
        "types": [
            {"id": item.id, "name": knowledge.types[item.id].name, "rank": item.rank,
             "pretest_probability": _probability(item.pretest), "posttest_probability": _probability(item.posttest)}
            for item in answer.types
        ],
        "conditions": [
            {"id": item.id, "name": knowledge.conditions[item.id].name, "type": knowledge.conditions[item.id].type,
             "rank": item.rank,
             "pretest_probability": _probability(item.pretest), "posttest_probability": _probability(item.posttest),
             "red_flag": is_dangerous(knowledge, knowledge.conditions[item.id], case)}
            for item in answer.conditions[:top]
        ],
        "alarms": [{"finding": finding, "urgency": urgency} for finding, urgency in alarms(knowledge, case).items()],
        "red_flags": [
            {"id": item.condition.id, "posttest_probability": _probability(item.condition.posttest),
             "urgency": flag_urgency(knowledge, knowledge.conditions[item.condition.id], case), "settle_with": list(item.settle_with)}
            for item in dangers(knowledge, answer, asked)
        ],
    }  # fmt: skip


def _more(knowledge: KnowledgeBase, answer: Differential, reading: Reading | None, why: str | None, steady: bool) -> dict[str, Any]:
    extra: dict[str, Any] = {"remarks": list(remarks(knowledge, answer))}
    if reading:
        extra |= {"read": mentions(reading), "set_aside": list(reading.set_aside), "named": list(reading.named)}
        extra["nothing_seen"] = reading.nothing_seen
    if why:
        extra["why"] = {
            "id": why, "expected_not_mentioned": list(expected(knowledge, answer, why)), "unusual": list(unusual(knowledge, answer, why)),
        }  # fmt: skip
    if steady:
        extra["steadiness"] = plain(steadiness(knowledge, answer))
    return extra


def mentions(reading: Reading) -> list[dict[str, Any]]:
    """Return what was read, with its words."""
    return [{"finding": item.finding, "words": item.words, "state": item.state} for item in reading.mentions]


def _evidence(knowledge: KnowledgeBase, answer: Differential, condition: str) -> Iterable[dict[str, Any]]:
    for item in evidence(knowledge, answer.case, condition):
        link = item.estimate.link if item.estimate else None
        yield {
            "finding": item.finding
            or {answer.case.sex: "sex", UNTOLD: UNTOLD, WORDS: "words", NAMES: NAMES}.get(item.label, "age"),
            "state": "present" if item.present else "absent",
            "likelihood_ratio": float(f"{item.likelihood_ratio:.3g}"),
            "weight": round(item.weight, 3),
            "basis": item.basis,
            "frequency": link.frequency if link else None,
            "sources": list(link.sources) if link else [],
        } | ({"words": list(item.words)} if item.words else {})


def record(knowledge: KnowledgeBase, section: str, key: str) -> dict[str, Any]:
    """Return everything about one record."""
    kind = {"types": "type", "families": "family"}.get(section, section.removesuffix("s"))
    return envelope(knowledge, kind) | {kind: plain(getattr(knowledge, section)[key])} | _context(knowledge, section, key)


def _context(knowledge: KnowledgeBase, section: str, key: str) -> dict[str, Any]:
    """Return what other records say of this one, and the sources in full that it cites."""
    from calcref.knowledge.citing import citations, cited_by

    extra: dict[str, Any] = {}
    if knowledge.layers:
        from calcref.knowledge.layers import origins

        extra["layers"] = [{"path": str(layer.path), "what": what} for layer, what in origins(knowledge, section, key)]
    if section == "types":
        extra["causes"] = [condition.id for condition in knowledge.conditions_of[key]]
    if section == "findings":
        extra["causes"] = [condition.id for condition in knowledge.conditions.values() if key in condition.findings]
    if section == "conditions":
        extra["mnemonics"] = [
            {"mnemonic": mnemonic.id, "letter": letter.letter, "stands_for": letter.stands_for}
            for mnemonic in knowledge.mnemonics.values() for letter in mnemonic.letters if key in letter.points_at
        ]  # fmt: skip
    if section == "sources":
        return extra | {"cited_by": cited_by(knowledge, key)}
    cited = dict.fromkeys(source for _, source in citations(getattr(knowledge, section)[key], section))
    return extra | {"sources": {source: plain(knowledge.sources[source]) for source in cited}}


def listing(knowledge: KnowledgeBase, section: str, records: Iterable[Any]) -> dict[str, Any]:
    """Return a list of records, each with what a reader chooses by."""
    columns = {
        "types": ("id", "name", "share", "look"),
        "conditions": ("id", "name", "type", "also_types", "commonness", "aliases"),
        "findings": ("id", "label", "definition", "group", "how", "is_a", "aliases"),
        "mnemonics": ("id", "word", "helps_with"),
        "sources": ("id", "title", "authors", "year", "publisher", "kind", "n", "doi", "pmid", "url"),
        "topics": ("id", "title"),
    }[section]
    rows = []
    for item in records:
        whole = plain(item)
        row = {name: whole[name] for name in columns}
        if section == "types":
            row["causes"] = len(knowledge.conditions_of[item.id])
        rows.append(row)
    return envelope(knowledge, "list") | {"list": section, section: rows}

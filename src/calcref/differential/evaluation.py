"""The judge: labelled cases in, scores out, each proportion with its interval; ties count against the tool."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from calcref.knowledge.strict_json import parse

from .cases import stated, texts_of
from .findings import Case, reconciled
from .ranking import Prior, rank

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase

BINS = 10
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Labelled:
    """A case with its truth: the accepted conditions and types, and what is given of the patient."""

    case_id: str
    vignette: str | None
    case: Case
    condition: str
    accept: frozenset[str]
    accept_types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """How one case came out. `place` counts from 1; `share` is the probability of all accepted conditions together."""

    labelled: Labelled
    place: int
    type_right: bool
    share: float
    top_share: float
    squares: float
    leaders: tuple[str, ...]
    read: Case


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of a case file that could not be judged."""

    line: int
    what: str


def parse_cases(knowledge: KnowledgeBase, lines: Iterable[bytes], text: bool = False) -> Iterator[Labelled | Fault]:
    """Yield a labelled case, or what is wrong, for each line that is not empty.

    A case that has both findings and a vignette is judged by its findings, or with `text` by its vignette.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _labelled(knowledge, parse(line), text)
            except ValueError as error:
                yield Fault(number, str(error))


def _labelled(knowledge: KnowledgeBase, raw: Any, text: bool) -> Labelled:
    if not isinstance(raw, dict):
        raise ValueError("the line is not a JSON object")
    truth = raw.get("condition")
    if not isinstance(truth, str):
        raise ValueError("'condition' is missing")
    accepted = texts_of(raw, "accept", "texts") or [truth]
    accept = frozenset(knowledge.former_ids.get(item, item) for item in (*accepted, truth))
    if not accept & set(knowledge.conditions):
        raise ValueError(f"there is no condition {truth!r:.80}")
    known = [knowledge.conditions[item] for item in accept if item in knowledge.conditions]
    kinds = texts_of(raw, "accept_types", "texts") or ([raw["type"]] if isinstance(raw.get("type"), str) else [])
    types = frozenset(kinds) or frozenset(kind for c in known for kind in (c.type, *c.also_types))
    source = raw | raw["findings"] if isinstance(raw.get("findings"), dict) else raw
    vignette = raw.get("vignette")
    if "present" not in source and not isinstance(vignette, str):
        raise ValueError("neither 'vignette' nor 'present' is given")
    told = vignette if isinstance(vignette, str) and (text or "present" not in source) else None
    return Labelled(str(raw.get("case_id", "")), told, stated(knowledge, source), truth, accept, types)


def judge(knowledge: KnowledgeBase, labelled: Labelled, prior: Prior) -> Judged:
    """Rank one case and compare it with its truth."""
    case = labelled.case
    if labelled.vignette is not None:
        from calcref.reading.reader import read

        from .cases import case_of

        said = case_of(read(knowledge, labelled.vignette))
        case = said._replace(age=case.age if said.age is None else said.age, sex=said.sex or case.sex)
    answer = rank(knowledge, reconciled(knowledge, case), prior)
    right = [item for item in answer.conditions if item.id in labelled.accept]
    wrong = [item for item in answer.conditions if item.id not in labelled.accept]
    best = max(item.posttest for item in right)
    share = sum(item.posttest for item in right)
    leading = [kind.id for kind in answer.types if kind.rank == answer.types[0].rank]
    return Judged(
        labelled,
        1 + sum(item.posttest >= best for item in wrong),
        len(leading) == 1 and leading[0] in labelled.accept_types,
        share,
        answer.conditions[0].posttest,
        (1 - share) ** 2 + sum(item.posttest**2 for item in wrong),
        tuple(item.id for item in answer.conditions[:3]),
        answer.case,
    )


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a proportion, of one case at least (Wilson 1927)."""
    p, z2 = hits / of, Z95 * Z95
    middle, width = p + z2 / (2 * of), Z95 * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    return max(0.0, (middle - width) / (1 + z2 / of)), min(1.0, (middle + width) / (1 + z2 / of))


def proportion(hits: int, of: int) -> dict[str, Any]:
    """Return a proportion, of one case at least, with its count and its 95 % interval."""
    low, high = wilson(hits, of)
    return {"value": round(hits / of, 4), "count": hits, "interval": [round(low, 4), round(high, 4)]}


def _within(place: int, results: Sequence[Judged]) -> dict[str, Any]:
    return proportion(sum(item.place <= place for item in results), len(results))


def reliability(results: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return, for ten bands of stated probability of the first place, how many cases, what was stated, and what was right."""
    bands: list[list[Judged]] = [[] for _ in range(BINS)]
    for item in results:
        bands[min(BINS - 1, int(item.top_share * BINS))].append(item)
    return [
        {"from": place / BINS, "to": (place + 1) / BINS, "cases": len(band),
         "stated": round(sum(item.top_share for item in band) / len(band), 4),
         "right": _within(1, band)}
        for place, band in enumerate(bands) if band
    ]  # fmt: skip


def scores(knowledge: KnowledgeBase, results: list[Judged], faults: list[Fault], prior: Prior) -> dict[str, Any]:
    """Return all scores of a run of one case at least: proportions with intervals, calibration, and every miss."""
    n = len(results)
    table = reliability(results)
    return {
        "prior": prior,
        "cases": n,
        "top_1": _within(1, results),
        "top_3": _within(3, results),
        "top_5": _within(5, results),
        "mean_reciprocal_rank": round(sum(1 / item.place for item in results) / n, 4),
        "type_top_1": proportion(sum(item.type_right for item in results), n),
        "brier": round(sum(item.squares for item in results) / n, 4),
        "log_loss": round(-sum(math.log(max(item.share, 1e-12)) for item in results) / n, 4),
        "expected_calibration_error": round(
            sum(band["cases"] * abs(band["stated"] - band["right"]["value"]) for band in table) / n, 4),
        "reliability": table,
        "by_type": _grouped(results, lambda item: _type_of(knowledge, item.labelled)),
        "by_condition": _grouped(results, lambda item: item.labelled.condition),
        "misses": [
            {"case_id": item.labelled.case_id, "condition": item.labelled.condition, "place": item.place,
             "first": list(item.leaders), "present": list(item.read.present), "absent": list(item.read.absent),
             "not_understood": list(item.read.not_understood)}
            for item in results if item.place > 1
        ],
        "faults": [{"line": fault.line, "what": fault.what} for fault in faults],
    }  # fmt: skip


def _type_of(knowledge: KnowledgeBase, labelled: Labelled) -> str:
    known = sorted(item for item in labelled.accept if item in knowledge.conditions)
    own = knowledge.former_ids.get(labelled.condition, labelled.condition)
    return knowledge.conditions[own if own in known else known[0]].type


def _grouped(results: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, Any]:
    groups: dict[str, list[Judged]] = {}
    for item in results:
        groups.setdefault(key(item), []).append(item)
    return {
        name: {"cases": len(group), "top_1": _within(1, group), "top_3": _within(3, group)}
        for name, group in sorted(groups.items())
    }  # fmt: skip

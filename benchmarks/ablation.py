"""What each part of the ranking is worth on the development cases. Run: python benchmarks/ablation.py.

Prints Markdown tables: the ranking and its lesser versions on hand-coded findings and on the vignettes' text, and the
global numbers that five-fold cross-validation chooses.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from calcref import Case, KnowledgeBase, load
from calcref.differential.cases import case_of
from calcref.differential.evaluation import Fault, Judged, Labelled, judge, parse_cases, reliability, wilson
from calcref.differential.findings import reconciled
from calcref.differential.ranking import Prior
from calcref.knowledge.model import Condition, Contents, Parameters
from calcref.reading.reader import read

CASES = Path(__file__).parents[1] / "tests" / "cases" / "development.jsonl"
FOLDS = 5
FITTED = {"temperature": (0.8, 1.0, 1.1, 1.2, 1.3, 1.5), "told": (0.3, 0.4, 0.5), "wording": (0.15, 0.2, 0.25, 0.3)}
"""The global numbers that are fitted, and what is tried for each."""


def altered(record: Any, **changes: object) -> Any:
    """Return a copy of a record with other values."""
    values = {name: getattr(record, name) for name in record.__dataclass_fields__}
    return type(record)(**{**values, **changes})


def with_parameters(knowledge: KnowledgeBase, **changes: object) -> KnowledgeBase:
    """Return the knowledge with other global numbers."""
    parameters: Parameters = altered(knowledge.parameters, **changes)
    contents: Contents = altered(knowledge.contents, parameters=parameters)
    return KnowledgeBase(contents, "")


def with_groups(knowledge: KnowledgeBase, **changes: object) -> KnowledgeBase:
    """Return the knowledge with every group of findings changed."""
    groups = {key: altered(group, **changes) for key, group in knowledge.groups.items()}
    return KnowledgeBase(altered(knowledge.contents, groups=groups), "")


def with_conditions(knowledge: KnowledgeBase, change: Callable[[Condition], Condition]) -> KnowledgeBase:
    """Return the knowledge with every condition changed."""
    conditions = {key: change(condition) for key, condition in knowledge.conditions.items()}
    return KnowledgeBase(altered(knowledge.contents, conditions=conditions), "")


def summary(results: list[Judged]) -> str:
    """Return the scores of a run as cells of a table."""
    n = len(results)
    cells = []
    for top in (1, 3):
        hits = sum(item.place <= top for item in results)
        low, high = wilson(hits, n)
        cells.append(f"{hits / n:.1%} ({low:.0%}-{high:.0%})")
    error = sum(len_of * abs(stated - right) for len_of, stated, right in bands(results)) / n
    loss = -sum(math.log(max(item.share, 1e-12)) for item in results) / n
    return " | ".join([*cells, f"{sum(item.type_right for item in results) / n:.1%}", f"{loss:.2f}", f"{error:.3f}"])


def bands(results: list[Judged]) -> list[tuple[int, float, float]]:
    """Return cases, mean stated and right of each band of stated probability."""
    return [(band["cases"], band["stated"], band["right"]["value"]) for band in reliability(results)]


def run(knowledge: KnowledgeBase, cases: Iterable[Labelled], prior: Prior = "flat", absent: bool = True) -> list[Judged]:
    """Judge the cases."""
    return [judge(knowledge, case if absent else replace(case, case=case.case._replace(absent=())), prior) for case in cases]


def by_count(knowledge: KnowledgeBase, cases: Iterable[Labelled]) -> tuple[float, float]:
    """Return top-1 and top-3 of the crudest rule: most listed findings present, ties against it."""
    places = []
    for case in cases:
        found = set(reconciled(knowledge, case.case).present)
        score = {c.id: len(found & set(c.findings)) for c in knowledge.conditions.values()}
        best = max(score[item] for item in case.accept if item in score)
        places.append(1 + sum(value >= best for key, value in score.items() if key not in case.accept))
    return sum(place == 1 for place in places) / len(places), sum(place <= 3 for place in places) / len(places)


def main() -> None:
    """Print the tables."""
    knowledge = load()
    lines = CASES.read_bytes().splitlines()
    coded = [case for case in parse_cases(knowledge, lines) if not isinstance(case, Fault)]
    told = [
        replace(case, vignette=None, case=case_of(read(knowledge, case.vignette)))
        for case in parse_cases(knowledge, lines, text=True)
        if not isinstance(case, Fault) and case.vignette is not None
    ]
    versions = {
        "as shipped": (knowledge, "flat", True),
        "published prior": (knowledge, "published", True),
        "no damping": (with_parameters(knowledge, damping=0.0), "flat", True),
        "no surprise": (with_parameters(knowledge, surprise=0.0), "flat", True),
        "silence not counted": (with_parameters(knowledge, told=0.0), "flat", True),
        "all told alike": (with_groups(knowledge, told=1.0), "flat", True),
        "names not counted": (with_parameters(knowledge, wording=0.0), "flat", True),
        "temperature 1.0": (with_parameters(knowledge, temperature=1.0), "flat", True),
        "plain naive Bayes (none of the three)": (
            with_parameters(knowledge, damping=0.0, surprise=0.0, told=0.0, temperature=1.0, wording=0.0), "flat", True,
        ),
        "absent findings ignored": (knowledge, "flat", False),
        "no judged shares": (with_conditions(knowledge, lambda c: altered(c, estimates={})), "flat", True),
        "no distribution over the body": (
            with_conditions(knowledge, lambda c: altered(c, sites=altered(c.sites, shares={}))), "flat", True,
        ),
    }  # fmt: skip
    print("| version | first, coded | first three, coded | type | log loss | calibration error |\n|---|---|---|---|---|---|")
    for name, (version, prior, absent) in versions.items():
        print(f"| {name} | {summary(run(version, coded, prior, absent))} |")
    first, three = by_count(knowledge, coded)
    print(f"| count of matching findings | {first:.1%} | {three:.1%} | | | |")
    empty = [replace(case, case=Case()) for case in coded]
    print(f"| prior alone, published | {summary(run(knowledge, empty, 'published'))} |")
    print("\n| from the text | first | first three | type | log loss | calibration error |\n|---|---|---|---|---|---|")
    versions["words not counted"] = versions["names not counted"]  # by one parameter
    for name in ("as shipped", "published prior", "words not counted", "plain naive Bayes (none of the three)"):
        version, prior, absent = versions[name]
        print(f"| {name} | {summary(run(version, told, prior, absent))} |")
    print(f"\n{cross_validated(knowledge, coded, told)}")


def cross_validated(knowledge: KnowledgeBase, coded: list[Labelled], told: list[Labelled]) -> str:
    """Return which of the `FITTED` values each fold chooses by log loss, and how the cases left out come out, coded and told."""
    losses, firsts = {}, {}
    for values in product(*FITTED.values()):
        version = with_parameters(knowledge, **dict(zip(FITTED, values, strict=True)))
        pairs = list(zip(run(version, coded), run(version, told), strict=True))
        losses[values] = [[-math.log(max(item.share, 1e-12)) for item in pair] for pair in pairs]
        firsts[values] = [[item.place == 1 for item in pair] for pair in pairs]
    chosen, left_out, right = [], [], []
    for fold in range(FOLDS):
        best = min(losses, key=lambda v: sum(sum(loss) for i, loss in enumerate(losses[v]) if i % FOLDS != fold))
        chosen.append(best)
        left_out += losses[best][fold::FOLDS]
        right += firsts[best][fold::FOLDS]
    loss = [round(sum(each) / len(left_out), 3) for each in zip(*left_out, strict=True)]
    first = [sum(each) for each in zip(*right, strict=True)]
    return json.dumps({"fitted": [*FITTED], "by fold": chosen, "left out, coded and told": {"log loss": loss, "first": first}})


if __name__ == "__main__":
    main()

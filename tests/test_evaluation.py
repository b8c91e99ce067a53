"""The judge is fair, and the scores on the development cases do not fall back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from calcref import load
from calcref.differential.evaluation import wilson

from .conftest import ROOT, Run

CASES = ROOT / "tests" / "cases"
ONE = {
    "case_id": "1",
    "vignette": "58M on dialysis, chalky masses around the hip with fluid levels",
    "condition": "uraemic-tumoral-calcinosis",
}


def write(path: Path, *cases: Any) -> str:
    path.write_text("".join(f"{case if isinstance(case, str) else json.dumps(case)}\n" for case in cases), encoding="utf-8")
    return str(path)


FLOORS = [
    ("development.jsonl", (), "flat", {"top_1": 0.77, "top_3": 0.9, "type_top_1": 0.88}),
    ("development.jsonl", ("--text",), "flat", {"top_1": 0.76, "top_3": 0.9, "type_top_1": 0.88}),
    ("development.jsonl", (), "published", {"type_top_1": 0.8}),
    ("shorthand.jsonl", (), "flat", {"top_1": 0.73, "top_3": 0.88}),
    ("published.jsonl", (), "flat", {"top_1": 0.83, "top_3": 0.95, "type_top_1": 0.93}),
    ("published.jsonl", ("--text",), "flat", {"top_1": 0.8, "top_3": 0.93, "type_top_1": 0.92}),
    ("later.jsonl", (), "flat", {"top_1": 0.75, "top_3": 0.88, "type_top_1": 0.86}),
    ("later.jsonl", ("--text",), "flat", {"top_1": 0.74, "top_3": 0.9, "type_top_1": 0.89}),
    ("latest.jsonl", (), "flat", {"top_1": 0.71, "top_3": 0.88, "type_top_1": 0.88}),
    ("latest.jsonl", ("--text",), "flat", {"top_1": 0.69, "top_3": 0.87, "type_top_1": 0.87}),
    ("ninth.jsonl", (), "flat", {"top_1": 0.58, "top_3": 0.75, "type_top_1": 0.83}),
    ("ninth.jsonl", ("--text",), "flat", {"top_1": 0.53, "top_3": 0.74, "type_top_1": 0.85}),
    ("tenth.jsonl", (), "flat", {"top_1": 0.73, "top_3": 0.86, "type_top_1": 0.84}),
    ("tenth.jsonl", ("--text",), "flat", {"top_1": 0.67, "top_3": 0.83, "type_top_1": 0.84}),
    ("eleventh.jsonl", (), "flat", {"top_1": 0.66, "top_3": 0.83, "type_top_1": 0.82}),
    ("eleventh.jsonl", ("--text",), "flat", {"top_1": 0.68, "top_3": 0.85, "type_top_1": 0.81}),
    ("twelfth.jsonl", (), "flat", {"top_1": 0.75, "top_3": 0.9, "type_top_1": 0.91}),
    ("twelfth.jsonl", ("--text",), "flat", {"top_1": 0.72, "top_3": 0.87, "type_top_1": 0.87}),
    ("twelfth-shorthand.jsonl", (), "flat", {"top_1": 0.75, "top_3": 0.9, "type_top_1": 0.94}),
]
IDS = [
    "coded",
    "read",
    "published prior",
    "shorthand",
    "found later, coded",
    "found later, read",
    "found last, coded",
    "found last, read",
    "found in the end, coded",
    "found in the end, read",
    "found after that, coded",
    "found after that, read",
    "found at last, coded",
    "found at last, read",
    "found at the very last, coded",
    "found at the very last, read",
    "found afterwards, coded",
    "found afterwards, read",
    "found afterwards, shorthand",
]


@pytest.mark.parametrize(("name", "options", "prior", "floors"), FLOORS, ids=IDS)
def test_the_scores_on_the_development_cases_do_not_fall_back(
    calcref: Run, name: str, options: tuple[str, ...], prior: str, floors: dict[str, float]
) -> None:
    result = calcref("evaluate", str(CASES / name), "--prior", prior, *options, "--json").json
    for score, floor in floors.items():
        assert result[score]["value"] >= floor, score


@pytest.mark.parametrize("name", ["development.jsonl", "later.jsonl", "latest.jsonl"])
@pytest.mark.parametrize("options", [(), ("--text",)], ids=["coded", "read"])
def test_stated_probabilities_are_near_to_what_is_right(calcref: Run, name: str, options: tuple[str, ...]) -> None:
    result = calcref("evaluate", str(CASES / name), "--prior", "flat", *options, "--json").json
    assert result["expected_calibration_error"] <= 0.08


@pytest.mark.parametrize("options", [(), ("--text",)], ids=["coded", "read"])
def test_stated_probabilities_are_nearer_the_more_cases_are_counted(calcref: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    names = ("development", "later", "latest", "ninth", "tenth", "eleventh", "twelfth")
    together = b"".join((CASES / f"{name}.jsonl").read_bytes() for name in names)
    (tmp_path / "all.jsonl").write_bytes(together)
    result = calcref("evaluate", str(tmp_path / "all.jsonl"), "--prior", "flat", *options, "--json").json
    assert result["cases"] > 1000
    assert result["expected_calibration_error"] <= 0.05


@pytest.mark.parametrize(
    "name",
    [
        "development.jsonl",
        "published.jsonl",
        "later.jsonl",
        "latest.jsonl",
        "ninth.jsonl",
        "tenth.jsonl",
        "eleventh.jsonl",
        "twelfth.jsonl",
    ],
)
def test_every_case_has_a_condition_and_findings_of_the_knowledge_and_its_publication(name: str) -> None:
    knowledge = load()
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        assert {knowledge.former_ids.get(c, c) for c in case["accept"]} & set(knowledge.conditions)
        assert set(case["present"]) | set(case["absent"]) <= set(knowledge.findings)
        assert not set(case["present"]) & set(case["absent"])
        assert case["publication"]["title"] or (name in ("later.jsonl", "ninth.jsonl") and case["publication"]["url"])


def test_the_answer_has_every_score_and_an_interval_for_every_proportion(calcref: Run, tmp_path: Path) -> None:
    result = calcref("evaluate", write(tmp_path / "c.jsonl", ONE), "--json").json
    for score in ("top_1", "top_3", "top_5", "type_top_1"):
        assert result[score]["interval"][0] <= result[score]["value"] <= result[score]["interval"][1]
    for score in ("cases", "mean_reciprocal_rank", "brier", "log_loss", "expected_calibration_error", "misses", "reliability"):
        assert score in result


def test_a_tie_counts_against_the_tool(calcref: Run, tmp_path: Path) -> None:
    nothing = {"condition": "phlebolith", "present": []}
    result = calcref("evaluate", write(tmp_path / "c.jsonl", nothing), "--prior", "flat", "--json").json
    assert result["top_1"]["value"] == 0
    assert result["misses"][0]["place"] == len(load().conditions)


def test_findings_may_stand_in_place_of_the_vignette(calcref: Run, tmp_path: Path) -> None:
    case = {"condition": "cppd-sporadic", "present": ["knee", "cartilage-line"], "absent": ["trauma"], "age": 80, "sex": "F"}
    inner = {"condition": "cppd-sporadic", "findings": {"present": ["knee", "cartilage-line"]}, "age": 80}
    result = calcref("evaluate", write(tmp_path / "c.jsonl", case, inner), "--prior", "flat", "--json").json
    assert result["cases"] == 2
    assert result["top_3"]["value"] == 1


def test_a_former_id_is_still_a_truth(calcref: Run, tmp_path: Path) -> None:
    case = {"condition": "hyperparathyroidism-chondrocalcinosis", "present": ["hyperparathyroidism", "cartilage-line"]}
    assert calcref("evaluate", write(tmp_path / "c.jsonl", case), "--json").json["cases"] == 1


FAULTY = ["{", "[]", '{"condition": "nobody", "vignette": "x"}', '{"vignette": "x"}', '{"condition": "phlebolith"}',
          '{"condition": "phlebolith", "present": "knee"}', '{"condition": "phlebolith", "present": [], "age": "old"}', "[" * 5000]  # fmt: skip


@pytest.mark.parametrize("line", FAULTY, ids=lambda line: line[:30])
def test_a_faulty_line_is_named_and_the_rest_judged_if_asked(calcref: Run, tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "c.jsonl", ONE, line, ONE)
    answer = calcref("evaluate", path)
    assert answer.status == 1
    assert "line 2" in answer.err
    assert answer.out == ""
    going = calcref("evaluate", path, "--keep-going", "--json")
    assert going.status == 1
    assert going.json["cases"] == 2
    assert going.json["faults"][0]["line"] == 2


def test_on_a_narrow_screen_each_name_is_whole_and_each_figure_has_its_own(calcref: Run) -> None:
    file = str(CASES / "shorthand.jsonl")
    result = calcref("evaluate", file, "--json").json
    shown = calcref("evaluate", file, env={"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "60"}).out
    assert max(map(len, shown.split("\n"))) <= 60
    assert {*result["by_type"], *result["by_condition"]} <= {*shown.split()}
    assert re.search(r"\nmetastatic\n  cases \d+; first \S+ \(.*?\);\s+first\s+three ", shown)


def test_an_empty_or_missing_file_is_told(calcref: Run, tmp_path: Path) -> None:
    assert calcref("evaluate", write(tmp_path / "c.jsonl")).status == 1
    assert "no file" in calcref("evaluate", "nowhere.jsonl").err


def test_the_interval_of_a_proportion_is_wilsons() -> None:
    low, high = wilson(60, 100)
    assert low == pytest.approx(0.502, abs=0.001)
    assert high == pytest.approx(0.691, abs=0.001)

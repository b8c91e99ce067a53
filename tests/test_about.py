"""What calcref says of itself is counted, whole, and stands in the data."""

from __future__ import annotations

import pytest

from calcref import KnowledgeBase, load
from calcref.differential.evaluation import wilson
from calcref.knowledge.validation import check_raw
from calcref.views.about import page_of
from calcref.views.page import Heading

from .conftest import ROOT, Run
from .test_validation import small


@pytest.mark.parametrize("trial", load().about.evaluation, ids=lambda trial: trial.command.removeprefix("calcref evaluate "))
def test_each_trial_on_record_comes_out_so_today(calcref: Run, trial: object) -> None:
    command = trial.command.split()  # type: ignore[attr-defined]
    scores = calcref(*command[1:], "--json").json
    for score in ("top_1", "top_3", "type_top_1"):
        assert scores[score]["count"] == getattr(trial, score), "run: python benchmarks/record.py"
    assert scores["cases"] == trial.cases  # type: ignore[attr-defined]


def test_every_miss_is_listed_by_evaluate(calcref: Run) -> None:
    result = calcref("evaluate", "tests/cases/development.jsonl", "--json").json
    assert len(result["misses"]) == result["cases"] - result["top_1"]["count"]
    assert all(miss["place"] > 1 and miss["first"] and miss["condition"] for miss in result["misses"])


def test_it_says_what_it_is_for_and_what_not(calcref: Run) -> None:
    text = calcref("about").out
    for words in ("health professionals", "no images", "not a medical device", "unless a site has assessed it"):
        assert words in text
    for place in (calcref("--help").out, (ROOT / "README.md").read_text(encoding="utf-8")):
        flat = " ".join(place.split())
        for words in ("health professionals", "no images", "unless a site has assessed it"):
            assert words in flat


def test_the_figures_are_those_of_the_data_with_intervals(calcref: Run, knowledge: KnowledgeBase) -> None:
    answer = calcref("about", "--json").json
    assert answer["schema"] == "calcref.about/1"
    assert answer["knowledge_base"]["sha256"] == knowledge.sha256
    assert len(answer["method"]) == 3
    for said, trial in zip(answer["evaluation"], knowledge.about.evaluation, strict=True):
        assert said["top_1"]["count"] == trial.top_1
        assert said["top_1"]["interval"] == [round(end, 4) for end in wilson(trial.top_1, trial.cases)]
    assert answer["weaknesses"] == list(knowledge.about.weaknesses)
    founded = calcref("check", "--strict", "--json").json["founding"]
    assert answer["unsourced"]["links_without_source"] == founded["links"] - founded["links_sourced"]
    assert answer["unsourced"]["judged_shares"] == founded["estimates"]


def test_the_page_names_the_version_the_hash_and_each_weakness(calcref: Run, knowledge: KnowledgeBase) -> None:
    text = calcref("about").out
    for words in (knowledge.about.version, knowledge.about.date, knowledge.sha256, *knowledge.about.weaknesses):
        assert words in text


def test_one_line_of_it_stands_under_each_differential(calcref: Run, knowledge: KnowledgeBase) -> None:
    trial = knowledge.about.evaluation[0]
    said = f"{trial.top_1} of {trial.cases} trial cases: calcref about."
    for args in (("--diffuse",), ("--diffuse", "--why", "ckd-mbd"), ("--diffuse", "--full"), ()):
        assert said in calcref("diff", *args).out.splitlines()[-1]


def test_a_knowledge_base_without_trials_says_nothing_of_them() -> None:
    contents, _ = check_raw(small())
    assert contents is not None
    titles = [block.text for block in page_of(KnowledgeBase(contents, "")).blocks if isinstance(block, Heading)]
    assert "How often" not in str(titles)
    assert "Without a source" in str(titles)


def test_counts_that_do_not_fit_together_are_a_fault() -> None:
    trial = {"what": "A", "command": "calcref evaluate a", "cases": 10, "top_1": 4, "top_3": 6, "type_top_1": 5}
    raw = small()
    for wrong in ({"top_1": 7}, {"top_3": 11}, {"type_top_1": -1}, {"cases": 0, "top_1": 0, "top_3": 0, "type_top_1": 0}):
        raw["about"]["evaluation"] = [trial | wrong]
        assert [problem.where for problem in check_raw(raw)[1]] == ["about.evaluation.0"]
    raw["about"]["evaluation"] = [trial]
    assert check_raw(raw)[1] == []

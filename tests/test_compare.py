"""Comparing: what separates causes, in which order, and which names are refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref import load
from calcref.differential.comparison import compare, divergence, read_names
from calcref.errors import CalcrefError, NotFoundError, UsageError

from .conftest import Run

KNOWLEDGE = load()
CONDITIONS = sorted(KNOWLEDGE.conditions)
relaxed = settings(max_examples=40, deadline=None)
several = st.lists(st.sampled_from(CONDITIONS), min_size=2, max_size=5, unique=True)
PAIR = ("cppd-sporadic", "calcific-tendinitis-shoulder")


@relaxed
@given(several)
def test_the_strongest_difference_comes_first_and_none_tells_more_than_which_cause_it_is(names: list[str]) -> None:
    result = compare(KNOWLEDGE, read_names(KNOWLEDGE, names))
    bits = [item.bits for item in result.differences]
    assert [round(value, 9) for value in bits] == sorted((round(value, 9) for value in bits), reverse=True)
    assert all(0 <= value <= math.log2(len(names)) + 1e-9 for value in bits)


@relaxed
@given(several)
def test_the_order_of_the_names_does_not_matter(names: list[str]) -> None:
    one, other = (compare(KNOWLEDGE, read_names(KNOWLEDGE, order)) for order in (names, names[::-1]))
    assert [item.name for item in one.differences] == [item.name for item in other.differences]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_equal_distributions_diverge_by_nothing_and_others_by_something(shares: list[float]) -> None:
    assert divergence([[shares[0], 1 - shares[0]]] * 3) == pytest.approx(0, abs=1e-9)
    bits = divergence([[share, 1 - share] for share in shares])
    assert (bits > 0) or max(shares) - min(shares) < 1e-3


def test_two_certain_and_opposite_answers_are_one_bit() -> None:
    assert divergence([[1, 0], [0, 1]]) == 1


@pytest.mark.parametrize("names", [["gout", "vs", "phlebolith"], ["gout", "Versus", "vein", "stone"]])
def test_words_between_the_names_are_no_names(names: list[str]) -> None:
    assert [c.id for c in read_names(KNOWLEDGE, names)] == ["gout", "phlebolith"]


def test_a_cause_that_is_named_twice_stands_once() -> None:
    assert [c.id for c in read_names(KNOWLEDGE, ["phlebolith", "gout", "vein stone"])] == ["phlebolith", "gout"]


@pytest.mark.parametrize(
    ("names", "kind", "words"),
    [
        ([], UsageError, ["none was given"]),
        (["phlebolith"], UsageError, ["only phlebolith"]),
        (["phlebolith", "vein stone"], UsageError, ["only phlebolith"]),
        (["phlebolith", "xqzvw", "nowhere"], NotFoundError, ["'xqzvw'"]),
        (["phlebolith", "tumoral-calcinosis"], NotFoundError, ["may mean several", "uraemic-tumoral-calcinosis"]),
        (["phlebolith", "dystrophic"], UsageError, ["is a type"]),
        (["phlebolit", "calciphylaxis"], NotFoundError, ["phlebolith"]),
    ],
)  # fmt: skip
def test_a_name_that_will_not_do_is_told(names: list[str], kind: type[CalcrefError], words: list[str]) -> None:
    with pytest.raises(kind) as caught:
        read_names(KNOWLEDGE, names)
    assert all(word in f"{caught.value.message} {caught.value.hint}" for word in words)


def test_the_causes_head_the_columns_in_a_pipe(calcref: Run) -> None:
    answer = calcref("compare", *PAIR)
    assert answer.status == 0
    assert answer.out.split("\n")[0] == "\t" + "\t".join(PAIR)


def test_each_mark_is_resolved_at_the_foot(calcref: Run) -> None:
    import re

    out = calcref("compare", *PAIR).out
    used = {number for mark in re.findall(r" \[([\d,]+)\]", out) for number in mark.split(",")}
    assert used
    assert all(f"[{number}] " in out.split("\n")[-3] for number in used)


def test_only_what_separates_is_shown_the_strongest_first_until_all_is_asked_for(calcref: Run) -> None:
    names = {item["finding"]: item for part in ("findings", "sites") for item in calcref("compare", *PAIR, "--json").json[part]}
    short, whole = ([row.split("\t")[0] for row in calcref("compare", *PAIR, *more).out.split("\n")] for more in ((), ("--all",)))
    shown = [names[row] for row in short if row in names]
    assert shown
    assert all(item["separates"] for item in shown)
    assert shown == sorted(shown, key=lambda item: -item["bits"])
    assert names.keys() <= {*whole}


def test_many_causes_are_grouped_by_what_is_the_same(calcref: Run) -> None:
    out = calcref("compare", *PAIR, "milwaukee-shoulder", "gout").out
    assert "how common\tvery common\tcppd-sporadic, calcific-tendinitis-shoulder\n" in out


def test_many_causes_stand_under_a_heading_and_the_help_says_how(calcref: Run) -> None:
    env = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "100"}
    shown = calcref("compare", *PAIR, "milwaukee-shoulder", "gout", env=env).out
    assert shown.split("\n")[0].split("  ")[0] == "difference"
    assert "Two or three stand in columns." in calcref("compare", "--help").out


def test_no_word_is_torn_on_a_narrow_screen(calcref: Run) -> None:
    env = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "60"}
    assert "very-frequent" in calcref("compare", "gout", "cppd-sporadic", "phlebolith").out
    shown = calcref("compare", "gout", "cppd-sporadic", "phlebolith", env=env).out
    assert "cppd-sporadic" in shown
    assert "Chondrocalcinosis (CPPD)" in shown


def test_the_danger_of_a_cause_is_told_in_words(calcref: Run) -> None:
    assert "calciphylaxis: DANGEROUS" in calcref("compare", "calciphylaxis", "phlebolith").out


def test_its_json_has_every_difference_with_its_sources(calcref: Run) -> None:
    answer = calcref("compare", *PAIR, "--json").json
    assert answer["schema"] == "calcref.comparison/1"
    assert [cause["id"] for cause in answer["causes"]] == list(PAIR)
    for item in (*answer["findings"], *answer["sites"]):
        assert set(item["causes"]) == set(PAIR)
        assert all(source in KNOWLEDGE.sources for cause in item["causes"].values() for source in cause["sources"])
        assert all(0 < cause["probability"] < 1 for cause in item["causes"].values())


@pytest.mark.parametrize("columns", ["40", "80", "200"])
@pytest.mark.parametrize("more", [(), ("gout", "milwaukee-shoulder")])
def test_it_keeps_to_the_width_of_the_screen(calcref: Run, columns: str, more: tuple[str, ...]) -> None:
    env = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": columns}
    out = calcref("compare", *PAIR, *more, env=env).out
    assert max(map(len, out.split("\n"))) <= int(columns)


@pytest.mark.parametrize("args", [(), ("phlebolith",), ("phlebolith", "phlebolith")])
def test_too_few_causes_are_wrong_usage(calcref: Run, args: tuple[str, ...]) -> None:
    answer = calcref("compare", *args)
    assert answer.status == 2
    assert answer.err.startswith("calcref: ")


def test_an_unknown_cause_is_status_one(calcref: Run) -> None:
    assert calcref("compare", "phlebolith", "xqzvw").status == 1

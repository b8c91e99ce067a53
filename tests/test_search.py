"""Searching: what is found, in which order, how words are taken, and how matches are marked."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref import load
from calcref.errors import CalcrefError
from calcref.knowledge.names import title
from calcref.knowledge.search import loose, marks, search

from .conftest import Run

KNOWLEDGE = load()
CONDITIONS = sorted(KNOWLEDGE.conditions)
FINDINGS = sorted(KNOWLEDGE.findings)
relaxed = settings(max_examples=25, deadline=None)


def ids(query: str, count: int = 5) -> list[str]:
    return [hit.entry.id for hit in search(KNOWLEDGE, query).hits[:count]]


@relaxed
@given(st.sampled_from([(section, key) for section in ("conditions", "findings") for key in sorted(getattr(KNOWLEDGE, section))]))
def test_a_name_finds_its_entry_among_the_first(pair: tuple[str, str]) -> None:
    section, key = pair
    name = title(getattr(KNOWLEDGE, section)[key])
    assert (section, key) in [(hit.entry.section, hit.entry.id) for hit in search(KNOWLEDGE, name).hits[:5]]


@relaxed
@given(st.sampled_from(CONDITIONS), st.randoms())
def test_the_order_and_case_of_the_words_change_no_score(key: str, dice: random.Random) -> None:
    words = [*key.split("-"), "bone"]
    one = search(KNOWLEDGE, " ".join(words))
    words = [word.upper() for word in words]
    dice.shuffle(words)
    other = search(KNOWLEDGE, " ".join(words))
    assert {hit.entry for hit in one.hits} == {hit.entry for hit in other.hits}


@relaxed
@given(st.text(max_size=60))
def test_no_text_breaks_it_and_none_is_read_as_a_pattern(text: str) -> None:
    try:
        found = search(KNOWLEDGE, text)
    except CalcrefError as error:
        assert error.hint
    else:
        assert all(hit.score > 0 for hit in found.hits)


@relaxed
@given(st.sampled_from(CONDITIONS))
def test_every_passage_that_is_found_has_a_match_to_mark(key: str) -> None:
    found = search(KNOWLEDGE, key)
    for hit in found.hits[:20]:
        for passage in hit.passages:
            assert marks(passage.text, found.words), passage


@relaxed
@given(st.sampled_from(CONDITIONS))
def test_the_best_comes_first(key: str) -> None:
    scores = [hit.score for hit in search(KNOWLEDGE, key).hits]
    assert scores == sorted(scores, reverse=True)


@relaxed
@given(st.sampled_from([word for key in CONDITIONS for word in key.split("-") if len(word) > 9]), st.integers(1, 7))
def test_a_slip_in_a_long_word_is_understood(word: str, place: int) -> None:
    slip = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    right, wrong = {*ids(word, 40)}, {*ids(slip, 40)}
    assert right & wrong


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("rings and arcs", "rings-and-arcs"), ("calcifilaxis", "calciphylaxis"), ("flebolit", "phlebolith"), ("M76.4", "pellegrini-stieda"),
        ("vindicate", "vindicate"), ("tumor lysis", "tumour-lysis"), ("snow storm joint", "synovial-chondromatosis-primary"),
        ("chondro calcinosis", "chondrocalcinosis"), ("kidneyfailure vessels", "renal-failure"), ("traubici 1999", "traubici-1999"),
        ("dialysis shoulder mass", "uraemic-tumoral-calcinosis"), ("guot", "gout"), ("ring!!! -- (lucent) [centre", "ring-lucent-centre"),
    ],
)  # fmt: skip
def test_what_people_type_finds_what_they_mean(query: str, answer: str) -> None:
    assert answer in ids(query)


@pytest.mark.parametrize(
    ("british", "american"), [("tumour", "tumor"), ("oedema", "edema"), ("centre", "center"), ("fibre", "fiber")]
)
def test_british_and_american_words_find_the_same(british: str, american: str) -> None:
    assert ids(british, 30) == ids(american, 30)


def test_accents_do_not_count() -> None:
    assert loose("K\u00f6hler") == loose("kohler")


def test_words_that_fill_a_sentence_are_left_out() -> None:
    assert [word.typed for word in search(KNOWLEDGE, "the rim of the muscle").words] == ["rim", "muscle"]


def test_matching_words_are_starred_where_nothing_is_bold(calcref: Run) -> None:
    answer = calcref("search", "rings", "and", "arcs")
    assert answer.status == 0
    assert "*rings*" in answer.out
    assert answer.out.split("\n")[0].split("\t")[1] == "rings-and-arcs"


def test_matching_words_are_bold_in_colour(calcref: Run) -> None:
    out = calcref("search", "phlebolith", env={"FORCE_COLOR": "1", "COLUMNS": "80"}).out
    assert "\x1b[1mphlebolith" in out.lower()
    assert "*" not in out


def test_the_matches_in_json_are_where_they_are_said_to_be(calcref: Run) -> None:
    answer = calcref("search", "lucent", "--top", "3", "--json").json
    assert answer["schema"] == "calcref.search/1"
    assert len(answer["hits"]) == 3
    for hit in answer["hits"]:
        for passage in hit["passages"]:
            assert all(passage["text"][start:end].lower() == "lucent" for start, end in passage["matches"])


def test_a_guess_is_told(calcref: Run) -> None:
    assert "'calcifilaxis' taken for 'calciphylaxis'" in calcref("search", "calcifilaxis").out


def test_a_word_that_nothing_has_is_told_beside_the_others(calcref: Run) -> None:
    answer = calcref("search", "phlebolith", "xqzvw")
    assert answer.status == 0
    assert "Nothing has 'xqzvw'" in answer.out


def test_nothing_found_is_status_one_with_the_nearest_words(calcref: Run) -> None:
    answer = calcref("search", "phlobolyhtis")
    assert answer.status == 1
    assert answer.out == ""
    assert "phlebolith" in answer.err


@pytest.mark.parametrize("args", [("",), (".*[(",), ("phlebolith", "--top", "none"), tuple(f"w{n}" for n in range(40)), ()])
def test_what_cannot_be_searched_is_wrong_usage(calcref: Run, args: tuple[str, ...]) -> None:
    answer = calcref("search", *args)
    assert answer.status == 2
    assert answer.err.startswith("calcref: ")


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_it_keeps_to_the_width_of_the_screen(calcref: Run, columns: str) -> None:
    env = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": columns}
    out = calcref("search", "ureteric", "stone", env=env).out
    assert max(map(len, out.split("\n"))) <= int(columns)


@pytest.mark.parametrize("args", [("search", "kohler"), ("compare", "milwaukee-shoulder", "gout")])
def test_an_ascii_terminal_gets_ascii(calcref: Run, args: tuple[str, ...]) -> None:
    env = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "FORCE_COLOR": "1"}
    answer = calcref(*args, env=env)
    assert answer.status == 0
    assert answer.out.isascii()


def test_text_of_the_user_is_no_markup(calcref: Run) -> None:
    assert "[red]xqzvw" not in calcref("search", "[red]xqzvw\x1b[31m").err
    assert "\x1b" not in calcref("search", "xqzvw\x1b[31m").err


@pytest.mark.parametrize("args", [["search", "phlebolith"], ["search", "calcifilaxis"], ["compare", "gout", "phlebolith"]])
def test_a_search_and_a_comparison_need_neither_rich_nor_pydantic(args: list[str]) -> None:
    import subprocess
    import sys

    from .conftest import ROOT, clean_environment

    code = (
        "import sys, calcref.__main__ as m; sys.argv[0] = 'calcref'; m.run();"
        "print([m for m in ('rich', 'pydantic') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, cwd=ROOT, env=clean_environment(), check=True
    )
    assert done.stderr.strip() == "[]"

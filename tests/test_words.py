"""The words of a sentence count beside the findings that are read from it, and it can be seen which and how much."""

from __future__ import annotations

import math
import shlex

import pytest

from calcref import Case, load, rank
from calcref.differential.cases import case_of
from calcref.differential.prose import prose
from calcref.differential.ranking import WORDS, evidence, posterior
from calcref.reading.dictionary import dictionary
from calcref.reading.reader import read

from .conftest import Run

KNOWLEDGE = load()
SENTENCE = "woman with hard lumps of the fingers, heartburn and reflux, telangiectasia of the lips"
MEANT = "calcinosis-systemic-sclerosis"


def share(case: Case, condition: str) -> float:
    return posterior(KNOWLEDGE, case, "flat")[list(KNOWLEDGE.conditions).index(condition)]


def test_words_that_are_no_findings_speak_for_the_cause_that_is_described_with_them() -> None:
    case = case_of(read(KNOWLEDGE, SENTENCE))
    assert {"heartburn", "reflux"}.isdisjoint(KNOWLEDGE.findings)
    assert share(case, MEANT) > 1.5 * share(case._replace(wording=()), MEANT)
    said = next(item for item in evidence(KNOWLEDGE, case, MEANT) if item.label == WORDS)
    assert said.log_ratio > 0
    assert {"heartburn", "reflux"} <= set(said.words)


@pytest.mark.parametrize("text", [SENTENCE, f"{SENTENCE}; throat, meat bone, syrinx, dialysis, livedo, popcorn and a parrot"])
def test_words_say_no_more_for_a_cause_than_that_it_is_this_one_of_all(text: str) -> None:
    case = case_of(read(KNOWLEDGE, text))
    ratios = [e.log_ratio for c in KNOWLEDGE.conditions for e in evidence(KNOWLEDGE, case, c) if e.label == WORDS]
    assert len(ratios) == len(KNOWLEDGE.conditions)
    assert sum(map(math.exp, ratios)) / len(ratios) == pytest.approx(1)
    assert max(ratios) < math.log(len(ratios))


def test_everyday_words_are_shown_last() -> None:
    case = case_of(
        read(KNOWLEDGE, "farmer with a lump of the calf after a fall from a tractor, sheets of calcium in the anterior compartment")
    )
    ordinary, stems = dictionary(KNOWLEDGE).ordinary, dict(case.wording)
    said = next(item for item in evidence(KNOWLEDGE, case, "calcific-myonecrosis") if item.label == WORDS).words
    everyday = [stems[word] in ordinary for word in said]
    assert {True, False} == set(everyday)
    assert everyday == sorted(everyday)


def test_words_without_a_finding_are_not_called_lost_when_they_count(calcref: Run) -> None:
    page = calcref("diff", f"{SENTENCE}, xylophone", "--plain").out.splitlines()
    counted = next(line for line in page if line.startswith("No finding, but wording: "))
    assert "heartburn, reflux" in counted
    assert "xylophone" not in counted
    assert "Not understood: xylophone" in page


def test_why_shows_the_words_and_what_they_count(calcref: Run) -> None:
    page = calcref("diff", SENTENCE, "--why", MEANT, "--plain").out
    row = next(line for line in page.splitlines() if "\twording\t" in line)
    assert row.startswith("x")
    assert "described with" in row
    assert "reflux" in row
    answer = calcref("diff", SENTENCE, "--json").json
    first = answer["conditions"][0]["evidence"]
    item = next(item for item in first if item["finding"] == "words")
    assert item["basis"] == "words"
    assert item["words"]


@pytest.mark.parametrize("names", ["knee pain", "72F knee pain", "renal failure, diffuse", "haemodialysis", "no trauma, knee"])
def test_a_list_of_findings_says_no_more_than_their_flags(names: str) -> None:
    assert read(KNOWLEDGE, names).wording == ()


def test_words_that_no_cause_is_described_with_change_nothing() -> None:
    case = case_of(read(KNOWLEDGE, "72F knee pain"))
    odd = (("xylophone", "xylophone"), ("quixotic", "quixotic"))
    ranked, other = (rank(KNOWLEDGE, case._replace(wording=words), "flat") for words in ((), odd))
    assert ranked.conditions == other.conditions


def test_what_is_denied_or_said_of_a_relative_does_not_speak_for_a_cause() -> None:
    text = "woman with hard lumps of the fingers, she writes novels"
    plain = share(case_of(read(KNOWLEDGE, text)), MEANT)
    for more in (", no heartburn, no reflux, no telangiectasia", ", her mother has heartburn and reflux"):
        assert share(case_of(read(KNOWLEDGE, text + more)), MEANT) < 1.5 * plain, more


def test_a_denial_does_not_lift_the_cause_that_it_speaks_against() -> None:
    told = "Woman of 45 with hard plaques in the skin of the thighs, yellow and gritty."
    case, denied = (
        case_of(read(KNOWLEDGE, text)) for text in (told, f"{told} No Raynaud's, no tight skin. Telangiectasia absent.")
    )
    assert share(denied, "calcinosis-systemic-sclerosis") < share(case, "calcinosis-systemic-sclerosis")
    assert {word for word, _ in denied.wording}.isdisjoint(("raynaud", "tight", "telangiectasia"))


def test_words_alone_are_no_findings(calcref: Run) -> None:
    assert case_of(read(KNOWLEDGE, "heartburn and reflux")).is_empty
    answer = calcref("diff", "heartburn and reflux")
    assert answer.status == 1
    assert "was understood" in answer.err


def test_the_line_to_keep_has_the_sentence_and_gives_the_same_again(calcref: Run) -> None:
    kept = calcref("ask", SENTENCE, "--json", stdin="u\ny\ns\n").json
    again = calcref(*shlex.split(kept["command"])[1:], "--json").json
    assert [item["posttest_probability"] for item in kept["conditions"]] == [
        item["posttest_probability"] for item in again["conditions"]
    ]


def test_every_cause_is_described_with_words_of_its_own() -> None:
    places = [set(map(int, pairs.split()[::2])) for pairs in prose(KNOWLEDGE).values()]
    assert set().union(*places) == set(range(len(KNOWLEDGE.conditions)))
    for condition in KNOWLEDGE.conditions.values():
        words = [word.strip() for part in (condition.words.usual, condition.words.often) for word in part.split(",")]
        assert len(words) > 30, condition.id
        assert len(words) == len(set(words)), condition.id
        assert all(word == word.lower() and word.isalpha() for word in words), condition.id

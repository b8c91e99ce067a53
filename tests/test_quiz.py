"""What the flash cards promise: one answer that fits best, choices that are easily confused, reasons with their sources."""

from __future__ import annotations

import sys
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref import load
from calcref.differential.findings import check
from calcref.differential.frequency import link_probability
from calcref.differential.quiz import MARGIN, OPTIONS, PICTURE, alike, deck, separators, would_tell
from calcref.differential.ranking import posterior

from .conftest import Run, interrupted

KNOWLEDGE = load()
seeds = st.integers(1, 9999)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_the_right_answer_fits_the_picture_clearly_better_than_the_others(seed: int) -> None:
    for card in deck(KNOWLEDGE, 5, seed):
        fit = dict(zip(KNOWLEDGE.conditions, posterior(KNOWLEDGE, card.case, "flat"), strict=True))
        assert len(set(card.options)) == OPTIONS
        assert card.answer in card.options
        assert all(fit[option] * MARGIN <= fit[card.answer] * (1 + 1e-9) for option in card.options if option != card.answer)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_a_picture_is_drawn_from_its_cause_and_does_not_contradict_itself(seed: int) -> None:
    for card in deck(KNOWLEDGE, 5, seed):
        assert 1 <= len(card.case.present) <= PICTURE
        assert set(card.case.present) <= set(KNOWLEDGE.conditions[card.answer].findings)
        check(KNOWLEDGE, card.case)
        for finding in card.case.present:
            assert not KNOWLEDGE.ancestors[finding] & set(card.case.present)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_what_is_named_as_separating_does_separate(seed: int) -> None:
    for card in deck(KNOWLEDGE, 3, seed):
        told = separators(KNOWLEDGE, card.case, card.answer, card.rival)
        assert told
        assert all(first.likelihood_ratio > second.likelihood_ratio for first, second in told)
        for first, second in would_tell(KNOWLEDGE, card.case, card.rival, card.answer):
            assert first.finding not in card.case.present
            assert first.likelihood_ratio > second.likelihood_ratio


def test_most_choices_are_causes_that_the_knowledge_base_tells_apart() -> None:
    confused = [
        option in KNOWLEDGE.conditions[card.answer].tell_apart or card.answer in KNOWLEDGE.conditions[option].tell_apart
        for card in deck(KNOWLEDGE, 60, 1) for option in card.options if option != card.answer
    ]  # fmt: skip
    assert sum(confused) > 0.75 * len(confused)


def test_no_cause_comes_twice_before_all_have_come() -> None:
    for kind, members in KNOWLEDGE.conditions_of.items():
        answers = [card.answer for card in deck(KNOWLEDGE, len(members) + 1, 3, kind)]
        assert sorted(answers[:-1]) == sorted(member.id for member in members)


@given(st.sampled_from(list(KNOWLEDGE.conditions)), st.sampled_from(list(KNOWLEDGE.conditions)))
def test_likeness_is_a_share_and_mutual(first: str, second: str) -> None:
    shares = [{f: link_probability(link) for f, link in KNOWLEDGE.conditions[name].findings.items()} for name in (first, second)]
    assert 0 <= alike(*shares) <= 1 + 1e-9
    assert alike(*shares) == pytest.approx(alike(*reversed(shares)))
    assert alike(shares[0], shares[0]) == pytest.approx(1)


def keys(seed: int, cards: int) -> list[str]:
    """Return the right letters of a deck."""
    return ["abcd"[card.options.index(card.answer)] for card in islice(deck(KNOWLEDGE, cards, seed), cards)]


def test_right_answers_are_counted_and_said_to_be_right_with_their_sources(calcref: Run) -> None:
    answer = calcref("quiz", "--cards", "3", "--seed", "11", stdin="\n".join(keys(11, 3)) + "\n")
    assert answer.status == 0
    assert answer.out.count("\nRight. ") == 3
    assert "Score\t3 of 3" in answer.out
    assert "Here: " in answer.out
    assert "\n[1] " in answer.out or "\n[b] " in answer.out


def test_a_wrong_answer_says_what_would_have_told(calcref: Run) -> None:
    wrong = "\n".join("a" if key != "a" else "b" for key in keys(11, 4))
    text = calcref("quiz", "--cards", "4", "--seed", "11", stdin=wrong + "\n").out
    assert text.count("\nNo. ") == 4
    assert "Would have told: " in text
    assert "Score\t0 of 4" in text
    assert "Read again\t" in text


def test_the_seed_gives_the_same_cards_and_the_type_narrows_them(calcref: Run) -> None:
    first, again = (calcref("quiz", "--seed", "5", "--type", "calcinosis", "--json").json for _ in range(2))
    assert first == again
    assert len(first["cards"]) == 10
    assert all(KNOWLEDGE.conditions[card["answer"]].type == "calcinosis" for card in first["cards"])
    assert all(card["choices"].keys() == set("abcd") for card in first["cards"])


def test_the_line_for_the_same_cards_gives_them(calcref: Run) -> None:
    chosen = ("quiz", "--type", "calcinosis", "--cards", "2", "--seed", "5")
    said = calcref(*chosen, stdin="a\na\n").out
    again = said.partition("Same cards\tcalcref ")[2].split()
    assert calcref(*again, stdin="a\na\n").out == said
    assert calcref(*again, "--json").json["cards"] == calcref(*chosen, "--json").json["cards"]


def test_stop_and_the_end_of_the_input_show_the_score_so_far(calcref: Run) -> None:
    for stdin in (f"{keys(2, 1)[0]}\ns\n", f"{keys(2, 1)[0]}\n"):
        answer = calcref("quiz", "--seed", "2", stdin=stdin)
        assert answer.status == 0
        assert "Score\t1 of 1" in answer.out


def test_giving_up_shows_the_answer_and_a_wrong_key_is_asked_for_again(calcref: Run) -> None:
    text = calcref("quiz", "--seed", "2", stdin="e\n\ns\n").out
    assert "Not understood: 'e'" in text
    assert "Not answered. " in text
    assert "Score\t0 of 1" in text


def test_a_closed_input_gets_a_sentence(calcref: Run) -> None:
    answer = calcref("quiz", stdin="")
    assert answer.status == 2
    assert answer.err.startswith("calcref: The input has ended")


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("--cards", "0"), 2, "not a whole number"), (("--seed", "x"), 2, "not a whole number"),
        (("--type", "calcinosi"), 1, "Did you mean calcinosis"),
    ],
)  # fmt: skip
def test_a_slip_gets_a_sentence(calcref: Run, args: tuple[str, ...], status: int, said: str) -> None:
    answer = calcref("quiz", *args)
    assert (answer.status, answer.out) == (status, "")
    assert said in answer.err


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_it_is_painted_at_any_width_and_in_ascii(calcref: Run, columns: str) -> None:
    env = {"COLUMNS": columns, "FORCE_COLOR": "1", "NO_COLOR": "1", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    answer = calcref("quiz", "--seed", "3", "--cards", "2", stdin="a\nb\n", env=env)
    assert answer.status == 0
    assert answer.out.isascii()
    rows = [row for row in answer.out.splitlines() if not row.rstrip().startswith(("a, b", "know, s", "s stop"))]
    assert max(map(len, rows)) <= max(int(columns), 40)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a child")
def test_an_interruption_shows_the_score() -> None:
    answer = interrupted("quiz", "--seed", "2", once_it_says=b"s stop:")
    assert answer.status == 130
    assert "Score\t0 of 0" in answer.out
    assert "Traceback" not in answer.err

"""What the guided way promises: worthwhile questions, answers that count, and a line that gives the same again."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref import Case, load, rank
from calcref.differential.advice import ask_next
from calcref.differential.guide import CHOICE, SURE, WORTH, next_question
from calcref.differential.ranking import Differential

from .conftest import ROOT, Run, clean_environment, interrupted, run_calcref

KNOWLEDGE = load()
answers = st.lists(st.sampled_from([True, False, None]), max_size=8)
starts = st.sampled_from([Case(), Case(("diffuse",)), Case(("knee", "pain"), ("trauma",), 70, "female"), Case(("pelvis",), (), 60)])


Step = tuple[list[tuple[str, bool | None]], Differential]


def walk(start: Case, given_answers: list[bool | None]) -> list[Step]:
    """Return what was answered and the differential after each answer, as long as there are questions."""
    steps: list[Step] = [([], rank(KNOWLEDGE, start))]
    for present in given_answers:
        told, differential = steps[-1]
        question = next_question(KNOWLEDGE, differential, [finding for finding, known in told if known is None])
        if question is None:
            break
        told = [*told, (question.finding, present)]
        steps.append((told, rank(KNOWLEDGE, start.and_told(told))))
    return steps


@settings(max_examples=30, deadline=None)
@given(starts, answers)
def test_no_answers_lead_to_a_contradiction_and_nothing_is_asked_twice(start: Case, given_answers: list[bool | None]) -> None:
    told, _ = walk(start, given_answers)[-1]
    asked = [finding for finding, _ in told]
    assert len(asked) == len(set(asked))
    assert not set(asked) & {*start.present, *start.absent}


@settings(max_examples=30, deadline=None)
@given(starts, answers)
def test_what_is_asked_is_among_what_tells_most_and_the_least_effort_of_it(start: Case, given_answers: list[bool | None]) -> None:
    for told, differential in walk(start, given_answers):
        if any(present is None for _, present in told):
            continue
        question, leader = next_question(KNOWLEDGE, differential), differential.conditions[0].posttest
        choice = [q for q in ask_next(KNOWLEDGE, differential, CHOICE) if q.gain > WORTH]
        assert question == (choice[0] if choice and leader <= SURE else None)


def test_what_the_reader_could_not_tell_is_not_asked_for_again_nor_anything_narrower() -> None:
    asked = [finding for finding, _ in walk(Case(("diffuse",)), [None] * 12)[-1][0]]
    assert len(asked) == 12
    for place, finding in enumerate(asked):
        assert not (KNOWLEDGE.ancestors[finding] | {finding}) & set(asked[:place])


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(
        [(), ("--diffuse",), ("72F knee pain, possible effusion, no trauma",), ("--age", "0.4", "--sex", "m", "--no-pain")]
    ),
    st.sampled_from([(), ("--prior", "flat")]),
    st.lists(st.sampled_from("ynubw"), min_size=1, max_size=12),
)
def test_the_line_to_keep_gives_exactly_the_same_differential(
    start: tuple[str, ...], prior: tuple[str, ...], typed: list[str]
) -> None:
    asked = run_calcref("ask", *start, *prior, "--json", stdin="\n".join(typed) + "\n").json
    again = run_calcref(*shlex.split(asked["command"])[1:], "--json").json
    for part in ("prior", "types", "conditions", "red_flags", "ask_next"):
        assert again[part] == asked[part]
    assert all(again["findings"][part] == asked["findings"][part] for part in ("present", "absent", "age", "sex"))


def test_it_asks_shows_the_ranking_move_and_ends_with_the_differential_and_the_line_to_keep(calcref: Run) -> None:
    answer = calcref("ask", "--diffuse", "--renal-failure", stdin="n\ns\n")
    rows = answer.out.splitlines()
    assert answer.status == 0
    assert rows[0].startswith("1. On this film: ")
    assert sum("\twas " in row or "\tas before" in row for row in rows) == 3
    assert any(row.startswith("Read: diffuse; renal-failure; no ") for row in rows)
    assert rows[-1].startswith("To keep: calcref diff --diffuse --renal-failure --no-")


@pytest.mark.parametrize("stdin", ["yes\nno\n\nstop\n", "Y\r\nN\r\nU\r\nS\r\n", "y\nn\nunknown\n"])
def test_a_word_a_letter_in_any_case_and_the_end_of_the_input_are_understood(calcref: Run, stdin: str) -> None:
    answer = calcref("ask", "--json", stdin=stdin).json
    assert [item["state"] for item in answer["asked"]] == ["present", "absent", "unknown"]


def test_back_takes_the_last_answer_away_and_the_first_question_has_none_before_it(calcref: Run) -> None:
    answer = calcref("ask", "--json", stdin="b\ny\nb\nn\ns\n")
    assert [item["state"] for item in answer.json["asked"]] == ["absent"]
    assert "This is the first question." in answer.err


def test_why_says_what_each_answer_would_do_and_asks_again(calcref: Run) -> None:
    text = calcref("ask", "--diffuse", stdin="w\ns\n").out
    assert "If yes\t" in text
    assert "If no\t" in text
    assert text.count("y yes, n no") == 2


def test_a_wrong_key_is_asked_for_again(calcref: Run) -> None:
    answer = calcref("ask", "--diffuse", "--json", stdin=b"maybe\n\xff\x00\x1b[A\ny\ns\n")
    assert [item["state"] for item in answer.json["asked"]] == ["present"]
    assert "Not understood: 'maybe'" in answer.err
    assert "\x1b" not in answer.err


def test_starting_findings_may_be_words(calcref: Run) -> None:
    answer = calcref("ask", "72F knee pain", "--json", stdin="s\n").json
    assert answer["findings"]["age"] == 72
    assert "knee" in answer["findings"]["present"]
    assert answer["command"].startswith("calcref diff --age 72 --sex f ")


@pytest.mark.parametrize("text", ["-72F hard lumps, gritty chalk", "72F hard lumps\nno fever\ngritty chalk"])
def test_the_line_to_keep_reads_a_sentence_as_it_was_read(calcref: Run, text: str) -> None:
    kept = calcref("ask", "--json", "--", text, stdin="s\n").json
    again = calcref(*shlex.split(kept["command"])[1:], "--json").json
    assert [item["posttest_probability"] for item in kept["conditions"]] == [
        item["posttest_probability"] for item in again["conditions"]
    ]


def test_the_line_to_keep_names_the_knowledge_that_was_given(calcref: Run, tmp_path: Path) -> None:
    layer = tmp_path / "our own.json"
    layer.write_text('{"conditions": {"phlebolith": {"name": "ours"}}}', encoding="utf-8")
    asked = calcref("ask", "--diffuse", "--kb", str(layer), "--json", stdin="s\n").json
    again = calcref(*shlex.split(asked["command"])[1:], "--json").json
    assert again["knowledge_base"] == asked["knowledge_base"]
    assert calcref("ask", "--diffuse", "--kb", str(layer), stdin="s\n").out.endswith(f"To keep: {asked['command']}\n")


def test_what_is_not_to_be_missed_is_not_promised_where_nothing_follows(calcref: Run) -> None:
    answer = calcref("ask", "--rice-grain", "--along-muscle-fibres", "--endemic-area").out
    assert "Not to miss\t" not in answer
    assert "not to be missed" not in answer


def test_it_ends_by_itself_when_the_leader_is_beyond_doubt(calcref: Run) -> None:
    answer = calcref("ask", "--rice-grain", "--along-muscle-fibres", "--endemic-area")
    assert answer.status == 0
    assert "Nothing more is asked: cysticercosis is most likely" in answer.out


def test_a_closed_input_with_nothing_known_gets_a_sentence(calcref: Run) -> None:
    answer = calcref("ask", stdin="")
    assert answer.status == 2
    assert answer.err.startswith("calcref: The input has ended")
    assert "Traceback" not in answer.err


def test_no_standard_input_at_all_is_a_closed_one() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{shlex.quote(sys.executable)} -m calcref ask <&-"],
        capture_output=True, text=True, cwd=ROOT, env=clean_environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("calcref: The input has ended")


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_it_is_painted_at_any_width_and_in_ascii(calcref: Run, columns: str) -> None:
    env = {"COLUMNS": columns, "FORCE_COLOR": "1", "NO_COLOR": "1", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    answer = calcref("ask", "--diffuse", stdin="y\nw\nn\ns\n", env=env)
    assert answer.status == 0
    assert answer.out.isascii()
    rows = [row for row in answer.out.splitlines() if not row.startswith("To keep: ")]
    assert max(map(len, rows)) <= max(int(columns), 40) + len(" unknown")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a child")
def test_an_interruption_says_how_far_it_went() -> None:
    answer = interrupted("ask", "--diffuse", once_it_says=b"s stop:")
    assert answer.status == 130
    assert "To keep: calcref diff --diffuse" in answer.out
    assert "Traceback" not in answer.err


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
@pytest.mark.parametrize(("typed", "status", "last"), [(b"yn\x1b[As", 0, "To keep:"), (b"\rs", 0, "To keep:"), (b"\x03", 130, "To keep:"),
                                                       (b"\x04", 0, "To keep:")])  # fmt: skip
def test_on_a_terminal_one_key_is_an_answer_and_the_terminal_is_left_as_it_was(typed: bytes, status: int, last: str) -> None:
    import pty
    import termios

    leader, follower = pty.openpty()
    before = termios.tcgetattr(follower)
    process = subprocess.Popen(
        [sys.executable, "-m", "calcref", "ask", "--diffuse"],
        stdin=follower, stdout=follower, stderr=follower, cwd=ROOT, env=clean_environment(TERM="xterm", NO_COLOR="1"),
        start_new_session=True,
    )  # fmt: skip
    seen, sent = b"", 0
    prompts = 0
    while process.poll() is None or last.encode() not in seen:
        seen += os.read(leader, 65536)
        if seen.count(b"s stop:") > prompts and sent < len(typed):
            prompts = seen.count(b"s stop:")
            time.sleep(0.05)
            step = 3 if typed[sent : sent + 1] == b"\x1b" else 1
            os.write(leader, typed[sent : sent + step])
            sent += step
        if last.encode() in seen:
            break
    assert process.wait(30) == status
    assert termios.tcgetattr(follower) == before
    os.close(leader)
    os.close(follower)

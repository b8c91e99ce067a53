"""What a mnemonic promises as a checklist: the probability of each letter, and the letters that nobody has thought of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref import Case, load, rank
from calcref.differential.ranking import evidence
from calcref.views.letters import checklist

from .conftest import Run

KNOWLEDGE = load()
MNEMONICS = list(KNOWLEDGE.mnemonics.values())
cases = st.lists(st.sampled_from([f.id for f in KNOWLEDGE.findings.values() if not f.sex and not f.ages]), max_size=4, unique=True)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(MNEMONICS), cases)
def test_a_letter_is_as_likely_as_its_causes_together(mnemonic: object, present: list[str]) -> None:
    answer = rank(KNOWLEDGE, Case(tuple(present)))
    shares = {item.id: item.posttest for item in answer.conditions}
    letters, outside = checklist(KNOWLEDGE, mnemonic, answer)  # type: ignore[arg-type]
    for item in letters:
        assert item.probability == pytest.approx(sum(shares[cause] for cause in item.letter.points_at))
    inside = {cause.id for item in letters for cause in item.causes}
    assert inside | {item.id for item in outside} == set(shares)
    assert not inside & {item.id for item in outside}


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(MNEMONICS), cases)
def test_a_letter_is_thought_of_if_and_only_if_a_present_finding_speaks_for_one_of_its_causes(
    mnemonic: object, present: list[str]
) -> None:
    answer = rank(KNOWLEDGE, Case(tuple(present), (), 60, "female"))
    for item in checklist(KNOWLEDGE, mnemonic, answer)[0]:  # type: ignore[arg-type]
        strongest = max(
            (entry.log_ratio for c in item.letter.points_at for entry in evidence(KNOWLEDGE, answer.case, c) if entry.finding),
            default=0.0,
        )
        assert item.thought_of == (strongest >= 0.1)


def test_findings_as_flags_make_it_a_checklist(calcref: Run) -> None:
    answer = calcref("mnemonic", "vindicate", "--tram-track", "--diabetes")
    assert answer.status == 0
    assert "Read: tram-track; diabetes" in answer.out
    assert "not thought of" in answer.out
    assert "Under no letter: " in answer.out
    assert len([row for row in answer.out.splitlines() if " %\t" in row]) == len(KNOWLEDGE.mnemonics["vindicate"].letters)


def test_findings_as_words_count_the_same(calcref: Run) -> None:
    flags = calcref("mnemonic", "vindicate", "--knee", "--pain", "--age", "72", "--json").json
    words = calcref("mnemonic", "vindicate", "72 year old,", "knee", "pain", "--json").json
    assert words["letters"] == flags["letters"]
    assert words["schema"] == "calcref.checklist/1"
    assert all(0 <= letter["posttest_probability"] <= 1 for letter in words["letters"])


def test_an_absence_alone_makes_nobody_think_of_a_letter(calcref: Run) -> None:
    answer = calcref("mnemonic", "vindicate", "--no-trauma", "--json").json
    assert not any(letter["thought_of"] for letter in answer["letters"])


def test_without_findings_it_spells_the_mnemonic_out(calcref: Run) -> None:
    text = calcref("mnemonic", "vindicate").out
    assert "Each of them: calcref show NAME" in text
    assert "Under no letter" not in text


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("--diffuse",), 2, "no mnemonic"), (("vindicat", "--diffuse"), 1, "Did you mean vindicate"),
        (("vindicate", "--difuse"), 2, "--diffuse"), (("vindicate", "qwxyz"), 1, "understood"),
    ],
)  # fmt: skip
def test_a_slip_gets_a_sentence(calcref: Run, args: tuple[str, ...], status: int, said: str) -> None:
    answer = calcref("mnemonic", *args)
    assert (answer.status, answer.out) == (status, "")
    assert said in answer.err


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_it_is_painted_at_any_width_and_in_ascii(calcref: Run, columns: str) -> None:
    env = {"COLUMNS": columns, "FORCE_COLOR": "1", "NO_COLOR": "1", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    answer = calcref("mnemonic", "vindicate", "--tram-track", env=env)
    assert answer.status == 0
    assert answer.out.isascii()
    assert max(map(len, answer.out.splitlines())) <= max(int(columns), 40)

"""A draft says what was entered, is no surer than the ranking, forgets no danger, and asks to be checked."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcref import Case, load, rank
from calcref.differential.advice import dangers
from calcref.differential.ranking import flag_urgency, is_dangerous
from calcref.differential.wording import DANGERS, ORDER, SPOKEN, Draft, draft, first_sentence, short_name
from calcref.errors import KnowledgeError, UsageError
from calcref.knowledge.base import KnowledgeBase
from calcref.knowledge.model import Contents
from calcref.views.page import band

from .conftest import Run
from .test_differential import cases, relaxed

KNOWLEDGE = load()
SIGN = "Draft, to be checked by the person who signs."
VESSEL = ("--tram-track", "--foot", "--diabetes", "--age", "70", "--sex", "m")
MASS = ("--soft-tissue-mass", "--thigh", "--deep-mass")
styles = st.sampled_from(sorted(ORDER))


def said(result: Draft, topic: str) -> str:
    return next((sentence.text for sentence in result.sentences if sentence.topic == topic), "")


def drafted(*present: str, style: Any = "comment", **more: Any) -> Draft:
    return draft(KNOWLEDGE, rank(KNOWLEDGE, Case(present, **more)), style, band)


@relaxed
@given(cases(), styles)
def test_no_draft_is_surer_than_the_word_of_the_ranking(case: Case, style: Any) -> None:
    if case.is_empty:
        return
    answer = rank(KNOWLEDGE, case)
    result = draft(KNOWLEDGE, answer, style, band)
    word = band(answer.conditions[0].posttest) if result.named else "no cause is named"
    assert ("ost likely" in said(result, "likely")) == (word == "most likely")
    assert ("ossible" in said(result, "likely")) == (word == "possible")
    assert "ost likely" not in said(result, "rivals")


@relaxed
@given(cases(), styles)
def test_every_draft_ends_with_the_request_to_check_it_and_leaves_no_gap_open(case: Case, style: Any) -> None:
    if case.is_empty:
        return
    text = draft(KNOWLEDGE, rank(KNOWLEDGE, case), style, band).text
    assert text.endswith(f"\n{SIGN}")
    assert "{" not in text
    assert "  " not in text


@relaxed
@given(cases(), styles)
def test_open_dangerous_causes_are_named_and_no_number_stands_without_names(case: Case, style: Any) -> None:
    if case.is_empty:
        return
    answer = rank(KNOWLEDGE, case)
    result = draft(KNOWLEDGE, answer, style, band)
    assert (result.named == ()) == any(KNOWLEDGE.findings[finding].outside for finding in case.present)
    others = [item.condition for item in dangers(KNOWLEDGE, answer) if item.condition.id not in result.named]
    likely_enough = [item.id for item in others[:DANGERS] if item.posttest >= SPOKEN]
    for name in likely_enough:
        assert short_name(KNOWLEDGE.conditions[name]) in said(result, "danger")
    counted = len(others) - len(likely_enough)
    assert (f"and {counted} more" in said(result, "danger")) == (counted > 0 and likely_enough != [])
    assert "each below" not in said(result, "danger")  # no reader of a draft can use a number without names
    for name in result.named:
        flag = KNOWLEDGE.conditions[name].red_flag
        if flag and is_dangerous(KNOWLEDGE, KNOWLEDGE.conditions[name], answer.case):
            whole = flag_urgency(KNOWLEDGE, KNOWLEDGE.conditions[name], answer.case) == "urgent"
            assert (flag.why if whole else first_sentence(flag.why)) in said(result, "danger")


def test_a_draft_names_no_cause_where_those_of_a_finding_are_not_ranked(calcref: Run) -> None:
    draft = calcref("report", "suspicious calcifications of the breast, woman of 48", "--json").json
    assert draft["named"] == []
    assert "are not among those ranked here" in draft["text"]
    assert "Most likely" not in draft["text"]
    page = calcref("report", "suspicious calcifications of the breast, woman of 48")
    assert page.status == 0
    assert "Ranking" not in page.out
    ranked = calcref("diff", "suspicious calcifications of the breast, woman of 48").out
    assert "Practice\t" not in ranked
    assert "Views\t" not in ranked


def test_a_draft_that_names_no_cause_still_tells_the_dangerous_ones(calcref: Run) -> None:
    draft = calcref("report", "AXR 81M gallstones, curved calcified line beside the spine", "--json").json
    assert draft["named"] == []
    assert "dangerous causes are possible: Calcified arterial aneurysm" in draft["text"]
    assert draft["urgency"] == "urgent"


NEGATIVES = ("no", "not", "without", "absent", "never")


@relaxed
@given(cases(), styles)
def test_nothing_is_said_to_be_seen_or_absent_that_was_not_entered(case: Case, style: Any) -> None:
    if case.is_empty:
        return
    result = draft(KNOWLEDGE, rank(KNOWLEDGE, case), style, band)
    words = f"{said(result, 'seen')} {said(result, 'known')}".lower().replace("not entered", "")
    for finding in sorted((*case.present, *case.absent), key=lambda finding: -len(KNOWLEDGE.findings[finding].label)):
        words = words.replace(KNOWLEDGE.findings[finding].label.lower().removeprefix("site "), "")
    left = words.replace(";", " ").replace(".", " ").replace(":", " ").replace(",", " ").split()
    if not case.absent:
        assert not set(left) & {*NEGATIVES}
    assert not any(phrase in result.text for c in KNOWLEDGE.conditions.values() for phrase in (c.report.comment, c.report.report))


@relaxed
@given(cases(), styles)
def test_the_same_case_gives_the_same_words(case: Case, style: Any) -> None:
    if not case.is_empty:
        assert draft(KNOWLEDGE, rank(KNOWLEDGE, case), style, band) == draft(KNOWLEDGE, rank(KNOWLEDGE, case), style, band)


def test_a_comment_says_what_where_what_most_likely_which_view_and_who_should_know() -> None:
    result = drafted("tram-track", "foot", "diabetes", age=70, sex="male")
    assert said(result, "seen") == "Seen on this film, in the foot or toes: two parallel lines."
    assert said(result, "known") == "From the patient or the request: diabetes. Patient: age 70; male."
    assert said(result, "likely") == "Most likely: Medial arterial calcification."
    assert "further view" in said(result, "views")
    assert "other side" in said(result, "views")
    assert "clinician" in said(result, "tell")


def test_a_report_carries_the_advice_of_the_leading_cause() -> None:
    result = drafted("tram-track", "foot", "diabetes", style="report")
    assert KNOWLEDGE.conditions[result.named[0]].next_step.text in said(result, "advice")
    assert not said(result, "views")


def test_a_near_second_cause_is_named() -> None:
    answer = rank(KNOWLEDGE, Case(("knee",)))
    second = KNOWLEDGE.conditions[answer.conditions[1].id]
    assert short_name(second) in said(draft(KNOWLEDGE, answer, "comment", band), "rivals")


def test_a_far_second_cause_is_not_named() -> None:
    assert not said(drafted("tram-track", "foot", "diabetes", age=70), "rivals")


def test_dangerous_causes_that_are_unlikely_one_by_one_still_weigh_together() -> None:
    answer = rank(KNOWLEDGE, Case(("soft-tissue-mass", "thigh", "deep-mass", "amorphous")))
    assert draft(KNOWLEDGE, answer, "comment", band).urgency == "urgent"


def test_an_open_cause_is_never_nobodys_business() -> None:
    assert drafted("knee").urgency != "none"


def test_what_was_looked_for_and_is_absent_is_said() -> None:
    assert "Looked for and not seen: matching bone defect." in drafted("knee", absent=("donor-site",)).text


def test_a_place_without_a_look_and_a_look_without_a_place_are_said_to_lack_the_other() -> None:
    assert "what it looks like was not entered" in drafted("knee").text
    assert "Where it lies was not entered" in drafted("tram-track").text


def test_a_narrower_finding_speaks_for_the_wider_one() -> None:
    assert said(drafted("knee", "lower-limb"), "seen") == said(drafted("knee"), "seen")


def test_what_is_seen_is_not_dropped_because_other_imaging_showed_more() -> None:
    assert "soft tissue mass or lump" in said(drafted("soft-tissue-mass", "deep-mass", "thigh"), "seen")


def test_what_was_only_called_possible_stays_possible(calcref: Run) -> None:
    assert "possibly joint effusion" in calcref("report", "knee with possible effusion").out


@pytest.mark.parametrize("style", ["comment", "report", "c", "REPORT"])
def test_a_style_is_known_by_its_beginning(calcref: Run, style: str) -> None:
    answer = calcref("report", "--tram-track", "--style", style, "--json")
    assert answer.json["style"] == next(name for name in ORDER if name.startswith(style.lower()))


@pytest.mark.parametrize("style", ["", "rapport", "letter", "{x}"])
def test_another_style_is_refused(calcref: Run, style: str) -> None:
    answer = calcref("report", "--tram-track", "--style", style)
    assert answer.status == 2
    assert "neither comment nor report" in answer.err


def altered(**templates: str) -> KnowledgeBase:
    parts = {item.name: getattr(KNOWLEDGE.contents, item.name) for item in fields(Contents)}
    kept = {key: text for key, text in parts["templates"].items() if key not in templates}
    return KnowledgeBase(Contents(**{**parts, "templates": kept | {k: t for k, t in templates.items() if t}}), "")


@pytest.mark.parametrize("wrong", ["{nobody}", "{", "{0}", "{name.x}"])
def test_a_template_that_cannot_be_filled_is_named(wrong: str) -> None:
    knowledge = altered(**{"likely-most-likely": wrong})
    with pytest.raises(KnowledgeError, match="likely-most-likely"):
        draft(knowledge, rank(knowledge, Case(("tram-track", "foot", "diabetes"))), "comment", band)


def test_a_missing_template_for_a_band_falls_back_to_more_careful_words() -> None:
    knowledge = altered(**{"likely-most-likely": ""})
    result = draft(knowledge, rank(knowledge, Case(("tram-track", "foot", "diabetes"))), "comment", band)
    assert said(result, "likely").startswith("The cause is open")


def test_a_missing_template_is_a_sentence_and_no_crash() -> None:
    knowledge = altered(sign="")
    with pytest.raises(KnowledgeError, match="sign"):
        draft(knowledge, rank(knowledge, Case(("knee",))), "comment", band)


def test_braces_in_the_words_of_the_knowledge_base_are_only_braces() -> None:
    findings = dict(KNOWLEDGE.findings)
    old = findings["tram-track"]
    findings["tram-track"] = type(old)(**{**old.__getstate__(), "label": "two {lines} [b]"})
    parts = {item.name: getattr(KNOWLEDGE.contents, item.name) for item in fields(Contents)} | {"findings": findings}
    knowledge = KnowledgeBase(Contents(**parts), "")
    assert "two {lines} [b]" in draft(knowledge, rank(knowledge, Case(("tram-track",))), "comment", band).text


def test_nothing_entered_is_refused(calcref: Run) -> None:
    answer = calcref("report")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("calcref: Nothing was entered")
    with pytest.raises(UsageError):
        draft(KNOWLEDGE, rank(KNOWLEDGE, Case()), "report", band)


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("report", "qwertz"), 1),
        (("report", "--knee", "--style", "poem"), 2),
        (("report", "--kneee"), 2),
        (("report", "--age", "x"), 2),
    ],
)
def test_a_slip_is_a_sentence_and_a_status(calcref: Run, args: tuple[str, ...], status: int) -> None:
    answer = calcref(*args)
    assert (answer.status, answer.out) == (status, "")
    assert answer.err.startswith("calcref: ")


@pytest.mark.parametrize("style", sorted(ORDER))
@pytest.mark.parametrize("args", [VESSEL, MASS, ("--knee",), ("--age", "40"), ("--no-trauma",)])
def test_the_signature_line_is_the_last_of_every_page(calcref: Run, args: tuple[str, ...], style: str) -> None:
    answer = calcref("report", *args, "--style", style)
    assert answer.status == 0
    assert answer.out.endswith(f"\n{SIGN}\n")


def test_the_json_of_a_draft_keeps_its_contract(calcref: Run) -> None:
    answer = calcref("report", *VESSEL, "--style", "report", "--json").json
    assert answer["schema"] == "calcref.draft/1"
    assert answer["style"] == "report"
    assert answer["text"] == "\n".join(sentence["text"] for sentence in answer["sentences"])
    assert answer["text"].endswith(SIGN)
    assert {source for sentence in answer["sentences"] for source in sentence["sources"]} <= set(KNOWLEDGE.sources)
    assert answer["named"][0] in KNOWLEDGE.conditions
    assert answer["urgency"] in ("none", "routine", "soon", "urgent")


def test_a_sentence_on_standard_input_is_drafted_as_flags_are(calcref: Run) -> None:
    by_flags = calcref("report", "--tram-track", "--foot", "--json").json
    assert calcref("report", "-", "--json", stdin="tram track, foot").json["text"] == by_flags["text"]


def test_words_that_were_not_understood_are_named_beside_the_draft_and_not_in_it(calcref: Run) -> None:
    answer = calcref("report", "knee with glorbification")
    assert "not understood: " in answer.out
    assert "glorb" not in calcref("report", "knee with glorbification", "--json").json["text"]


@pytest.mark.parametrize("columns", ["40", "60", "80", "120", "200"])
def test_a_page_stays_within_the_width(calcref: Run, columns: str) -> None:
    env = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": columns}
    out = calcref("report", *MASS, env=env).out
    assert max(map(len, out.splitlines())) <= int(columns)
    assert "\x1b" not in out


def test_an_ascii_terminal_gets_ascii(calcref: Run) -> None:
    env = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "FORCE_COLOR": "1"}
    assert calcref("report", *MASS, env=env).out.isascii()


def test_every_condition_has_a_short_name_of_its_own() -> None:
    names = [short_name(condition) for condition in KNOWLEDGE.conditions.values()]
    assert all(names)
    assert len(set(names)) == len(names)


URGENT = [
    ("5 month old infant, sharp fragment with a donor site at the tibial metaphysis, ankle", "inflicted injury"),
    ("tram-track calcification of the foot, black toe, 70M, diabetes", "limb"),
    ("ossification after hip replacement, fever, infection", "implant"),
    ("osteochondroma of the knee with a stalk, pulsatile mass, 16M", "urgent"),
    ("known hypoparathyroidism, fits, calcium 1.5 mmol/L", "ECG"),
    ("tuberculous psoas abscess calcified, TB, fever, weak legs, cord compression", "urgent"),
    ("13 month old, fever, hip effusion, will not move the leg, calcific speck next to the femoral neck", "septic"),
    ("12M swollen painful knee, fever 38.6, CRP 70, calcified flake", "septic"),
    ("2F mass left kidney with calcification, haematuria", "paediatric"),
    ("rest pain foot, calcified arteries 77M smoker", "vascular team"),
    ("AV fistula arm aneurysm with calcified wall, dialysis patient, skin over it shiny and thin", "access team"),
    ("75M DISH ?# L spine", "whole spine"),
    ("Neonate with cannula leak of calcium gluconate, arm tense and pale", "surgeon"),
    ("red finger joint after steroid injection, calcification in the capsule, fever", "septic"),
]


@pytest.mark.parametrize(("text", "word"), URGENT, ids=[text for text, _ in URGENT])
def test_what_cannot_wait_is_urgent(calcref: Run, text: str, word: str) -> None:
    answer = calcref("report", text, "--json").json
    assert answer["urgency"] == "urgent"
    assert word.lower() in calcref("report", text).out.lower()


PRESSING = [finding for finding in KNOWLEDGE.findings.values() if finding.red_flag]


@pytest.mark.parametrize("finding", [finding.id for finding in PRESSING])
def test_a_finding_that_cannot_wait_is_said_whatever_the_calcium_is(calcref: Run, finding: str) -> None:
    flag = KNOWLEDGE.findings[finding].red_flag
    assert flag
    entered = ("--tram-track", "--phlebolith", f"--{finding}", *(f"--{other}" for other in flag.when[:1]))
    assert {"finding": finding, "urgency": flag.urgency} in calcref("diff", *entered, "--json").json["alarms"]
    for command in (("diff", *entered), ("report", *entered), ("show", finding)):
        assert flag.why in calcref(*command).out
    assert calcref("report", *entered, "--json").json["urgency"] == flag.urgency
    absent = ("--tram-track", "--phlebolith", f"--no-{finding}")
    assert calcref("diff", *absent, "--json").json["alarms"] == []


EXPLAINED = [(finding.id, other) for finding in PRESSING if finding.red_flag for other in finding.red_flag.unless]


@pytest.mark.parametrize(("finding", "explained"), EXPLAINED)
def test_what_explains_a_pressing_finding_takes_its_alarm_down(calcref: Run, finding: str, explained: str) -> None:
    flag = KNOWLEDGE.findings[finding].red_flag
    assert flag
    entered = (f"--{finding}", *(f"--{other}" for other in flag.when[:1]))
    raised, quiet = (calcref("diff", *entered, *more, "--json").json["alarms"] for more in ((), (f"--{explained}",)))
    assert finding in [alarm["finding"] for alarm in raised]
    assert finding not in [alarm["finding"] for alarm in quiet]
    assert KNOWLEDGE.findings[explained].label in calcref("show", finding).out.split("not with ")[1].splitlines()[0]


def test_some_findings_cannot_wait() -> None:
    assert {"threatened-limb", "soft-tissue-gas"} <= {finding.id for finding in PRESSING}


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        ("--suspicious-breast-calcification", "To be told soon (suspicious breast calcification): "),
        ("--swab-asked", "This cannot wait ("),
    ],
)
def test_a_draft_says_how_soon_a_finding_has_to_be_told(calcref: Run, finding: str, words: str) -> None:
    assert words in calcref("report", finding, "--linear").out


def test_a_dangerous_cause_that_the_text_names_is_told_wherever_it_stands(calcref: Run) -> None:
    answer = calcref("diff", "ESRD, ?CUA, thighs").out
    assert "Urgent\tcalciphylaxis:" in answer
    assert "Asked about\tcalciphylaxis, place" in answer


def test_a_view_waits_as_the_practice_does_for_what_is_urgent(calcref: Run) -> None:
    lines = dict(
        line.split("\t", 1)
        for line in calcref("diff", "70M cold pulseless foot, calcified lump in the calf").out.splitlines()
        if "\t" in line
    )
    assert lines["Practice"].startswith("Once that is settled: ")
    assert lines["Views"].startswith("Once that is settled: ")


def test_an_organ_whose_causes_are_not_ranked_is_said_to_be_so(calcref: Run) -> None:
    assert "not among those that are ranked here" in calcref("diff", "60M calcified pericardium").out


def test_where_only_such_an_organ_is_told_no_list_is_printed_unless_it_is_asked_for(calcref: Run) -> None:
    told = "laminated faceted stones RUQ, fever, jaundice, 60F"
    short, asked = calcref("diff", told).out, calcref("diff", told, "--top", "5").out
    assert "No list: " in short
    assert "antibiotics and ultrasound" in short
    assert "most likely" not in short
    assert "Not to miss" not in short  # their per cents are those of the list
    assert "most likely" in asked
    assert "Not to miss" in asked
    assert calcref("diff", told, "--json").json["conditions"]


def test_no_list_where_the_very_look_is_that_of_causes_that_are_not_ranked(calcref: Run) -> None:
    told = "fine linear branching pleomorphic calcifications in a segmental distribution over 4 cm in the left breast, bilateral, linear"
    answer = calcref("diff", told).out
    assert "No list: " in answer and "breast unit" in answer


def test_no_list_where_the_text_denies_the_calcium(calcref: Run) -> None:
    assert "there is nothing to look at" in calcref("diff", "nil calcification on the shoulder film").out

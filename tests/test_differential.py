"""Properties of the ranking that hold for any findings, and what the contract of its JSON promises."""

from __future__ import annotations

import math
import pickle
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calcref import Case, case_of, load, rank, read
from calcref.differential.advice import ask_next, change, dangers, expected, remarks, steadiness, unusual
from calcref.differential.findings import check, implied, reconciled
from calcref.differential.frequency import age_share, link_probability
from calcref.differential.likelihood import likelihoods
from calcref.differential.prose import prose
from calcref.differential.ranking import Differential, evidence, posterior, pretest
from calcref.errors import UsageError
from calcref.knowledge.model import Link
from calcref.terminal import Screen
from calcref.views.paint import show
from calcref.views.ranking import page_of

from .conftest import Run

KNOWLEDGE = load()
FINDINGS = sorted(KNOWLEDGE.findings)
CONDITIONS = list(KNOWLEDGE.conditions)
STEMS = sorted(prose(KNOWLEDGE))
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def cases(draw: Any) -> Case:
    """Return a case without contradictions."""
    present = draw(st.lists(st.sampled_from(FINDINGS), max_size=8, unique=True))
    absent = draw(st.lists(st.sampled_from(FINDINGS), max_size=4, unique=True))
    age = draw(st.none() | st.floats(0, 100))
    sex = draw(st.none() | st.sampled_from(["female", "male"]))
    present = [f for f in present if not KNOWLEDGE.findings[f].sex]
    words = draw(st.lists(st.sampled_from(STEMS), max_size=12, unique=True))
    said = tuple((stem, stem) for stem in words)
    return check(KNOWLEDGE, reconciled(KNOWLEDGE, Case(tuple(present), tuple(absent), age, sex, wording=said)))


priors = st.sampled_from(["published", "flat"])


@relaxed
@given(cases(), priors)
def test_probabilities_sum_to_one_and_none_is_certain(case: Case, prior: Any) -> None:
    answer = rank(KNOWLEDGE, case, prior)
    assert math.isclose(sum(item.posttest for item in answer.conditions), 1, abs_tol=1e-9)
    assert math.isclose(sum(item.pretest for item in answer.conditions), 1, abs_tol=1e-9)
    assert all(0 < item.posttest < 1 for item in answer.conditions)


@relaxed
@given(cases(), priors)
def test_a_type_is_as_likely_as_its_causes_together(case: Case, prior: Any) -> None:
    answer = rank(KNOWLEDGE, case, prior)
    for kind in answer.types:
        causes = [item.posttest for item in answer.conditions if KNOWLEDGE.conditions[item.id].type == kind.id]
        assert math.isclose(kind.posttest, sum(causes), abs_tol=1e-9)


@relaxed
@given(cases(), st.randoms())
def test_the_order_of_entry_does_not_matter(case: Case, dice: Any) -> None:
    present, absent, words = (tuple(dice.sample(part, len(part))) for part in (case.present, case.absent, case.wording))
    shuffled = case._replace(present=present, absent=absent, wording=words)
    before, after = posterior(KNOWLEDGE, case), posterior(KNOWLEDGE, shuffled)
    assert all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(before, after, strict=True))


@given(priors)
def test_nothing_entered_returns_the_pretest_shares(prior: Any) -> None:
    assert posterior(KNOWLEDGE, Case(), prior) == pretest(KNOWLEDGE, prior)


def test_once_something_is_described_the_types_outside_the_published_shares_have_their_own() -> None:
    nothing, something = (rank(KNOWLEDGE, case).types for case in (Case(), Case((), (), 40.0)))
    before = {kind.id: kind.pretest for kind in nothing}
    for kind in something:
        share = KNOWLEDGE.types[kind.id].share
        assert math.isclose(before[kind.id], share.used / 100, rel_tol=1e-6)
        if share.described:
            assert math.isclose(kind.pretest, share.described / 100, rel_tol=1e-6)
    others = [(kind.pretest, before[kind.id]) for kind in something if not KNOWLEDGE.types[kind.id].share.described]
    assert len({round(after / first, 6) for after, first in others}) == 1


@relaxed
@given(cases(), st.sampled_from(FINDINGS), priors)
def test_one_more_finding_that_speaks_for_a_cause_never_lowers_it_against_one_that_it_does_not_speak_for(
    case: Case, finding: str, prior: Any
) -> None:
    record = KNOWLEDGE.findings[finding]
    kin = KNOWLEDGE.ancestors[finding] | KNOWLEDGE.descendants[finding] | {finding}
    if case.is_empty or record.ages or record.sex or kin & {*case.present, *case.absent}:
        return  # the first word also begins to tell what is not mentioned
    vector = likelihoods(KNOWLEDGE).vector(finding, True)
    before = posterior(KNOWLEDGE, case, prior)
    after = posterior(KNOWLEDGE, case._replace(present=(*case.present, finding)), prior)
    spoken_for = [i for i, ratio in enumerate(vector) if ratio > 0]
    others = [i for i, ratio in enumerate(vector) if ratio <= 0]
    for i in spoken_for[:20]:
        for j in others[:20]:
            assert after[i] / after[j] >= before[i] / before[j] * (1 - 1e-9)


def test_silence_says_no_more_than_four_fifths_of_what_a_denial_would() -> None:
    ratios = likelihoods(KNOWLEDGE)
    for finding in KNOWLEDGE.findings:
        denied = ratios.vector(finding, False)
        assert all(silent >= min(0.0, 0.8 * denied[place]) - 1e-9 for place, silent in ratios.untold(finding).items()), finding


@pytest.mark.parametrize(("cause", "site"), [("fabella-cyamella", "shoulder"), ("calcific-tendinitis-shoulder", "foot")])
def test_a_cause_that_lies_in_one_place_only_is_not_looked_for_elsewhere(cause: str, site: str) -> None:
    condition, ratios = KNOWLEDGE.conditions[cause], likelihoods(KNOWLEDGE)
    assert condition.sites.elsewhere == 0
    assert ratios.log_ratio(site, condition, True) < -math.log(25)


def test_a_dangerous_cause_that_does_not_lie_there_is_not_named() -> None:
    for site, named in (("finger", False), ("retroperitoneum", True)):
        answer = rank(KNOWLEDGE, Case((site, "focal")))
        assert next(item.posttest for item in answer.conditions if item.id == "calcified-aneurysm") > 0.001
        assert ("calcified-aneurysm" in {danger.condition.id for danger in dangers(KNOWLEDGE, answer)}) == named, site


def test_a_finding_that_no_cause_lists_says_nothing_of_any() -> None:
    ratios = likelihoods(KNOWLEDGE)
    alone = [finding for finding in KNOWLEDGE.findings if all(share is None for share in ratios.row(finding).shares)]
    assert "threatened-limb" not in alone
    assert "other-organ" in alone
    for finding in alone:
        assert set(ratios.vector(finding, True)) == {0.0}, finding


@relaxed
@given(st.sampled_from([(f, p) for f in FINDINGS for p in KNOWLEDGE.ancestors[f]]))
def test_a_finding_with_its_parent_counts_once_and_never_less_than_the_parent_alone_where_it_speaks_for_a_cause(
    pair: tuple[str, str],
) -> None:
    child, parent = pair
    alone = dict(zip(CONDITIONS, posterior(KNOWLEDGE, Case((child,)), "flat"), strict=True))
    both = dict(zip(CONDITIONS, posterior(KNOWLEDGE, Case((child, parent)), "flat"), strict=True))
    vector = likelihoods(KNOWLEDGE).vector(child, True)
    leader = CONDITIONS[max(range(len(vector)), key=vector.__getitem__)]
    silent = [c for c, ratio in zip(CONDITIONS, vector, strict=True) if ratio <= 0]
    for other in silent[:20]:
        assert both[leader] / both[other] >= alone[leader] / alone[other] * (1 - 1e-9)


@relaxed
@given(cases(), priors)
def test_equal_probabilities_share_a_rank_and_ranks_never_fall(case: Case, prior: Any) -> None:
    answer = rank(KNOWLEDGE, case, prior)
    for first, second in zip(answer.conditions, answer.conditions[1:], strict=False):
        assert first.posttest >= second.posttest
        assert (first.rank == second.rank) == math.isclose(first.posttest, second.posttest, rel_tol=1e-9)


@relaxed
@given(cases())
def test_the_evidence_adds_up_to_the_ranking(case: Case) -> None:
    answer = rank(KNOWLEDGE, case, "flat")
    first, second = answer.conditions[:2]

    def total(condition: str) -> float:
        whole = sum(item.log_ratio * item.weight for item in evidence(KNOWLEDGE, case, condition))
        return whole / KNOWLEDGE.parameters.temperature

    assert math.isclose(math.log(first.posttest / second.posttest), total(first.id) - total(second.id), abs_tol=1e-6)


@relaxed
@given(cases())
def test_an_answer_can_be_sent_elsewhere(case: Case) -> None:
    answer = rank(KNOWLEDGE, case)
    assert pickle.loads(pickle.dumps(answer)) == answer


def test_a_knowledge_base_can_be_sent_elsewhere() -> None:
    copy = pickle.loads(pickle.dumps(KNOWLEDGE))
    case = Case(("tram-track", "renal-failure"), age=60)
    assert rank(copy, case) == rank(KNOWLEDGE, case)


def test_every_alias_is_its_finding() -> None:
    from calcref.command import finding_of_flag

    flags = {alias.replace(" ", "-").replace("=", "-"): f for f in FINDINGS for alias in KNOWLEDGE.findings[f].aliases}
    denials = {flag for flag in flags if flag.startswith("no-")}  # where NAME is a finding, --no-NAME says that it is absent
    assert not [flag for flag, finding in flags.items() if flag not in denials and finding_of_flag(flag) != (finding, True)]
    assert not [flag for flag in denials if finding_of_flag(flag) not in ((flags[flag], True), (flag[3:], False))]


@pytest.mark.parametrize(
    "case",
    [
        Case(("diffuse",), ("diffuse",)), Case(("dialysis",), ("renal-failure",)), Case(("female",), (), None, "male"),
        Case(age=130), Case(age=-1), Case(("child",), (), 60),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused(case: Case) -> None:
    with pytest.raises(UsageError):
        rank(KNOWLEDGE, case)


def test_what_is_present_implies_what_it_belongs_to() -> None:
    assert "renal-failure" in implied(KNOWLEDGE, Case(("dialysis",)))


def test_a_count_is_used_where_there_is_one() -> None:
    assert link_probability(Link("frequent", (8, 12))) == pytest.approx(8.5 / 13)
    assert link_probability(Link("frequent")) == 0.55
    assert link_probability(Link("frequent"), 0.9) == 0.79


def test_the_ages_of_all_patients_make_a_whole() -> None:
    assert age_share((10, 40, 80), 0, 150) == pytest.approx(1, abs=0.01)
    assert age_share((10, 40, 80), 0, 40) == pytest.approx(0.5, abs=0.05)


def test_a_disease_of_the_old_is_hardly_one_of_a_child_but_never_ruled_out() -> None:
    ratios = likelihoods(KNOWLEDGE).age_vector(4)
    of_the_old = [
        ratio for ratio, record in zip(ratios, KNOWLEDGE.conditions.values(), strict=True) if record.age.percentiles[0] >= 40
    ]
    assert of_the_old
    assert all(1 / 50 < math.exp(ratio) < 1 / 15 for ratio in of_the_old)


LEADERS = [
    (Case(("tram-track", "along-vessels", "diabetes"), age=70, sex="male"), "medial-arterial-calcification"),
    (Case(("pelvis", "ring-lucent-centre", "incidental"), age=60), "phlebolith"),
    (Case(("cartilage-line", "knee"), age=82), "cppd-sporadic"),
    (Case(("rotator-cuff", "amorphous", "pain"), age=48, sex="female"), "calcific-tendinitis-shoulder"),
    (Case(("rice-grain", "along-muscle-fibres", "endemic-area"), age=35), "cysticercosis"),
    (Case(("dermatomyositis", "child", "sheet-like")), "calcinosis-juvenile-dermatomyositis"),
    (Case(("scleroderma", "fingertip"), age=60, sex="female"), "calcinosis-systemic-sclerosis"),
    (Case(("loose-bodies", "similar-size-bodies", "knee"), age=40), "synovial-chondromatosis-primary"),
    (Case(("hip", "arthroplasty", "trabeculated"), age=70), "heterotopic-ossification-postoperative"),
    (Case(("spinal-cord-injury", "hip", "trabeculated"), age=30), "neurogenic-heterotopic-ossification"),
]


@pytest.mark.parametrize(("case", "leader"), LEADERS, ids=[leader for _, leader in LEADERS])
def test_the_textbook_picture_leads_to_the_textbook_cause(case: Case, leader: str) -> None:
    answer = rank(KNOWLEDGE, case, "flat")
    assert leader in [item.id for item in answer.conditions[:2]]


def test_a_cause_without_estimates_is_hardly_blamed_for_what_it_does_not_list() -> None:
    ratios = likelihoods(KNOWLEDGE)
    for condition in KNOWLEDGE.conditions.values():
        for finding in FINDINGS[::25]:
            if ratios.estimate(finding, condition) is None:
                assert ratios.log_ratio(finding, condition, False) == 0
                assert ratios.log_ratio(finding, condition, True) <= 0


@relaxed
@given(cases())
def test_what_is_advised_is_open_and_in_order_of_effort(case: Case) -> None:
    answer = rank(KNOWLEDGE, case)
    questions = ask_next(KNOWLEDGE, answer)
    assert not {q.finding for q in questions} & {*case.present, *case.absent, *implied(KNOWLEDGE, case)}
    efforts = ["look", "ask", "measure", "other-view", "other-modality"]
    assert [efforts.index(q.how) for q in questions] == sorted(efforts.index(q.how) for q in questions)
    assert all(q.gain >= 0 for q in questions)
    for danger in dangers(KNOWLEDGE, answer):
        assert KNOWLEDGE.conditions[danger.condition.id].red_flag is not None
    assert all(isinstance(remark, str) for remark in remarks(KNOWLEDGE, answer))


def leading(*present: str) -> Differential:
    return rank(KNOWLEDGE, Case(present))


def test_what_would_change_the_first_place_does_change_it() -> None:
    answer = leading("diffuse", "renal-failure")
    turn = change(KNOWLEDGE, answer)
    assert turn is not None
    more = Case(
        (*answer.case.present, *(f for f, present in turn.findings if present)),
        tuple(f for f, present in turn.findings if not present),
    )
    assert rank(KNOWLEDGE, more).conditions[0].id == turn.leader != answer.conditions[0].id


def test_expected_and_unusual_findings_are_named() -> None:
    answer = leading("diffuse", "renal-failure")
    assert "high-pth" in expected(KNOWLEDGE, answer, "ckd-mbd")
    assert "diffuse" in unusual(KNOWLEDGE, answer, "synovial-sarcoma")


def test_steadiness_is_the_same_every_time_and_a_share() -> None:
    answer = leading("diffuse", "renal-failure")
    first = steadiness(KNOWLEDGE, answer)
    assert first == steadiness(KNOWLEDGE, answer)
    assert 0 <= first.low <= first.high <= 1
    assert 0 <= first.holds <= 1


CONTRACT = {
    "schema": str, "knowledge_base": {"version": str, "sha256": str},
    "findings": {"present": [str], "absent": [str], "age": (int, float, type(None)), "sex": (str, type(None)), "implied": [str],
                 "not_understood": [str]},
    "types": [{"id": str, "name": str, "pretest_probability": float, "posttest_probability": float}],
    "conditions": [{"id": str, "name": str, "type": str, "pretest_probability": float, "posttest_probability": float, "red_flag": bool,
                    "evidence": [{"finding": str, "state": str, "likelihood_ratio": float, "sources": [str]}]}],
    "alarms": [{"finding": str, "urgency": str}],
    "red_flags": [{"id": str, "posttest_probability": float, "urgency": str, "settle_with": [str]}],
    "ask_next": [{"finding": str, "how": str, "information_gain_bits": float}],
}  # fmt: skip


def fits(value: Any, shape: Any, where: str = "") -> None:
    if isinstance(shape, dict):
        for key, inner in shape.items():
            assert key in value, f"{where}.{key}"
            fits(value[key], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for item in value:
            fits(item, shape[0], where)
    else:
        assert isinstance(value, shape), where


@pytest.mark.parametrize(
    "args",
    [(), ("--diffuse", "--renal-failure"), ("--tram-track", "--no-trauma", "--age", "58", "--sex", "m"), ("--prior", "flat")],
)
def test_the_json_of_a_differential_keeps_its_contract(calcref: Run, args: tuple[str, ...]) -> None:
    answer = calcref("diff", *args, "--json").json
    fits(answer, CONTRACT)
    assert answer["schema"] == "calcref.differential/1"
    assert answer["knowledge_base"]["sha256"] == KNOWLEDGE.sha256
    assert {question["how"] for question in answer["ask_next"]} <= {"look", "ask", "measure"}
    assert {item["state"] for c in answer["conditions"] for item in c["evidence"]} <= {"present", "absent"}
    assert len(answer["conditions"]) == len(KNOWLEDGE.conditions)
    known = {*KNOWLEDGE.sources}
    assert all(source in known for c in answer["conditions"] for item in c["evidence"] for source in item["sources"])


def test_the_engine_needs_neither_typer_nor_rich_nor_pydantic() -> None:
    import subprocess
    import sys

    from .conftest import ROOT, clean_environment

    code = (
        "import sys; from calcref import Case, load, rank; rank(load(), Case(('diffuse',)));"
        "print([m for m in ('typer', 'rich', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=clean_environment(), check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "args", ["'diff', '--diffuse', '--json'", "'show', 'phlebolith'", "'list'", "'mnemonic', 'vindicate'", "'diff', 'knee pain'"]
)
def test_an_answer_in_a_pipe_imports_neither_rich_nor_pydantic(args: str) -> None:
    import subprocess
    import sys

    from .conftest import ROOT, clean_environment

    code = (
        f"import sys, calcref.__main__ as m; sys.argv = ['calcref', {args}]; m.run();"
        "print([m for m in ('rich', 'pydantic') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=clean_environment(), check=True
    )
    assert done.stderr.strip() == "[]"


def test_what_lies_where_a_cause_never_does_counts_more_than_what_it_does_not_list() -> None:
    ratios, finding = likelihoods(KNOWLEDGE), "triangular-fibrocartilage"
    silence = KNOWLEDGE.groups[KNOWLEDGE.findings[finding].group].silence
    shoulder = KNOWLEDGE.conditions["calcific-tendinitis-shoulder"]
    assert finding not in {*shoulder.findings, *shoulder.estimates}
    assert ratios.log_ratio(finding, shoulder, True) < -silence


def test_why_one_cause_says_how_steady_it_is_and_what_is_no_cause(calcref: Run) -> None:
    assert "Steady" in calcref("diff", "--diffuse", "--why", "gout", "--steady").out
    assert "Steady" not in calcref("diff", "--diffuse", "--why", "gout").out
    wrong = calcref("diff", "--diffuse", "--why", "dystrophic")
    assert (wrong.status, "is a type and no cause" in wrong.err) == (2, True)


def test_what_nobody_entered_and_says_nothing_is_no_argument(calcref: Run) -> None:
    said = calcref("diff", "--diffuse", "--why", "fat-necrosis").out
    assert "\tdiffuse\t" in said
    assert "\tnames\t" not in said
    assert "\tnames\t" in calcref("diff", "--diffuse", "--why", "silicone-granuloma").out


def test_what_would_change_the_first_place_is_said_to_be_one_of_several(calcref: Run) -> None:
    said = calcref("diff", "--diffuse", "--full").out
    assert re.search(r"^The least that would change the first place\nFor one, \S+: then ", said, re.MULTILINE)


def test_practice_waits_for_what_cannot_wait(calcref: Run) -> None:
    assert "Once that is settled: " in calcref("diff", "--phlebolith", "--threatened-limb").out
    assert "Once that is settled: " in calcref("diff", "--shoulder", "--markedly-high-calcium").out
    assert "Once that is settled: " not in calcref("diff", "--phlebolith").out


def test_what_is_hardly_likely_gives_way_before_the_practice() -> None:
    reading = read(KNOWLEDGE, "39F acutely sore ulnar side wrist, red + swollen, CRP 22, no injury. fluffy calc next to pisiform")
    answer = rank(KNOWLEDGE, case_of(reading))
    page = page_of(KNOWLEDGE, answer, None, False, reading, False)
    whole = show(page, Screen(painted=True, colour=False, width=80, height=100, unicode=True))
    small = show(page, Screen(painted=True, colour=False, width=80, height=len(whole.splitlines()), unicode=True))
    first, *_, last = answer.conditions[:5]
    assert last.posttest < 0.01
    assert last.id in whole
    assert last.id not in small
    assert "Practice" in small
    row = next(line for line in whole.splitlines() if last.id in line)
    assert "dangerous" not in row
    assert "dangerous" in next(line for line in whole.splitlines() if line.startswith("1  ") and first.id in line)


@pytest.mark.parametrize(
    ("text", "label", "finding"),
    [
        ("54F, fish bone stuck in the throat, pain on swallowing, linear density at C6", "Urgent", "swallowed-object"),
        ("child swallowed a coin, neck film", "Urgent", "swallowed-object"),
        ("52F mammogram, fine linear branching microcalcifications", "Soon", "suspicious-breast-calcification"),
        ("3 months after hip hemi, swelling of the thigh, wavy line, count was wrong", "Urgent", "swab-asked"),
        ("76F hypercalcaemia 3.3, drowsy, calc both lungs", "Urgent", "markedly-high-calcium"),
        ("80F Ca 3.2, vomiting ++. lung calc", "Urgent", "markedly-high-calcium"),
        ("81F fall, NWB L hip, ?NOF, no #NOF seen. phleboliths pelvis", "Soon", "hip-fracture-asked"),
    ],
)  # fmt: skip
def test_a_finding_that_cannot_wait_says_so_whatever_leads(calcref: Run, text: str, label: str, finding: str) -> None:
    lines = calcref("diff", text, "--plain").out.splitlines()
    assert any(line.startswith(f"{label}\t{finding}: ") for line in lines)

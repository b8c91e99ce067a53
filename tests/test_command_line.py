"""What the command promises to whoever types it: right answers, right exit statuses, a sentence for every slip."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from calcref import __version__, load
from calcref.knowledge.base import KnowledgeBase
from calcref.knowledge.names import SECTIONS, fold, names_of, title

from .conftest import ROOT, Answer, Run, clean_environment, interrupted

READING = [
    ("list",), ("list", "conditions"), ("list", "findings"), ("list", "mnemonics"), ("list", "sources"), ("list", "topics"),
    ("show", "dystrophic"), ("show", "phlebolith"), ("show", "tram-track"), ("diff", "--diffuse"), ("mnemonic", "vindicate"),
    ("mnemonic",), ("check",),
]  # fmt: skip


def complaint(answer: Answer) -> str:
    """Return what a failed run said: on standard error alone, and never a traceback."""
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert answer.err.startswith("calcref: ")
    return answer.err


def test_renal_failure_and_a_diffuse_spread_put_metastatic_calcification_first(calcref: Run) -> None:
    answer = calcref("diff", "--diffuse", "--renal-failure", "--json").json
    assert answer["types"][0]["id"] == "metastatic"
    leader = next(item for item in answer["conditions"] if item["type"] == "metastatic")
    assert leader["id"] == answer["conditions"][0]["id"] == "ckd-mbd"
    ratios = {item["finding"]: item["likelihood_ratio"] for item in leader["evidence"]}
    assert ratios["renal-failure"] > 1
    assert ratios["diffuse"] > 1


def test_it_also_says_so_in_words(calcref: Run) -> None:
    text = calcref("diff", "--diffuse", "--renal-failure").out
    first_type = next(row for row in text.splitlines() if row.startswith("1\t"))
    assert "Metastatic calcification" in first_type
    assert "renal-failure x" in text


def test_nothing_entered_gives_the_published_shares_and_says_so(calcref: Run) -> None:
    answer = calcref("diff", "--json").json
    shares = {item["id"]: item["posttest_probability"] for item in answer["types"]}
    assert 0.95 <= shares["dystrophic"] <= 0.98
    for kind in ("metastatic", "calcinosis", "chondrocalcinosis"):
        assert 0.01 <= shares[kind] <= 0.02
    assert "these are the published shares" in calcref("diff").out


def test_a_flat_prior_gives_every_cause_the_same_chance(calcref: Run) -> None:
    answer = calcref("diff", "--prior", "flat", "--json").json
    chances = {item["posttest_probability"] for item in answer["conditions"]}
    assert len(chances) == 1


@pytest.mark.parametrize("flag", ["--esrf", "--ESRD", "--renal_failure", "--Renal-Failure", "--kidney-failure"])
def test_an_alias_is_a_flag_in_any_case_and_spelling(calcref: Run, flag: str) -> None:
    assert calcref("diff", flag, "--json").json["findings"]["present"] == ["renal-failure"]


def test_words_are_findings_by_name_or_alias(calcref: Run) -> None:
    assert calcref("diff", "renal failure", "--json").json["findings"]["present"] == ["renal-failure"]


def test_a_finding_may_be_said_to_be_absent(calcref: Run) -> None:
    answer = calcref("diff", "--tram-track", "--no-trauma", "--json").json
    assert answer["findings"]["absent"] == ["trauma"]
    states = {(item["finding"], item["state"]) for c in answer["conditions"] for item in c["evidence"]}
    assert ("trauma", "absent") in states


@pytest.mark.parametrize("name", ["haemochromatosis", "Hemochromatosis", "HAEMOCHROMATOSIS", "  haemochromatosis "])
def test_a_name_is_found_in_british_and_american_spelling_and_any_case(calcref: Run, name: str) -> None:
    assert calcref("show", name, "--json").json["condition"]["id"] == "haemochromatosis"


def test_a_name_of_several_words_needs_no_quotes(calcref: Run) -> None:
    assert calcref("show", "tram", "track", "--json").json["finding"]["id"] == "tram-track"


def test_a_near_miss_gets_did_you_mean(calcref: Run) -> None:
    answer = calcref("show", "phlebolit")
    assert answer.status == 1
    assert "Did you mean phlebolith" in complaint(answer)


def test_a_name_for_several_conditions_gets_the_choice(calcref: Run) -> None:
    text = calcref("show", "HADD").out
    assert "calcific-tendinitis-shoulder" in text
    assert "calcific-tendinitis-hip" in text


def test_the_title_of_a_source_gives_way_to_every_id_name_and_alias_of_something_else(knowledge: KnowledgeBase) -> None:
    names = names_of(knowledge)
    for section in SECTIONS[:-1]:
        for record in getattr(knowledge, section).values():
            for name in (record.id, title(record), *getattr(record, "aliases", ())):
                assert names[fold(name)][0].section != "sources", name


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [("juvenile dermatomyositis", "Calcinosis of juvenile"), ("calcific tendinitis", "Hydroxyapatite deposition disease"),
     ("chronic gout", "Gout")],
)  # fmt: skip
def test_a_cause_is_shown_though_a_source_has_its_name_for_a_title(calcref: Run, name: str, leads_to: str) -> None:
    assert calcref("show", name).out.startswith(leads_to)


def test_a_source_is_found_as_it_is_cited_and_several_that_are_cited_alike_are_listed(calcref: Run) -> None:
    assert calcref("show", "Nepal et al. 2020", "--json").json["source"]["year"] == 2020
    answer = calcref("show", "Bell 2021")
    assert answer.status == 1
    assert "Choose one: bell-2021, bell-2021-2" in complaint(answer)
    assert calcref("show", "bell-2021", "--json").json["source"]["id"] == "bell-2021"


def test_what_has_the_word_is_offered_before_sources_and_a_search_for_the_rest(calcref: Run) -> None:
    said = complaint(calcref("show", "tendinitis"))
    assert "calcific-tendinitis-shoulder" in said
    assert not [source for source in load().sources if f" {source}" in said]
    assert "See also: calcref search 'tendinitis'" in said


@pytest.mark.parametrize("text", ["calc", "soft tissue calcification"])
def test_who_names_the_thing_alone_is_told_what_to_add(calcref: Run, text: str) -> None:
    said = complaint(calcref("diff", text))
    assert "nothing that tells one cause from another" in said
    assert "where it lies" in said


def test_a_suspicion_has_a_page_of_its_own(calcref: Run) -> None:
    assert "suspected-cancer referral" in calcref("show", "sarcoma").out


def test_a_name_that_is_a_cause_and_a_finding_leads_to_the_cause_and_points_at_the_other(calcref: Run) -> None:
    assert "calcref show gout --finding" in calcref("show", "gout").out
    assert calcref("show", "gout", "--finding", "--json").json["finding"]["id"] == "gout"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("diff", "--renl-failure"), "--renal-failure"),
        (("diff", "--ren"), "--renal-failure"),
        (("diff", "--no-renal-failur"), "--no-renal-failure"),
        (("diff", "--diffuse=yes"), "takes no value"),
        (("diff", "--age", "old"), "not a number of years"),
        (("diff", "--age", "200"), "cannot be right"),
        (("diff", "--age", "-3"), "cannot be right"),
        (("diff", "--age", "nan"), "not a number of years"),
        (("diff", "--age"), "--age"),
        (("diff", "--sex", "x"), "neither f nor m"),
        (("diff", "--top", "0"), "whole number"),
        (("diff", "--prior", "mine"), "neither published nor flat"),
        (("diff", "--diffuse", "--no-diffuse"), "'diffuse' is given as present and as absent"),
        (("diff", "--dialysis", "--no-renal-failure"), "'dialysis' is given as present and 'renal-failure'"),
        (("diff", "--female", "--sex", "m"), "contradicts"),
        (("diff", "--child", "--age", "70"), "contradicts the age"),
        (("shwo", "phlebolith"), "Did you mean show"),
        (("show",), "NAME"),
        (("list", "types", "--group", "tissue"), "--group"),
        (("list", "zzzz"), "no list"),
        (("diff", "--age"), "calcref diff --help"),
        (("list", "--type"), "calcref list --help"),
        (("draw", "popcorn", "--width", "abc"), "whole number from 10 to 200"),
        (("draw", "popcorn", "--width", "300"), "whole number from 10 to 200"),
        (("check", "--format"), "needs the file"),
        (("show", "phlebolith", "--wrong"), "--wrong"),
        (("quiz", "--type", "gout"), "'gout' is a cause and no type"),
        (("list", "conditions", "--type", "gout"), "'gout' is a cause and no type"),
        (("mnemonic", "diffuse"), "'diffuse' is a finding and no mnemonic"),
        (("draw", "vindicate"), "'vindicate' is a mnemonic and no type or cause or finding"),
        (("diff", "--knee", "--why", "aneurysm"), "calcified-aneurysm"),
        (("diff", "--knee", "--why", "septic arthritis"), "calcref show infection"),
    ],
)
def test_wrong_usage_is_told_in_words_with_status_two(calcref: Run, args: tuple[str, ...], said: str) -> None:
    answer = calcref(*args)
    assert answer.status == 2
    assert said in complaint(answer)


def test_a_sentence_that_begins_with_a_sign_is_no_option(calcref: Run) -> None:
    assert "no trauma" in calcref("diff", "-ve for trauma, calcified hip").out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("show", "zzzz"), "Nothing is called 'zzzz'"),
        (("mnemonic", "zzzz"), "calcref list mnemonics"),
        (("diff", "--why", "zzzz"), "calcref list conditions"),
        (("compare", "gout", "zzzz"), "calcref list conditions"),
        (("show", "gout", "--finding", "zzzz"), "calcref list findings"),
        (("list", "conditions", "--type", "zzzz"), "zzzz"),
        (("list", "findings", "--group", "morphologie"), "Did you mean morphology"),
        (("list", "conditions", "--type", ""), "Nothing is called ''"),
        (("quiz", "--type", ""), "Nothing is called ''"),
        (("diff", "-"), "the text is empty"),
        (("check", "nowhere.json"), "no file nowhere.json"),
        (("check", "src"), "is a folder"),
        (("check", ""), "calcref: "),
    ],
)
def test_what_is_not_there_is_told_in_words_with_status_one(calcref: Run, args: tuple[str, ...], said: str) -> None:
    answer = calcref(*args)
    assert answer.status == 1
    assert said in complaint(answer)


@pytest.mark.parametrize(
    "command", [("show",), ("draw",), ("mnemonic",), ("compare", "gout"), ("diff", "--why"), ("diff",), ("list",)]
)
def test_a_complaint_quotes_no_whole_page(calcref: Run, command: tuple[str, ...]) -> None:
    said = complaint(calcref(*command, "qqq " * 20_000))
    assert "'qqq qqq " in said
    assert len(said) < 600


@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_every_reading_command_answers_in_json(calcref: Run, args: tuple[str, ...]) -> None:
    answer = calcref(*args, "--json")
    assert answer.status == 0
    assert answer.json["schema"].startswith("calcref.")
    assert answer.out.isascii()


@pytest.mark.parametrize("hostile", ["[blue]x[/blue]", "[mg2/dL2]", ":warning:", "[/]", "%s{0}", "<b>x</b>"])
@pytest.mark.parametrize("command", ["show", "diff", "mnemonic"])
def test_text_that_looks_like_markup_is_printed_as_it_stands(calcref: Run, command: str, hostile: str) -> None:
    answer = calcref(command, hostile, env={"FORCE_COLOR": "1"})
    assert "Traceback" not in answer.err
    assert hostile in answer.err + answer.out


@pytest.mark.parametrize("command", ["show", "diff"])
def test_an_escape_sequence_of_the_user_does_not_reach_the_terminal(calcref: Run, command: str) -> None:
    answer = calcref(command, "x\x1b[31mred\x07\u202e")
    assert not set("\x1b\x07\u202e") & set(answer.err + answer.out)


@pytest.mark.parametrize("args", [("list", "findings"), ("show", "dystrophic"), ("diff", "--help"), ("list", "sources", "--json")])
def test_a_reader_that_goes_away_is_no_fault(args: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "calcref", *args]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(), cwd=ROOT)
    assert writer.stdout and writer.stderr
    writer.stdout.readline()
    writer.stdout.close()
    complained = writer.stderr.read()
    writer.stderr.close()
    writer.wait(timeout=30)
    assert b"Traceback" not in complained
    assert b"Exception" not in complained


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1"])
@pytest.mark.parametrize(
    "args", [("show", "dystrophic"), ("diff", "--diffuse"), ("list", "sources"), ("diff", "µ≥"), ("diff", "--help")]
)
def test_an_old_encoding_is_no_fault(calcref: Run, encoding: str, args: tuple[str, ...]) -> None:
    for forced in ({}, {"FORCE_COLOR": "1"}):
        answer = calcref(*args, env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", **forced})
        assert "Traceback" not in answer.err
        assert "Error" not in answer.err


def test_no_colour_means_no_colour(calcref: Run) -> None:
    painted = calcref("show", "dystrophic", env={"FORCE_COLOR": "1"}).out
    assert "\x1b[" in painted
    assert "\x1b[" not in calcref("show", "dystrophic", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out
    assert "\x1b[" not in calcref("show", "dystrophic").out


@pytest.mark.parametrize(
    "said",
    ["--diffuse --renal-failure", "--tram-track --hand", "popliteal mass, rings and arcs, 45M", "pelvis, round with lucent centre, 60F",
     "72F knee pain, no trauma, fine white line parallel to the femoral cartilage", ""],
)  # fmt: skip
@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_differential_fits_a_small_terminal_and_loses_no_danger(calcref: Run, width: int, said: str) -> None:
    args = said.split() if said.startswith("--") else [said] if said else []
    shown = calcref("diff", *args, env={"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": str(width)}).out
    assert shown.count("\n") < 24
    assert max(map(len, shown.split("\n"))) <= width
    dangers = [item["id"] for item in calcref("diff", *args, "--json").json["red_flags"]] if args else []
    assert all(name in shown for name in dangers[:2])
    assert len(dangers) <= 2 or f"{len(dangers) - 2} more" in " ".join(shown.split())


def test_a_higher_terminal_is_shown_more(calcref: Run) -> None:
    shown = [calcref("show", "gout", env={"FORCE_COLOR": "1", "COLUMNS": "80", "LINES": lines}).out for lines in ("24", "50")]
    assert shown[0].count("\n") < 24 < shown[1].count("\n")


@pytest.mark.parametrize("top", [2, 5, 20])
def test_as_many_causes_are_shown_as_were_asked_for_however_small_the_screen(calcref: Run, top: int) -> None:
    shown = calcref("diff", "--diffuse", "--top", str(top), env={"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "80"}).out
    causes = [item["id"] for item in calcref("diff", "--diffuse", "--json").json["conditions"]]
    assert re.findall(r"^\d+ +([a-z][a-z-]+) ", shown, re.MULTILINE) == causes[:top]
    assert f"more: --top {2 * top};" in " ".join(shown.split())


@pytest.mark.parametrize("width", [60, 80, 100, 120, 140, 200])
@pytest.mark.parametrize(
    ("section", "told"),
    [("conditions", ["very-common", "common", "uncommon", "rare", "very-rare"]), ("findings", ["on this film", "by asking", "by measuring"])],
)  # fmt: skip
def test_a_list_tells_as_much_of_each_on_every_screen(calcref: Run, width: int, section: str, told: list[str]) -> None:
    shown = calcref("list", section, env={"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": str(width)}).out
    assert max(map(len, shown.split("\n"))) <= width
    cells = re.split(r"; |\s{2,}|\n", re.sub(r";\n +", "; ", shown))
    piped = re.split(r"[\t\n]", calcref("list", section).out)
    assert {word: cells.count(word) for word in told} == {word: piped.count(word) for word in told}


def test_a_figure_is_named_where_there_is_no_room_for_columns(calcref: Run) -> None:
    shown = calcref("list", env={"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "60"}).out
    causes = calcref("list", "conditions", "--type", "metastatic", "--json").json["conditions"]
    assert f"share 1-2 % [1,2]; causes {sum(item['type'] == 'metastatic' for item in causes)}; " in shown


def test_the_same_share_reads_the_same(calcref: Run) -> None:
    rows = [row.split("\t") for row in calcref("diff").out.split("\n\n")[0].splitlines() if "published: " in row]
    shares = {rank: {share for other, _, share, _ in rows if other == rank} for rank, *_ in rows}
    assert len(rows) > len(shares)
    assert all(len(same) == 1 for same in shares.values())


@pytest.mark.parametrize("args", [("compare", "gout", "cppd"), ("show", "apophysis-child"), ("show", "myositis-ossificans")])
def test_no_two_sources_of_a_list_are_called_the_same(calcref: Run, args: tuple[str, ...]) -> None:
    shown = " ".join(calcref(*args, env={"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "100"}).out.split())
    called = re.findall(r"(?<=\[\d\] |\d\d\] )[^;\[]+", shown[shown.rindex(" [1] ") :])
    assert len(called) > 2
    assert len(called) == len(set(called))


@pytest.mark.parametrize("command", ["diff", "ask", "report", "mnemonic"])
def test_help_keeps_to_the_screen(calcref: Run, command: str) -> None:
    for width in (60, 80):
        said = calcref(command, "--help", env={"COLUMNS": str(width)}).out.splitlines()
        assert [row for row in said if len(row) > width and not row.startswith("  calcref ")] == []  # an example stays on its line
        assert "as --no-NAME" in " ".join(said)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a child")
def test_an_interrupt_ends_with_its_own_status() -> None:
    answer = interrupted("read", "-", fed=b"a calcification " * 20_000)
    assert (answer.status, answer.out, answer.err) == (130, "", "")


def test_the_version_names_the_program_and_the_knowledge(calcref: Run) -> None:
    assert __version__ in calcref("--version").out
    assert "knowledge base" in calcref("--version").out


def test_alone_it_shows_three_examples(calcref: Run) -> None:
    answer = calcref()
    assert answer.status == 0
    assert sum(row.startswith("calcref ") for row in answer.out.splitlines()) == 3


def test_help_lists_every_finding_under_its_group(calcref: Run) -> None:
    text = calcref("diff", "--help").out
    answer = calcref("list", "findings", "--json").json
    missing = [f["id"] for f in answer["findings"] if f"--{f['id']}" not in text]
    assert not missing
    assert "What it looks like" in text


@pytest.mark.parametrize(
    ("variable", "words", "expected"),
    [
        ("complete_bash", "calcref diff --ren", "--renal-failure"),
        ("complete_bash", "calcref diff --no-ren", "--no-renal-failure"),
        ("complete_bash", "calcref show phleb", "phlebolith"),
        ("complete_bash", "calcref mnemonic vin", "vindicate"),
        ("complete_bash", "calcref li", "list"),
        ("complete_zsh", "calcref diff --tram", "--tram-track"),
        ("complete_fish", "calcref diff --tram", "--tram-track"),
    ],
)
def test_the_shell_completes_from_the_knowledge(calcref: Run, variable: str, words: str, expected: str) -> None:
    env = {
        "_CALCREF_COMPLETE": variable, "COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")),
        "_TYPER_COMPLETE_ARGS": words, "_TYPER_COMPLETE_FISH_ACTION": "get-args", "_TYPER_COMPLETE_WORD_TO_COMPLETE": words.split()[-1],
    }  # fmt: skip
    assert expected in calcref(env=env).out


def test_the_schema_is_the_one_that_lies_beside_the_file(calcref: Run) -> None:
    printed = calcref("schema").out
    assert printed == (ROOT / "data" / "calcifications.schema.json").read_text(encoding="utf-8")
    assert (
        json.loads((ROOT / "data" / "calcifications.json").read_text(encoding="utf-8"))["$schema"] == "./calcifications.schema.json"
    )


@pytest.mark.parametrize("line", [("--fever", "no"), ("knee", "--diffuse", "none"), ("--trauma", "unknown", "--knee")])
def test_an_answer_behind_a_flag_is_refused_and_turned_into_no_denial(calcref: Run, line: tuple[str, ...]) -> None:
    answer = calcref("diff", *line)
    assert answer.status == 2
    assert "takes no value" in answer.err
    assert "--no-" in answer.err


def test_a_denial_in_words_may_follow_a_flag(calcref: Run) -> None:
    assert calcref("diff", "--fever", "no trauma", "knee").status == 0
    assert calcref("diff", "--fever", "no", "trauma").status == 0


def test_a_flag_that_denies_in_other_words_is_offered_its_own(calcref: Run) -> None:
    for flag in ("--not-diffuse", "--without-diffuse", "--non-diffuse"):
        assert "--no-diffuse" in calcref("diff", flag).err


def test_options_are_known_in_capitals(calcref: Run) -> None:
    assert "50 years" in calcref("diff", "--knee", "--AGE", "50").out


def test_help_is_a_word_as_well(calcref: Run) -> None:
    assert calcref("help").out == calcref("--help").out
    assert calcref("help", "diff").out == calcref("diff", "--help").out


def test_a_line_without_a_command_is_offered_two(calcref: Run) -> None:
    hint = calcref("72F knee pain").err
    assert "calcref diff '72F knee pain'" in hint
    assert "calcref show '72F knee pain'" in hint


def test_a_page_names_the_other_page_of_its_name_by_a_command_that_exists(calcref: Run, knowledge: KnowledgeBase) -> None:
    shared = sorted(knowledge.findings.keys() & knowledge.conditions.keys())
    assert shared
    for name in shared[:3]:
        for options in ((), ("--finding",)):
            hint = next(line for line in calcref("show", name, *options).out.splitlines() if line.startswith("Also a "))
            other = calcref(*hint.split(": calcref ", 1)[1].split())
            assert other.status == 0
            assert other.out != calcref("show", name, *options).out

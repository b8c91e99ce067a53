"""Own knowledge over ours, and a knowledge base of another subject alone: everything follows it, and no fault falls back in silence."""

from __future__ import annotations

import json
import os
import pickle
import re
import shlex
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from calcref import case_of, load, rank, read
from calcref.errors import KnowledgeError

from .conftest import ROOT, Answer, Run, run_calcref

BONE = ROOT / "tests" / "kb" / "lucent-bone-lesions.json"
TINSEL = {
    "label": "tinsel pattern", "definition": "Fine shiny threads.", "group": "morphology", "how": "look", "base_rate": 0.002,
    "base_rate_why": "made up for a test", "aliases": ["glitter sheen"],
}  # fmt: skip
OWN: dict[str, Any] = {
    "sources": {"dept-2026": {"title": "The department's teaching files", "kind": "teaching-file", "year": 2026}},
    "findings": {"tinsel": TINSEL},
    "conditions": {"phlebolith": {"findings": {"tinsel": {"frequency": "very-frequent", "sources": ["dept-2026"]}}}},
    "mnemonics": {
        "pet": {"word": "PET", "helps_with": "our own", "letters": [
            {"letter": letter, "stands_for": name, "points_at": [name]}
            for letter, name in (("P", "phlebolith"), ("E", "ehlers-danlos"), ("T", "trichinosis"))
        ]},
    },
}  # fmt: skip
Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a layer and returns its path."""

    def layer(changes: Any, name: str = "mine.json") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(changes if isinstance(changes, bytes) else json.dumps(changes).encode())
        return str(path)

    return layer


def named(name: str) -> dict[str, Any]:
    """A layer that gives a cause another name."""
    return {"conditions": {"phlebolith": {"name": name}}}


def name_of(*args: str, **env: str) -> str:
    return str(run_calcref("show", "phlebolith", "--json", *args, env=env).json["condition"]["name"])


def refused(answer: Answer, *said: str) -> None:
    """It said what is wrong, in one sentence and a hint, and showed nothing."""
    assert answer.out == ""
    assert answer.status in (1, 2)
    assert answer.err.startswith("calcref: ")
    assert "Traceback" not in answer.err
    for words in said:
        assert words in answer.err


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("show", "tinsel"), "Fine shiny threads."),
        (("show", "glitter sheen"), "--no-tinsel"),
        (("show", "tinsel"), "The department's teaching files"),
        (("list", "findings", "--group", "morphology"), "--tinsel"),
        (("list", "sources"), "dept-2026"),
        (("list", "mnemonics"), "PET"),
        (("search", "shiny threads"), "tinsel"),
        (("diff", "--tinsel", "--pelvis"), "\n1\tphlebolith"),
        (("diff", "pelvis, glitter sheen"), "tinsel 'glitter sheen'"),
        (("diff", "--help"), "--tinsel"),
        (("read", "no glitter sheen"), "tinsel\tabsent"),
        (("report", "--tinsel"), "tinsel pattern"),
        (("compare", "phlebolith", "gout"), "tinsel"),
        (("mnemonic", "pet"), "ehlers-danlos"),
        (("mnemonic", "pet", "--tinsel"), "P\t"),
        (("draw", "body"), "Body"),
        (("quiz", "--cards", "1", "--json"), "calcref.quiz/1"),
        (("man",), "\\-\\-tinsel"),
        (("about",), "mine.json"),
        (("check",), "mine.json"),
        (("--version",), "with "),
        (("--help",), "soft tissue calcification"),
        ((), f"{len(load().conditions)} causes, {len(load().findings) + 1} findings"),
    ],
)
def test_what_a_layer_adds_is_there_in_every_command(write: Write, command: tuple[str, ...], expected: str) -> None:
    answer = run_calcref(*command, "--kb", write(OWN))
    assert answer.status == 0, answer.err
    assert expected in answer.out.replace("\n  ", "\n")


def test_ask_batch_and_evaluate_rank_with_the_layer(write: Write) -> None:
    own = write(OWN)
    asked = run_calcref("--kb", own, "ask", "--tinsel", "--pelvis", stdin="s\n")
    assert "\n1\tphlebolith" in asked.out
    line = run_calcref("batch", "--kb", own, stdin='{"text": "pelvis, glitter sheen"}\n').json
    assert line["findings"]["present"] == ["pelvis", "tinsel"]
    assert line["conditions"][0]["id"] == "phlebolith"
    case = '{"vignette": "x", "present": ["tinsel", "pelvis"], "condition": "phlebolith"}\n'
    assert run_calcref("evaluate", "-", "--json", "--kb", own, stdin=case).json["top_1"]["count"] == 1


def test_a_new_finding_is_completed(write: Write) -> None:
    words = f"calcref --kb {write(OWN)} diff --tin"
    completed = run_calcref(env={"_CALCREF_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "4"})
    assert completed.out.split() == ["--tinsel"]
    assert run_calcref(env={"_CALCREF_COMPLETE": "complete_bash", "COMP_WORDS": "calcref --kb ", "COMP_CWORD": "2"}).err == ""


def test_a_new_condition_can_be_ranked(write: Write) -> None:
    shipped = json.loads((ROOT / "data" / "calcifications.json").read_bytes())
    twin = {
        **shipped["conditions"]["phlebolith"],
        "name": "Pet stone",
        "aliases": [],
        "findings": {"tinsel": {"frequency": "always"}},
    }
    own = write({"findings": {"tinsel": TINSEL}, "conditions": {"pet-stone": twin}})
    assert run_calcref("diff", "--tinsel", "--json", "--kb", own).json["conditions"][0]["id"] == "pet-stone"
    assert "is new here" in run_calcref("show", "pet stone", "--kb", own).out


def test_what_explains_the_red_flag_of_a_cause_takes_it_down(write: Write) -> None:
    flag = {"why": "Made up for a test.", "urgency": "urgent", "sources": ["dept-2026"], "when": ["pain"], "unless": ["tinsel"]}
    own = write({**OWN, "conditions": {"phlebolith": {**OWN["conditions"]["phlebolith"], "red_flag": flag}}})
    for found, dangerous in (((), False), (("--pain",), True), (("--pain", "--tinsel"), False)):
        ranked = run_calcref("diff", "--pelvis", *found, "--json", "--kb", own).json["conditions"]
        assert [item["red_flag"] for item in ranked if item["id"] == "phlebolith"] == [dangerous], found


def test_a_page_and_its_json_say_which_layer_did_what(write: Write) -> None:
    first, second = write(OWN), write(named("Vein stone of ours"), "second.json")
    page = run_calcref("show", "phlebolith", "--kb", first, "--kb", second).out
    assert f"Layer\t{first}: changes findings" in page
    assert f"Layer\t{second}: changes name" in page
    assert f"Layer\t{first}: is new here" in run_calcref("show", "pet", "--kb", first).out
    assert "Layer" not in run_calcref("show", "gout", "--kb", first).out
    answer = run_calcref("show", "phlebolith", "--kb", first, "--kb", second, "--json").json
    assert answer["layers"] == [{"path": first, "what": "changes findings"}, {"path": second, "what": "changes name"}]
    known = answer["knowledge_base"]
    assert [layer["path"] for layer in known["layers"]] == [first, second]
    assert known["sha256"] != run_calcref("about", "--json").json["knowledge_base"]["sha256"]
    assert "layers" not in run_calcref("about", "--json").json["knowledge_base"]


def test_the_option_the_environment_and_the_configuration_stand_over_each_other_in_that_order(write: Write, tmp_path: Path) -> None:
    config, env, option, last = (write(named(name), f"{name}.json") for name in ("config", "env", "option", "last"))
    home = tmp_path / "home"
    write(Path(config).read_bytes(), "home/calcref/knowledge.json")
    own = {"XDG_CONFIG_HOME": str(home)} if sys.platform == "linux" else {}
    if own:
        assert name_of(**own) == "config"
    assert name_of(CALCREF_KB=env, **own) == "env"
    assert name_of(CALCREF_KB=os.pathsep.join((env, last)), **own) == "last"
    assert name_of("--kb", option, CALCREF_KB=env, **own) == "option"
    assert name_of("--kb", option, f"--kb={last}", CALCREF_KB=env, **own) == "last"
    bone = run_calcref("--kb-only", str(BONE), "about", "--json", env={"CALCREF_KB": env, **own}).json["knowledge_base"]
    assert "layers" not in bone
    changed = write({"conditions": {"myeloma": {"name": "Plasma cell tumour"}}}, "bone.json")
    assert "Plasma cell tumour" in run_calcref("--kb-only", str(BONE), "list", "conditions", "--kb", changed).out


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG rule")
@pytest.mark.parametrize("folder", ["", "calcref/.."])
def test_a_folder_that_someone_left_in_the_working_folder_is_no_configuration(write: Write, tmp_path: Path, folder: str) -> None:
    write(named("planted"), "calcref/knowledge.json")
    shown = run_calcref("show", "phlebolith", env={"XDG_CONFIG_HOME": folder, "HOME": str(tmp_path / "nobody")}, cwd=tmp_path)
    assert shown.status == 0
    assert "planted" not in shown.out


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG rule")
def test_a_check_of_a_layer_alone_says_how_it_is_meant_to_be_checked(write: Write) -> None:
    layer = write(named("Vein stone"))
    assert f"calcref --kb {layer} check" in run_calcref("check", layer).out.splitlines()[0]
    assert run_calcref("--kb", layer, "check").status == 0


def test_what_has_to_work_whatever_a_layer_is_like_goes_on_without_it_and_says_so(write: Write) -> None:
    own = write({"conditons": {}})
    for command in (("--help",), ("diff", "--help"), ("show", "--help"), ("--version",), ("new", "finding", "my-sign")):
        answer = run_calcref(*command, "--kb", own)
        assert answer.status == 0
        assert answer.out == run_calcref(*command).out
        assert answer.err.startswith(f"calcref: {own}, as laid over")
    refused(run_calcref("--kb", own, "list"), "conditons: this field is not known")


def test_a_layer_that_nobody_asked_for_is_said_to_be_one_and_how_to_go_on_without_it(write: Write) -> None:
    own, bad = write(named("ours")), write(b"{", "bad.json")
    answer = run_calcref("list", env={"CALCREF_KB": bad})
    refused(answer, f"CALCREF_KB or the configuration folder lays {bad} over")
    assert run_calcref("list", *answer.err.split("Without: ")[1].split(), env={"CALCREF_KB": bad}).status == 0
    assert "CALCREF_KB" not in run_calcref("list", "--kb", bad).err
    assert "more: calcref check with the same files" in run_calcref("list", "--kb", write({"a": {}, "b": {}}, "two.json")).err
    assert own not in answer.err


def test_completion_says_nothing_of_a_layer_at_fault(write: Write) -> None:
    words = f"calcref --kb {write({'conditons': {}})} show ph"
    answer = run_calcref(env={"_CALCREF_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "4"})
    assert (answer.out, answer.err) == ("", "")


def test_a_file_is_not_checked_as_if_no_layer_had_been_given(write: Write) -> None:
    layer, shipped = write({"conditons": {}}), str(ROOT / "data" / "calcifications.json")
    answer = run_calcref("check", shipped, "--kb", layer)
    refused(answer, "is checked alone", layer)
    assert answer.status == 2
    assert run_calcref("check", "--kb-only", shipped, "--kb", layer).status == 1


@pytest.mark.parametrize("fault", ["broken", "a list", "removes nothing"])
def test_a_check_answers_in_json_whatever_is_wrong_with_a_layer(write: Write, fault: str) -> None:
    content, said = FAULTS[fault]
    answer = run_calcref("check", "--json", "--kb", write(content))
    assert (answer.status, answer.err) == (1, "")
    assert answer.json["valid"] is False
    assert said in answer.json["problems"][0]["what"]


def test_a_configuration_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "calcref").mkdir()
    (tmp_path / "calcref" / "knowledge.json").symlink_to(tmp_path / "gone")
    refused(run_calcref("show", "gout", env={"XDG_CONFIG_HOME": str(tmp_path)}), "knowledge.json", "There is no file")


def test_where_the_option_stands_in_the_line(write: Write) -> None:
    own = write(named("ours"))
    for line in (("--kb", own, "show", "phlebolith"), ("show", "--kb", own, "phlebolith"), ("show", "phlebolith", f"--kb={own}")):
        assert run_calcref(*line).out.startswith("ours\n")
    assert "--kb" in run_calcref("show", "--", "--kb", own).err  # after -- it is a name that nobody knows
    lines: tuple[tuple[str, ...], ...] = (("show", "gout", "--kb"), ("--kb=", "list"), ("--kb", "", "list"), ("--kb-only",))
    for wrong in lines:
        answer = run_calcref(*wrong)
        refused(answer, "needs a file")
        assert answer.status == 2


FAULTS = {
    "broken": (b'{"conditions": ', "not JSON at"),
    "twice": (b'{"a": 1, "a": 2}', "'a' stands twice"),
    "not utf-8": (b'{"\xff": 1}', "not UTF-8"),
    "deep": (b"[" * 100 + b"]" * 100, "levels deep"),
    "a list": (b"[]", "not a JSON object"),
    "nothing": (b"", "not JSON"),
    "unknown section": ({"conditons": {}}, "conditons: this field is not known"),
    "unknown field": ({"conditions": {"gout": {"tipe": "x"}}}, "conditions.gout.tipe: this field is not known"),
    "no section left": ({"conditions": None}, "conditions: this field is missing"),
    "wrong kind": ({"conditions": 3}, "conditions: 3"),
    "no such type": ({"conditions": {"gout": {"type": "odd"}}}, "conditions.gout.type: there is no 'odd' in types"),
    "alias taken": ({"findings": {"tinsel": {**TINSEL, "aliases": ["tram track"]}}}, "'tram track' also means"),
    "unlinked": ({"findings": {"tinsel": TINSEL}}, "findings.tinsel: no condition uses this finding"),
    "uncited": ({"sources": {"x": {"title": "X", "kind": "review"}}}, "sources.x: nothing cites this source"),
    "half a record": ({"findings": {"tinsel": {"label": "x"}}}, "findings.tinsel"),
    "removes nothing": ({"conditions": {"gouut": None}}, "conditions.gouut: there is nothing of that id"),
    "still referred to": ({"conditions": {"gout": None}}, "there is no 'gout' in conditions"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_layer_the_path_and_the_remedy(write: Write, fault: str) -> None:
    content, said = FAULTS[fault]
    own, good = write(content), write(named("good"), "good.json")
    answer = run_calcref("--kb", good, "--kb", own, "diff", "--knee")
    refused(answer, f"calcref: {own}", said)
    assert re.search(r"\n  \S", answer.err), "a remedy"
    assert "good.json" not in answer.err
    refused(run_calcref("show", "gout", env={"CALCREF_KB": own}), own)


def test_the_layer_at_fault_is_named_and_not_those_around_it(write: Write) -> None:
    good, better = write(named("good"), "good.json"), write(named("better"), "better.json")
    for fault in ("no such type", "unlinked", "still referred to"):
        answer = run_calcref("--kb", good, "--kb", write(FAULTS[fault][0]), "--kb", better, "list")
        refused(answer, "mine.json, as laid over calcifications.json: ", FAULTS[fault][1])
    own = write(named("ours"))
    refused(run_calcref("--kb-only", write({"about": {}}, "base.json"), "--kb", own, "list"), "base.json: about.name")


def test_a_removal_takes_what_refers_to_it_along(write: Write) -> None:
    assert "remove what names it as well" in run_calcref("--kb", write({"conditions": {"gout": None}}), "list").err
    listed = run_calcref("check", "--json", "--kb", write({"conditions": {"gout": None}})).json
    removal: dict[str, Any] = {"conditions": {"gout": None}}
    shipped = json.loads((ROOT / "data" / "calcifications.json").read_bytes())
    for problem in listed["problems"]:
        section, key, *_ = problem["where"].split(".")
        record = removal.setdefault(section, {}).setdefault(key, {})
        if section == "conditions":
            record.setdefault("tell_apart", {})["gout"] = None
        elif section == "families":
            record["members"] = [item for item in shipped[section][key]["members"] if item != "gout"]
        elif section == "mnemonics":
            record["letters"] = [
                {**letter, "points_at": [item for item in letter["points_at"] if item != "gout"]}
                for letter in shipped[section][key]["letters"]
            ]
        else:
            removal[section][key] = None
    for _ in range(2):  # sources and findings that only the removed one used
        for problem in run_calcref("check", "--json", "--kb", write(removal)).json["problems"]:
            section, key = problem["where"].split(".")[:2]
            removal.setdefault(section, {})[key] = None
    assert run_calcref("check", "--kb", write(removal)).status == 0
    assert "gout" not in [c["id"] for c in run_calcref("list", "conditions", "--json", "--kb", write(removal)).json["conditions"]]


def test_a_source_says_how_often_it_is_cited(write: Write) -> None:
    assert "\nCited once\n" in run_calcref("--kb", write(OWN), "show", "dept-2026").out


def test_the_path_of_a_fault_is_parted_where_it_has_a_dot(write: Write) -> None:
    fault = {"conditions": {"apophysis-child": {"findings": {"diffuse": {"frequency": "often"}}}}}
    env = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "60"}
    assert "findings.diffuse.frequency" in run_calcref("--kb", write(fault), "check", env=env).out


def test_what_cannot_be_read_is_told(write: Write, tmp_path: Path) -> None:
    refused(run_calcref("--kb", str(tmp_path / "none.json"), "list"), "There is no file", "none.json")
    refused(run_calcref("--kb", str(tmp_path), "list"), "is a folder")
    refused(run_calcref("--kb-only", str(tmp_path / "none.json"), "list"), "There is no file")
    refused(run_calcref("--kb-only", write(OWN), "list"), "mine.json: about: this field is missing")
    refused(run_calcref("list", env={"CALCREF_KB": os.pathsep.join((write(OWN), "none.json"))}), "There is no file none.json")
    loop = tmp_path / "loop.json"
    loop.symlink_to(loop)
    refused(run_calcref("--kb", str(loop), "list"), "loop.json")
    locked = Path(write(OWN, "locked.json"))
    locked.chmod(0)
    if not os.access(locked, os.R_OK):  # whoever may read everything cannot try this
        refused(run_calcref("--kb", str(locked), "list"), "cannot be read")


def test_the_library_takes_layers_in_any_thread_and_they_travel(write: Write) -> None:
    layers = (Path(write(OWN)), Path(write(named("ours"), "second.json")))
    with ThreadPoolExecutor(8) as pool:
        bases = set(pool.map(lambda _: load(layers=layers), range(16)))
    assert len(bases) == 1
    knowledge = bases.pop()
    moved = pickle.loads(pickle.dumps(knowledge))
    assert (moved.sha256, moved.layers) == (knowledge.sha256, knowledge.layers)
    case = case_of(read(moved, "glitter sheen in the pelvis"))
    assert set(case.present) == {"tinsel", "pelvis"}
    assert rank(moved, case) == rank(knowledge, case)
    assert "tinsel" not in load().findings
    with pytest.raises(KnowledgeError, match=re.escape(write([], "list.json"))):
        load(layers=(Path(write([], "list.json")),))


def bone(*args: str, stdin: str = "") -> str:
    answer = run_calcref("--kb-only", str(BONE), *args, stdin=stdin)
    assert answer.status == 0, answer.err
    return answer.out


CASE = "12M proximal humerus, central lytic lesion with sclerotic margin, fallen fragment"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ((), "lucent bone lesions"),
        (("--help",), "helper for lucent bone lesions on"),
        (("man",), "helper for lucent bone lesions on"),
        (("diff", "--help"), "--epiphyseal"),
        (("list",), "cyst-like"),
        (("list", "findings", "--group", "position"), "--subarticular"),
        (("show", "gct"), "Closed growth plate"),
        (("show", "cyst-like"), "non-ossifying-fibroma"),
        (("show", "age-first"), "Age first"),
        (("show", "helms-2014"), "Fundamentals of Skeletal Radiology"),
        (("diff", "--epiphyseal", "--closed-physis"), "\n1\tgiant-cell-tumour"),
        (("diff", "--known-cancer", "--multiple", "--age", "70"), "Not to miss\tmetastasis"),
        (("diff", CASE), "\n1\tsimple-bone-cyst"),
        (("diff", CASE, "--full"), "fallen-fragment"),
        (("diff", CASE, "--why", "gct"), "Giant cell tumour"),
        (("read", "68F punched out lesions of the skull, Ca 2.9 mmol/L, no fever"), "high-calcium\tpresent"),
        (("compare", "gct", "chondroblastoma"), "sclerotic-margin"),
        (("report", "25F, distal femur, subarticular, eccentric, growth plates closed"), "Most likely: Giant cell tumour of bone."),
        (("report", "--style", "report", "--humerus"), "Lucent lesion in the humerus"),
        (("search", "fallen fragment"), "simple-bone-cyst"),
        (("mnemonic", "fegnomashic"), "hyperparathyroidism: brown tumour"),
        (("mnemonic", "fegnomashic", "--hand"), "(not thought of)"),
        (("draw", "gct"), "against the joint surface"),
        (("draw", "body"), "Schematic"),
        (("about",), "a small knowledge base"),
        (("check",), "13 conditions"),
        (("evaluate", "-"), "1"),
        (("batch",), "simple-bone-cyst"),
        (("ask", "--epiphyseal"), "calcref diff"),
        (("quiz", "--cards", "1", "--seed", "3"), "Which of these"),
        (("list", "conditions"), "osteomyelitis"),
        (("list", "mnemonics"), "FEGNOMASHIC"),
        (("schema",), "Share of a type"),
    ],
)
def test_another_subject_alone_is_followed_in_everything_that_is_printed(command: tuple[str, ...], expected: str) -> None:
    fed = {
        "ask": "y\ns\n", "quiz": "a\n", "batch": json.dumps({"text": CASE}) + "\n",
        "evaluate": json.dumps({"vignette": CASE, "condition": "simple-bone-cyst"}) + "\n",
    }  # fmt: skip
    said = bone(*command, stdin=fed.get(command[0], "") if command else "")
    assert expected in said
    assert re.findall(r"(?i)\S*(?:calcifi|soft.tissue|deposit|dystrophic|vindicate)\S*", said.replace("calcified", "")) == []


def test_another_subject_knows_only_its_own_flags_and_letters() -> None:
    knowledge = load(BONE)
    refused(run_calcref("--kb-only", str(BONE), "diff", "--diffuse"), "No finding and no option is called --diffuse")
    refused(run_calcref("--kb-only", str(BONE), "mnemonic", "vindicate"), "vindicate")
    assert "".join(letter.letter for letter in knowledge.mnemonics["fegnomashic"].letters) == "FEGNOMASHIC"
    for example in (example for examples in knowledge.contents.examples.values() for example in examples):
        assert bone(*shlex.split(example))


def test_a_form_that_is_not_filled_in_is_said_to_be_so(calcref: Run, tmp_path: Path) -> None:
    form = tmp_path / "own.json"
    form.write_text(calcref("new", "condition", "my-cause").out, encoding="utf-8")
    answer = calcref("--kb", str(form), "check").out
    assert re.search(r"To fill in\t\d+ texts", answer)
    assert "To fill in" not in calcref("check").out


def test_the_last_line_of_a_check_names_the_layer_that_is_at_fault(calcref: Run, tmp_path: Path) -> None:
    layer = tmp_path / "k.json"
    layer.write_text('{"findings": {"knee": {"base_rate": 7}}}', encoding="utf-8")
    answer = calcref("--kb", str(layer), "check")
    assert answer.status == 1
    assert f"with {layer}: 1 fault" in answer.out.splitlines()[-1]

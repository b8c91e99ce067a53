"""Every block of code in the documentation is run, and what it says of programs, files and fields is so."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import ROOT, Run, clean_environment
from .refresh import BLOCK, PAGES, refreshed

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
CASES = [
    {"text": "58M on dialysis, chalky masses around the hip"},
    {"present": ["knee", "cartilage-line"], "age": 80},
    {"present": ["nonsense"]},
]


class Block(NamedTuple):
    page: str
    kind: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.page}: {self.code.strip().splitlines()[0][:40]}"


BLOCKS = [
    Block(str(page.relative_to(ROOT)), kind, code)
    for page in DOCUMENTS
    for kind, code in re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
]
SET_UP = [block for block in BLOCKS if block.page == "README.md" and block.kind == "sh"]


def of(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind == kind and b not in SET_UP], ids=lambda block: block.name)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with what the examples speak of: a copy of the data, and an archive of cases."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "archive").mkdir()
    for name in ("one", "two"):
        (tmp_path / "archive" / f"{name}.jsonl").write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return tmp_path


def run(desk: Path, *command: str) -> str:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    program = shutil.which(command[0], path=path) or command[0]  # Windows would look for its own bash first
    done = subprocess.run(
        [program, *command[1:]], capture_output=True, text=True, encoding="utf-8", cwd=desk, env=clean_environment(PATH=path), timeout=120, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert {block.kind for block in BLOCKS} == {"sh", "console", "python", "json"}
    assert all("```" not in block.code for block in BLOCKS)


def test_the_commands_that_set_up_are_run_by_the_continuous_integration() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [f"readme_command {number}" in script for number, _ in enumerate(SET_UP, 1)] == [True, True]


def test_every_screen_is_compared_with_what_its_command_prints() -> None:
    for page in DOCUMENTS:
        text = page.read_text(encoding="utf-8")
        assert len(BLOCK.findall(text)) == text.count("```console\n"), page.name
        assert page in PAGES or refreshed(text) == text


@of("sh")
def test_a_shell_example_runs(block: Block, desk: Path) -> None:
    run(desk, "bash", "-euo", "pipefail", "-c", block.code)
    for answers in desk.glob("answers.jsonl"):
        for line in answers.read_text(encoding="utf-8").splitlines():
            assert json.loads(line)["schema"] == "calcref.batch/1"


@of("python")
def test_a_python_example_runs(block: Block, desk: Path) -> None:
    (desk / "example.py").write_text(block.code, encoding="utf-8")
    said = run(desk, sys.executable, "example.py")
    if "answers/" in block.code:
        answers = [
            json.loads(line)
            for page in sorted(desk.glob("answers/*.jsonl"))
            for line in page.read_text(encoding="utf-8").splitlines()
        ]
        assert len(answers) == 2 * len(CASES)
        assert [item["types"][0]["id"] if "types" in item else "error" for item in answers] == 2 * [
            "metastatic",
            "chondrocalcinosis",
            "error",
        ]
    else:
        assert said


@of("json")
def test_a_json_example_is_what_the_program_answers(block: Block, calcref: Run) -> None:
    example = json.loads(block.code)
    asked = f'\n{{"present": [{json.dumps(example["error"].split(chr(39))[1])}]}}\n'
    assert calcref("batch", stdin=asked).json == example


SCHEMAS = {
    name: set(re.findall(r"`(\w+)`", fields))
    for name, fields in re.findall(r"^\| `(calcref\.\w+/1)` \|[^|]*\|(.*)\|$", (ROOT / "docs" / "json.md").read_text(encoding="utf-8"), re.MULTILINE)
}  # fmt: skip
ANSWERS = {
    "list": "list", "list conditions": "list", "list findings": "list", "list mnemonics": "list", "list topics": "list", "list sources": "list",
    "show dystrophic": "type", "show phlebolith": "condition", "show diffuse --finding": "finding", "show vindicate": "mnemonic",
    "show comparison-views": "topic", "show calcinosis-cutis": "family", "show wikiradiography-soft-tissue-calcification": "source",
    "diff 'knee, diffuse' --why gout --steady": "differential", "ask --diffuse": "differential", "read '72F knee'": "reading",
    "mnemonic vindicate --diffuse": "checklist", "compare cppd gout": "comparison", "report knee": "draft", "search gout": "search",
    "quiz --cards 1": "quiz", "draw cysticercosis": "drawing", "evaluate tests/cases/shorthand.jsonl": "evaluation", "about": "about",
    "check": "check", "check --strict": "check", "batch": "batch",
}  # fmt: skip

OPTIONAL = {
    "differential": {"read", "set_aside", "named", "nothing_seen", "why", "steadiness", "asked", "command"}, "batch": {"error"}, "check": {"founding"},
    "list": {"types", "conditions", "findings", "mnemonics", "topics", "sources"},
}  # fmt: skip


def test_every_kind_of_answer_is_in_the_contract_and_tried() -> None:
    assert SCHEMAS.keys() == {f"calcref.{name}/1" for name in ANSWERS.values()}


@pytest.mark.parametrize("command", ANSWERS)
def test_an_answer_has_the_fields_of_the_contract(calcref: Run, command: str) -> None:
    answer = calcref(*shlex.split(command), *([] if command == "batch" else ["--json"]), stdin='{"age": 5, "id": 1}\n').json
    name = f"calcref.{ANSWERS[command]}/1"
    assert answer["schema"] == name
    fields = answer.keys() - {"schema", "knowledge_base"}
    assert fields <= SCHEMAS[name]
    assert SCHEMAS[name] - OPTIONAL.get(ANSWERS[command], set()) <= fields

"""Many cases: one JSON line in, one JSON line out, in order, whatever the lines hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from calcref import KnowledgeBase
from calcref.batch import LONGEST_LINE, answer
from calcref.terminal import PATIENCE

from .conftest import ROOT, Answer, Run, clean_environment

FINDINGS = {"present": ["diffuse", "renal-failure"], "absent": ["trauma"], "age": 58, "sex": "male"}
TEXT = {"id": "a1", "text": "72F knee pain, fine white line over the cartilage"}


def lines(*cases: Any) -> bytes:
    return b"".join((case if isinstance(case, bytes) else json.dumps(case).encode()) + b"\n" for case in cases)


def answers(done: Answer) -> list[dict[str, Any]]:
    assert "Traceback" not in done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_each_line_is_answered_in_order_with_its_id_and_the_knowledge_base(calcref: Run, knowledge: KnowledgeBase) -> None:
    done = calcref("batch", stdin=lines(FINDINGS, TEXT, {"id": {"pacs": 3}, "age": 4}))
    assert done.status == 0
    first, second, third = answers(done)
    assert [item["line"] for item in (first, second, third)] == [1, 2, 3]
    assert "id" not in first
    assert (second["id"], third["id"]) == ("a1", {"pacs": 3})
    assert first["schema"] == "calcref.batch/1"
    assert first["knowledge_base"] == {"version": knowledge.about.version, "sha256": knowledge.sha256[:12]}
    assert second["types"][0]["id"] == "chondrocalcinosis"
    assert second["findings"]["not_understood"] == []


def test_an_answer_says_what_diff_says_in_the_same_fields(calcref: Run) -> None:
    whole = calcref("diff", "--diffuse", "--renal-failure", "--no-trauma", "--age", "58", "--sex", "m", "--json").json
    (short,) = answers(calcref("batch", "-", "--top", "3", stdin=lines(FINDINGS)))
    assert short["types"] == whole["types"]
    assert short["red_flags"] == whole["red_flags"]
    assert len(short["conditions"]) == 3
    for mine, theirs in zip(short["conditions"], whole["conditions"], strict=False):
        assert mine == {key: theirs[key] for key in mine}
    for field in short["findings"]:
        assert short["findings"][field] == whole["findings"][field]


def test_a_prior_may_be_chosen(calcref: Run) -> None:
    flat, published = (answers(calcref("batch", "--prior", prior, stdin=lines(FINDINGS)))[0] for prior in ("flat", "published"))
    assert flat["prior"] == "flat"
    assert flat["conditions"] != published["conditions"]


def test_what_is_stated_wins_over_the_text(knowledge: KnowledgeBase) -> None:
    case = {"text": "72F knee, no trauma", "present": ["trauma"], "absent": ["knee"], "age": 30, "sex": "m"}
    findings = answer(knowledge, json.dumps(case))["findings"]
    assert (findings["present"][0], findings["absent"]) == ("trauma", ["knee"])
    assert "knee" not in findings["present"]
    assert (findings["age"], findings["sex"]) == (30, "male")


FAULTY = {
    "unfinished": (b'{"age": 5', "not JSON"), "a list": (b"[1]", "not a JSON object"), "deep": (b"[" * 50_000, "deep"),
    "not a number": (b'{"age": NaN}', "NaN"), "twice": (b'{"age": 1, "age": 2}', "twice"), "a huge number": (b'{"age": ' + b"9" * 5000 + b"}", ""),
    "latin-1": ('{"text": "h\u00e4matom"}'.encode("latin-1"), "UTF-8"), "utf-16": ('{"age": 5}'.encode("utf-16"), "UTF-8"),
    "unknown finding": (lines({"present": ["difuse"]}).strip(), "Did you mean diffuse"), "unknown field": (b'{"presnt": ["diffuse"]}', "presnt"),
    "empty": (b"{}", "nothing is said"), "nothing understood": (b'{"text": "zzz"}', "nothing is said"), "no text": (b'{"text": 5}', "'text'"),
    "no list": (b'{"present": "diffuse"}', "'present'"), "no finding": (b'{"present": [null]}', "'present'"),
    "too old": (b'{"age": 1e3}', "'age'"), "no age": (b'{"age": "58"}', "'age'"), "true": (b'{"age": true}', "'age'"),
    "no sex": (b'{"sex": "x"}', "'sex'"), "both": (b'{"present": ["knee"], "absent": ["knee"]}', "present and as absent"),
    "too long": (b'{"text": "' + b"x" * 3 * LONGEST_LINE + b'"}', "longer than"), "nul": (b"\0", "not JSON"),
    "half a pair": (b'{"text": "\\ud800"}', "nothing is said"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_a_bad_line_is_answered_with_its_fault_and_the_next_is_answered(knowledge: KnowledgeBase, name: str) -> None:
    line, said = FAULTY[name]
    result = answer(knowledge, line)
    assert list(result) == ["error"]
    assert said in result["error"]


def test_bad_lines_do_not_stop_the_rest_and_set_the_exit_status(calcref: Run) -> None:
    done = calcref("batch", stdin=lines(*(line for line, _ in FAULTY.values()), FINDINGS))
    assert done.status == 1
    *bad, good = answers(done)
    assert [item["line"] for item in bad] == sorted(item["line"] for item in bad)
    assert all("error" in item for item in bad)
    assert good["types"][0]["id"] == "metastatic"
    (known,) = answers(calcref("batch", stdin=lines({"id": 9, "age": "old"})))
    assert (known["line"], known["id"]) == (1, 9)


def test_marks_and_ends_of_lines_of_other_systems_are_no_fault(calcref: Run) -> None:
    data = b"\xef\xbb\xbf" + json.dumps(FINDINGS).encode() + b"\r\n\r\n   \n" + json.dumps(TEXT).encode()  # no end to the last
    done = calcref("batch", stdin=data)
    assert done.status == 0
    assert [item["line"] for item in answers(done)] == [1, 4]


def test_nothing_in_gives_nothing_out(calcref: Run) -> None:
    assert calcref("batch") == Answer(0, "", "")


def test_a_file_that_cannot_be_read_is_told(calcref: Run, tmp_path: Path) -> None:
    for file in (str(tmp_path), str(tmp_path / "nowhere")):
        done = calcref("batch", file)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(f"calcref: {file} cannot be read")


def test_a_file_is_answered_as_its_lines_are(calcref: Run, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(lines(FINDINGS, TEXT))
    assert calcref("batch", str(path)) == calcref("batch", stdin=lines(FINDINGS, TEXT))


@pytest.mark.skipif(sys.platform == "win32", reason="measured by a call that Windows does not have")
def test_memory_does_not_grow_with_the_number_of_cases(tmp_path: Path) -> None:
    code = "import resource, sys; from calcref.__main__ import run; run(); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"

    def peak(count: int) -> int:
        path = tmp_path / f"{count}.jsonl"
        path.write_bytes(lines(FINDINGS, TEXT) * count + b"x" * 20_000_000)
        done = subprocess.run(
            [sys.executable, "-c", code, "batch", str(path)], capture_output=True, env=clean_environment(), cwd=ROOT, check=False, timeout=60
        )  # fmt: skip
        assert done.stdout.count(b"\n") == 2 * count + 1
        return int(done.stderr)

    unit = 1024 if sys.platform == "darwin" else 1
    assert peak(400) < peak(10) + 5_000 * unit


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_shown_to_who_watches_and_to_nobody_else(tmp_path: Path) -> None:
    import pty

    out = tmp_path / "answers.jsonl"
    control, terminal = pty.openpty()
    with out.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "calcref", "batch"], stdin=subprocess.PIPE, stdout=stream, stderr=terminal, env=clean_environment(), cwd=ROOT
        )  # fmt: skip
        os.close(terminal)
        assert process.stdin
        process.stdin.write(lines(TEXT) * 2)
        process.stdin.flush()
        while out.stat().st_size == 0 and process.poll() is None:  # however slow the machine is
            time.sleep(0.05)
        time.sleep(PATIENCE + 0.5)  # however quick it is, whoever watches has waited by now
        process.stdin.write(lines(TEXT) * 2)
        process.stdin.close()
        seen = b""
        while True:
            try:
                seen += os.read(control, 1000)
            except OSError:
                break
        process.wait(60)
    os.close(control)
    assert b" lines" in seen
    assert out.read_bytes().count(b"\n") == 4
    assert b"\r" not in out.read_bytes()


def test_a_line_without_an_end_is_told_before_it_ends() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "calcref", "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean_environment(), cwd=ROOT
    )
    assert process.stdin
    assert process.stdout
    patience = threading.Timer(60, process.kill)  # who waits for the end of the line says nothing at all
    patience.start()
    process.stdin.write(b"x" * (LONGEST_LINE + 1))
    process.stdin.flush()
    first = process.stdout.readline()
    patience.cancel()
    assert "longer than" in json.loads(first or b"{}").get("error", "")
    rest, _ = process.communicate(b"x" * LONGEST_LINE + b"\n" + lines(TEXT), timeout=60)
    assert json.loads(rest)["line"] == 2
    assert process.returncode == 1


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(lines(TEXT) * 400)
    process = subprocess.Popen(
        [sys.executable, "-m", "calcref", "batch", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(), cwd=ROOT
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) == 1

"""The manual page says what --help says and is valid roff; the pager shows all, loses nothing, and is never in the way."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcref.errors import ExitStatus
from calcref.knowledge.base import KnowledgeBase, load
from calcref.manual import GROUPS, escape
from calcref.pager import pager_command

from .conftest import ROOT, Run, clean_environment, run_calcref


@pytest.fixture(scope="module")
def roff() -> str:
    answer = run_calcref("man")
    assert (answer.status, answer.err) == (0, "")
    return answer.out


def commands() -> list[str]:
    listed = run_calcref("--help").out.partition("Look it up:")[2].partition("Examples:")[0]
    return re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)


def unescaped(roff: str) -> str:
    return roff.replace("\\-", "-")


def test_every_command_of_the_help_has_a_section(roff: str) -> None:
    assert re.findall(r'^\.SS "calcref ([a-z]+)"$', roff, re.MULTILINE) == commands()


def test_every_option_of_a_command_is_there_with_its_meaning(roff: str) -> None:
    shown = " ".join(unescaped(roff).split())
    for option in re.findall(r"^  (--[a-z-]+)", run_calcref("check", "--help").out, re.MULTILINE):
        assert option in shown
    assert "Write the file anew in canonical form, with its index, if it is valid." in shown
    assert "--prior published|flat" in shown
    assert "None" not in shown


def test_every_command_is_in_a_group_and_has_examples_that_it_understands(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text('{"vignette": "pelvis, phlebolith", "condition": "phlebolith"}\n')
    (tmp_path / "archive.jsonl").write_text('{"text": "pelvis, phlebolith"}\n')
    (tmp_path / "whole.json").write_bytes((ROOT / "data" / "calcifications.json").read_bytes())
    (tmp_path / "own.json").write_text(run_calcref("new", "finding", "my-sign").out, encoding="utf-8")
    grouped = [name for members in GROUPS.values() for name in members]
    assert sorted(commands()) == sorted(grouped)
    for name in grouped:
        examples = load().contents.examples[name]
        assert f"calcref {examples[0]}" in run_calcref(name, "--help").out
        for example in examples:
            assert example.split()[0] == name
            words = shlex.split(re.split(r" [>|] ", example)[0])
            answer = run_calcref(*words, stdin="y\ns\n", cwd=tmp_path)
            assert (answer.status, answer.err) == (0, ""), example


def test_every_finding_is_there_once_with_its_label(roff: str, knowledge: KnowledgeBase) -> None:
    text = unescaped(roff)
    for finding in knowledge.findings.values():
        assert text.count(f"\\fB--{finding.id}\\fR\n") == 1
    for group in knowledge.groups.values():
        assert f'.SS "{group.title}"' in text


def test_every_exit_status_is_there(roff: str) -> None:
    listed = re.findall(r"^\\fB(\d+)\\fR$", roff.split('.SH "EXIT STATUS"')[1], re.MULTILINE)
    assert listed == [str(status.value) for status in ExitStatus]


def test_the_page_is_ascii_and_the_same_every_time(roff: str) -> None:
    assert roff.isascii()
    assert run_calcref("man").out == roff


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_has_nothing_to_warn_of(roff: str) -> None:
    done = subprocess.run(["groff", "-man", "-ww", "-Tutf8"], input=roff, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "Rank the likely types" in done.stdout


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_man_shows_it(roff: str, tmp_path: Path) -> None:
    path = tmp_path / "calcref.1"
    path.write_text(roff)
    env = clean_environment(MANWIDTH="80", MANPAGER="cat", LC_ALL="C.UTF-8")
    done = subprocess.run(["man", "--warnings", "-l", str(path)], capture_output=True, text=True, env=env, check=True)
    assert done.stderr == ""
    assert "Wrong usage" in done.stdout


@given(st.text())
def test_no_text_becomes_a_request_or_an_escape_of_roff(text: str) -> None:
    escaped = escape(text)
    assert escaped.isascii()
    assert not re.search(r"^[.']", escaped, re.MULTILINE)
    assert not re.sub(r"\\(?:e|-|&|\(ga|\(ha|\(ti|\[u[0-9A-F]{4,6}\])", "", escaped).count("\\")


@pytest.mark.parametrize(
    ("pager", "command"),
    [(None, ["less", "-FIRX"]), ("more -s", ["more", "-s"]), ("cat", []), ("", []), ('less "', []), ("   ", [])],
)
def test_the_pager_is_the_readers_own_or_less(pager: str | None, command: list[str]) -> None:
    assert pager_command({} if pager is None else {"PAGER": pager}) == command


SHOW = "from calcref.pager import show; show('first\\nlast\\n'); print('after')"
MANY = "from calcref.pager import show; show('a line of text\\n' * 200000); print('after')"


def on_a_terminal(code: str, **environment: str) -> tuple[int, str]:
    """Run Python code with a terminal as its standard output; return its exit status and what the terminal got."""
    pty = pytest.importorskip("pty")
    parent, child = pty.openpty()
    env = clean_environment(**{"TERM": "xterm", **environment})
    process = subprocess.Popen([sys.executable, "-c", code], stdout=child, stderr=child, stdin=subprocess.DEVNULL, env=env)
    os.close(child)
    got = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:
            break
        if not piece:
            break
        got += piece
    os.close(parent)
    return process.wait(60), got.decode().replace("\r\n", "\n")


def test_on_a_terminal_the_pager_gets_the_text() -> None:
    status, got = on_a_terminal(SHOW, PAGER="sed s/^/paged:/")
    assert (status, got) == (0, "paged:first\npaged:last\nafter\n")


@pytest.mark.parametrize("pager", ["no-such-pager-anywhere", "", "cat", "/", "'"])
def test_without_a_pager_that_starts_the_text_is_written(pager: str) -> None:
    assert on_a_terminal(SHOW, PAGER=pager) == (0, "first\nlast\nafter\n")


def test_a_terminal_that_cannot_page_gets_the_text() -> None:
    assert on_a_terminal(SHOW, PAGER="sed s/^/paged:/", TERM="dumb") == (0, "first\nlast\nafter\n")


def test_leaving_the_pager_early_is_no_fault() -> None:
    assert on_a_terminal(MANY, PAGER="head -n 1") == (0, "a line of text\nafter\n")


def test_less_lets_colours_through_unless_the_reader_says_otherwise() -> None:
    assert on_a_terminal(SHOW, PAGER="sh -c 'echo $LESS'")[1] == "FIRX\nafter\n"
    assert on_a_terminal(SHOW, PAGER="sh -c 'echo $LESS'", LESS="S")[1] == "S\nafter\n"


def test_ctrl_c_in_the_pager_is_the_pagers_affair() -> None:
    status, got = on_a_terminal(SHOW, PAGER="sh -c 'cat; kill -INT $PPID; sleep 0.2'")
    assert (status, got) == (0, "first\nlast\nafter\n")


def test_in_a_pipe_there_is_no_pager(calcref: Run) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW], capture_output=True, text=True, env=clean_environment(PAGER="false"), check=True
    )
    assert done.stdout == "first\nlast\nafter\n"
    assert calcref("man", "--pager", env={"PAGER": "false"}).status == 0


@pytest.mark.parametrize("args", [*([name] for name in ("list", "man", "schema", "check", "mnemonic")), ["show", "gout"]])
def test_every_command_has_its_answer_shown_through_the_pager_when_asked(args: list[str]) -> None:
    code = f"import sys; sys.argv[1:] = {[*args, '--pager']!r}; from calcref.__main__ import run; run()"
    _, got = on_a_terminal(code, PAGER="sed s/^/paged:/")
    assert got.strip()
    assert all(row.startswith("paged:") for row in got.splitlines())

"""Hostile and clumsy input on the real command: a sentence and a status, quickly, in little memory, and nothing kept or sent."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref.__main__ import run
from calcref.cli import commands

from .conftest import ROOT, clean_environment

if sys.platform == "win32":
    pytest.skip("measured by the means of POSIX", allow_module_level=True)

STATUSES = {0, 1, 2, 130}
SECONDS, MEGABYTES = 4, 300
"""Processor time and memory of a whole process: a second for 100 kB, its start, and room for a slow machine."""

PAINT = re.compile(r"\x1b\[[0-9;]*m")
UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SIZE = 100_000


@dataclass(frozen=True)
class Tried:
    """What a run of the command gave, and what it took."""

    status: int
    out: str
    err: str


def _fenced() -> None:
    """Keep a fault from taking the memory of the machine."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def tried(*args: str | bytes, stdin: bytes = b"", cwd: Path = ROOT, **env: str) -> Tried:
    """Run the command, and see that it ended well whatever it was given."""
    with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        into.write(stdin)
        into.seek(0)
        process = subprocess.Popen([sys.executable, "-m", "calcref", *args], stdin=into, stdout=out, stderr=err, preexec_fn=_fenced, cwd=cwd,
                                   env=clean_environment(**env))  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        answer = Tried(process.returncode, out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace"))
    sound(answer.status, answer.out, answer.err)
    assert usage.ru_utime + usage.ru_stime < SECONDS
    assert usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10) < MEGABYTES
    return answer


def sound(status: int, out: str, err: str) -> None:
    assert "Traceback" not in err
    assert status in STATUSES
    assert not UNFIT.search(PAINT.sub("", out))
    assert not UNFIT.search(err)


def filled(piece: str) -> bytes:
    return (piece * (SIZE // len(piece.encode()) + 1)).encode()[:SIZE]


SENTENCES = {
    "one word": filled("a"), "one number": filled("1"), "accents": filled("\u00e9"), "sharp s": filled("\u00df"), "blanks": b"5" + filled(" "),
    "lines": b"72" + filled("\n"), "hyphens": filled("a-b-"), "commas": filled(","), "points": filled("a.b."), "negations": filled("no "),
    "sizes": filled("5 x 6 x 7 cm "), "ages": filled("72F "), "values": filled("calcium 2.9 mmol/L "), "numbers": filled("1.2.3/5-6 "),
    "parts": filled("knee and "), "denied parts": filled("no knee or "), "analytes": filled("PTH and "),
    "denied lists": filled("denies knee, "), "differentials": filled("dd, "), "exceptions": filled("nothing over the knee except "),
    "brackets": filled("("), "JSON": filled('{"a":'), "markup": filled("[red]"), "escapes": filled("\x1b[31m"), "NULs": filled("\x00"),
    "a list": filled("rings and arcs and "), "sized masses": filled("lump 5 cm "), "sizes of two times": filled("lump 3 cm was 5 cm. "),
    "notes": filled("Incidental knee deposit. Knee mass. "), "no UTF-8": bytes(range(256)) * (SIZE // 256),
}  # fmt: skip


@pytest.mark.parametrize("name", SENTENCES)
def test_a_long_sentence_of_nonsense_is_read_in_time(name: str) -> None:
    assert tried("read", "-", stdin=SENTENCES[name]).status == (2 if name == "no UTF-8" else 0)


def test_a_file_that_is_no_text_is_no_patient() -> None:
    assert "not UTF-8" in tried("diff", "-", stdin=SENTENCES["no UTF-8"]).err
    assert tried("diff", "-", stdin="Épaule, dépôt calcique: shoulder".encode("latin-1")).status == 0


@pytest.mark.parametrize(
    "args", [("diff", "-"), ("report", "-", "--json"), ("ask", "-"), ("search", "x" * SIZE), ("show", "x" * SIZE)]
)
def test_every_reader_of_words_bears_them(args: tuple[str, ...]) -> None:
    tried(*args, stdin=SENTENCES["no UTF-8"], FORCE_COLOR="1")


def test_more_text_than_anyone_writes_is_refused() -> None:
    assert "longer than" in tried("read", "-", stdin=b"a " * 1_000_000).err


@pytest.mark.parametrize(
    "flag", ["--" + "x" * SIZE, "--no-" + "-" * 5000, "--\x1b[31m", "--[red]=1", "--=", "---", "--age=1e999", "--age=" + "9" * 5000]
)
def test_a_flag_of_nonsense_is_wrong_usage(flag: str) -> None:
    assert tried("diff", flag, FORCE_COLOR="1").status == 2


CASES = [
    b'{"condition": "gout", "present": [[1]]}', b'{"condition": "gout", "present": [{}]}', b'{"condition": "gout", "accept_types": [[1]], "present": []}',
    b'{"condition": "gout", "accept_types": 5, "present": []}', b'{"condition": "gout", "age": NaN, "present": []}', b'{"condition": ["gout"]}',
    b'{"condition": "gout", "age": 1e999, "present": []}', b'{"condition": "gout", "age": ' + b"9" * 5000 + b', "present": []}',
    b'{"condition": "gout", "condition": "x", "present": []}',
    b"[" * SIZE, b'{"a":' * (SIZE // 5), b"\xff\xfe", b'{"condition": "\\u001b[31m", "vignette": "x"}', b"\x00", b'{"condition": "' + b"x" * SIZE + b'"}',
]  # fmt: skip


def test_a_case_file_of_nonsense_is_told_line_by_line() -> None:
    good = b'{"condition": "gout", "case_id": "\\u001b[31m", "vignette": "tophus \\ud800 \\u001b[31m"}'
    answer = tried("evaluate", "-", "--keep-going", "--json", stdin=b"\n".join([good, *CASES]), FORCE_COLOR="1")
    faults = json.loads(answer.out)["faults"]
    assert [fault["line"] for fault in faults] == list(range(2, len(CASES) + 2))
    assert all(len(fault["what"]) < 200 for fault in faults)
    assert tried("evaluate", "-", stdin=CASES[-1], FORCE_COLOR="1").status == 1


def test_a_flood_of_bad_cases_is_stopped() -> None:
    assert "more than" in tried("evaluate", "-", "--keep-going", stdin=b"x\n" * 5_000_000).err


def test_a_knowledge_base_of_faults_is_told_in_time(tmp_path: Path) -> None:
    for name, data in {
        "faults": b'{"conditions": {' + b",".join(b'"k%d": {}' % i for i in range(9_999)) + b"}}",
        "letters": b'{"mnemonics": {"m": {"letters": [' + b",".join([b"{}"] * 120_000) + b"]}}}",
        "text": b'{"about": "' + b"x" * 9_000_000 + b'"}',
        "wide text": ('{"about": ["' + "\U0001f600" + "x" * 9_000_000 + '"]}').encode(),
        "too large": b" " * 10_000_001,
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        for flags in ((), ("--json",)):
            assert tried("check", str(path), *flags, FORCE_COLOR="1").status == 1


ENVIRONMENTS = [
    {"COLUMNS": "\u00b2"}, {"COLUMNS": "9" * 5000}, {"COLUMNS": "-1"}, {"LINES": "\u00b2"}, {"LINES": "9" * 5000}, {"TERM": "\x1b[31m"}, {"TERM": "dumb"},
    {"PAGER": "'"}, {"HOME": ""}, {"HOME": "/nowhere", "XDG_CONFIG_HOME": "/dev/null"}, {"UNICODE_VERSION": "../x"}, {"TERMINAL_WIDTH": "x"},
    {"PYTHONIOENCODING": "utf-16"}, {"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "idna", "PYTHONUTF8": "0"},
    {"LC_ALL": "xx", "PYTHONUTF8": "0"}, {"PYTHONOPTIMIZE": "2"}, {"PYTHONWARNINGS": "error"}, {"JUPYTER_COLUMNS": "x", "COLORTERM": "x"},
    {"_CALCREF_COMPLETE": "complete_bash"}, {"_CALCREF_COMPLETE": "complete_bash", "COMP_WORDS": "calcref '", "COMP_CWORD": "x"}, {"_CALCREF_COMPLETE": "x"},
]  # fmt: skip


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: ",".join(f"{key}={value[:12]!a}" for key, value in env.items()))
def test_an_environment_of_nonsense_is_no_fault(env: dict[str, str]) -> None:
    if env.get("PYTHONIOENCODING") in ("utf-16", "idna"):  # what they make of the text is theirs; the command must end well
        done = subprocess.run(
            [sys.executable, "-m", "calcref", "list"], capture_output=True, cwd=ROOT, env=clean_environment(**env), check=False
        )
        assert b"Traceback" not in done.stderr
        return  # fmt: skip
    tried("list", "--pager", stdin=b"", cwd=ROOT, **{"FORCE_COLOR": "1", **env})


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("list >&-", 1, "no standard output"), ("diff --help >&-", 1, "no standard output"), ("zzz 2>&-", 2, ""), ("list >&- 2>&-", 1, ""),
        ("read - <&-", 2, "no standard input"), ("batch <&-", 2, "no standard input"), ("evaluate - <&-", 2, "no standard input"), ("ask <&-", 2, "input has ended"),
        ("list >/dev/full", 1, "No space left"), ("diff --help >/dev/full", 1, "No space left"), ("man >/dev/full", 1, "No space left"),
        ("list --json >/dev/full", 1, "No space left"), ("zzz 2>/dev/full", 2, ""), ("check /dev/zero", 1, "not a regular file"),
        ("check /dev/stdin </dev/zero", 1, "not a regular file"), ("evaluate .", 1, "is a folder"), ("list findings | head -1", 0, ""),
    ],
)  # fmt: skip
def test_streams_that_are_closed_full_or_endless_are_told(line: str, status: int, said: str) -> None:
    if "/dev/full" in line and not Path("/dev/full").is_char_device():
        pytest.skip("there is no device that is always full")
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m calcref {line}"], capture_output=True, cwd=ROOT, env=clean_environment(),
                          timeout=60, check=False)  # fmt: skip
    assert done.returncode == status
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_pipe_as_a_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for command in ("check", "evaluate"):
        assert "not a regular file" in tried(command, str(pipe)).err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_without_a_word(number: signal.Signals) -> None:
    process = subprocess.Popen([sys.executable, "-m", "calcref", "ask"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               cwd=ROOT, env=clean_environment())  # fmt: skip
    assert process.stdout is not None
    process.stdout.read(1)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert err == b""


GUARD = """
import os, sys
allowed = os.environ["GUARD_ALLOWS"]
def watch(event, args):
    if event.startswith("socket."):
        os._exit(97)
    if event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and not str(args[0]).startswith(allowed):
        os._exit(98)
    if event in ("os.mkdir", "os.remove", "os.rename", "os.link", "os.symlink", "os.truncate") and not str(args[0]).startswith(allowed):
        os._exit(98)
sys.addaudithook(watch)
"""
SECRET = "Xylofontein 1951"
EVERY = {
    "about": ("about",), "batch": ("batch", "-"), "list": ("list",), "show": ("show", "phlebolith"), "diff": ("diff", SECRET, "--diffuse"), "read": ("read", SECRET),
    "mnemonic": ("mnemonic",), "evaluate": ("evaluate", "-"), "check": ("check", "--strict"), "schema": ("schema",),
    "new": ("new", "finding", "my-own"), "ask": ("ask", SECRET, "--diffuse"), "quiz": ("quiz",),
    "search": ("search", "phlebolith", SECRET), "compare": ("compare", "gout", "cppd"), "man": ("man",),
    "report": ("report", SECRET, "--diffuse"), "draw": ("draw", "tram-track", "--svg", "named.svg"),
}  # fmt: skip


def guarded(tmp_path: Path) -> dict[str, str]:
    places = {key: tmp_path / key for key in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "PYTHONPATH")}
    for place in places.values():
        place.mkdir()
    (places["PYTHONPATH"] / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    return {key: str(place) for key, place in places.items()} | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "GUARD_ALLOWS": str(tmp_path / "work"),
    }


def test_the_guard_itself_stops_a_socket_and_a_file(tmp_path: Path) -> None:
    env = clean_environment(**guarded(tmp_path))
    for code, status in (("import socket; socket.socket()", 97), ("open('/tmp/x-calcref', 'w')", 98), ("1", 0)):
        assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == status


@pytest.mark.parametrize("name", sorted({c.name or getattr(c.callback, "__name__", "") for c in commands.registered_commands}))
def test_no_command_speaks_to_a_network_or_keeps_anything(tmp_path: Path, name: str) -> None:
    env = guarded(tmp_path)
    (tmp_path / "work").mkdir()
    before = sorted(tmp_path.rglob("*"))
    fed = {"evaluate": b'{"condition": "gout", "vignette": "%s"}' % SECRET.encode(),
           "batch": b'{"text": "%s, rings and arcs"}' % SECRET.encode(), "quiz": b"a\n"}  # fmt: skip
    answer = tried(*EVERY[name], stdin=fed.get(name, b"y\nn\n"), cwd=tmp_path / "work", **env)
    assert answer.status == 0, answer.err
    named = [tmp_path / "work" / word for word in EVERY[name] if word.endswith(".svg")]
    assert sorted(tmp_path.rglob("*")) == sorted([*before, *named])


WORDS = st.one_of(
    st.text(max_size=60), st.text(alphabet="-=[]{}<>%\\'\"\x1b\x07\u202e\u200b\ud800 0aeis.,:/", max_size=60),
    st.sampled_from(["--json", "--plain", "--full", "--age", "--sex", "--prior", "--top", "--why", "--", "-", "-h", "--no-", "72F", "gout", "--diffuse", "nan", ""]),
)  # fmt: skip
SETTINGS = st.dictionaries(
    st.sampled_from(["COLUMNS", "LINES", "TERM", "NO_COLOR", "FORCE_COLOR", "PAGER", "HOME", "TERMINAL_WIDTH", "UNICODE_VERSION"]),
    st.sampled_from(["", "0", "1", "-1", "\u00b2", "9" * 5000, "dumb", "x", "'", "\x1b[31m"]), max_size=4,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(command=st.sampled_from(["diff", "read", "show", "search", "list", "mnemonic", "compare", "report", "new", "draw", "zzz", "--age", ""]),
       words=st.lists(WORDS, max_size=4), env=SETTINGS, stdin=st.binary(max_size=60))  # fmt: skip
def test_no_line_of_the_user_ends_in_a_traceback(command: str, words: list[str], env: dict[str, str], stdin: bytes) -> None:
    args = [
        word.replace("\x00", "").encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape") for word in (command, *words)
    ]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.chdir(folder)
        out, err = TextIOWrapper(BytesIO(), "utf-8"), TextIOWrapper(BytesIO(), "utf-8")
        for name, stream in (("stdin", TextIOWrapper(BytesIO(stdin), "utf-8")), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, stream)
        patch.setattr(sys, "argv", ["calcref", *args])
        for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
            patch.delenv(name, raising=False)
        for name, value in env.items():
            patch.setenv(name, value)
        status = run()
        sound(status, *(stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err)))
        assert list(Path(folder).iterdir()) == [] or "--svg" in args

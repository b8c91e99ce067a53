"""The real command, run as a process in a scrubbed environment, and the shipped knowledge base."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from calcref.knowledge.base import KnowledgeBase, load

ROOT = Path(__file__).parents[1]
SCRUBBED = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "LANG", "LC_", "PYTHON", "CALCREF", "_CALCREF", "_TYPER")


@dataclass(frozen=True)
class Answer:
    """What a run of the command gave."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


def clean_environment(**extra: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(SCRUBBED)}
    return kept | {"LANG": "C.UTF-8", "PYTHONUTF8": "1"} | extra


def run_calcref(*args: str, stdin: str | bytes = b"", env: dict[str, str] | None = None, cwd: Path = ROOT) -> Answer:
    done = subprocess.run(
        [sys.executable, "-m", "calcref", *args],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True, cwd=cwd, env=clean_environment(**(env or {})), timeout=60, check=False,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def interrupted(*args: str, once_it_says: bytes = b"", fed: bytes = b"") -> Answer:
    """Interrupt the command when it has printed `once_it_says`, or is reading what it is `fed`: more than a pipe holds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "calcref", *args],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=clean_environment(),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(fed)
    seen = b""
    while once_it_says not in seen:
        seen += os.read(process.stdout.fileno(), 4096)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    return Answer(process.returncode, (seen + out).decode(), err.decode())


@pytest.fixture
def calcref() -> Run:
    return run_calcref


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    return load()

"""A bounded run of the fuzzer from seeds: thousands of inputs that follow the branches of the readers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, clean_environment

SEEDS = Path(__file__).parent


@pytest.mark.parametrize("reader", ["json", "sentence"])
def test_the_fuzzer_finds_nothing(tmp_path: Path, reader: str) -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this platform")
    corpus = tmp_path / "corpus"
    shutil.copytree(SEEDS / reader, corpus)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.target", reader, str(corpus), "-runs=3000", "-max_total_time=10", "-timeout=5", "-max_len=2000",
         "-seed=1", f"-artifact_prefix={tmp_path}/"],
        capture_output=True, cwd=ROOT, env=clean_environment(), timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]

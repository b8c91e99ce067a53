"""What atheris runs: python -m tests.fuzz.target json|sentence FOLDER -runs=N; it ends badly when a reader does."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["calcref"]):
    from calcref.differential.cases import case_of
    from calcref.knowledge.base import load
    from calcref.knowledge.validation import check_bytes
    from calcref.reading.reader import read

KNOWLEDGE = load()


def json(data: bytes) -> None:
    """Check a file: it is valid, or its faults are told."""
    contents, problems = check_bytes(data)
    assert (contents is None) == bool(problems)
    assert all(problem.where and problem.what for problem in problems)


def sentence(data: bytes) -> None:
    """Read a sentence: what is found is known, and where it stands is in the text."""
    reading = read(KNOWLEDGE, data.decode("utf-8", "replace"))
    assert all(mention.finding in KNOWLEDGE.findings for mention in reading.mentions)
    assert set(case_of(reading).present) <= set(KNOWLEDGE.findings)


if __name__ == "__main__":
    target = {"json": json, "sentence": sentence}[sys.argv.pop(1)]
    target(b"{}")
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()

"""One JSON case a line in, one JSON answer a line out: a pure function for one line, and the loop over a stream of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .differential.cases import case_of, joined, stated
from .differential.ranking import Prior, rank
from .errors import CalcrefError, KnowledgeError, UsageError
from .files import standard_input
from .knowledge.names import near_findings
from .knowledge.strict_json import parse
from .reading.reader import read
from .terminal import counted, write
from .views.payload import envelope, ranking

if TYPE_CHECKING:
    from .differential.findings import Case
    from .knowledge.base import KnowledgeBase

FIELDS = ("id", "text", "present", "absent", "age", "sex")
LONGEST_LINE = 200_000
"""Bytes; a longer line is at fault, whatever it holds."""


def answer(knowledge: KnowledgeBase, line: str | bytes, prior: Prior = "published", top: int = 5) -> dict[str, Any]:
    """Rank the case of one line, a JSON object with any of `FIELDS`. Pure: same line, same answer, and nothing is kept.

    What is stated wins over what is read from the text. Returns plain values, ready for JSON, with an `id` handed through: the
    fields of `calcref.differential/1` without evidence and questions, for the first `top` conditions; or `error`, since no
    fault of the line is raised.
    """
    head: dict[str, Any] = {}
    try:
        data = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
        if len(data) > LONGEST_LINE:
            raise ValueError(f"the line is longer than {LONGEST_LINE:,} bytes")
        raw = parse(data.strip())
        if not isinstance(raw, dict):
            raise ValueError("the line is not a JSON object")
        head |= {"id": raw["id"]} if "id" in raw else {}
        short = {"version": knowledge.about.version, "sha256": knowledge.sha256[:12]}
        case, asked = _case(knowledge, raw)
        ranked = ranking(knowledge, rank(knowledge, case, prior), top, asked)
        return head | envelope(knowledge, "batch") | {"knowledge_base": short} | ranked
    except ValueError as error:
        return head | {"error": str(error)}
    except CalcrefError as error:
        return head | {"error": f"{error.message} {error.hint}".strip()}


def _case(knowledge: KnowledgeBase, raw: dict[str, Any]) -> tuple[Case, tuple[str, ...]]:
    """Return the case of a line, and the causes that its text asks about by their names."""
    for field in raw:
        if field not in FIELDS:
            raise ValueError(f"there is no field {field[:80]!r}; there are {', '.join(FIELDS)}")
    case, text = stated(knowledge, raw), raw.get("text")
    if case.not_understood:
        word = case.not_understood[0][:80]
        raise ValueError(f"there is no finding {word!r}. {near_findings(knowledge, word)}".strip())
    if text is not None and not isinstance(text, str):
        raise ValueError("'text' is not a text")
    reading = read(knowledge, text or "")
    case = joined(knowledge, case, case_of(reading))
    if case.is_empty:
        raise ValueError("nothing is said of the patient, or nothing of it was understood")
    return case, reading.named


def run(knowledge: KnowledgeBase, file: str | None, prior: Prior, top: int) -> bool:
    """Answer every line of a file, or of standard input, on standard output. Return whether all of them could be answered.

    Raises:
        UsageError: when no file is named and standard input is a keyboard.
        KnowledgeError: when the file cannot be read.
    """
    if file is None and standard_input().isatty():
        raise UsageError("No cases are given.", "Name a file with one JSON object a line, or - to type them.")
    good = True
    numbered = enumerate(_lines(file), 1)
    for number, line in numbered if sys.stdout.isatty() else counted(numbered, "lines"):
        if line.strip(b"\xef\xbb\xbf \t\r\n"):
            answered = {"line": number} | answer(knowledge, line, prior, top)
            good = good and "error" not in answered
            write(json.dumps(answered) + "\n")
    return good


def _lines(file: str | None) -> Iterator[bytes]:
    """Yield the lines of a file; of one that is too long only its beginning, a byte more than is allowed."""
    try:
        with standard_input() if file is None or file == "-" else Path(file).open("rb") as stream:
            while line := stream.readline(LONGEST_LINE + 1):
                yield line
                while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                    line = stream.readline(LONGEST_LINE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise KnowledgeError(f"{file} cannot be read: {reason}.", "Check the name and the permissions.") from None

"""The guided way to a differential: which question comes next, and when there is none left that is worth asking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from shlex import quote
from typing import TYPE_CHECKING

from .advice import ask_next

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase

    from .advice import Question
    from .ranking import Differential

SURE = 0.9
"""Post-test probability of the leading cause above which nothing more is asked."""

WORTH = 0.05
"""Bits; a question that is expected to tell less is not asked."""

CHOICE = 6
"""Questions that tell most, among which the one of least effort comes first."""

Answers = Sequence[tuple[str, bool | None]]
"""The answers in order: (finding, whether it is present, or None where that is not known)."""


def next_question(knowledge: KnowledgeBase, differential: Differential, unknown: Iterable[str] = ()) -> Question | None:
    """Return what to ask next: of the `CHOICE` questions that tell most the one of least effort, or None to end.

    What is `unknown` to the reader is not asked for again, nor is anything narrower.
    """
    if differential.conditions[0].posttest > SURE:
        return None
    left_out = {*unknown}.union(*(knowledge.descendants[finding] for finding in unknown))
    by_effort = [item for item in ask_next(knowledge, differential, CHOICE + len(left_out)) if item.finding not in left_out]
    least = sorted((item.gain for item in by_effort), reverse=True)[:CHOICE][-1:]
    return next((item for item in by_effort if item.gain > WORTH and item.gain >= least[0]), None)


def command(differential: Differential, text: str = "") -> str:
    """Return the one line of a shell that gives this differential again; `text` is what was read for it."""
    case = differential.case
    age = [] if case.age is None else [f"--age {case.age:.12g}"]
    sex = [f"--sex {case.sex[0]}"] if case.sex else []
    flags = [f"--{finding}" for finding in case.present] + [f"--no-{finding}" for finding in case.absent]
    line = ". ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    no_option = " " if line.startswith("-") else ""  # a leading blank keeps a text from being taken for an option
    said = [quote(no_option + line)] if line else []
    prior = ["--prior flat"] if differential.prior == "flat" else []
    return " ".join(["calcref diff", *said, *age, *sex, *flags, *prior])

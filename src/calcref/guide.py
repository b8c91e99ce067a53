"""The guided way to a differential: which question comes next, and when there is none left that is worth asking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .advice import ask_next

if TYPE_CHECKING:
    from .advice import Question
    from .differential import Differential
    from .findings import Case
    from .knowledge import KnowledgeBase

SURE = 0.9
"""Post-test probability of the leading cause above which nothing more is asked."""

WORTH = 0.05
"""Bits; a question that is expected to tell less is not asked."""

CHOICE = 5
"""Questions that tell most, among which the one of least effort comes first."""

Answers = Sequence[tuple[str, bool | None]]
"""The answers in order: (finding, whether it is present, or None where that is not known)."""


def after(start: Case, answers: Answers) -> Case:
    """Return what is known once questions were answered."""
    present, absent = ([finding for finding, answer in answers if answer is state] for state in (True, False))
    return replace(start, present=(*start.present, *present), absent=(*start.absent, *absent))


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


def command(differential: Differential) -> str:
    """Return the one line of a shell that gives this differential again."""
    case = differential.case
    age = [] if case.age is None else [f"--age {case.age:.12g}"]
    sex = [f"--sex {case.sex[0]}"] if case.sex else []
    flags = [f"--{finding}" for finding in case.present] + [f"--no-{finding}" for finding in case.absent]
    return " ".join(["calcref diff", *age, *sex, *flags, *(["--prior flat"] if differential.prior == "flat" else [])])

"""The guided way to a differential: which question comes next, and when there is none left that is worth asking.

A guide is a value: what was known at the start, and the answers in order. Going back is dropping the last of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .advice import ask_next
from .findings import Case
from .model import EFFORTS

if TYPE_CHECKING:
    from .advice import Question
    from .differential import Differential
    from .knowledge import KnowledgeBase

SURE = 0.9
"""Post-test probability of the leading cause above which nothing more is asked."""

WORTH = 0.02
"""Bits; a question that is expected to tell less is not asked."""

CHOICE = 5
"""Questions that tell most, among which the one of least effort comes first."""


@dataclass(frozen=True, slots=True)
class Guide:
    """What was known at the start, and the answers: (finding, whether it is present, or None where that is not known)."""

    start: Case
    answers: tuple[tuple[str, bool | None], ...] = ()

    @property
    def case(self) -> Case:
        """All that is known by now."""
        return replace(
            self.start,
            present=(*self.start.present, *(finding for finding, present in self.answers if present)),
            absent=(*self.start.absent, *(finding for finding, present in self.answers if present is False)),
        )

    def answered(self, finding: str, present: bool | None) -> Guide:
        """Return the guide after one more answer."""
        return Guide(self.start, (*self.answers, (finding, present)))

    def back(self) -> Guide:
        """Return the guide before its last answer."""
        return Guide(self.start, self.answers[:-1])


def next_question(knowledge: KnowledgeBase, differential: Differential, guide: Guide) -> Question | None:
    """Return what to ask next: of the `CHOICE` questions that tell most the one of least effort, or None to end.

    A finding that the reader could not tell is not asked for again, nor is anything narrower.
    """
    if differential.conditions[0].posttest > SURE:
        return None
    unknown = {finding for finding, present in guide.answers if present is None}
    unknown = unknown.union(*(knowledge.descendants[finding] for finding in unknown))
    open_ones = [
        question for question in ask_next(knowledge, differential, CHOICE + len(unknown)) if question.finding not in unknown
    ]
    best = sorted(open_ones, key=lambda question: (-question.gain, question.finding))[:CHOICE]
    effort = list(EFFORTS)
    worth = [question for question in best if question.gain > WORTH]
    return min(worth, key=lambda question: effort.index(question.how), default=None)


def command(differential: Differential) -> str:
    """Return the one line of a shell that gives this differential again."""
    case = differential.case
    parts = ["calcref diff"]
    if case.age is not None:
        parts.append(f"--age {case.age:.12g}")
    if case.sex:
        parts.append(f"--sex {case.sex[0]}")
    parts += [f"--{finding}" for finding in case.present] + [f"--no-{finding}" for finding in case.absent]
    return " ".join([*parts, *(["--prior flat"] if differential.prior == "flat" else [])])

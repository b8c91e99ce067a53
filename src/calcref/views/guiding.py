"""The guided differential as a dialogue: questions, why they are asked, and what each answer moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from calcref.differential.advice import Question, answers
from calcref.differential.guide import SURE, WORTH, Answers, next_question
from calcref.differential.ranking import Differential, rank
from calcref.knowledge.model import EFFORTS

from .page import Block, Column, Facts, Gap, Heading, Paragraph, Span, Table, bar, kind_style, line, percent

if TYPE_CHECKING:
    from calcref.differential.findings import Case
    from calcref.differential.ranking import Prior
    from calcref.knowledge.base import KnowledgeBase

    from .dialogue import Dialogue

PROMPT = "y yes, n no, Enter unknown, b back, w why, s stop:"
KEYS = {"y": "yes", "n": "no", "u": "unknown", "b": "back", "w": "why"}
STATES = {"y": True, "n": False, "u": None}
WORDS = {True: "present", False: "absent", None: "unknown"}
NEEDED = "Answer each question with y, n or u, a line each, or give findings: calcref ask --NAME"
LEADERS = 3


def run(
    knowledge: KnowledgeBase, start: Case, prior: Prior, dialogue: Dialogue, again: Callable[[Differential], str]
) -> tuple[Answers, Differential]:
    """Ask until the reader stops or nothing more is worth asking. Return the answers and the differential that they lead to.

    `again` makes the line that gives a differential again.

    Raises:
        UsageError: when the input has ended before anything at all was known.
        KeyboardInterrupt: from the keyboard, after the line to keep was shown.
    """
    told: list[tuple[str, bool | None]] = []
    differential = rank(knowledge, start, prior)
    with dialogue.until_stopped(lambda: dialogue.write(kept(again(differential)))):
        while question := next_question(knowledge, differential, [finding for finding, present in told if present is None]):
            dialogue.say(*_question(knowledge, question, len(told) + 1))
            while (key := dialogue.ask(PROMPT, KEYS, "u")) == "w":
                dialogue.say(_reason(knowledge, differential, question))
            if key != "b":
                told.append((question.finding, STATES[key]))
            elif told:
                told.pop()
            else:
                dialogue.say(Paragraph(line("This is the first question.")))
                continue
            before, differential = differential, rank(knowledge, start.and_told(told), prior)
            dialogue.say(_moved(knowledge, before, differential), Gap())
        leader = differential.conditions[0]
        sure = f"{leader.id} is most likely, {percent(leader.posttest)}."
        done = f"no further finding is expected to tell more than {WORTH:g} bits."
        dialogue.say(Paragraph(line(f"Nothing more is asked: {sure if leader.posttest > SURE else done}")))
    return told, differential


def _question(knowledge: KnowledgeBase, question: Question, number: int) -> list[Block]:
    finding = knowledge.findings[question.finding]
    return [
        Heading(line(f"{number}. {EFFORTS[question.how].capitalize()}: {finding.label}?")),
        Paragraph(line(Span(finding.definition, "dim")), indent=3),
    ]


def _reason(knowledge: KnowledgeBase, differential: Differential, question: Question) -> Block:
    rows = [("Tells", line(f"{question.gain:.2f} bits are expected, among the most that one finding can tell now"))]
    for label, answer in zip(("If yes", "If no"), answers(knowledge, differential, question.finding), strict=True):
        rows.append((label, line(f"{answer.leader} would lead, {percent(answer.probability)}")))
    return Facts(rows)


def _moved(knowledge: KnowledgeBase, before: Differential, now: Differential) -> Table:
    """Return the leaders of now, each with its place and probability of before where they have changed."""
    old = {item.id: item for item in before.conditions}
    rows = []
    for item in now.conditions[:LEADERS]:
        was = old[item.id]
        moved = "as before" if was == item else f"was {was.rank}, {percent(was.posttest)}"
        name = Span(item.id, kind_style(knowledge, knowledge.conditions[item.id].type))
        rows.append((line(str(item.rank)), line(name), line(bar(item.posttest)), line(percent(item.posttest)), line(moved)))
    return Table((Column(""), Column(""), Column("", spare=True), Column("", right=True), Column("")), rows)


def kept(command: str) -> str:
    """Return what is said of the line that gives the same differential again."""
    return f"To keep: {command}\n"


def payload(knowledge: KnowledgeBase, told: Answers, differential: Differential, command: str) -> dict[str, Any]:
    """Return the differential's contract with the answers in order and the line that gives it again."""
    from .payload import differential as whole

    asked = [{"finding": finding, "state": WORDS[present]} for finding, present in told]
    return whole(knowledge, differential) | {"asked": asked, "command": command}

"""A dialogue with the reader, and the guided differential as one: questions, why they are asked, and what each answer moves."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from calcref.advice import Question, answers
from calcref.differential import Differential, rank
from calcref.errors import UsageError
from calcref.guide import SURE, WORTH, Guide, command, next_question
from calcref.model import EFFORTS
from calcref.terminal import look, write

from .page import Block, Column, Facts, Gap, Heading, Page, Paragraph, Span, Table, bar, kind_style, line, percent
from .paint import show

if TYPE_CHECKING:
    from calcref.differential import Prior
    from calcref.findings import Case
    from calcref.knowledge import KnowledgeBase

LONGEST_LINE = 1000
"""Bytes that are read of one line at a time; an answer is a letter."""

KEYS = {"y": "yes", "n": "no", "u": "unknown", "b": "back", "w": "why", "s": "stop"}
STATES = {"y": True, "n": False, "u": None}
LEADERS = 3


class Dialogue:
    """Questions and answers: one key an answer on a terminal, one line an answer in a pipe.

    It speaks on standard output, but on standard error where that belongs to a program (`aside`), or goes to a file while the
    reader sits at the keyboard.
    """

    def __init__(self, plain: bool = False, aside: bool = False) -> None:
        self._keyboard = sys.stdin is not None and sys.stdin.isatty()
        self._stream = sys.stderr if aside or (self._keyboard and not sys.stdout.isatty()) else sys.stdout
        self._screen = look(self._stream, plain=plain)
        self._typed = ""

    def say(self, *blocks: Block) -> None:
        """Show something."""
        write(show(Page(list(blocks)), self._screen), self._stream)

    def say_unbroken(self, page: Page) -> None:
        """Show what must not be broken into lines, because it is there to be copied."""
        write(show(page, replace(self._screen, painted=False)), self._stream)

    def ask(self, prompt: str, keys: Mapping[str, str], enter: str) -> str | None:
        """Return the key that the reader chose (`enter` for an empty answer), or None at the end of the input.

        `keys` gives each key its word, which is understood as well. An answer that is neither is asked for again.
        """
        while True:
            text = show(Page([Paragraph(line(Span(prompt, "dim")))]), self._screen)
            write(text.rstrip("\n") + " ", self._stream)
            typed = self._read()
            if typed is None:
                write("\n", self._stream)
                return None
            key = next((key for key, word in keys.items() if (typed or enter) in (key, word.lower())), None)
            write(f"{keys[key] if key else ''}\n", self._stream)
            if key:
                return key
            self.say(Paragraph(line(f"Not understood: {typed[:20]!r}. One of: {', '.join(keys)}.")))

    def _read(self) -> str | None:
        try:
            if self._keyboard:
                return self._key()
            data = sys.stdin.buffer.readline(LONGEST_LINE) if sys.stdin else b""
        except (EOFError, OSError, ValueError):
            return None
        return data.decode("utf-8", "replace").strip().lower() if data else None

    def _key(self) -> str | None:
        """Return the next key, with what was typed ahead kept for later; the terminal is raw only while this waits."""
        from typer import getchar

        typed = self._typed or getchar()
        if typed.startswith(("\x1b", "\x00", "\xe0")):
            self._typed = ""  # an arrow or another key that is no letter
            return "?"
        key, self._typed = typed[:1], typed[1:]
        if key == "\x03":
            raise KeyboardInterrupt
        return None if key in ("", "\x04", "\x1a") else key.strip().lower()


def run(knowledge: KnowledgeBase, start: Case, prior: Prior, dialogue: Dialogue) -> tuple[Guide, Differential]:
    """Ask until the reader stops or nothing more is worth asking. Return the answers and the differential that they lead to.

    Raises:
        UsageError: when the input has ended before anything at all was known.
        KeyboardInterrupt: from the keyboard, after the line to keep was shown.
    """
    guide, differential = Guide(start), rank(knowledge, start, prior)
    try:
        while question := next_question(knowledge, differential, guide):
            dialogue.say(*_question(knowledge, question, len(guide.answers) + 1))
            key = _answer(knowledge, differential, question, dialogue)
            if key is None and not guide.answers and start.is_empty:
                raise UsageError(
                    "The input has ended, and no question was answered.",
                    "Answer each question with y, n or u, a line each, or give findings: calcref ask --NAME",
                )
            if key in (None, "s"):
                break
            if key == "b" and not guide.answers:
                dialogue.say(Paragraph(line("This is the first question.")))
                continue
            guide = guide.back() if key == "b" else guide.answered(question.finding, STATES[str(key)])
            before, differential = differential, rank(knowledge, guide.case, prior)
            dialogue.say(_moved(knowledge, before, differential), Gap())
        else:
            dialogue.say(Paragraph(line(_ended(differential))))
    except KeyboardInterrupt:
        dialogue.say(Gap(), Paragraph(line("Interrupted.")))
        dialogue.say_unbroken(kept(differential))
        raise
    return guide, differential


def _answer(knowledge: KnowledgeBase, differential: Differential, question: Question, dialogue: Dialogue) -> str | None:
    """Return the key that answers a question, once the reader no longer asks why."""
    while (key := dialogue.ask("y yes, n no, Enter unknown, b back, w why, s stop:", KEYS, "u")) == "w":
        dialogue.say(*_reason(knowledge, differential, question))
    return key


def _question(knowledge: KnowledgeBase, question: Question, number: int) -> list[Block]:
    finding = knowledge.findings[question.finding]
    return [
        Heading(line(f"{number}. {EFFORTS[question.how].capitalize()}: {finding.label}?")),
        Paragraph(line(Span(finding.definition, "dim")), indent=3),
    ]


def _reason(knowledge: KnowledgeBase, differential: Differential, question: Question) -> list[Block]:
    yes, no = answers(knowledge, differential, question.finding)
    return [
        Facts([
            ("Tells", line(f"{question.gain:.2f} bits are expected, among the most that one finding can tell now")),
            ("If yes", line(f"{yes.leader} would lead, {percent(yes.probability)}")),
            ("If no", line(f"{no.leader} would lead, {percent(no.probability)}")),
        ])
    ]  # fmt: skip


def _moved(knowledge: KnowledgeBase, before: Differential, after: Differential) -> Table:
    """Return the leaders of now, each with its place and probability of before where they have changed."""
    old = {item.id: item for item in before.conditions}
    rows = []
    for item in after.conditions[:LEADERS]:
        was = old[item.id]
        moved = (
            f"was {was.rank}, {percent(was.posttest)}" if (was.rank, was.posttest) != (item.rank, item.posttest) else "as before"
        )
        name = Span(item.id, kind_style(knowledge, knowledge.conditions[item.id].type))
        rows.append((line(str(item.rank)), line(name), line(bar(item.posttest)), line(percent(item.posttest)), line(moved)))
    return Table((Column(""), Column(""), Column("", spare=True), Column("", right=True), Column("")), rows)


def _ended(differential: Differential) -> str:
    leader = differential.conditions[0]
    if leader.posttest > SURE:
        return f"Nothing more is asked: {leader.id} is most likely, {percent(leader.posttest)}. See also what is not to be missed."
    return f"Nothing more is asked: no further finding is expected to tell more than {WORTH:g} bits."


def kept(differential: Differential) -> Page:
    """Return the line that gives the same differential again, to be shown unbroken."""
    return Page([Paragraph(line("To keep: ", command(differential)))])


def payload(knowledge: KnowledgeBase, guide: Guide, differential: Differential) -> dict[str, Any]:
    """Return the differential's contract with the answers in order and the line that gives it again."""
    from .payload import differential as whole

    words = {True: "present", False: "absent", None: "unknown"}
    asked = [{"finding": finding, "state": words[present]} for finding, present in guide.answers]
    return whole(knowledge, differential) | {"asked": asked, "command": command(differential)}

"""What can go wrong, in words for the person at the keyboard, with the exit status that belongs to it."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit statuses of the command line."""

    ANSWERED = 0
    NOTHING_FOUND = 1
    WRONG_USAGE = 2
    INTERRUPTED = 130


class CalcrefError(Exception):
    """A fault with a message, a hint at the remedy, and an exit status."""

    status = ExitStatus.NOTHING_FOUND

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotFoundError(CalcrefError):
    """No entry has that name, or more than one does."""


class KnowledgeError(CalcrefError):
    """A knowledge base cannot be read, or is not valid."""


class UsageError(CalcrefError):
    """The input contradicts itself, or the command was called in a way that it does not know."""

    status = ExitStatus.WRONG_USAGE

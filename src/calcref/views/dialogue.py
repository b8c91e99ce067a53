"""Questions and answers: one key an answer on a terminal, one line an answer in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from calcref.errors import UsageError
from calcref.terminal import look, write

from .page import Block, Page, Paragraph, Span, line
from .paint import show

LONGEST_LINE = 1000
"""Bytes that are read of one line at a time; an answer is a letter."""

STOP = "s"


class Dialogue:
    """A dialogue with the reader.

    It speaks on standard output, but on standard error where that belongs to a program (`aside`), or goes to a file while the
    reader sits at the keyboard. `needed` says how to answer if the input ends without any answer; '' if that is no fault.
    """

    def __init__(self, plain: bool, needed: str, aside: bool = False) -> None:
        self._keyboard = sys.stdin is not None and sys.stdin.isatty()
        self._stream = sys.stderr if aside or (self._keyboard and not sys.stdout.isatty()) else sys.stdout
        self._screen = look(self._stream, plain=plain)
        self._needed, self._typed = needed, ""

    def say(self, *blocks: Block) -> None:
        """Show something."""
        write(show(Page(list(blocks)), self._screen), self._stream)

    def write(self, text: str) -> None:
        """Write what must not be broken into lines, because it is there to be copied."""
        write(text, self._stream)

    @contextmanager
    def until_stopped(self, last: Callable[[], None]) -> Iterator[None]:
        """Hold the dialogue until it is stopped; if it is interrupted, do the `last` thing all the same.

        Raises:
            KeyboardInterrupt: when it is interrupted.
        """
        try:
            yield
        except EOFError:
            pass
        except KeyboardInterrupt:
            self.write("\n")
            last()
            raise

    def ask(self, prompt: str, keys: Mapping[str, str], enter: str) -> str:
        """Return the key that the reader chose, `enter` for an empty answer.

        `keys` gives each key its word, which is understood as well. An answer that is neither is asked for again.

        Raises:
            EOFError: when the reader stops, or the input has ended.
            UsageError: when the input has ended without any answer, and one was needed.
        """
        keys = {**keys, STOP: "stop"}
        while True:
            self.write(show(Page([Paragraph(line(Span(prompt, "dim")))]), self._screen).rstrip("\n") + " ")
            typed = self._read()
            if typed is None:
                self.write("\n")
                if self._needed:
                    raise UsageError("The input has ended, and nothing was answered.", self._needed)
                raise EOFError
            key = next((key for key, word in keys.items() if (typed or enter) in (key, word.lower())), "")
            self.write(f"{keys.get(key, '')}\n")
            if key:
                self._needed = ""
            if key == STOP:
                raise EOFError
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

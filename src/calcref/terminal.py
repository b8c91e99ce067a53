"""The terminal as it is: width, colour, encoding, pipe or screen. Decided once, and all output written through it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TextIO, TypeVar

Item = TypeVar("Item")

PATIENCE = 1.0
"""Seconds after which progress is shown, and between two showings of it."""

NARROWEST, WIDEST = 40, 200
"""Columns: text is laid out for at least and at most so many, whatever the window."""

LINES = 24
"""Lines of the smallest screen that a short page is made for; a higher one gets more."""

_CONTROL = dict.fromkeys((
    *range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x061C, *range(0x200B, 0x2010), *range(0x2028, 0x202F),
    *range(0x2060, 0x2070), 0xFEFF,
))  # fmt: skip
_PLAINER = {
    "\u2265": ">=", "\u2264": "<=", "\u00b5": "u", "\u03bc": "u", "\u00d7": "x", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...", "\u2022": "*", "\u00b1": "+/-", "\u00b0": " deg",
    "\u2588": "#", "\u2592": "=", "\u2591": ".", "\u2500": "-", "\u00b7": "-", "\u2192": "->", "\u00df": "ss", "\u00f8": "o", "\u00d8": "O",
    "\u0142": "l", "\u0141": "L", "\u00e6": "ae", "\u0153": "oe", "\u0131": "i", "\u0111": "d",
}  # fmt: skip


class Screen(NamedTuple):
    """What can be shown: a painted terminal or plain lines, how wide and high, and in what letters."""

    painted: bool
    colour: bool
    width: int
    unicode: bool
    height: int = LINES


def harmless(text: str) -> str:
    """Return `text` without control characters, escape sequences and marks that turn the direction of writing."""
    return text.translate(_CONTROL)


def look(stream: TextIO, environment: Mapping[str, str] = os.environ, plain: bool = False) -> Screen:
    """Return what `stream` can show.

    A pipe gets plain lines unless FORCE_COLOR asks for paint; NO_COLOR wins over FORCE_COLOR; TERM=dumb means no colour.
    """
    forced = environment.get("FORCE_COLOR", "") not in ("", "0")
    terminal = stream.isatty()
    painted = not plain and (terminal or forced)
    dumb = environment.get("TERM") == "dumb"
    colour = painted and not environment.get("NO_COLOR") and (forced or not dumb)
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "").replace("_", "")
    columns, lines = _size(environment)
    return Screen(painted, colour, min(max(columns or 80, NARROWEST), WIDEST), encoding.startswith("utf"), max(lines, LINES))


def _size(environment: Mapping[str, str]) -> tuple[int, int]:
    """Return the columns and lines that the environment or the first terminal at hand says, 0 where none does."""
    said = [int(text[:4]) if (text := environment.get(name, "")).isdecimal() else 0 for name in ("COLUMNS", "LINES")]
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            seen = os.get_terminal_size(stream.fileno())  # type: ignore[union-attr]
            return said[0] or seen.columns, said[1] or seen.lines
    return said[0], said[1]


def encodable(text: str, encoding: str | None) -> str:
    """Return `text` in characters that `encoding` has: signs are spelled out, accents dropped, the rest becomes '?'."""
    encoding = encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        import unicodedata

        text = "".join(_PLAINER.get(character, character) for character in text)
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
            text = text.encode(encoding, "replace").decode(encoding)
    except LookupError:
        return text.encode("ascii", "replace").decode("ascii")
    return text


paged = False
"""Whether the reader asked for a pager."""


def write(text: str, stream: TextIO | None = None) -> None:
    """Write `text` whole, in the stream's own encoding, and flush it; an answer goes through a pager if one was asked for."""
    if paged and stream is None:
        from .pager import show

        show(text)
        return
    stream = stream or sys.stdout
    stream.write(encodable(text, getattr(stream, "encoding", None)))
    stream.flush()


MOST_SAID = 400
"""Characters of a complaint that are shown: it may quote a whole text that was typed."""


def complain(message: str, hint: str, status: int) -> int:
    """Say on standard error what is wrong, but not into the line that a shell completes. Return the exit status."""
    if sys.stderr is None or "_CALCREF_COMPLETE" in os.environ:
        return status
    said = message if len(message) <= MOST_SAID else f"{message[: MOST_SAID - 100]} ... {message[-100:]}"
    try:
        write(harmless(f"calcref: {said}") + (f"\n  {harmless(hint)}" if hint else "") + "\n", sys.stderr)
    except (OSError, UnicodeError):  # nobody can be told
        let_go(sys.stderr)
    return status


def let_go(stream: TextIO) -> None:
    """Send what Python still holds back for a stream nowhere: its reader has gone, or there is no room for it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def counted(items: Iterable[Item], of: str) -> Iterator[Item]:
    """Yield the items, and their number on standard error once it takes longer than a moment and somebody watches."""
    import time

    shown, began = "", time.monotonic()
    try:
        for number, item in enumerate(items):
            if time.monotonic() - began > PATIENCE and sys.stderr.isatty():
                shown, began = f"{number} {of}", time.monotonic()
                write(f"\r{shown}", sys.stderr)
            yield item
    finally:
        if shown:
            write("\r" + " " * len(shown) + "\r", sys.stderr)

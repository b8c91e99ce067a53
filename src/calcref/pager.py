"""Long output through the reader's own pager, only when asked and only on a terminal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from typing import TextIO

from .terminal import encodable, write

LESS = "FIRX"
"""Leave at once if it fits, ignore case in searches, let colours through, keep the text on the screen."""


def pager_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the words of the pager's command: PAGER, or less; nothing when PAGER is empty, cat, or cannot be read."""
    import shlex

    try:
        words = shlex.split(environment.get("PAGER", f"less -{LESS}"), posix=os.name == "posix")
    except ValueError:
        return []
    return [] if words == ["cat"] else words


def show(text: str, stream: TextIO | None = None, environment: Mapping[str, str] = os.environ) -> None:
    """Show `text` through the pager, or write it to `stream` where there is no terminal or no pager that starts.

    While the pager runs, Ctrl-C is its own affair. Leaving it early is no fault.
    """
    import subprocess

    stream = stream or sys.stdout
    command = pager_command(environment) if stream.isatty() and environment.get("TERM") != "dumb" else []
    encoding = getattr(stream, "encoding", None) or "ascii"
    stream.flush()
    try:
        if not command:
            raise FileNotFoundError
        # The child starts before Ctrl-C is ignored here, so that it does not inherit that.
        child = subprocess.Popen(command, stdin=subprocess.PIPE, env={"LESS": LESS, **environment})
    except (OSError, ValueError):
        write(text, stream)
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        child.communicate(encodable(text, encoding).encode(encoding, "replace"))
    finally:
        signal.signal(signal.SIGINT, before)

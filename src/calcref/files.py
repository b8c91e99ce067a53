"""Files and standard input at the edge of the program: read up to a limit, written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from .errors import KnowledgeError, UsageError


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the content of a file, which is never waited for and never read beyond `limit` bytes.

    Raises:
        KnowledgeError: when it is missing, unreadable, not a regular file, or larger than `limit`.
    """
    try:
        with opened(path) as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise KnowledgeError(f"There is no file {path}.", "Check the name and the folder.") from None
    except IsADirectoryError:
        raise KnowledgeError(f"{path} is a folder.", "Name a file.") from None
    except (OSError, ValueError) as error:
        raise KnowledgeError(f"{path} cannot be read: {_reason(error)}.", "Check the name and the permissions.") from None
    if len(data) > limit:
        raise KnowledgeError(f"{path} has more than {limit:,} bytes.", "Split it, and give less at a time.")
    return data


def opened(path: Path) -> BufferedReader:
    """Return a file open for reading; a pipe or a device is not waited for.

    Raises:
        KnowledgeError: when it is not a regular file.
        OSError: when it cannot be opened.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise KnowledgeError(f"{path} is not a regular file.", "Name a file.")
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def standard_input() -> BinaryIO:
    """Return standard input, to be read as bytes.

    Raises:
        UsageError: when it is closed.
    """
    if sys.stdin is None:
        raise UsageError("There is no standard input to read.", "Give the text itself, or pipe it in.")
    return sys.stdin.buffer


def read_input(limit: int) -> bytes:
    """Return what standard input holds.

    Raises:
        UsageError: when it is closed, or longer than `limit` bytes.
    """
    data = standard_input().read(limit + 1)
    if len(data) > limit:
        raise UsageError(f"The text is longer than {limit:,} bytes.", "Give less at a time.")
    return data


def write_whole(path: Path, data: bytes, over: bytes = b"") -> None:
    """Write a file whole or not at all; what a link leads to is written, and not the link.

    Raises:
        KnowledgeError: when it cannot be written or is not a regular file, or the file that is there does not begin as `over`
            says; whatever was there before is untouched.
    """
    target = Path(os.path.realpath(path))
    unfinished = target.with_name(f".calcref-{os.urandom(6).hex()}")
    try:
        mode = _mode_to_keep(path)
        if over and mode is not None:
            with path.open("rb") as there:
                if there.read(len(over)) != over:
                    raise ValueError("another kind of file is there")
        try:
            with unfinished.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                unfinished.chmod(mode)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = f"{path} cannot be written: {_reason(error)}."
        raise KnowledgeError(reason, "Check the folder, its permissions and its room.") from None


def _mode_to_keep(path: Path) -> int | None:
    """Return the permissions of the file that is to be replaced, or None when there is none.

    A device or a pipe must never be replaced by a file, and a file that its owner has closed to writing stays as it is.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise ValueError("it is not a regular file")
    if not os.access(path, os.W_OK):
        raise ValueError("it is closed to writing")
    return stat.S_IMODE(mode)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)

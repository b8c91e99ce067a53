"""Make the screens in the documentation anew: python -m tests.refresh (and --check, to see whether they are as they should be)."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from .conftest import ROOT, run_calcref

BLOCK = re.compile(r"^```console\n\$ (calcref[^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WIDEST = 400


def screen(command: str) -> str:
    """Return what a command prints in a pipe, to its end or to `| head -N`; long lines are cut, as a reader would."""
    command, _, cut = command.partition(" | head -")
    answer = run_calcref(*shlex.split(command)[1:])
    lines = answer.out.splitlines()[: int(cut) if cut else None]
    return "".join(f"{line if len(line) <= WIDEST else line[:WIDEST] + ' ...'}\n" for line in lines)


def refreshed(text: str) -> str:
    """Return a page with the screens that its commands print today."""
    return BLOCK.sub(lambda found: f"```console\n$ {found.group(1)}\n{screen(found.group(1))}```", text)


def stale(pages: list[Path] = PAGES) -> list[str]:
    """Return the pages whose screens are not what their commands print."""
    return [page.name for page in pages if refreshed(text := page.read_text(encoding="utf-8")) != text]


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit("\n".join(stale()))
    for page in PAGES:
        page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")

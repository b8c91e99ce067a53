"""Make the screens in the documentation anew: python -m tests.refresh (and --check, to see whether they are as they should be)."""

from __future__ import annotations

import re
import shlex
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from .conftest import ROOT, run_calcref

BLOCK = re.compile(r"^```console\n\$ (calcref[^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WIDEST = 400
PICTURES = {
    "list": "list", "show": "show phlebolith", "diff": "diff --diffuse --renal-failure", "mnemonic": "mnemonic vindicate",
    "compare": "compare cppd gout", "report": "report 'popliteal mass, rings and arcs, 45M'", "draw": "draw cysticercosis",
    "search": "search rice grains",
}  # fmt: skip
"""The screens that stand in docs/screens as pictures, by the name of the file."""

COLUMNS = 104


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


def picture(command: str) -> str:
    """Return the SVG picture of what a command shows on a terminal."""
    answer = run_calcref(*shlex.split(command), env={"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)})
    console = Console(
        record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="standard", legacy_windows=False
    )
    console.print(Text.from_ansi(answer.out.rstrip("\n")))
    return console.export_svg(title=f"calcref {command}", unique_id=f"calcref-{command.split()[0]}") + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit("\n".join(stale()))
    for page in PAGES:
        page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")
    for name, command in PICTURES.items():
        (ROOT / "docs" / "screens" / f"{name}.svg").write_text(picture(command), encoding="utf-8")

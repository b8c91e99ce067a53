"""Make the screens in the documentation anew: python -m tests.refresh (and --check, to see whether they are as they should be)."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from .conftest import ROOT, run_calcref

BLOCK = re.compile(r"^```console\n\$ (calcref[^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SCREENS = ROOT / "docs" / "screens"
WIDEST = 400
PICTURES = {
    "help": ("--help", ""), "list": ("list", ""), "show": ("show phlebolith", ""), "search": ("search rice grains", ""),
    "compare": ("compare cppd gout", ""), "draw": ("draw cysticercosis", ""), "diff": ("diff --diffuse --renal-failure", ""),
    "ask": ("ask --knee --age 72", "y n s"), "report": ("report 'popliteal mass, rings and arcs, 45M'", ""),
    "read": ("read '72F, no trauma, fine white line over the cartilage, Ca 2.3 mmol/L'", ""),
    "mnemonic": ("mnemonic vindicate --diffuse --renal-failure", ""), "quiz": ("quiz --cards 2 --seed 7", "a u"),
    "check": ("check --strict", ""), "new": ("new source my-own", ""), "evaluate": ("evaluate tests/cases/development.jsonl", ""),
    "schema": ("schema", ""), "man": ("man", ""), "about": ("about", ""), "batch": ("batch tests/kb/archive.jsonl", ""),
}  # fmt: skip
"""The screens that stand in docs/screens as pictures, by the name of the file: what is typed, and the keys that answer it."""

COLUMNS, LINES = 100, 45
CELL_WIDTH, CELL_HEIGHT = 8.4, 17
NO_BREAK = "\u00a0"
STYLE = (
    "rect{fill:#fdfdfc}text{fill:#24292f}.s1{font-weight:bold}.s2{opacity:.65}"
    ".s91{fill:#b3261e}.s32{fill:#1a7f37}.s94{fill:#0550ae}.s95{fill:#8250a8}.s36{fill:#0b7285}"
    "@media(prefers-color-scheme:dark){rect{fill:#14171a}text{fill:#e6e6e6}"
    ".s91{fill:#ff8a80}.s32{fill:#7ddf8f}.s94{fill:#79b8ff}.s95{fill:#d2a8ff}.s36{fill:#56d4dd}}"
)
"""The sixteen colours, as a light and as a dark terminal has them."""


def screen(command: str) -> str:
    """Return what a command prints in a pipe, to its end or to `| head -N`; long lines are cut, as a reader would."""
    command, _, cut = command.partition(" | head -")
    answer = run_calcref(*shlex.split(command)[1:])
    lines = answer.out.splitlines()[: int(cut) if cut else None]
    return "".join(f"{line if len(line) <= WIDEST else line[:WIDEST] + ' ...'}\n" for line in lines)


def refreshed(text: str) -> str:
    """Return a page with the screens that its commands print today."""
    return BLOCK.sub(lambda found: f"```console\n$ {found.group(1)}\n{screen(found.group(1))}```", text)


def picture(command: str, keys: str) -> str:
    """Return the SVG picture of what a command shows on a terminal, cut after `LINES` lines."""
    env = {"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "LINES": "24"}
    answer = run_calcref(*shlex.split(command), stdin="".join(f"{key}\n" for key in keys.split()), env=env)
    lines = f"\x1b[1m$ calcref {command}\x1b[0m\n{answer.out}{answer.err}".rstrip("\n").split("\n")
    lines = lines if len(lines) <= LINES else [*lines[: LINES - 1], "\x1b[2m...\x1b[0m"]
    texts = []
    for row, line in enumerate(lines, 1):
        column, style = 0, ""
        for code, words in re.findall(r"(?:\x1b\[([\d;]*)m)?([^\x1b]*)", line):
            style = " ".join(f"s{part}" for part in code.split(";")) if code else style
            kind = f' class="{style}"' if style not in ("", "s0") else ""
            for run in re.finditer(r"\S+(?: \S+)*", words):
                x, length = (column + run.start() + 1) * CELL_WIDTH, len(run.group()) * CELL_WIDTH
                place = f'x="{x:.1f}" y="{row * CELL_HEIGHT + 4}" textLength="{length:.1f}"'
                texts.append(f"<text {place}{kind}>{escape(run.group()).replace(' ', NO_BREAK)}</text>\n")
            column += len(words)
    wide, high = round((COLUMNS + 2) * CELL_WIDTH), (len(lines) + 1) * CELL_HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
        f'font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="14">'
        f"<title>{escape(f'calcref {command}')}</title><style>{STYLE}</style>\n"
        f'<rect width="100%" height="100%" rx="6"/>\n{"".join(texts)}</svg>\n'
    )


def wanted() -> dict[Path, str]:
    """Return what every page and every picture of the documentation should hold."""
    pages = {page: refreshed(page.read_text(encoding="utf-8")) for page in PAGES}
    return pages | {SCREENS / f"{name}.svg": picture(*typed) for name, typed in PICTURES.items()}


if __name__ == "__main__":
    stale = {path: text for path, text in wanted().items() if not path.exists() or path.read_text(encoding="utf-8") != text}
    if "--check" in sys.argv:
        sys.exit("\n".join(str(path.relative_to(ROOT)) for path in stale))
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")

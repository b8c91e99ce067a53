"""Count again what the knowledge base says of its own trials, and write it down: python benchmarks/record.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE = ROOT / "data" / "calcifications.json"


def calcref(*args: str) -> str:
    """Return what a command prints."""
    return subprocess.run([sys.executable, "-m", "calcref", *args], capture_output=True, text=True, cwd=ROOT, check=True).stdout


if __name__ == "__main__":
    knowledge = json.loads(FILE.read_text(encoding="utf-8"))
    for trial in knowledge["about"]["evaluation"]:
        scores = json.loads(calcref(*trial["command"].split()[1:], "--json"))
        trial |= {"cases": scores["cases"]} | {score: scores[score]["count"] for score in ("top_1", "top_3", "type_top_1")}
        print(trial)
    FILE.write_text(json.dumps(knowledge, ensure_ascii=False), encoding="utf-8")
    print(calcref("check", "--format", str(FILE)))

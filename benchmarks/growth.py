"""How `diff` grows with the knowledge: a copy N times as large, with its index, timed against the shipped one.

Run: python benchmarks/growth.py N. The copy repeats every condition N times under other names and stands in a temporary folder.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from calcref.curation.checking import format_file
from calcref.knowledge.base import shipped_file

RUNS = 9


def grown(times: int) -> dict[str, Any]:
    """Return the shipped knowledge with every condition repeated under other ids and names."""
    raw: dict[str, Any] = json.loads(shipped_file().read_bytes())
    conditions = dict(raw["conditions"])
    for n in range(1, times):
        for key, record in raw["conditions"].items():
            copy = {name: value for name, value in record.items() if name not in ("aliases", "replaces")}
            conditions[f"{key}-{n}"] = {**copy, "name": f"{record['name']} {n}"}
    return {**raw, "conditions": conditions}


def seconds(*options: str) -> float:
    """Return the median time of a differential as a whole process."""
    command = [sys.executable, "-m", "calcref", "diff", "--diffuse", "--renal-failure", *options]
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the times and what it took to make the index."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grown.json"
        path.write_text(json.dumps(grown(times), ensure_ascii=False), encoding="utf-8")
        start = time.perf_counter()
        result = format_file(path)
        taken = time.perf_counter() - start
        if result.problems:
            sys.exit(str(result.problems[0]))
        large, shipped = seconds("--kb-only", str(path)), seconds()
        print(f"{times} times: {path.stat().st_size / 1e6:.0f} MB, index made in {taken:.0f} s")
        print(f"diff {large * 1000:.0f} ms, shipped {shipped * 1000:.0f} ms: {large / shipped:.2f} times")


if __name__ == "__main__":
    main()

"""The outcome of an evaluation, and the progress towards it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcref.differential import Prior
from calcref.errors import KnowledgeError
from calcref.evaluation import Fault, Judged, Labelled, judge, parse_cases, scores
from calcref.files import read_bytes, read_input
from calcref.terminal import counted

from .page import Column, Facts, Page, Paragraph, Span, Table, line

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase

LARGEST, MOST_CASES = 20_000_000, 50_000
"""Bytes and cases that are judged at a time: all are kept until the end."""


def run(knowledge: KnowledgeBase, file: str, prior: Prior, keep_going: bool, text: bool = False) -> dict[str, Any]:
    """Judge the cases of a file, - for standard input, and return all scores.

    Raises:
        KnowledgeError: when the file cannot be read, or a line is at fault and `keep_going` is off.
    """
    data = read_input(LARGEST) if file == "-" else read_bytes(Path(file), LARGEST)
    cases: list[Labelled] = []
    faults: list[Fault] = []
    for item in parse_cases(knowledge, data.splitlines(), text):
        if isinstance(item, Labelled):
            cases.append(item)
        elif keep_going:
            faults.append(item)
        else:
            raise KnowledgeError(f"{file}, line {item.line}: {item.what}.", "Correct it, or judge the rest with --keep-going.")
        if len(cases) + len(faults) > MOST_CASES:
            raise KnowledgeError(f"{file} has more than {MOST_CASES:,} cases.", "Split it, and judge less at a time.")
    if not cases:
        raise KnowledgeError(f"{file} has no case that can be judged.", "Give one JSON object a line, with vignette and condition.")
    results: list[Judged] = [judge(knowledge, case, prior) for case in counted(cases, f"of {len(cases)} cases")]
    return scores(knowledge, results, faults, prior)


def _range(item: dict[str, Any]) -> str:
    low, high = item["interval"]
    return f"{item['value']:.1%} ({low:.0%} to {high:.0%})"


def page_of(result: dict[str, Any]) -> Page:
    """Return the page of an evaluation."""
    page = Page([Facts([
        ("Cases", line(f"{result['cases']}, prior {result['prior']}")),
        ("First", line(_range(result["top_1"]))), ("First three", line(_range(result["top_3"]))),
        ("First five", line(_range(result["top_5"]))), ("Type", line(_range(result["type_top_1"]))),
        ("Mean reciprocal rank", line(f"{result['mean_reciprocal_rank']:.3f}")),
        ("Brier score", line(f"{result['brier']:.3f}")), ("Log loss", line(f"{result['log_loss']:.3f}")),
        ("Calibration error", line(f"{result['expected_calibration_error']:.3f}")),
    ])])  # fmt: skip
    page.section("Stated and right", Table(
        (Column("stated"), Column("cases", right=True), Column("mean stated", right=True), Column("right")),
        [(line(f"{band['from']:.0%} to {band['to']:.0%}"), line(str(band["cases"])), line(f"{band['stated']:.0%}"), line(_range(band["right"])))
         for band in result["reliability"]],
    ))  # fmt: skip
    page.section("By type", _groups(result["by_type"].items()))
    page.section("By condition", _groups(result["by_condition"].items()))
    page.section(f"Misses ({len(result['misses'])})", Table(
        (Column("case"), Column("truth"), Column("place", right=True), Column("said instead", flexible=True), Column("not understood", flexible=True, spare=True)),
        [(line(Span(miss["case_id"], "name")), line(miss["condition"]), line(str(miss["place"])), line(", ".join(miss["first"])),
          line(", ".join(miss["not_understood"]))) for miss in result["misses"]],
    ))  # fmt: skip
    if result["faults"]:
        page.section("Lines not judged", Table((Column("line", right=True), Column("fault", flexible=True)),
                     [(line(str(fault["line"])), line(fault["what"])) for fault in result["faults"]]))  # fmt: skip
    page.add(Paragraph(line(Span("Intervals are 95 % (Wilson); ties count against the tool.", "dim"))))
    return page


def _groups(items: Iterable[tuple[str, Any]]) -> Table:
    return Table(
        (Column("", flexible=True), Column("cases", right=True), Column("first"), Column("first three")),
        [
            (line(name), line(str(group["cases"])), line(_range(group["top_1"])), line(_range(group["top_3"])))
            for name, group in items
        ],
    )

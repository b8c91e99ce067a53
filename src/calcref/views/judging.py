"""The outcome of an evaluation, and the progress towards it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcref.differential.evaluation import Fault, Labelled, judge, parse_cases, scores
from calcref.differential.ranking import Prior
from calcref.errors import KnowledgeError
from calcref.files import read_bytes, read_input
from calcref.terminal import counted

from .page import Column, Facts, Page, Paragraph, Span, Table

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase

LARGEST, MOST_CASES = 20_000_000, 50_000
"""Bytes and cases that are judged at a time: all are kept until the end."""


def run(knowledge: KnowledgeBase, file: str, prior: Prior, keep_going: bool, text: bool = False) -> dict[str, Any]:
    """Judge the cases of a file, - for standard input, and return all scores.

    Raises:
        KnowledgeError: when the file cannot be read, or a line is at fault and `keep_going` is off.
    """
    data = read_input(LARGEST) if file == "-" else read_bytes(Path(file), LARGEST)
    items = list(islice(parse_cases(knowledge, data.splitlines(), text), MOST_CASES + 1))
    cases = [item for item in items if isinstance(item, Labelled)]
    faults = [item for item in items if isinstance(item, Fault)]
    if len(items) > MOST_CASES:
        raise KnowledgeError(f"{file} has more than {MOST_CASES:,} cases.", "Split it, and judge less at a time.")
    for fault in faults if not keep_going else ():
        raise KnowledgeError(f"{file}, line {fault.line}: {fault.what}.", "Correct it, or judge the rest with --keep-going.")
    if not cases:
        raise KnowledgeError(f"{file} has no case that can be judged.", "Give one JSON object a line, with vignette and condition.")
    results = [judge(knowledge, case, prior) for case in counted(cases, f"of {len(cases)} cases")]
    return scores(knowledge, results, faults, prior)


def _range(item: dict[str, Any]) -> str:
    low, high = item["interval"]
    return f"{item['value']:.1%} ({low:.0%} to {high:.0%})"


def page_of(result: dict[str, Any]) -> Page:
    """Return the page of an evaluation."""
    shares = (("First", "top_1"), ("First three", "top_3"), ("First five", "top_5"), ("Type", "type_top_1"))
    means = (("Mean reciprocal rank", "mean_reciprocal_rank"), ("Brier score", "brier"), ("Log loss", "log_loss"),
             ("Calibration error", "expected_calibration_error"))  # fmt: skip
    page = Page([Facts([
        ("Cases", f"{result['cases']}, prior {result['prior']}"), *((name, _range(result[key])) for name, key in shares),
        *((name, f"{result[key]:.3f}") for name, key in means),
    ])])  # fmt: skip
    page.section("Stated and right", Table(
        (Column("stated"), Column("cases", right=True), Column("mean stated", right=True), Column("right", right=True)),
        [(f"{band['from']:.0%} to {band['to']:.0%}", str(band["cases"]), f"{band['stated']:.0%}", _range(band["right"]))
         for band in result["reliability"]],
    ))  # fmt: skip
    for title, groups in (("By type", result["by_type"]), ("By condition", result["by_condition"])):
        page.section(title, Table(
            (Column("", flexible=True), Column("cases", right=True), Column("first", right=True), Column("first three", right=True)),
            [(name, str(group["cases"]), _range(group["top_1"]), _range(group["top_3"])) for name, group in groups.items()],
        ))  # fmt: skip
    page.section(f"Misses ({len(result['misses'])})", Table(
        (Column("case"), Column("truth"), Column("place", right=True), Column("said instead", flexible=True), Column("not understood", flexible=True, spare=True)),
        [(Span(miss["case_id"], "name"), miss["condition"], str(miss["place"]), ", ".join(miss["first"]), ", ".join(miss["not_understood"]))
         for miss in result["misses"]],
    ))  # fmt: skip
    if result["faults"]:
        rows = [(str(fault["line"]), fault["what"]) for fault in result["faults"]]
        page.section("Lines not judged", Table((Column("line", right=True), Column("fault", flexible=True)), rows))
    page.add(Paragraph(Span("Intervals are 95 % (Wilson); ties count against the tool.", "dim")))
    return page

"""The outcome of a check of a knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .page import Column, Gap, Page, Paragraph, Span, Table, line

if TYPE_CHECKING:
    from calcref.curation import Checked


def page_of(result: Checked) -> Page:
    """Return the page of a check: every fault, or what the valid file holds."""
    if result.problems:
        rows = [
            (line(Span(problem.where, "name")), line(f"{problem.what} {problem.remedy}".strip()))
            for problem in result.problems
        ]
        count = len(result.problems)
        return Page([
            Table((Column("where", flexible=True), Column("what is wrong, and what to do", flexible=True)), rows),
            Gap(), Paragraph(line(Span(f"{result.path}: {count} fault{'s' if count > 1 else ''}", "danger"))),
        ])  # fmt: skip
    contents = result.contents
    assert contents is not None
    links = sum(len(condition.findings) for condition in contents.conditions.values())
    done = "written in canonical form" if result.written else "valid"
    return Page([Paragraph(line(
        f"{result.path}: {done}. {len(contents.types)} types, {len(contents.conditions)} conditions, {links} links, "
        f"{len(contents.findings)} findings, {len(contents.mnemonics)} mnemonics, {len(contents.sources)} sources."
    ))])  # fmt: skip


def payload(result: Checked) -> dict[str, Any]:
    """Return the outcome for programs."""
    return {
        "schema": "calcref.check/1", "file": str(result.path), "valid": not result.problems,
        "problems": [{"where": p.where, "what": p.what, "remedy": p.remedy} for p in result.problems],
    }  # fmt: skip

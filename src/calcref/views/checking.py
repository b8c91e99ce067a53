"""The outcome of a check of a knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calcref.curation.skeleton import TO_FILL_IN
from calcref.knowledge.citing import walk

from .page import Column, Facts, Gap, Items, Page, Paragraph, Span, Table, hint

if TYPE_CHECKING:
    from calcref.curation.checking import Checked


SHOWN, MOST_SHOWN = 20, 200
"""Items of a kind of thin, and faults, that are shown; the rest is counted, and all stand in the JSON."""


def page_of(result: Checked) -> Page:
    """Return the page of a check: every fault, or what the valid file holds."""
    if result.problems:
        count = len(result.problems)
        over = "".join(f", with {layer.path}" for layer in result.layers)
        layer_alone = not result.layers and any(p.where in ("about", "parameters") for p in result.problems)
        rows = [(Span(p.where, "name"), f"{p.what} {p.remedy}".strip()) for p in result.problems[:MOST_SHOWN]]
        if count > MOST_SHOWN:
            rows.append((Span("(file)", "name"), f"{count - MOST_SHOWN:,} more: calcref check --json"))
        return Page([
            *([hint(f"If it is to lie over the knowledge in use: calcref --kb {result.path} check")] if layer_alone else []),
            Table((Column("where", flexible=True), Column("what is wrong, and what to do", flexible=True)), rows),
            Gap(), Paragraph(Span(f"{result.path}{over}: {count} fault{'s' if count > 1 else ''}", "danger")),
        ])  # fmt: skip
    contents = result.contents
    assert contents is not None
    empty = sum(isinstance(part, str) and part.startswith(TO_FILL_IN) for _, part in walk(contents, ""))
    links = sum(len(condition.findings) for condition in contents.conditions.values())
    done = "written in canonical form" if result.written else "valid"
    return Page([
        Paragraph(
            f"{result.path}: {done}. {len(contents.types)} types, {len(contents.conditions)} conditions, {links} links, "
            f"{len(contents.findings)} findings, {len(contents.mnemonics)} mnemonics, {len(contents.sources)} sources."
        ),
        Facts([
            *(("Layer", f"{layer.path}, SHA-256 {layer.sha256}") for layer in result.layers),
            *([("To fill in", f"{empty} texts, listed by calcref check --strict")] if empty else []),
        ]),
    ])  # fmt: skip


def payload(result: Checked) -> dict[str, Any]:
    """Return the outcome for programs."""
    return {
        "schema": "calcref.check/1", "file": str(result.path), "valid": not result.problems,
        "problems": [{"where": p.where, "what": p.what, "remedy": p.remedy} for p in result.problems],
        "layers": [{"path": str(layer.path), "sha256": layer.sha256} for layer in result.layers],
    }  # fmt: skip


def figures_page(figures: dict[str, Any]) -> Page:
    """Return the page of how well the knowledge is founded, and of what is thin."""

    def part(count: int, whole: int) -> str:
        return f"{count} of {whole} ({count / whole:.0%})" if whole else "0"

    def parts(key: str, whole: int = 0) -> Facts:
        return Facts([(name, part(count, whole) if whole else str(count)) for name, count in figures[key].items()])

    page = Page([Facts([
        ("Conditions", f"{figures['conditions']}, {figures['red_flags']} with a red flag"),
        ("Findings", str(figures["findings"])), ("Sources", str(figures["sources"])),
        ("Links with a source", part(figures["links_sourced"], figures["links"])),
        ("Links with a count", part(figures["links_counted"], figures["links"])),
        ("Statements with a source", part(figures["statements_sourced"], figures["statements"])),
        ("Judged shares", f"{figures['estimates']}, none of them sourced, all shown as estimates"),
    ])])  # fmt: skip
    page.section("Links by their best source", parts("links_by_best_source", figures["links"]))
    page.section("Conditions by number of findings", parts("conditions_by_findings"))
    page.section("Conditions without a finding of a group", parts("conditions_without_group"))
    page.section("Thin", Facts([(what, str(len(items))) for what, items in figures["thin"].items()]))
    for what, items in figures["thin"].items():
        if items:
            more = [f"and {len(items) - SHOWN} more: calcref check --strict --json"] if len(items) > SHOWN else []
            page.section(what.capitalize(), Items([*items[:SHOWN], *more]))
    return page

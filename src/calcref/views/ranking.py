"""The page of a differential: short enough for a small terminal, or with everything that can be argued about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from calcref.advice import answers, ask_next, change, dangers, expected, remarks, steadiness, unusual
from calcref.differential import UNTOLD, Differential, Evidence, conditions_by_type, evidence, is_dangerous
from calcref.findings import implied
from calcref.model import EFFORTS
from calcref.names import fold

from .page import (
    Block,
    Citations,
    Column,
    Facts,
    Gap,
    Heading,
    Line,
    Page,
    Paragraph,
    Span,
    Table,
    band,
    bar,
    kind_style,
    line,
    percent,
)  # fmt: skip

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.model import Condition
    from calcref.reading import Reading

TYPES_SHORT, DANGERS_SHORT, ASK_SHORT, WHY_SHORT = 3, 2, 4, 2
NOTABLE = 0.1
"""Natural log units; weaker evidence is not worth a reader's glance."""

DISCLAIMER = "Education and reference, not a medical device."


def tested(knowledge: KnowledgeBase) -> str:
    """Return in a few words how often the first place was right in the first trial on record; nothing if there was none."""
    trial = next(iter(knowledge.about.evaluation), None)
    return f" First was right in {trial.top_1} of {trial.cases} trial cases: calcref about." if trial else ""


def ratio(item: Evidence) -> str:
    """Return a likelihood ratio in at most three characters and a sign: x12, x3.4, /5."""
    value = item.likelihood_ratio
    sign, size = ("x", value) if value >= 1 else ("/", 1 / value)
    return f"{sign}{size:.0f}" if size >= 9.95 else f"{sign}{size:.1f}"


def entry(item: Evidence) -> str:
    """Return the words for an entry: its label, with 'no' before it if absent."""
    return item.label if item.present else f"no {item.label}"


def page_of(
    knowledge: KnowledgeBase, differential: Differential, top: int, everything: bool, reading: Reading | None, steady: bool
) -> Page:
    """Return the page of a differential with the `top` leading causes."""
    cite = Citations(knowledge)
    page = Page(list(_understood(knowledge, differential, everything, reading)))
    page.add(Gap(), _types(knowledge, differential, everything), Gap())
    page.add(_causes(knowledge, differential, top, cite))
    facts: list[tuple[str, Line]] = [*_danger(knowledge, differential, everything), *_next(knowledge, differential, everything)]
    leader = knowledge.conditions[differential.conditions[0].id]
    if not differential.case.is_empty:
        step = leader.next_step
        facts.append(("Practice", line(f"{step.text} ({leader.id})", cite.mark(step.sources))))
        facts.append(("Views", line(leader.views.text, cite.mark(leader.views.sources))))
        if steady or everything:
            facts.append(("Steady", _steady(knowledge, differential)))
        facts += [("Mind", line(Span(remark, "danger"))) for remark in remarks(knowledge, differential)]
    page.add(Gap(), Facts(facts))
    if everything and not differential.case.is_empty:
        _details(knowledge, differential, top, page, cite)
    else:
        page.add(*cite.foot(short=True))
    key = "" if differential.case.is_empty else " x: times more often with it, /: times less often."
    page.add(Paragraph(line(Span(f"{DISCLAIMER}{tested(knowledge)}{key}{'' if everything else ' More: --full'}", "dim"))))
    return page


def why_page(knowledge: KnowledgeBase, differential: Differential, cause: str, reading: Reading | None) -> Page:
    """Return the page of one cause: its place, what speaks for and against it, what is expected and what is unusual."""
    cite = Citations(knowledge)
    condition = knowledge.conditions[cause]
    item = next(item for item in differential.conditions if item.id == cause)
    page = Page(list(_understood(knowledge, differential, False, reading)))
    page.add(Gap(), Heading(line(Span(condition.name, kind_style(knowledge, condition.type))), 1))
    page.add(Paragraph(line(
        f"Place {item.rank} of {len(differential.conditions)}: {percent(item.posttest)}, {band(item.posttest)} "
        f"(before the findings {percent(item.pretest)})."
    )))  # fmt: skip
    _why_section(knowledge, differential, cause, page, cite)
    page.section("Sources", *cite.foot())
    page.add(Paragraph(line(Span(f"{DISCLAIMER}{tested(knowledge)}", "dim"))))
    return page


def _why_section(knowledge: KnowledgeBase, differential: Differential, cause: str, page: Page, cite: Citations) -> None:
    if not differential.case.is_empty:
        page.section(f"For and against {cause}", _why_table(knowledge, differential, knowledge.conditions[cause], cite))
    facts: list[tuple[str, Line]] = []
    missing, odd = expected(knowledge, differential, cause), unusual(knowledge, differential, cause)
    if missing:
        facts.append(("Expected, not mentioned", line(", ".join(missing))))
    if odd:
        facts.append(("Unusual for it", line(", ".join(odd))))
    if facts:
        page.add(Facts(facts))


def _details(knowledge: KnowledgeBase, differential: Differential, top: int, page: Page, cite: Citations) -> None:
    for item in differential.conditions[:top]:
        _why_section(knowledge, differential, item.id, page, cite)
    rows: list[tuple[str, Line]] = []
    for question in ask_next(knowledge, differential):
        yes, no = answers(knowledge, differential, question.finding)
        rows.append((question.finding, line(
            f"{EFFORTS[question.how]}, {question.gain:.2f} bits; if present {yes.leader} leads ({percent(yes.probability)}), "
            f"if absent {no.leader} ({percent(no.probability)})")))  # fmt: skip
    page.section("What the next answers would do", Facts(rows))
    turn = change(knowledge, differential)
    if turn:
        words = " and ".join(finding if present else f"no {finding}" for finding, present in turn.findings)
        page.section("What would change the first place", Paragraph(line(f"{words}: then {turn.leader} would lead.")))
    page.section("Causes type by type", Facts(_by_type(knowledge, differential)))
    page.section("Sources", *cite.foot())


def _steady(knowledge: KnowledgeBase, differential: Differential) -> Line:
    result = steadiness(knowledge, differential)
    return line(
        f"{differential.conditions[0].id} stays first in {result.holds:.0%} of {result.runs} reruns with shaken frequencies; "
        f"its probability runs from {percent(result.low)} to {percent(result.high)}"
    )


def _understood(knowledge: KnowledgeBase, differential: Differential, everything: bool, reading: Reading | None) -> Iterable[Block]:
    """Yield what was read, with the words that it came from, and what was not understood."""
    case, findings = differential.case, knowledge.findings
    if case.is_empty:
        start = "the published shares of the types" if differential.prior == "published" else "equal chances for every cause"
        yield Paragraph(line(Span("Nothing entered: ", "name"), f"these are {start}."))
        return
    said = {mention.finding: mention for mention in reading.mentions} if reading else {}
    parts: list[str] = []
    if case.age is not None:
        parts.append(f"{case.age:g} years")
    if case.sex:
        parts.append(case.sex)
    for finding, present in [*((f, True) for f in case.present), *((f, False) for f in case.absent)]:
        mention = said.get(finding)
        word = finding if present else f"no {finding}"
        if mention and mention.state == "possible":
            word += " (possible)"
        if mention and fold(mention.words) not in (fold(finding), fold(word)):
            word += f" '{mention.words}'"
        elif everything:
            word += f" ({findings[finding].label})"
        parts.append(word)
    yield Paragraph(line(Span("Read: ", "name"), "; ".join(parts)))
    if case.not_understood:
        yield Paragraph(line(Span("Not understood: ", "name"), ", ".join(case.not_understood)))


def _types(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> Table:
    shown = differential.types if everything or differential.case.is_empty else differential.types[:TYPES_SHORT]
    rows = []
    for item in shown:
        kind = knowledge.types[item.id]
        tail = kind.share.text if differential.case.is_empty and differential.prior == "published" else band(item.posttest)
        rows.append((
            line(str(item.rank)), line(Span(kind.name, kind_style(knowledge, item.id))), line(bar(item.posttest)),
            line(percent(item.posttest)), line(tail),
        ))  # fmt: skip
    return Table((Column(""), Column(""), Column(""), Column("", right=True), Column("", flexible=True)), rows)


def _causes(knowledge: KnowledgeBase, differential: Differential, top: int, cite: Citations) -> Table:
    rows = []
    for item in differential.conditions[:top]:
        condition = knowledge.conditions[item.id]
        mark = [Span("! ", "danger")] if is_dangerous(knowledge, condition, differential.case) else []
        rows.append((
            line(str(item.rank)), line(*mark, Span(condition.id, kind_style(knowledge, condition.type))),
            line(percent(item.posttest)), line(_why(knowledge, differential, condition, cite)),
        ))  # fmt: skip
    return Table((Column(""), Column(""), Column("", right=True), Column("", flexible=True)), rows)


def _why(knowledge: KnowledgeBase, differential: Differential, condition: Condition, cite: Citations) -> Line:
    found = [
        item
        for item in evidence(knowledge, differential.case, condition.id)
        if abs(item.log_ratio) >= NOTABLE and item.label != UNTOLD
    ]
    if not found:
        return line(condition.name if differential.case.is_empty else Span("nothing entered speaks for or against it", "dim"))
    parts: list[Line] = []
    for item in found[:WHY_SHORT]:
        mark = [cite.mark(item.estimate.link.sources)] if item.estimate and item.estimate.link else []
        parts.append(line(Span(f"{entry(item)} {ratio(item)}", "for" if item.log_ratio > 0 else "against"), *mark))
    return line(*(span for place, part in enumerate(parts) for span in ((*([Span("; ")] if place else []), *part))))


def _why_table(knowledge: KnowledgeBase, differential: Differential, condition: Condition, cite: Citations) -> Table:
    origins = {
        "listed": "", "narrower": "through {via}", "broader": "through {via}", "sites": "by the sites",
        "estimate": "estimate", "age": "by the ages", "sex": "by the sex", "unlisted": "",
    }  # fmt: skip
    rows = []
    for item in evidence(knowledge, differential.case, condition.id):
        estimate = item.estimate
        if estimate is None:
            basis = line(
                "not listed for this cause" if item.finding
                else "silence is weak evidence of absence" if item.label == UNTOLD else "by the profile"
            )  # fmt: skip
        else:
            how = f"{estimate.link.frequency} " if estimate.link and estimate.origin in ("listed", "narrower", "broader") else ""
            where = origins[estimate.origin].format(via=estimate.via)
            basis = line(f"{how}{where}".strip(), *([cite.mark(estimate.link.sources)] if estimate.link else []))
        style = "for" if item.log_ratio > 0 else "against"
        rows.append((
            line(Span(ratio(item), "for" if style == "for" else "against")), line(entry(item)),
            line(f"counts {item.weight:.0%}" if item.weight < 1 else ""), basis,
        ))  # fmt: skip
    return Table((Column("ratio"), Column("entered", flexible=True), Column("", spare=True), Column("basis", flexible=True)), rows)


def _danger(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> list[tuple[str, Line]]:
    open_ones = dangers(knowledge, differential)
    if not open_ones or differential.case.is_empty:
        return []
    shown = open_ones if everything else open_ones[:DANGERS_SHORT]
    parts: list[Line] = []
    for item in shown:
        settle = ", ".join(item.settle_with)
        parts.append(line(Span(item.condition.id, "danger"), f" {percent(item.condition.posttest)} (settle with {settle})"))
    more = f"; {len(open_ones) - len(shown)} more" if len(open_ones) > len(shown) else ""
    return [("Not to miss", line(*_joined(parts), more))]


def _joined(parts: Sequence[Line]) -> list[Span]:
    return [span for place, part in enumerate(parts) for span in (*([Span("; ")] if place else []), *part)]


def _next(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> list[tuple[str, Line]]:
    questions = ask_next(knowledge, differential, 10 if everything else ASK_SHORT)
    by_effort: dict[str, list[str]] = {}
    for question in questions:
        gain = f" (+{question.gain:.2f} bits)" if everything else ""
        by_effort.setdefault(EFFORTS[question.how], []).append(f"{question.finding}{gain}")
    if not by_effort:
        return []
    return [("Look next", line("; ".join(f"{how}: {', '.join(labels)}" for how, labels in by_effort.items())))]


def _by_type(knowledge: KnowledgeBase, differential: Differential) -> list[tuple[str, Line]]:
    grouped = conditions_by_type(knowledge, differential)
    rows: list[tuple[str, Line]] = [
        (kind.id, line(", ".join(f"{item.id} {percent(item.posttest)}" for item in grouped[kind.id][:5])))
        for kind in differential.types
    ]
    extra = implied(knowledge, differential.case)
    if extra:
        rows.append(("implied", line(", ".join(extra))))
    return rows

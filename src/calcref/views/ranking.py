"""The page of a differential: short enough for a small terminal, or with everything that can be argued about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from calcref.differential.advice import answers, ask_next, change, dangers, expected, remarks, steadiness, unusual
from calcref.differential.findings import age_in_words, implied, outside
from calcref.differential.prose import counted
from calcref.differential.ranking import (
    NAMES,
    UNTOLD,
    Differential,
    Evidence,
    alarms,
    conditions_by_type,
    evidence,
    flag_urgency,
    is_dangerous,
)
from calcref.knowledge.model import EFFORTS
from calcref.knowledge.names import fold

from .detail import verdict
from .listing import share_text

from .page import (  # isort: skip
    SPARE, Block, Column, Facts, Foot, Gap, Heading, Line, Page, Paragraph, Span, Table, Words, band, bar, hint, joined, kind_style,
    line, mark, percent, spare,
)  # fmt: skip

if TYPE_CHECKING:
    from calcref.differential.findings import Case
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition, Finding
    from calcref.reading.mentions import Reading

URGENT_AMONG, LIKELY_ENOUGH, URGENT_LINES = 3, 0.1, 3
"""Among how many leading causes one that cannot wait is spelled out, from which probability if it is not the first, and how many lines."""

TYPES_SHORT, CAUSES, CAUSES_SHORT, DANGERS_SHORT, ASK_SHORT, WHY_SHORT, WHY_WIDE = 3, 5, 3, 2, 4, 2, 40
WORDS_SHOWN = 8
"""Words of a text that are shown to speak for a cause."""

OTHERS = 1
"""Places and looks beside a thing whose causes are not ranked here that are too few for a list of what is ranked to be of use."""

HARDLY = 0.01
"""Probability below which a cause behind the leading ones is the first thing to go, and is called dangerous only where what is not to be
missed is told."""

NOTABLE = 0.1
"""Natural log units; weaker evidence is not worth a reader's glance."""

DISCLAIMER = "Education and reference, not a medical device."
SHARES = (Column(""), Column(""), Column("", spare=True), Column("", right=True), Column("", spare=True))
"""Place, name, bar, per cent and word, as every ranking begins."""


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
    knowledge: KnowledgeBase, differential: Differential, top: int | None, everything: bool, reading: Reading | None, steady: bool
) -> Page:
    """Return the page of a differential, made to fit the screen unless it has everything, with the `top` leading causes.

    Where no number was asked for, a small screen is shown fewer than others.
    """
    blank = differential.case.is_empty
    count, kept = top or CAUSES, top or CAUSES_SHORT
    page = Page(list(understood(knowledge, differential, everything, reading)), short=not everything)
    unranked = outside(knowledge, differential.case)
    nothing = reading is not None and reading.nothing_seen
    alone = bool(unranked) and (_looks_unranked(knowledge, differential.case) or _described(knowledge, differential.case) <= OTHERS)
    listed = everything or top is not None or not (nothing or alone)
    urgent, soon = (
        ((), ()) if blank else (_urgent(knowledge, differential, reading, listed), _soon(knowledge, differential, listed))
    )
    told_first = [
        (label, line(Span(f"{record.id}: ", "danger"), flag.why, mark(flag.sources)))
        for label, records in (("Urgent", urgent), ("Soon", soon))
        for record in records if (flag := record.red_flag)
    ]  # fmt: skip
    if told_first:
        page.add(Gap(3), Facts(told_first))
    if listed:
        page.add(Gap(3), _types(knowledge, differential, everything), Gap(2), _causes(knowledge, differential, count, kept), Gap(3))
    else:
        why = (
            "the text says that there is nothing to look at"
            if nothing
            else f"the causes of {'; '.join(unranked)} are not among those that are ranked here"
        )
        told = f"{why}. To see what is ranked all the same: --top {CAUSES}"
        page.add(Gap(3), Paragraph(line(Span("No list: ", "name"), told)), Gap(3))
    leader = knowledge.conditions[differential.conditions[0].id]
    rows = [("Look next", spare(4 * bool(told_first), _next(knowledge, differential, everything)))] if listed else []
    if not blank:
        step, views = leader.next_step, leader.views
        own = (leader in soon and step.urgency == "soon") or step.urgency == "urgent"
        first, waits = ("Once that is settled: ", SPARE - 1) if told_first and not own else ("", 0)
        rows = [
            ("Not to miss", line("") if not listed else _danger(knowledge, differential, everything, reading)),
            ("Asked about", _named(differential, reading, count)), *rows,
            *(() if unranked or not listed else (
                ("Practice", spare(waits, f"{first}{step.text} ({_called(leader)})", mark(step.sources))),
                ("Views", spare(waits, first, verdict(views), spare(4, " ", views.text, mark(views.sources)))),
            )),
            *([("Steady", line(_steady(knowledge, differential)))] if steady or everything else []),
            *(("Mind", line(Span(remark, "danger"))) for remark in remarks(knowledge, differential) if listed),
        ]  # fmt: skip
    page.add(Facts(rows))
    if everything and not blank:
        _details(knowledge, differential, count, page)
        page.add(hint(f"{DISCLAIMER}{tested(knowledge)} x: times more often with it, /: times less often."))
    else:
        page.add(
            Foot(knowledge.sources, short=True),
            hint(
                f"{DISCLAIMER}{tested(knowledge)}"
                + ("" if blank else f" x more often, / less; more: --top {2 * count}; all: --full")
            ),
        )
    return page


def _called(condition: Condition) -> str:
    """Return the id of a condition, and before it its name where that says more."""
    name = condition.name.partition(" (")[0]
    return condition.id if fold(name) == fold(condition.id) else f"{condition.id}: {name[:1].lower()}{name[1:]}"


def _looks_unranked(knowledge: KnowledgeBase, case: Case) -> bool:
    """Tell whether the very look is that of causes which are not ranked, so that whatever else is told is told of them."""
    records = [knowledge.findings[finding] for finding in case.present if knowledge.findings[finding].outside]
    return any((group := knowledge.groups[record.group]).local and not group.plain for record in records)


def _described(knowledge: KnowledgeBase, case: Case) -> int:
    """Return how many places and looks are told of what lies beside a thing whose causes are not ranked; 'one' or 'several' is none."""
    counts = {knowledge.contents.language.one, knowledge.contents.language.many}
    records = [knowledge.findings[finding] for finding in case.present if finding not in counts]
    groups = [knowledge.groups[record.group] for record in records if not record.outside]
    return sum(group.anatomy or (group.local and not group.plain) for group in groups)


def why_page(knowledge: KnowledgeBase, differential: Differential, cause: str, reading: Reading | None, steady: bool) -> Page:
    """Return the page of one cause: its place, what speaks for and against it, what is expected and what is unusual."""
    condition = knowledge.conditions[cause]
    item = next(item for item in differential.conditions if item.id == cause)
    page = Page(list(understood(knowledge, differential, False, reading)))
    page.add(Gap(), Heading(Span(condition.name, kind_style(knowledge, condition.type)), 1), Paragraph(
        f"Place {item.rank} of {len(differential.conditions)}: {percent(item.posttest)}, {band(item.posttest)} "
        f"(before the findings {percent(item.pretest)})."
    ))  # fmt: skip
    _why_section(knowledge, differential, cause, page)
    if steady:
        page.add(Facts([("Steady", line(_steady(knowledge, differential)))]))
    if any(
        item.estimate and item.estimate.link and item.estimate.link.sources
        for item in evidence(knowledge, differential.case, cause)
    ):
        page.section("Sources", Foot(knowledge.sources))
    page.add(hint(f"{DISCLAIMER}{tested(knowledge)}"))
    return page


def _why_section(knowledge: KnowledgeBase, differential: Differential, cause: str, page: Page) -> None:
    if not differential.case.is_empty:
        page.section(f"For and against {cause}", _why_table(knowledge, differential, cause))
    page.add(Facts([
        ("Expected, not mentioned", ", ".join(expected(knowledge, differential, cause))),
        ("Unusual for it", ", ".join(unusual(knowledge, differential, cause))),
    ]))  # fmt: skip


def _details(knowledge: KnowledgeBase, differential: Differential, top: int, page: Page) -> None:
    for item in differential.conditions[:top]:
        _why_section(knowledge, differential, item.id, page)
    asked = [(question, *answers(knowledge, differential, question.finding)) for question in ask_next(knowledge, differential)]
    page.section("What the next answers would do", Facts([
        (question.finding, f"{EFFORTS[question.how]}, {question.gain:.2f} bits; if present {yes.leader} leads "
                           f"({percent(yes.probability)}), if absent {no.leader} ({percent(no.probability)})")
        for question, yes, no in asked
    ]))  # fmt: skip
    if turn := change(knowledge, differential):
        words = " and ".join(finding if present else f"no {finding}" for finding, present in turn.findings)
        page.section("The least that would change the first place", Paragraph(f"For one, {words}: then {turn.leader} would lead."))
    grouped = conditions_by_type(knowledge, differential)
    page.section("Causes type by type", Facts([
        *((kind.id, ", ".join(f"{item.id} {percent(item.posttest)}" for item in grouped[kind.id][:5])) for kind in differential.types),
        ("implied", ", ".join(implied(knowledge, differential.case))),
    ]))  # fmt: skip
    page.section("Sources", Foot(knowledge.sources))


def _steady(knowledge: KnowledgeBase, differential: Differential) -> str:
    result = steadiness(knowledge, differential)
    return (
        f"{differential.conditions[0].id} stays first in {result.holds:.0%} of {result.runs} reruns with shaken frequencies; "
        f"its probability runs from {percent(result.low)} to {percent(result.high)}"
    )


def understood(
    knowledge: KnowledgeBase, differential: Differential, everything: bool = False, reading: Reading | None = None
) -> Iterable[Block]:
    """Yield what was entered, with the words that it was read from, and what was not understood."""
    case = differential.case
    if case.is_empty:
        start = "the published shares of the types" if differential.prior == "published" else "equal chances for every cause"
        yield Paragraph(line(Span("Nothing entered: ", "name"), f"these are {start}."))
        return
    said = {mention.finding: mention for mention in reading.mentions} if reading else {}
    parts: list[Words] = [*([age_in_words(case.age)] if case.age is not None else []), *([case.sex] if case.sex else [])]
    for finding, present in [*((f, True) for f in case.present), *((f, False) for f in case.absent)]:
        mention = said.get(finding)
        word = finding if present else f"no {finding}"
        possible = " (possible)" if mention and mention.state == "possible" else ""
        label = f" ({knowledge.findings[finding].label})" if everything else ""
        quoted = mention is not None and fold(mention.words) not in (fold(finding), fold(word))
        parts.append(line(word, possible, spare(3, f" '{mention.words}'") if mention and quoted else label))
    yield Paragraph(line(Span("Read: ", "name"), joined(parts)))
    if reading and reading.set_aside:
        from .readings import named_in_passing

        yield Paragraph(line(Span("Set aside: ", "name"), named_in_passing(reading)))
    known = counted(knowledge, case)
    for label, words in (
        ("No finding, but wording: ", [word for word in case.not_understood if word in known]),
        ("Not understood: ", [word for word in case.not_understood if word not in known]),
    ):
        if words:
            yield Paragraph(line(Span(label, "name"), ", ".join(words)))


def _types(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> Table:
    published = differential.case.is_empty and differential.prior == "published"
    rows: list[Sequence[Words]] = []
    for item in differential.types[: None if everything or differential.case.is_empty else TYPES_SHORT]:
        kind = knowledge.types[item.id]
        words = f"published: {share_text(kind)}" if published else band(item.posttest)
        cells = str(item.rank), Span(kind.name, kind_style(knowledge, item.id)), bar(item.posttest), percent(item.posttest), words
        rows.append([spare(4 if len(rows) > 1 and not differential.case.is_empty else 0, cell) for cell in cells])
    return Table(SHARES, rows)


def _causes(knowledge: KnowledgeBase, differential: Differential, top: int, kept: int) -> Table:
    rows: list[Sequence[Words]] = []
    for place, item in enumerate(differential.conditions[:top]):
        condition, share = knowledge.conditions[item.id], item.posttest
        danger = share >= HARDLY and is_dangerous(knowledge, condition, differential.case)
        why = _why(knowledge, differential, condition, danger, 5 if place else 3)
        name = Span(item.id, kind_style(knowledge, condition.type))
        cells = str(item.rank), name, bar(share, 5), percent(share), band(share), why
        rank = 0 if place < kept or danger else 1 if share >= HARDLY else SPARE
        rows.append([spare(rank, cell) for cell in cells])
    return Table((*SHARES, Column("", flexible=WHY_WIDE)), rows)


def _why(knowledge: KnowledgeBase, differential: Differential, condition: Condition, danger: bool, rank: int) -> Line:
    parts: list[Words] = [Span("dangerous", "danger")] if danger else []
    told = [item for item in evidence(knowledge, differential.case, condition.id) if item.label != UNTOLD]
    found = [item for item in told if abs(item.log_ratio) >= NOTABLE]
    for place, item in enumerate(found[:WHY_SHORT]):
        cited = [mark(item.estimate.link.sources)._replace(spare=1)] if item.estimate and item.estimate.link else []
        part = line(Span(f"{entry(item)} {ratio(item)}", "for" if item.log_ratio > 0 else "against"), *cited)
        parts.append(spare(rank, part) if place else part)
    if not found:
        nothing = Span("nothing entered speaks for or against it", "dim")
        parts.append(condition.name.partition(" (")[0] if differential.case.is_empty else nothing)
    return joined(parts)


def _why_table(knowledge: KnowledgeBase, differential: Differential, cause: str) -> Table:
    origins = {
        "narrower": "through {via}", "broader": "through {via}", "sites": "by the sites", "estimate": "estimate",
        "age": "by the ages", "sex": "by the sex",
    }  # fmt: skip
    rows = []
    for item in evidence(knowledge, differential.case, cause):
        if item.label in (NAMES, UNTOLD) and abs(item.log_ratio) < NOTABLE:
            continue  # nobody entered it, and it says nothing
        estimate = item.estimate
        if estimate:
            link = estimate.link
            how = link.frequency if link and estimate.origin in ("listed", "narrower", "broader") else ""
            where = origins.get(estimate.origin, "").format(via=estimate.via)
            basis = line(f"{how} {where}".strip(), *([mark(link.sources)] if link else []))
        else:
            through = "in the words of" if item.label == NAMES else "with"
            described = f"it is described {through} {', '.join(item.words[:WORDS_SHOWN]) or 'others'}"
            silent = "silence is weak evidence of absence" if item.label == UNTOLD else "by the profile"
            basis = line({"unlisted": "not listed for this cause", "words": described}.get(item.basis, silent))
        size = Span(ratio(item), "for" if item.log_ratio > 0 else "against")
        rows.append((size, entry(item), f"counts {item.weight:.0%}" if item.weight < 1 else "", basis))
    return Table((Column("ratio"), Column("entered", flexible=True), Column("", spare=True), Column("basis", flexible=True)), rows)


def _urgent(
    knowledge: KnowledgeBase, differential: Differential, reading: Reading | None, listed: bool
) -> Sequence[Finding | Condition]:
    """Return what cannot wait: findings, the first cause, one that is likely enough or that the text names, with urgent red flags.

    Causes by their place only where they are `listed`. No reason is given twice, and no more than `URGENT_LINES`.
    """
    pressing = [finding for finding, urgency in alarms(knowledge, differential.case).items() if urgency == "urgent"]
    records: list[Finding | Condition] = [knowledge.findings[finding] for finding in pressing]
    for place, item in enumerate(differential.conditions[: URGENT_AMONG * listed]):
        condition = knowledge.conditions[item.id]
        if (not place or item.posttest >= LIKELY_ENOUGH) and flag_urgency(knowledge, condition, differential.case) == "urgent":
            records.append(condition)
    named = [knowledge.conditions[cause] for cause in (reading.named if reading else ())]
    records += [condition for condition in named if flag_urgency(knowledge, condition, differential.case) == "urgent"]
    reasons: dict[str, Finding | Condition] = {}
    for record in records:
        if record.red_flag:
            reasons.setdefault(record.red_flag.why, record)
    return list(reasons.values())[:URGENT_LINES]


def _soon(knowledge: KnowledgeBase, differential: Differential, listed: bool) -> Sequence[Finding | Condition]:
    """Return what has to be told soon: findings, whatever their cause, and the first cause where something entered raises its flag."""
    case, leader = differential.case, knowledge.conditions[differential.conditions[0].id]
    pressing = [knowledge.findings[finding] for finding, urgency in alarms(knowledge, case).items() if urgency == "soon"]
    raised = listed and leader.red_flag and leader.red_flag.when and flag_urgency(knowledge, leader, case) == "soon"
    return [*pressing, *([leader] if raised else [])]


def _danger(knowledge: KnowledgeBase, differential: Differential, everything: bool, reading: Reading | None) -> Line:
    """Return the dangerous causes that are still open, with what would settle them."""
    found = dangers(knowledge, differential, reading.named if reading else ())
    shown = found if everything else found[:DANGERS_SHORT]
    parts = [
        line(Span(item.condition.id, "danger"), f" {percent(item.condition.posttest)}",
             spare(4 if place else 3, f" (settle with {', '.join(item.settle_with)})"))
        for place, item in enumerate(shown)
    ]  # fmt: skip
    return joined([*parts, *([f"{len(found) - len(shown)} more"] if len(found) > len(shown) else [])])


def _named(differential: Differential, reading: Reading | None, top: int) -> Line:
    """Return where the causes stand that the text names and that are not among the leading ones."""
    named = set(reading.named if reading else ()) - {item.id for item in differential.conditions[:top]}
    return joined([
        f"{item.id}, place {item.rank} of {len(differential.conditions)}, {percent(item.posttest)} (--why {item.id})"
        for item in differential.conditions if item.id in named
    ])  # fmt: skip


def _next(knowledge: KnowledgeBase, differential: Differential, everything: bool) -> Line:
    by_effort: dict[str, list[str]] = {}
    for question in ask_next(knowledge, differential, 10 if everything else ASK_SHORT):
        gain = f" (+{question.gain:.2f} bits)" if everything else ""
        by_effort.setdefault(EFFORTS[question.how], []).append(f"{question.finding}{gain}")
    return line("; ".join(f"{how}: {', '.join(labels)}" for how, labels in by_effort.items()))

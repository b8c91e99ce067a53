"""Pages about one thing: a type, a condition, a family of conditions, a finding, a topic, a source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from calcref.frequency import link_probability
from calcref.model import EFFORTS
from calcref.names import Entry, other_pages

from .page import (
    Block,
    Citations,
    Column,
    Facts,
    Gap,
    Heading,
    Items,
    Line,
    Page,
    Paragraph,
    Span,
    Table,
    full,
    kind_of,
    kind_style,
    line,
    percent,
)  # fmt: skip

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.model import Condition, Finding, Link, RedFlag, Statement

COMMONNESS = {
    "very-common": "very common", "common": "common", "uncommon": "uncommon", "rare": "rare", "very-rare": "very rare",
}  # fmt: skip
URGENCY = {"none": "nothing to do", "routine": "routine", "soon": "soon", "urgent": "urgent"}
FURTHER = {"no": "not worth it", "if-unclear": "only if the film leaves it unclear", "yes": "worth it"}
COMPARISON = {"no": "not worth it", "exception": "a stated exception"}
SHORT_FINDINGS = 6


ROOM_FOR_A_DRAWING = 100
"""Columns from which drawings stand beside the text; with fewer they would push it off a screen of 24 lines."""


def page_of(knowledge: KnowledgeBase, entry: Entry, everything: bool) -> Page:
    """Return the page of an entry: the gist, or everything that the knowledge base says."""
    makers: dict[str, Callable[[KnowledgeBase, Any, bool], Page]] = {
        "types": _type_page, "conditions": _condition_page, "families": _family_page, "findings": _finding_page,
        "topics": _topic_page, "sources": _source_page,
    }  # fmt: skip
    page = makers[entry.section](knowledge, getattr(knowledge, entry.section)[entry.id], everything)
    for other in other_pages(knowledge, entry):
        kind = other.section.rstrip("s")
        page.add(Gap(), Paragraph(line(Span(f"Also a {kind} of that name: calcref show {other.id} --{kind}", "dim"))))
    return page


def _statements(cite: Citations, statements: Sequence[Statement]) -> list[Block]:
    return [Items([cite.say(statement) for statement in statements])] if statements else []


def _foot(page: Page, cite: Citations, everything: bool, name: str) -> Page:
    if everything:
        page.section("Sources", *cite.foot())
    else:
        page.add(Gap(), *cite.foot(short=True))
        page.add(Paragraph(line(Span(f"All of it: calcref show {name} --full", "dim"))))
    return page


def _type_page(knowledge: KnowledgeBase, kind: Any, everything: bool) -> Page:
    cite = Citations(knowledge)
    page = Page([Heading(line(Span(kind.name, kind_style(knowledge, kind.id))), 1)])
    page.add(Facts([
        ("Share", line(kind.share.text, cite.mark(kind.share.sources))),
        ("What", cite.say(kind.definition)),
        ("How", cite.say(kind.mechanism)),
        ("Looks", _joined(cite, kind.appearance)),
        ("Where", _joined(cite, kind.sites)),
        *([("Kinds", _joined(cite, kind.subtypes))] if kind.subtypes else []),
        *([("Examples", _joined(cite, kind.examples))] if kind.examples else []),
    ]))  # fmt: skip
    members = knowledge.conditions_of[kind.id]
    if everything:
        if kind.facts:
            page.section("Worth knowing", *_statements(cite, kind.facts))
        also = [c for c in knowledge.conditions.values() if kind.id in c.also_types]
        page.section(f"Causes ({len(members)})", _cause_table(members))
        if also:
            page.section("Filed elsewhere, and also counted here", _cause_table(also))
        page.section("Mnemonics", *_letters(knowledge, {c.id for c in members}))
        page.section("Errors and conflicts of the sources", Items([cite.note(note) for note in kind.notes]))
    else:
        order = list(knowledge.parameters.commonness)
        common = sorted(members, key=lambda c: order.index(c.commonness))[:8]
        page.add(Facts([("Causes", line(f"{len(members)}, such as {', '.join(c.id for c in common)}"))]))
        page.add(*[Paragraph(cite.note(note)) for note in kind.notes[:1]])
    return _foot(page, cite, everything, kind.id)


def _joined(cite: Citations, statements: Sequence[Statement]) -> Line:
    parts: list[Any] = []
    for statement in statements:
        parts += [" " if parts else "", cite.say(statement)]
    return line(*parts)


def _cause_table(conditions: Sequence[Condition]) -> Table:
    return Table(
        (Column("id"), Column("how common", spare=True), Column("name", flexible=True)),
        [(line(Span(c.id, "name")), line(COMMONNESS[c.commonness]), line(c.name)) for c in conditions],
    )


def _letters(knowledge: KnowledgeBase, ids: set[str]) -> list[Block]:
    rows = [
        (f"{mnemonic.word}", line(f"{letter.letter}: {letter.stands_for}"))
        for mnemonic in knowledge.mnemonics.values()
        for letter in mnemonic.letters
        if ids & set(letter.points_at)
    ]
    return [Facts(rows)] if rows else []


def frequency_text(link: Link) -> str:
    """Return how often, in words, with the count where there is one."""
    return f"{link.frequency} ({link.count[0]} of {link.count[1]})" if link.count else link.frequency


def danger_line(knowledge: KnowledgeBase, flag: RedFlag, cite: Citations) -> Line:
    """Return the warning of a red flag, with the findings that put it up."""
    when = " or ".join(knowledge.findings[finding].label for finding in flag.when)
    head = f"DANGEROUS if {when}" if when else "DANGEROUS"
    return line(Span(f"{head} ({flag.urgency}): ", "danger"), flag.why, cite.mark(flag.sources))


def _condition_page(knowledge: KnowledgeBase, condition: Condition, everything: bool) -> Page:
    cite = Citations(knowledge)
    kinds = " and ".join(knowledge.types[kind].name for kind in (condition.type, *condition.also_types))
    page = Page([
        Heading(line(Span(condition.name, "title")), 1),
        Paragraph(line(Span(kinds, kind_style(knowledge, condition.type)), f"; {COMMONNESS[condition.commonness]}")),
    ])  # fmt: skip
    if condition.red_flag:
        page.add(Paragraph(danger_line(knowledge, condition.red_flag, cite)))
    rows: list[tuple[str, Line]] = [("What", cite.say(condition.summary)), ("Looks", cite.say(condition.appearance))]
    if everything:
        rows.append(("How", cite.say(condition.mechanism)))
    else:
        rows.append(("Settled by", _joined(cite, condition.clues[:2])))
        rows += [("Not", line(Span(other, "name"), ": ", cite.say(text))) for other, text in list(condition.tell_apart.items())[:2]]
    rows += [
        ("Next", line(f"{URGENCY[condition.next_step.urgency]}: {condition.next_step.text}", cite.mark(condition.next_step.sources))),
        ("Views", line(
            f"further view {FURTHER[condition.views.further]}, other side {COMPARISON[condition.views.comparison]}. "
            f"{condition.views.text}", cite.mark(condition.views.sources))),
        ("Write", line(condition.report.report if everything else condition.report.comment)),
    ]  # fmt: skip
    if everything:
        rows.insert(-1, ("Comment", line(condition.report.comment)))
    page.add(Facts(rows))
    if everything:
        _condition_details(knowledge, condition, page, cite)
    return _foot(page, cite, everything, condition.id)


def _condition_details(knowledge: KnowledgeBase, condition: Condition, page: Page, cite: Citations) -> None:
    page.section("What settles it", *_statements(cite, condition.clues))
    page.section("Told apart from", Facts([(other, cite.say(text)) for other, text in condition.tell_apart.items()]))
    page.section("Pitfalls", *_statements(cite, condition.pitfalls))
    page.section("Findings", _finding_table(knowledge, condition, cite))
    page.section("Who and where", Facts(_patients(knowledge, condition, cite)))
    page.section("Mnemonics", *_letters(knowledge, {condition.id}))
    if condition.notes:
        page.section("Errors and conflicts of the sources", Items([cite.note(note) for note in condition.notes]))
    families = [family for family in knowledge.families.values() if condition.id in family.members]
    names: list[tuple[str, Line]] = [("Names", line(", ".join(condition.aliases) or "no others"))]
    names += [("Family", line(f"{family.name}: {family.text}", cite.mark(family.sources))) for family in families]
    if condition.codes:
        names.append(("Codes", line(", ".join(f"{key} {value}" for key, value in condition.codes.items()))))
    page.section("Names and codes", Facts(names))
    if condition.reading:
        page.section("Reading", Items([line(full(knowledge.sources[source])) for source in condition.reading]))


def _finding_table(knowledge: KnowledgeBase, condition: Condition, cite: Citations) -> Table:
    groups = list(knowledge.groups)
    ordered = sorted(
        condition.findings.items(),
        key=lambda item: (groups.index(knowledge.findings[item[0]].group), -link_probability(item[1]), item[0]),
    )
    rows = [
        (
            line(Span(finding, "name")),
            line(frequency_text(link), cite.mark(link.sources)),
            line(f"{knowledge.findings[finding].label}{f' ({link.note})' if link.note else ''}"),
        )
        for finding, link in ordered
    ]
    return Table((Column("finding"), Column("how often"), Column("meaning", flexible=True)), rows)


def _patients(knowledge: KnowledgeBase, condition: Condition, cite: Citations) -> list[tuple[str, Line]]:
    low, middle, high = condition.age.percentiles
    age, women, sites = condition.age, condition.women, condition.sites
    rows = [
        ("Age", line(f"median {middle:g} years, nine in ten between {low:g} and {high:g}{_aside(age.note)}", cite.mark(age.sources))),
        ("Women", line(f"{percent(women.share)}{_aside(women.note)}", cite.mark(women.sources))),
    ]  # fmt: skip
    shares = sorted(sites.shares.items(), key=lambda item: -item[1])
    rows.append(("Sites", line(", ".join(
        f"{knowledge.findings[site].label} {percent(share)}{' (counted)' if site in sites.counted else ''}"
        for site, share in shares))))  # fmt: skip
    judged = sorted(condition.estimates.items(), key=lambda item: -item[1])
    unlisted = [f"{finding} {percent(share)}" for finding, share in judged if finding not in condition.findings]
    if unlisted:
        rows.append(("Estimates", line(", ".join(unlisted))))
    rows.append(("", line(Span("Sites that are not counted, and estimates, are judgement: no source gives them.", "dim"))))
    return rows


def _aside(note: str) -> str:
    return f" ({note.rstrip('.')})" if note else ""


def _family_page(knowledge: KnowledgeBase, family: Any, everything: bool) -> Page:
    cite = Citations(knowledge)
    page = Page([Heading(line(Span(family.name, "title")), 1), Paragraph(line(family.text, cite.mark(family.sources)))])
    page.section("Which one", _cause_table([knowledge.conditions[member] for member in family.members]))
    page.add(Gap(), *cite.foot(short=not everything))
    return page


def _finding_page(knowledge: KnowledgeBase, finding: Finding, everything: bool) -> Page:
    cite = Citations(knowledge)
    page = Page([Heading(line(Span(finding.label, "title")), 1)])
    parents = ", ".join(finding.is_a) or "nothing wider"
    children = ", ".join(sorted(f for f in knowledge.findings if finding.id in knowledge.findings[f].is_a)) or "nothing narrower"
    page.add(Facts([
        ("Means", line(finding.definition)),
        ("Flag", line(f"--{finding.id}, absent: --no-{finding.id}")),
        ("Group", line(f"{knowledge.groups[finding.group].title}; got {EFFORTS[finding.how]}")),
        ("Wider", line(parents)),
        ("Narrower", line(children)),
        ("Base rate", line(f"about {percent(finding.base_rate)} of films read for a density (estimate: {finding.base_rate_why})")),
        *([("Codes", line(", ".join(f"{key} {value}" for key, value in finding.codes.items())))] if finding.codes else []),
        ("Also said", line(", ".join(finding.aliases if everything else finding.aliases[:8]) or "nothing else")),
    ]))  # fmt: skip
    if finding.notes:
        page.section("Errors and conflicts of the sources", Items([cite.note(note) for note in finding.notes]))
    linked = sorted(
        ((c, c.findings[finding.id]) for c in knowledge.conditions.values() if finding.id in c.findings),
        key=lambda pair: (-link_probability(pair[1]), pair[0].id),
    )
    shown = linked if everything else linked[:SHORT_FINDINGS]
    if shown:
        page.section(
            f"Causes that show it ({len(linked)})",
            Table(
                (Column("cause"), Column("how often"), Column("name", flexible=True, spare=True)),
                [(line(Span(c.id, kind_style(knowledge, c.type))), line(frequency_text(link), cite.mark(link.sources)), line(c.name))
                 for c, link in shown],
            ),
        )  # fmt: skip
    else:
        page.add(
            Gap(),
            Paragraph(
                line("No cause lists it by itself; it counts through what is wider or narrower, or through sites, age and sex.")
            ),
        )
    return _foot(page, cite, everything, finding.id)


def _topic_page(knowledge: KnowledgeBase, topic: Any, everything: bool) -> Page:
    cite = Citations(knowledge)
    page = Page([Heading(line(Span(topic.title, "title")), 1), *_statements(cite, topic.statements)])
    page.add(Gap(), *cite.foot(short=not everything))
    return page


def _source_page(knowledge: KnowledgeBase, source: Any, everything: bool) -> Page:
    from calcref.citing import cited_by

    page = Page([Heading(line(Span(source.title, "title")), 1)])
    page.add(Facts([
        ("Who", line(source.authors or source.publisher or "not named")), ("Year", line(str(source.year or "not given"))),
        ("Where", line(source.publisher or "not given")), ("Kind", line(kind_of(source))),
        *([("DOI", line(source.doi))] if source.doi else []), *([("PMID", line(source.pmid))] if source.pmid else []),
        *([("Address", line(source.url))] if source.url else []),
    ]))  # fmt: skip
    uses = cited_by(knowledge, source.id)
    page.section(f"Cited {len(uses)} times", Items([line(use) for use in (uses if everything else uses[:SHORT_FINDINGS])]))
    return page

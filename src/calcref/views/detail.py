"""Pages about one thing: a type, a condition, a family of conditions, a finding, a topic, a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from calcref.differential.frequency import link_probability
from calcref.knowledge.model import EFFORTS
from calcref.knowledge.names import KINDS, Entry, other_pages, title

from .page import (  # isort: skip
    Column, Facts, Foot, Gap, Heading, Items, Line, Page, Paragraph, Span, Style, Table, Words, full, hint, joined,
    kind_of, kind_style, line, mark, note, percent, say, spare,
)  # fmt: skip

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition, Finding, Link, RedFlag, Views

FURTHER = {"no": "not worth it", "if-unclear": "only if this one is unclear", "yes": "worth it"}
COMPARISON = {"no": "not worth it", "exception": "a stated exception"}
ERRORS = "Errors and conflicts of the sources"
CAUSES_SHORT, CITED_SHORT = 6, 6

Row = tuple[str, Words]


def page_of(knowledge: KnowledgeBase, entry: Entry, everything: bool) -> Page:
    """Return the page of an entry: the gist, made to fit the screen, or everything that the knowledge base says."""
    record: Any = getattr(knowledge, entry.section)[entry.id]
    style: Style = kind_style(knowledge, entry.id) if entry.section == "types" else "title"
    page = Page([Heading(Span(title(record), style), 1)], short=not everything)
    _WRITERS[entry.section](knowledge, record, everything, page)
    if knowledge.layers:
        from calcref.knowledge.layers import said_of

        page.add(Facts(said_of(knowledge, entry.section, entry.id)))
    if entry.section != "sources":
        page.add(Gap(2), *([Heading("Sources")] if everything else []), Foot(knowledge.sources, short=not everything))
    if not everything and entry.section in ("types", "conditions", "findings"):
        page.add(hint(f"All of it: calcref show {entry.id} --full"))
    for other in other_pages(knowledge, entry):
        flag = " --finding" if other.section == "findings" else ""
        page.add(hint(f"Also a {KINDS[other.section]} of that name: calcref show {other.id}{flag}"))
    return page


def _items(write: Callable[[Any], Line], parts: Iterable[Any]) -> Items:
    return Items(list(map(write, parts)))


def _codes(codes: Mapping[str, str]) -> Row:
    return "Codes", ", ".join(f"{key} {value}" for key, value in codes.items())


def _type(knowledge: KnowledgeBase, kind: Any, everything: bool, page: Page) -> None:
    rows: list[Row] = [
        ("Share", line(kind.share.text, mark(kind.share.sources))), ("What", say(kind.definition)),
        ("How", spare(5, say(kind.mechanism))), ("Looks", joined(map(say, kind.appearance), " ")),
        ("Where", spare(2, joined(map(say, kind.sites), " "))), ("Kinds", spare(1, joined(map(say, kind.subtypes), " "))),
        ("Examples", spare(4, joined(map(say, kind.examples), " "))),
    ]  # fmt: skip
    members = knowledge.conditions_of[kind.id]
    if not everything:
        order = list(knowledge.parameters.commonness)
        common = [c.id for c in sorted(members, key=lambda c: order.index(c.commonness))]
        rows.append(
            ("Causes", line(f"{len(members)}, such as {', '.join(common[:4])}", spare(1, *(f", {c}" for c in common[4:8]))))
        )
        page.add(Facts([*rows, *(("", spare(1, note(item))) for item in kind.notes[:1])]))
        return
    page.add(Facts(rows))
    page.section("Worth knowing", _items(say, kind.facts))
    page.section(f"Causes ({len(members)})", _causes(members))
    if also := [c for c in knowledge.conditions.values() if kind.id in c.also_types]:
        page.section("Filed elsewhere, and also counted here", _causes(also))
    page.section("Mnemonics", _letters(knowledge, {c.id for c in members}))
    page.section(ERRORS, _items(note, kind.notes))


def how_common(condition: Condition) -> str:
    """Return in words how common a condition is."""
    return condition.commonness.replace("-", " ")


def _causes(conditions: Iterable[Condition]) -> Table:
    return Table(
        (Column("id"), Column("how common", spare=True), Column("name", flexible=True)),
        [(Span(c.id, "name"), how_common(c), c.name) for c in conditions],
    )


def _letters(knowledge: KnowledgeBase, ids: set[str]) -> Facts:
    letters = [(mnemonic.word, letter) for mnemonic in knowledge.mnemonics.values() for letter in mnemonic.letters]
    return Facts([(word, f"{letter.letter}: {letter.stands_for}") for word, letter in letters if ids & set(letter.points_at)])


def frequency_text(link: Link) -> str:
    """Return how often, in words, with the count where there is one."""
    return f"{link.frequency} ({link.count[0]} of {link.count[1]})" if link.count else link.frequency


def danger_line(knowledge: KnowledgeBase, flag: RedFlag) -> Line:
    """Return the warning of a red flag, with the findings that put it up."""
    when, urgent, unless = (
        " or ".join(knowledge.findings[item].label for item in items) for items in (flag.when, flag.urgent_when, flag.unless)
    )
    times = [f"{flag.urgency} if {when}" if when else flag.urgency, *([f"urgent if {urgent}"] if urgent else [])]
    times += [f"not with {unless}"] if unless else []
    return line(Span(f"DANGEROUS ({'; '.join(times)}): ", "danger"), flag.why, mark(flag.sources))


def verdict(views: Views) -> str:
    """Return in words whether a further view, and a view of the other side, is worth its dose."""
    if views.further == views.comparison == "no":
        return "neither a further view nor the other side is worth it."
    return f"further view {FURTHER[views.further]}, other side {COMPARISON[views.comparison]}."


def _condition(knowledge: KnowledgeBase, condition: Condition, everything: bool, page: Page) -> None:
    kinds = " and ".join(knowledge.types[kind].name for kind in (condition.type, *condition.also_types))
    page.add(Paragraph(line(Span(kinds, kind_style(knowledge, condition.type)), f"; {how_common(condition)}")))
    if condition.red_flag:
        page.add(Paragraph(danger_line(knowledge, condition.red_flag)))
    step, views, report = condition.next_step, condition.views, condition.report
    rows: list[Row] = [("What", spare(1, say(condition.summary))), ("Looks", say(condition.appearance))]
    following = [
        ("Next", line("" if step.urgency == "none" else f"{step.urgency}: ", step.text, mark(step.sources))),
        ("Views", line(verdict(views), spare(4, " ", views.text, mark(views.sources)))),
    ]
    if everything:
        words = [("Comment", report.comment), ("Write", report.report)]
        page.add(Facts([*rows, ("How", say(condition.mechanism)), *following, *words]))
        _everything(knowledge, condition, page)
        return
    first, *others = condition.clues
    rows.append(("Points to it", line(say(first), *(spare(5, " ", say(clue)) for clue in others[:1]))))
    rows += [
        ("Not", spare(rank, Span(other, "name"), ": ", say(text)))
        for rank, (other, text) in zip((3, 6), condition.tell_apart.items(), strict=False)
    ]
    page.add(Facts([*rows, *following, ("Write", spare(2, report.comment))]))


def _everything(knowledge: KnowledgeBase, condition: Condition, page: Page) -> None:
    families = [family for family in knowledge.families.values() if condition.id in family.members]
    for heading, block in (
        ("What points to it", _items(say, condition.clues)),
        ("Told apart from", Facts([(other, say(text)) for other, text in condition.tell_apart.items()])),
        ("Pitfalls", _items(say, condition.pitfalls)),
        ("Findings", _findings(knowledge, condition)),
        ("Who and where", Facts(_patients(knowledge, condition))),
        ("Described with", _words(condition)),
        ("Mnemonics", _letters(knowledge, {condition.id})),
        (ERRORS, _items(note, condition.notes)),
        ("Names and codes", Facts([
            ("Names", ", ".join(condition.aliases) or "no others"),
            *(("Family", line(f"{family.name}: {family.text}", mark(family.sources))) for family in families),
            _codes(condition.codes),
        ])),
        ("Reading", Items([full(knowledge.sources[source]) for source in condition.reading])),
    ):  # fmt: skip
        page.section(heading, block)


def _findings(knowledge: KnowledgeBase, condition: Condition) -> Table:
    groups = list(knowledge.groups)
    ordered = sorted(
        ((knowledge.findings[finding], link) for finding, link in condition.findings.items()),
        key=lambda item: (groups.index(item[0].group), -link_probability(item[1]), item[0].id),
    )
    return Table(
        (Column("finding"), Column("how often"), Column("meaning", flexible=True)),
        [(Span(finding.id, "name"), line(frequency_text(link), mark(link.sources)), f"{finding.label}{_aside(link.note)}")
         for finding, link in ordered],
    )  # fmt: skip


def _patients(knowledge: KnowledgeBase, condition: Condition) -> list[Row]:
    age, women, sites = condition.age, condition.women, condition.sites
    years = "median {1:g} years, nine in ten between {0:g} and {2:g}".format(*age.percentiles)
    shares = sorted(sites.shares.items(), key=lambda item: -item[1])
    judged = sorted(condition.estimates.items(), key=lambda item: -item[1])
    unlisted = [f"{finding} {percent(share)}" for finding, share in judged if finding not in condition.findings]
    return [
        ("Age", line(f"{years}{_aside(age.note)}", mark(age.sources))),
        ("Women", line(f"{percent(women.share)}{_aside(women.note)}", mark(women.sources))),
        ("Sites", ", ".join(f"{knowledge.findings[site].label} {percent(share)}{' (counted)' if site in sites.counted else ''}"
                            for site, share in shares)),
        ("Estimates", ", ".join(unlisted)),
        ("", Span("Sites that are not counted, and estimates, are judgement: no source gives them.", "dim")),
    ]  # fmt: skip


def _words(condition: Condition) -> Facts:
    words = condition.words
    kinds = [("Usual words", words.usual), ("Frequent ones", words.often)]
    why = Span("Words of descriptions, which count where a sentence is read; background knowledge.", "dim")
    return Facts([*kinds, ("", why)] if words.usual or words.often else [])


def _aside(words: str) -> str:
    return f" ({words.rstrip('.')})" if words else ""


def _family(knowledge: KnowledgeBase, family: Any, _everything: bool, page: Page) -> None:
    page.add(Paragraph(line(family.text, mark(family.sources))))
    page.section("Which one", _causes(knowledge.conditions[member] for member in family.members))


def _finding(knowledge: KnowledgeBase, finding: Finding, everything: bool, page: Page) -> None:
    narrower = sorted(f.id for f in knowledge.findings.values() if finding.id in f.is_a)
    also = finding.aliases if everything else finding.aliases[:8]
    if finding.red_flag:
        page.add(Paragraph(danger_line(knowledge, finding.red_flag)))
    page.add(Facts([
        ("Means", finding.definition),
        ("Flag", f"--{finding.id}, absent: --no-{finding.id}"),
        ("Group", f"{knowledge.groups[finding.group].title}; got {EFFORTS[finding.how]}"),
        ("Wider", ", ".join(finding.is_a)),
        ("Narrower", line(", ".join(narrower[:4]), spare(2, *(f", {child}" for child in narrower[4:])))),
        ("Base rate", line(f"{percent(finding.base_rate)} of films on which the question arises",
                           spare(4, f" (estimate: {finding.base_rate_why})"))),
        _codes(finding.codes),
        ("Also said", spare(5, ", ".join(also))),
    ]))  # fmt: skip
    page.section(ERRORS, _items(note, finding.notes))
    linked = sorted(
        ((c, c.findings[finding.id]) for c in knowledge.conditions.values() if finding.id in c.findings),
        key=lambda pair: (-link_probability(pair[1]), pair[0].id),
    )
    if not linked:
        page.add(Gap(1), Paragraph(
            "No cause lists it by itself; it counts through estimates, what is wider or narrower, sites, age and sex."
        ))  # fmt: skip
        return
    rows = []
    for place, (cause, link) in enumerate(linked if everything else linked[:CAUSES_SHORT]):
        name, often = Span(cause.id, kind_style(knowledge, cause.type)), line(frequency_text(link), mark(link.sources))
        cells = name, often, spare(6, cause.name)
        rows.append([spare(0 if place < 3 else 1, cell) for cell in cells])
    columns = (Column("cause"), Column("how often"), Column("name", flexible=True, spare=True))
    page.section(f"Causes that show it ({len(linked)})", Table(columns, rows))


def _topic(_knowledge: KnowledgeBase, topic: Any, _everything: bool, page: Page) -> None:
    page.add(_items(say, topic.statements))


def _source(knowledge: KnowledgeBase, source: Any, everything: bool, page: Page) -> None:
    from calcref.knowledge.citing import cited_by

    page.add(Facts([
        ("Who", source.authors or source.publisher or "not named"), ("Year", str(source.year or "not given")),
        ("Where", source.publisher or "not given"), ("Kind", kind_of(source)),
        ("DOI", source.doi), ("PMID", source.pmid), ("Address", source.url),
    ]))  # fmt: skip
    uses = cited_by(knowledge, source.id)
    page.section("Cited once" if len(uses) == 1 else f"Cited {len(uses)} times", Items(uses if everything else uses[:CITED_SHORT]))


_WRITERS: dict[str, Callable[[KnowledgeBase, Any, bool, Page], None]] = {
    "types": _type, "conditions": _condition, "families": _family, "findings": _finding, "topics": _topic, "sources": _source,
}  # fmt: skip

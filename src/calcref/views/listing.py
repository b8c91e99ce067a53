"""Pages that list: types, conditions, findings, mnemonics, sources, topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calcref.errors import NotFoundError, UsageError
from calcref.model import EFFORTS
from calcref.names import did_you_mean, nearest, resolve

from .page import Citations, Column, Gap, Page, Paragraph, Span, Table, full, kind_style, line

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.model import Type


def share_text(kind: Type) -> str:
    """Return the published share of a type in a few characters."""
    share = kind.share
    return f"{share.low:g}-{share.high:g} %" if share.low is not None and share.high is not None else "not given"


def types(knowledge: KnowledgeBase) -> Page:
    """Return the page of the types with share, look and number of causes."""
    cite = Citations(knowledge)
    page = Page()
    rows = [
        (
            line(Span(kind.id, kind_style(knowledge, kind.id))),
            line(share_text(kind), *([cite.mark(kind.share.sources)] if kind.share.sources else [])),
            line(str(len(knowledge.conditions_of[kind.id]))),
            line(kind.look),
        )
        for kind in knowledge.types.values()
    ]
    page.add(Table((Column("type"), Column("share"), Column("causes", right=True), Column("looks like", flexible=True)), rows))
    cautions = {note.text: note for kind in knowledge.types.values() for note in kind.notes if note.kind == "caution"}
    first = next(iter(cautions.values()), None)
    if first:
        page.add(Gap(), Paragraph(cite.note(first)))
    page.add(Gap(), *cite.foot(short=True))
    return page


def find_type(knowledge: KnowledgeBase, name: str | None) -> str | None:
    """Return the id of the type called `name`.

    Raises:
        NotFoundError: when there is none.
    """
    return resolve(knowledge, name, ("types",)).id if name else None


def find_group(knowledge: KnowledgeBase, name: str | None) -> str | None:
    """Return the id of the group of findings called `name`.

    Raises:
        NotFoundError: when there is none.
    """
    if name is None or name in knowledge.groups:
        return name
    hint = did_you_mean(nearest(name.lower(), knowledge.groups)) or f"The groups: {', '.join(knowledge.groups)}"
    raise NotFoundError(f"There is no group {name!r}.", hint)


def conditions(knowledge: KnowledgeBase, kind: str | None) -> Page:
    """Return the page of the conditions, of one type or of all."""
    rows = [
        (
            line(Span(condition.id, kind_style(knowledge, condition.type))),
            line(condition.type),
            line(condition.commonness),
            line(Span("dangerous", "danger") if condition.red_flag and not condition.red_flag.when
                 else "dangerous if" if condition.red_flag else ""),
            line(condition.name),
        )
        for condition in knowledge.conditions.values()
        if kind in (None, condition.type, *condition.also_types)
    ]  # fmt: skip
    columns = (Column("id"), Column("type", spare=True), Column("how common", spare=True), Column("", spare=True),
               Column("name", flexible=True))  # fmt: skip
    return Page([Table(columns, rows)])


def findings(knowledge: KnowledgeBase, group: str | None) -> Page:
    """Return the page of the findings, of one group or of all, group by group."""
    rows = [
        (line(Span(f"--{finding.id}", "name")), line(name), line(EFFORTS[finding.how]), line(finding.definition))
        for name in knowledge.groups
        if group in (None, name)
        for finding in knowledge.findings.values()
        if finding.group == name
    ]
    columns = (Column("flag"), Column("group", spare=True), Column("got", spare=True), Column("meaning", flexible=True))
    return Page([Table(columns, rows)])


def mnemonics(knowledge: KnowledgeBase) -> Page:
    """Return the page of the mnemonics."""
    rows = [(line(Span(item.id, "name")), line(item.word), line(item.helps_with)) for item in knowledge.mnemonics.values()]
    return Page([Table((Column("id"), Column("word"), Column("recalls", flexible=True)), rows)])


def sources(knowledge: KnowledgeBase) -> Page:
    """Return the page of the sources."""
    rows = [(line(Span(source.id, "name")), line(full(source))) for source in knowledge.sources.values()]
    return Page([Table((Column("id"), Column("source", flexible=True)), rows)])


def topics(knowledge: KnowledgeBase) -> Page:
    """Return the page of the topics."""
    rows = [(line(Span(topic.id, "name")), line(topic.title)) for topic in knowledge.topics.values()]
    return Page([Table((Column("id"), Column("topic", flexible=True)), rows)])


LISTS = {
    "types": "the types with their share",
    "conditions": "the causes",
    "findings": "what can be seen, asked or measured",
    "mnemonics": "words to remember by",
    "topics": "general knowledge",
    "sources": "where it all comes from",
}


def find_list(what: str | None, kind: str | None, group: str | None) -> str:
    """Return which list is meant: what was asked for, or what the narrowing option can only mean.

    Raises:
        NotFoundError: when there is no such list.
        UsageError: when the list cannot be narrowed so.
    """
    name = (what or ("conditions" if kind else "findings" if group else "types")).lower()
    name = name if name in LISTS else f"{name}s"
    if name not in LISTS:
        raise NotFoundError(
            f"There is no list of {what!r}.", did_you_mean(nearest(name, LISTS)) or f"The lists: {', '.join(LISTS)}"
        )
    if kind and name != "conditions":
        raise UsageError(f"--type does not narrow a list of {name}.", "It narrows: calcref list conditions --type TYPE")
    if group and name != "findings":
        raise UsageError(f"--group does not narrow a list of {name}.", "It narrows: calcref list findings --group GROUP")
    return name


def records(knowledge: KnowledgeBase, section: str, kind: str | None, group: str | None) -> list[Any]:
    """Return the records of a list, narrowed to a type or a group of findings."""
    return [
        record
        for record in getattr(knowledge, section).values()
        if (kind is None or kind in (record.type, *record.also_types)) and (group is None or record.group == group)
    ]


def page_of(knowledge: KnowledgeBase, section: str, kind: str | None, group: str | None) -> Page:
    """Return the page of a list."""
    if section == "conditions":
        return conditions(knowledge, kind)
    if section == "findings":
        return findings(knowledge, group)
    return {"types": types, "mnemonics": mnemonics, "topics": topics, "sources": sources}[section](knowledge)

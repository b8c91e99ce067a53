"""Pages that list: types, conditions, findings, mnemonics, sources, topics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from calcref.errors import NotFoundError, UsageError
from calcref.knowledge.model import EFFORTS
from calcref.knowledge.names import did_you_mean, nearest, resolve

from .page import Column, Foot, Gap, Page, Paragraph, Span, Table, Words, full, kind_style, line, mark, note

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition, Type

LISTS = {
    "types": "the types with their share", "conditions": "the causes", "findings": "what can be seen, asked or measured",
    "mnemonics": "words to remember by", "topics": "general knowledge", "sources": "where it all comes from",
}  # fmt: skip


def share_text(kind: Type) -> str:
    """Return the published share of a type in a few characters."""
    share = kind.share
    return f"{share.low:g}-{share.high:g} %" if share.low is not None and share.high is not None else "not given"


def _type(knowledge: KnowledgeBase, kind: Type) -> Sequence[Words]:
    share = line(share_text(kind), *([mark(kind.share.sources)] if kind.share.sources else []))
    return Span(kind.id, kind_style(knowledge, kind.id)), share, str(len(knowledge.conditions_of[kind.id])), kind.look


def _condition(knowledge: KnowledgeBase, condition: Condition) -> Sequence[Words]:
    flag = condition.red_flag
    danger = ("dangerous if" if flag.when else "dangerous") if flag else ""
    name = Span(condition.id, kind_style(knowledge, condition.type))
    return name, condition.type, condition.commonness, Span(danger, "danger"), condition.name


_ROWS: dict[str, Callable[[KnowledgeBase, Any], Sequence[Words]]] = {
    "types": _type,
    "conditions": _condition,
    "findings": lambda _, finding: (Span(f"--{finding.id}", "name"), finding.group, EFFORTS[finding.how], finding.definition),
    "mnemonics": lambda _, item: (Span(item.id, "name"), item.word, item.helps_with),
    "topics": lambda _, topic: (Span(topic.id, "name"), topic.title),
    "sources": lambda _, source: (Span(source.id, "name"), full(source)),
}
_COLUMNS = {
    "types": (Column("type"), Column("share", right=True), Column("causes", right=True), Column("looks like", flexible=True)),
    "conditions": (Column("id"), Column("type"), Column("how common"), Column(""), Column("name", flexible=True)),
    "findings": (Column("flag"), Column("group"), Column("got"), Column("meaning", flexible=True)),
    "mnemonics": (Column("id"), Column("word"), Column("recalls", flexible=True)),
    "topics": (Column("id"), Column("topic", flexible=True)),
    "sources": (Column("id"), Column("source", flexible=True)),
}  # fmt: skip


def page_of(knowledge: KnowledgeBase, section: str, kind: str | None = None, group: str | None = None) -> Page:
    """Return the page of a list."""
    rows = [_ROWS[section](knowledge, record) for record in records(knowledge, section, kind, group)]
    page = Page([Table(_COLUMNS[section], rows)])
    if section == "types":
        cautions = [item for kind in knowledge.types.values() for item in kind.notes if item.kind == "caution"]
        page.add(
            *(block for item in cautions[:1] for block in (Gap(), Paragraph(note(item)))), Gap(), Foot(knowledge.sources, True)
        )
    return page


def records(knowledge: KnowledgeBase, section: str, kind: str | None, group: str | None) -> list[Any]:
    """Return the records of a list, narrowed to a type or a group of findings; findings stand group by group."""
    found = [
        record
        for record in getattr(knowledge, section).values()
        if (kind is None or kind in (record.type, *record.also_types)) and (group is None or record.group == group)
    ]
    groups = list(knowledge.groups)
    return sorted(found, key=lambda finding: groups.index(finding.group)) if section == "findings" else found


def find_type(knowledge: KnowledgeBase, name: str | None) -> str | None:
    """Return the id of the type called `name`.

    Raises:
        NotFoundError: when there is none.
        UsageError: when it is the name of something else.
    """
    return None if name is None else resolve(knowledge, name, ("types",)).id


def find_group(knowledge: KnowledgeBase, name: str | None) -> str | None:
    """Return the id of the group of findings called `name`.

    Raises:
        NotFoundError: when there is none.
    """
    if name is None or name in knowledge.groups:
        return name
    hint = did_you_mean(nearest(name.lower(), knowledge.groups)) or f"The groups: {', '.join(knowledge.groups)}"
    raise NotFoundError(f"There is no group {name!r}.", hint)


def find_list(what: str | None, kind: str | None, group: str | None) -> str:
    """Return which list is meant: what was asked for, or what the narrowing option can only mean.

    Raises:
        UsageError: when there is no such list, or it cannot be narrowed so.
    """
    name = (what or ("conditions" if kind else "findings" if group else "types")).lower()
    name = name if name in LISTS else f"{name}s"
    if name not in LISTS:
        raise UsageError(f"There is no list of {what!r}.", did_you_mean(nearest(name, LISTS)) or f"The lists: {', '.join(LISTS)}")
    for option, value, narrowed in (("type", kind, "conditions"), ("group", group, "findings")):
        if value and name != narrowed:
            hint = f"It narrows: calcref list {narrowed} --{option} {option.upper()}"
            raise UsageError(f"--{option} does not narrow a list of {name}.", hint)
    return name

"""Names as people type them: folded for case, spacing, accents, plural and British or American spelling, and looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from calcref.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from .base import KnowledgeBase
    from .model import Source

NEAREST = 5
"""How many near misses are offered."""

_BRITISH = (
    (re.compile("ae|oe"), "e"),
    (re.compile(r"(?<=[a-z]{2})our"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=(e|ed|ing|ation)\b)"), "iz"),
)
_RE_ENDING = re.compile(r"(?<=[bt])re\b")
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<![sui])s\b")
_WORD = re.compile(r"\d+[.,]\d+|[^\W_]+(?:['\u2019][^\W_]+)*")
_CONTRACTED = re.compile(
    r"\b(ca|wo|is|are|was|were|does|do|did|has|have|had|could|would|should)n['\u2019]?t\b|\bcan not\b", re.IGNORECASE
)

SHORTEST_WORD = 3
"""Letters of a word that is counted: shorter ones are grammar, or stand for too much."""


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return `text` in the form in which names are compared: spelling, case, hyphens, accents and plural do not count."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = " ".join(re.split(r"[\W_]+", text.casefold())).strip()
    for pattern, american in _BRITISH:
        text = pattern.sub(american, text)
    return _RE_ENDING.sub("er", _PLURAL.sub("", text))


def uncontracted(text: str) -> str:
    """Return a text with each 'not' as a word of its own, in "isn't" as in "isnt"; "can't" is 'cannot'."""
    return _CONTRACTED.sub(lambda found: f"{found.group(1)} not" if (found.group(1) or "ca").lower() not in ("ca", "wo") else
                           "will not" if (found.group(1) or "").lower() == "wo" else "cannot", text)  # fmt: skip


def words_of(text: str) -> list[str]:
    """Return the words of a phrase in lower case, parted at hyphens and blanks."""
    return _WORD.findall(uncontracted(text.lower()))


class Entry(NamedTuple):
    """Something that has a page: its section in the knowledge base, its id and its name."""

    section: str
    id: str
    name: str


KINDS = {
    "types": "type", "conditions": "cause", "families": "family", "findings": "finding", "mnemonics": "mnemonic", "topics": "topic",
    "sources": "source",
}  # fmt: skip
"""What a record of each section that a name may lead to is called."""

SECTIONS = tuple(KINDS)
"""These sections in order: where two share an id, the earlier one has the page and points at the other."""


def title(record: object) -> str:
    """Return the name by which a record goes, whatever its kind calls it."""
    for attribute in ("name", "label", "word", "title"):
        value = getattr(record, attribute, None)
        if value:
            return str(value)
    raise TypeError(f"{record!r} has no name")


def brief(source: Source) -> str:
    """Return a source as it is cited: author (or publisher) and year."""
    authors = source.authors.split(" (")[0].split(",")
    if source.authors:
        who = authors[0].removesuffix(" et al.").removesuffix(" et al").rsplit(" ", 1)[0]
        who += " et al." if len(authors) > 1 or "et al" in source.authors else ""
    else:
        who = re.split(r",| \(| \d+[(:]", source.publisher or source.title)[0]
    year = str(source.year or "")
    return f"{who} {year}".strip() if year not in who else who


NAMES = "(names)"
"""The line of an index that has the folded names of all records."""


Forms = tuple[str, str, list[str], list[str]]
"""The id and the name of a record, the folded id and names, and the folded aliases."""


def folded(knowledge: KnowledgeBase, section: str) -> list[Forms]:
    """Return the folded names of all records of a section, as an index keeps them."""

    def forms(record: Any) -> Forms:
        name, aliases = title(record), (*getattr(record, "aliases", ()), *getattr(record, "replaces", ()))
        own = (record.id, name, *([brief(record)] if section == "sources" else []))
        return record.id, name, list(dict.fromkeys(map(fold, own))), list(dict.fromkeys(map(fold, aliases)))

    return [forms(record) for record in getattr(knowledge, section).values()]


def names_of(knowledge: KnowledgeBase, sections: Iterable[str] = SECTIONS) -> dict[str, list[Entry]]:
    """Return every folded id, name and alias with the entries that it may mean, those that a reader rather means first.

    An id or a name wins over an alias, and both over the title of a source, which is often the name of what it is about.
    """
    exact: dict[str, list[Entry]] = {}
    alias: dict[str, list[Entry]] = {}
    cited: dict[str, list[Entry]] = {}
    stored: Mapping[str, list[Forms]] | None = knowledge.line(NAMES)
    for section in sections:
        for key, name, own, others in folded(knowledge, section) if stored is None else stored[section]:
            entry = Entry(section, key, name)
            for word in own:
                (cited if section == "sources" else exact).setdefault(word, []).append(entry)
            for word in others:
                alias.setdefault(word, []).append(entry)
    ordered = {**exact, **alias, **cited}  # in this order near names are offered
    return ordered | alias | exact


def nearest(word: str, candidates: Iterable[str], count: int = NEAREST) -> list[str]:
    """Return the candidates that `word` most likely meant: those that have it as a word, or begin one with it, first, then by spelling."""
    import difflib

    pool = list(dict.fromkeys(candidates))
    if not word:
        return []
    within = [name for name in pool if f" {word}" in f" {name}" and (len(word) > 3 or name.startswith(word))]
    within.sort(key=lambda name: (f" {word} " not in f" {name} ", len(name)))
    alike = difflib.get_close_matches(word, pool, n=count, cutoff=0.72)
    return list(dict.fromkeys([*within, *alike]))[:count]


def resolve(knowledge: KnowledgeBase, name: str, sections: Sequence[str] = SECTIONS) -> Entry:
    """Return the entry that `name` stands for: an id, a name, a former id or an alias, in any case and spelling.

    Raises:
        NotFoundError: when nothing has that name (with the nearest names) or several have it (with the choices).
        UsageError: when it is the name of something else than the sections have.
    """
    for section in sections:
        record = getattr(knowledge, section).get(name)
        if record is not None:
            return Entry(section, record.id, title(record))
    names = names_of(knowledge, sections)
    entries = names.get(fold(name))
    if entries:
        choosable = {entry for entry in entries if entry.section == entries[0].section}
        if len(choosable) == 1:
            return entries[0]
        choices = ", ".join(sorted({entry.id for entry in entries}))
        raise NotFoundError(f"{name!r} may mean several entries.", f"Choose one: {choices}")
    for other in names_of(knowledge).get(fold(name), ())[:1]:
        wanted = " or ".join(KINDS[section] for section in sections)
        offered = did_you_mean(names[longer][0].id for longer in nearest(fold(name), names, 8 * NEAREST) if fold(name) in longer)
        about = f"{offered} About {name!r}: calcref show {other.id}".strip()
        raise UsageError(f"{name!r} is a {KINDS[other.section]} and no {wanted}.", about)
    near = sorted((names[word][0] for word in nearest(fold(name), names, 8 * NEAREST)), key=lambda each: each.section == "sources")
    offered = did_you_mean(each.id for each in near)
    elsewhere = f"list {sections[0]}" if sections != SECTIONS else f"search {name[:60]!r}"
    raise NotFoundError(f"Nothing is called {name!r}.", f"{offered} See also: calcref {elsewhere}".strip())


def cause_of(knowledge: KnowledgeBase, name: str) -> str:
    """Return the id of the condition that `name` stands for.

    Raises:
        UsageError: when it is the name of something else.
        NotFoundError: when nothing has that name, or several conditions do.
    """
    entry = resolve(knowledge, name, ("conditions", "families"))
    if entry.section == "families":
        raise NotFoundError(f"{name!r} may mean several causes.", f"Choose one: {', '.join(knowledge.families[entry.id].members)}")
    return entry.id


def did_you_mean(near: Iterable[str]) -> str:
    """Return the hint that offers near misses, or an empty string when there is none."""
    offered = list(dict.fromkeys(near))[:NEAREST]
    return f"Did you mean {' or '.join(offered)}?" if offered else ""


def other_pages(knowledge: KnowledgeBase, entry: Entry) -> list[Entry]:
    """Return the entries of other sections that share the id of `entry`."""
    return [
        Entry(section, entry.id, title(getattr(knowledge, section)[entry.id]))
        for section in SECTIONS
        if section != entry.section and entry.id in getattr(knowledge, section)
    ]


def near_findings(knowledge: KnowledgeBase, word: str, count: int = NEAREST) -> str:
    """Return the hint that offers the findings whose names come nearest to a word."""
    names = finding_names(knowledge)
    return did_you_mean(names[near][0].id for near in nearest(fold(word), names, count))


@lru_cache(maxsize=4)
def finding_names(knowledge: KnowledgeBase) -> Mapping[str, list[Entry]]:
    """Return every folded name of a finding with what it may mean."""
    return names_of(knowledge, ("findings",))

"""A record to fill in, made from the fields of the model and from what the loaded knowledge base usually says there.

Texts say what belongs there, with an example; numbers, classes and references are the usual ones of the knowledge base, so that
the skeleton is valid before anything is filled in. It is a JSON merge patch (RFC 7396) over that knowledge base.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from calcref.errors import KnowledgeError, UsageError
from calcref.knowledge.model import Condition, Finding, Link, Record, Source, Topic, Words, defaults
from calcref.knowledge.names import fold, names_of
from calcref.knowledge.records import SECTION_KINDS

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase

KINDS: Mapping[str, tuple[str, type[Record]]] = {
    "condition": ("conditions", Condition), "finding": ("findings", Finding), "source": ("sources", Source),
}  # fmt: skip
"""What can be made anew: its section and its record."""

TO_FILL_IN = "To fill in: "
"""What every text of a skeleton begins with."""

WANTED: Mapping[type[Record], Sequence[str]] = {Condition: ("words",), Words: ("usual", "often")}
"""Fields that may be missing and should not be: without words of its own a cause is hardly found by a sentence."""

EXAMPLE = 90
"""Characters of the example of a text."""


def skeleton(knowledge: KnowledgeBase, kind: str, name: str) -> dict[str, Any]:
    """Return a merge patch that adds a record of a kind under the id `name`, with what it takes to be valid.

    Raises:
        UsageError: for an unknown kind or an id that is not well formed.
        KnowledgeError: when the id is taken, or is another name of a record.
    """
    from calcref.knowledge.validation import OPTIONS, is_id

    if kind not in KINDS:
        raise UsageError(f"{kind!r} cannot be made anew.", f"One of: {', '.join(KINDS)}")
    section, record = KINDS[kind]
    if not is_id(name) or (section == "findings" and (name.startswith("no-") or name in OPTIONS)):
        remedy = "Use up to 60 lower case letters and digits, in words joined by -; for a finding no option, and nothing with no-."
        raise UsageError(f"{name!r} cannot be the id of a {kind}.", remedy)
    taken = names_of(knowledge, (section,)).get(fold(name))
    if taken:
        raise KnowledgeError(f"There is a {kind} of that name: {taken[0].id}.", f"See it with calcref show {taken[0].id}")

    def filled(section: str, kind: type[Record], what: str) -> Any:
        examples = list(getattr(knowledge, section).values())
        if section == "findings":  # how it is got has to go with its group
            usual = statistics.mode(finding.group for finding in examples)
            examples = [finding for finding in examples if finding.group == usual]
        return _made(knowledge, kind, examples, what)

    patch = {section: {name: filled(section, record, name)}}
    if section == "conditions":  # it has to rest on something
        source = f"{name[:50].rstrip('-')}-source"
        patch["conditions"][name]["summary"]["sources"] = [source]
        if source not in knowledge.sources:
            patch["sources"] = {source: filled("sources", Source, source)}
    elif section == "findings":  # some condition has to show it
        links = [link for condition in knowledge.conditions.values() for link in condition.findings.values()]
        link = _made(knowledge, Link, links, name)
        patch["conditions"] = {next(iter(knowledge.conditions)): {"findings": {name: link}}}
    else:  # something has to rest on it
        topic = filled("topics", Topic, name)
        topic["statements"][0]["sources"] = [name]
        patch["topics"] = {f"{name[:50].rstrip('-')}-says": topic}
    return patch


def _made(knowledge: KnowledgeBase, kind: Any, examples: Sequence[Any], what: str) -> Any:
    """Return a value of a type as JSON: the usual one among `examples`, or a text that says `what` to fill in."""
    origin, inside = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Record):
        record: Any = kind
        optional = set(defaults(record)).difference(WANTED.get(record, ()))
        # The words of another cause would be counted for this one.
        given = {
            name: [] if record is Words else [getattr(each, name) for each in examples] for name in record.__dataclass_fields__
        }
        return {
            name: _made(knowledge, part, given[name], what if name == "text" else f"{name} of {what}")
            for name, part in get_type_hints(record).items()
            if name in given and name not in optional
        }
    if origin is tuple and inside[-1] is Ellipsis:
        return [_made(knowledge, inside[0], [item for example in examples for item in example], what)]
    if origin is tuple:
        return [_made(knowledge, part, column, what) for part, column in zip(inside, zip(*examples, strict=True), strict=True)]
    if origin is Mapping:
        keys = [key for example in examples for key in example]
        values = [value for example in examples for value in example.values()]
        return {statistics.mode(keys): _made(knowledge, inside[1], values, what)} if keys else {}
    if kind in (int, float):
        return statistics.median_low(examples)
    if kind is not str or (examples and any(set(examples) <= getattr(knowledge, section).keys() for section in SECTION_KINDS)):
        return statistics.mode(examples)
    example = f", such as: {shorten(examples[0], EXAMPLE, placeholder=' ...')}" if examples else ""
    return f"{TO_FILL_IN}{what}{example}"

"""The gate of the knowledge base: strict JSON, the shape by pydantic, and the cross-checks that a shape cannot express.

Every fault is a `Problem` with the path to the value, what is wrong, and the remedy. Nothing that has one is ever shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from reprlib import repr
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from .base import KnowledgeBase
from .citing import all_citations, citations
from .model import FREQUENCY_RANGE, OLDEST, Commonness, Contents
from .names import fold, words_of
from .records import SECTION_KINDS
from .strict_json import MOST_VALUES, parse, texts

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*|[0-9][a-z0-9]*(-[a-z0-9]+)+")
LONGEST_ID = 60
"""Characters of an id."""

OPTIONS = frozenset("age sex top prior why steady style full json plain pager help kb kb-only".split())
"""Options of the commands that take findings as flags, so that no finding may have their name."""

UNFIT = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
"""What no text of ours has: control characters, those that turn the direction of writing, halves of a character."""

MOST_FAULTS = 10_000
"""Faults of shape that are told one by one; beyond, the file is another thing than a knowledge base."""

MOST_RECORDS = 50_000
"""Records of a section; fifty times what the shipped file has of any."""

DEEPEST_KINSHIP = 30
"""Findings that may stand above one another."""

DANGLING = "Correct the id, add the record, or remove what names it as well (null in a layer)."
"""What to do about a reference that leads nowhere."""

ROUNDING = 0.02
"""How far a counted share may lie outside its class: classes are rounded to whole per cents, and small counts jump."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault: the path to it, what is wrong, and what to do."""

    where: str
    what: str
    remedy: str = ""


def with_ids(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a parsed file in which every keyed record carries its key as `id`."""
    result = {key: value for key, value in raw.items() if key != "$schema"}
    for section in SECTION_KINDS:
        records = result.get(section)
        if isinstance(records, dict):
            result[section] = {
                key: {**record, "id": key} if isinstance(record, dict) else record for key, record in records.items()
            }
    return result


@cache
def adapter() -> TypeAdapter[Contents]:
    """Return the pydantic validator of a whole knowledge base."""
    return TypeAdapter(Contents)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a knowledge base file, in which a record's id is its key and so no field."""
    result = adapter().json_schema()
    for definition in result.get("$defs", {}).values():
        definition.get("properties", {}).pop("id", None)
    result["properties"]["$schema"] = {"type": "string"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A calcref knowledge base", **result}


def check_bytes(data: bytes, most: int | None = MOST_VALUES) -> tuple[Contents | None, list[Problem]]:
    """Validate a file's content in full, of `most` values at most. Return its records, or None and the faults."""
    try:
        raw = parse(data, most)
    except ValueError as error:
        return None, [Problem("(file)", f"{error}.", "Repair the JSON.")]
    return check_raw(raw)


def check_raw(raw: Any) -> tuple[Contents | None, list[Problem]]:
    """Validate a parsed file in full. Return its records, or None and the faults."""
    if not isinstance(raw, dict):
        return None, [Problem("(file)", "the file is not a JSON object.", "Start from the schema: calcref schema")]
    unfit = next(filter(re.compile(UNFIT).search, texts(raw)), None)
    if unfit is not None:
        return None, [Problem("(file)", f"a character that cannot be shown in {unfit[:60]!a}.", "Remove it.")]
    sections = {section: raw[section] for section in SECTION_KINDS if isinstance(raw.get(section), dict)}
    problems = [
        Problem(section, f"{len(records):,} records are too many.", f"Keep it to {MOST_RECORDS:,}.")
        for section, records in sections.items()
        if len(records) > MOST_RECORDS
    ]
    if problems:
        return None, problems
    problems = [
        Problem(f"{section}.{key}", "the record carries an 'id'; its key is its id.", "Remove the field.")
        for section, records in sections.items()
        for key, record in records.items()
        if isinstance(record, dict) and "id" in record
    ]
    try:
        contents = adapter().validate_python(with_ids(raw))
    except ValidationError as error:
        return None, problems + list(_shape_problems(error))
    knowledge = KnowledgeBase(contents, "")
    for rule in RULES:
        problems += rule(knowledge)
    problems = problems or list(findings_are_used(knowledge))  # it follows kinship, which has to be sound
    return (None if problems else contents), problems


def _shape_problems(error: ValidationError) -> Iterator[Problem]:
    if error.error_count() > MOST_FAULTS:
        remedy = "Compare a record with what calcref new prints, and the file with calcref schema."
        yield Problem("(file)", f"{error.error_count():,} values are not what they should be.", remedy)
        return
    for fault in error.errors(include_url=False):
        where = ".".join(str(part) for part in fault["loc"] if part != "[key]") or "(file)"
        if fault["type"] == "missing":
            yield Problem(where, "this field is missing.", "Add it.")
        elif fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
            yield Problem(where, "this field is not known.", "Remove it, or look up the right name: calcref schema")
        elif fault["type"] == "literal_error":
            yield Problem(where, f"{repr(fault['input'])} is not one of {fault['ctx']['expected']}.", "Use one of them.")
        else:
            said = f"{fault['msg'][:1].lower()}{fault['msg'][1:]}"
            yield Problem(where, f"{repr(fault['input'])}: {said}.", "See the schema: calcref schema")


def _at(value: Any, path: Sequence[str], where: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (path, value) of all that a path leads to, in which * is every key or place."""
    if not path:
        yield where, value
    elif value is not None:
        inside = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, tuple) else ()
        for key, item in inside if path[0] == "*" else [(path[0], getattr(value, path[0]))]:
            yield from _at(item, path[1:], f"{where}.{key}".lstrip("."))


REFERENCES = {
    "findings.*.group": "groups", "findings.*.is_a": "findings", "types.*.drawn_as": "drawings",
    "conditions.*.type": "types", "conditions.*.also_types": "types", "conditions.*.tell_apart": "conditions",
    "conditions.*.findings": "findings", "conditions.*.estimates": "findings", "conditions.*.sites.shares": "findings",
    "conditions.*.sites.counted": "findings",
    **{f"{section}.*.red_flag.{name}": "findings" for section in ("conditions", "findings") for name in ("when", "urgent_when", "unless")},
    "mnemonics.*.letters.*.points_at": "conditions", "families.*.members": "conditions",
    "language.one": "findings", "language.not_one": "findings", "language.many": "findings", "language.several": "findings", "language.both": "findings",
    "language.beside_what": "findings", "language.beside_means": "findings", "language.large": "findings", "language.kept": "findings",
    "language.grown": "findings", "language.one_sided": "findings",
    "language.without": "findings", "language.without.*": "findings", "language.sound.*": "findings",
    "language.broad_means": "findings", "language.long_ago": "findings", "language.long_ago.*": "findings",
    "language.lately": "findings", "language.lately.*": "findings",
    "language.in_infancy": "findings", "language.in_infancy.*": "findings",
    "laboratory.*.below": "findings", "laboratory.*.within": "findings", "laboratory.*.above": "findings",
    "laboratory.*.instead_of": "laboratory", "laboratory.*.at_least": "findings", "laboratory.*.at_most": "findings",
}  # fmt: skip
"""Where ids stand, as a text, a list or the keys of an object, and the section that has to have them."""


VALUES: Sequence[tuple[str, Callable[[Any], object], str, str]] = (
    *((path, lambda share: 0 <= share <= 1, "{} is not between 0 and 1.", "Give a share.") for path in (
        "conditions.*.women.share", "conditions.*.sites.elsewhere", "conditions.*.sites.shares.*", "conditions.*.estimates.*",
    )),
    *((f"parameters.{name}", holds, "the ranking cannot work with this value.", remedy) for name, holds, remedy in (
        ("temperature", lambda value: value > 0, "Give a number above 0."),
        ("wording", lambda share: 0 <= share <= 1, "Give a share."),
        ("damping", lambda value: value >= 0, "Give 0 or a number above it."),
        ("clip", lambda value: value > 0, "Give a number above 0."),
        ("surprise", lambda share: 0 <= share < 1, "Give a share below 1."),
        ("women_population", lambda share: 0 < share < 1, "Give a share between 0 and 1."),
        ("age_population", lambda ages: 0 <= ages[0] < ages[1] < ages[2] <= OLDEST, "Give three ages in rising order."),
        ("commonness", lambda weights: set(weights) == set(get_args(Commonness)), "Give each class a weight."),
        ("commonness.*", lambda weight: weight > 0, "Give weights above 0."),
    )),
    ("groups.*.surprise", lambda share: share is None or 0 <= share < 1, "the ranking cannot work with this value.", "Give a share below 1."),
    ("groups.*.told", lambda part: part >= 0, "the ranking cannot work with this value.", "Give a number from 0."),
    ("findings.*.told", lambda part: part >= 0, "the ranking cannot work with this value.", "Give a number from 0."),
    ("findings.*.base_rate", lambda share: 0 < share < 1, "{} is not between 0 and 1.", "Give a share."),
    ("conditions.*.age.percentiles", lambda ages: 0 <= ages[0] <= ages[1] <= ages[2] <= OLDEST,
     "not three ages in rising order.", "Give the 5th, 50th and 95th percentile."),
    ("types.*.share", lambda share: 0 < share.used < 100 and (None in (share.low, share.high) or share.low <= share.used <= share.high),
     "outside the published range, or not a per cent.", "Choose a value inside."),
    ("types.*.share.described", lambda share: share is None or 0 < share < 100, "{} is not a per cent.", "Give one between 0 and 100."),
    ("types", lambda types: sum(kind.share.described or 0 for kind in types.values()) < 100 and not all(kind.share.described for kind in types.values()),
     "the shares once something is described leave nothing for the others.", "Lower them, or leave some out."),
    ("about.evaluation.*", lambda trial: 0 <= trial.top_1 <= trial.top_3 <= trial.cases and 0 <= trial.type_top_1 <= trial.cases > 0,
     "the counts do not fit together.", "Count again with its command."),
    ("conditions.*.findings", bool, "a condition without findings cannot be ranked.", "Add findings."),
    ("conditions.*.pitfalls", bool, "a condition without a pitfall.", "Say what it is mistaken for."),
    *((f"{section}.*.red_flag", lambda flag: not flag or (flag.why.strip() and flag.sources),
       "a red flag without a reason or without a source.", "Add both.") for section in ("findings", "conditions")),
    ("conditions.*", lambda condition: any(citations(condition, "")), "a condition without any source.", "Cite one."),
    ("conditions.*", lambda condition: condition.type not in condition.also_types, "also_types repeats the type.", "Remove it."),
    ("findings.*.not_aliases.*", lambda phrase: len(words_of(phrase)) > 1, "{!r} is one word and has no effect.", "Give the words beside it too."),
    ("mnemonics.*.letters.*.points_at", bool, "the letter points at nothing.", "Name a condition."),
)  # fmt: skip
"""Where a value stands, what has to hold of it, what is wrong otherwise ({} is the value), and the remedy."""


def values_are_sound(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Shares lie between 0 and 1, ages between 0 and 120; the ranking can work with its parameters; nothing needed is empty."""
    for path, holds, what, remedy in VALUES:
        for where, value in _at(knowledge.contents, path.split(".")):
            if not holds(value):
                yield Problem(where, what.format(value), remedy)


def references_lead_somewhere(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Whatever one record says of another must name one that exists."""
    for path, section in REFERENCES.items():
        for where, value in _at(knowledge.contents, path.split(".")):
            for item in (value,) if isinstance(value, str) else value or ():
                if item not in getattr(knowledge, section) and (item or section != "drawings"):  # a type need not be drawn
                    within = f"{where}.{item}" if isinstance(value, Mapping) else where
                    yield Problem(within, f"there is no {item!r} in {section}.", DANGLING)


def ids_are_well_formed(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """An id is short, lower case and joined by hyphens, since it becomes a flag and an argument."""
    for section in SECTION_KINDS:
        records = getattr(knowledge, section)
        for key in records:
            if not is_id(key) or (section == "findings" and key.startswith("no-") and key[3:] in records):
                yield Problem(f"{section}.{key}", "the id is not well formed.", "Use lower case words joined by hyphens.")
            elif section == "findings" and key in OPTIONS:
                yield Problem(f"{section}.{key}", f"--{key} is an option and cannot be a finding's flag.", "Give it a longer id.")


def is_id(text: str) -> bool:
    """Tell whether a text is well formed as an id."""
    return bool(ID.fullmatch(text)) and len(text) <= LONGEST_ID


def sources_are_known_and_used(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """A citation names a source, and a source is cited."""
    used: set[str] = set()
    for where, source in all_citations(knowledge):
        used.add(source)
        if source not in knowledge.sources:
            yield Problem(where, f"there is no source {source!r}.", "Correct the id, or add the source.")
    for source in knowledge.sources:
        if source not in used:
            yield Problem(f"sources.{source}", "nothing cites this source.", "Cite it, or remove it.")


def kinship_has_no_circles(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """No finding is, through its parents, a kind of itself, and none has too many above it."""
    left = {finding: set(record.is_a) & knowledge.findings.keys() for finding, record in knowledge.findings.items()}
    for _ in range(DEEPEST_KINSHIP):
        top = [finding for finding, parents in left.items() if parents.isdisjoint(left)]
        if not top:
            break
        for finding in top:
            del left[finding]
    if left:
        finding = next(iter(left))
        above: set[str] = set()
        while finding not in above:
            above.add(finding)
            finding = next((parent for parent in sorted(left[finding]) if parent in left), finding)
        what = "the finding is a kind of itself, through its parents, or has too many above it."
        yield Problem(f"findings.{finding}.is_a", what, f"Break the circle; at most {DEEPEST_KINSHIP} may stand above one another.")


SHARED_NAMES = ("sources", "laboratory")
"""Sections in which several records may have one name: the unit tells which scale of an analyte is meant."""


def names_mean_one_thing(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Within a section, no name or alias leads to two records."""
    for section in SECTION_KINDS:
        owner: dict[str, str] = {}
        for record in getattr(knowledge, section).values():
            names = [getattr(record, field) for field in ("name", "label", "word", "title") if hasattr(record, field)]
            if names and not any(map(fold, names)):
                yield Problem(f"{section}.{record.id}", "the record has no name.", "Give it one.")
            words = (record.id, getattr(record, "name", ""), getattr(record, "label", ""), *getattr(record, "aliases", ()))
            for word in dict.fromkeys(map(fold, filter(None, words))):
                if section not in SHARED_NAMES and owner.setdefault(word, record.id) != record.id:
                    remedy = "Give the name to one of them; a name for several goes into families."
                    yield Problem(f"{section}.{record.id}.aliases", f"{word!r} also means {owner[word]!r}.", remedy)


def counts_fit_their_class(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """A count is one, lies in the class that is given for it, and has a source."""
    for where, link in _at(knowledge.contents, ["conditions", "*", "findings", "*"]):
        if link.count is None:
            continue
        k, n = link.count
        low, high = FREQUENCY_RANGE[link.frequency]
        if not 0 <= k <= n or n < 1:
            yield Problem(f"{where}.count", f"{k} of {n} is not a count.", "Give [how many had it, of how many].")
        elif not low - ROUNDING <= k / n <= high + ROUNDING:
            yield Problem(f"{where}.frequency", f"{k} of {n} is not {link.frequency!r}.", "Correct the class or the count.")
        if not link.sources:
            yield Problem(f"{where}.count", "a count needs a source.", "Cite who counted.")


def conditions_have_their_place(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """A type has causes, and what a condition replaces is gone."""
    for condition in knowledge.conditions.values():
        for old in condition.replaces:
            if old in knowledge.conditions:
                what = f"{old!r} is still a condition of its own."
                yield Problem(f"conditions.{condition.id}.replaces", what, "Remove one of the two.")
    for kind in knowledge.types:
        if not knowledge.conditions_of[kind]:
            yield Problem(f"types.{kind}", "a type without causes.", "Add a condition, or remove the type.")


RULES: Sequence[Callable[[KnowledgeBase], Iterator[Problem]]] = (
    ids_are_well_formed, references_lead_somewhere, sources_are_known_and_used, kinship_has_no_circles, names_mean_one_thing,
    values_are_sound, counts_fit_their_class, conditions_have_their_place,
)  # fmt: skip


def findings_are_used(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Each finding says something: some condition knows it, or something above or below it, it states age or sex, it warns, or a
    warning depends on it.
    """
    flags = [
        record.red_flag for records in (knowledge.findings, knowledge.conditions) for record in records.values() if record.red_flag
    ]
    known = {finding for flag in flags for finding in (*flag.when, *flag.unless, *flag.urgent_when)}
    for condition in knowledge.conditions.values():
        for finding in (*condition.findings, *condition.sites.shares, *condition.estimates):
            known |= {finding, *knowledge.ancestors[finding], *knowledge.descendants[finding]}
    for record in knowledge.findings.values():
        if record.id not in known and not (record.ages or record.sex or record.red_flag or record.outside):
            yield Problem(f"findings.{record.id}", "no condition uses this finding.", "Link it to a condition, or remove it.")

"""The gate of the knowledge base: strict JSON, the shape by pydantic, and the cross-checks that a shape cannot express.

Every fault is a `Problem` with the path to the value, what is wrong, and the remedy. Nothing that has one is ever shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from reprlib import repr
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from .citing import all_citations, citations
from .knowledge import KnowledgeBase
from .model import FREQUENCY_RANGE, Commonness, Condition, Contents
from .names import fold
from .records import SECTION_KINDS
from .strict_json import MOST_VALUES, parse, texts

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*|[0-9][a-z0-9]*(-[a-z0-9]+)+")
LONGEST_ID = 60
"""Characters of an id."""

UNFIT = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
"""What no text of ours has: control characters, those that turn the direction of writing, halves of a character."""

MOST_FAULTS = 10_000
"""Faults of shape that are told one by one; beyond, the file is another thing than a knowledge base."""

MOST_RECORDS = 50_000
"""Records of a section; fifty times what the shipped file has of any."""

DEEPEST_KINSHIP = 30
"""Findings that may stand above one another."""

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
    try:
        unfit = next(filter(re.compile(UNFIT).search, texts(raw)), None)
    except ValueError as error:
        return None, [Problem("(file)", f"{error}.", "Flatten it.")]
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
    except RecursionError:
        return None, [Problem("(file)", "nested too deep.", "Flatten it.")]
    knowledge = KnowledgeBase(contents, "")
    for rule in RULES:
        try:
            problems += rule(knowledge)
        except (KeyError, RecursionError):
            if not problems:  # a broken reference that another rule reports makes this rule stumble
                raise
    problems = problems or list(findings_are_used(knowledge))  # it follows kinship, which has to be sound
    return (None if problems else contents), problems


def _shape_problems(error: ValidationError) -> Iterator[Problem]:
    if error.error_count() > MOST_FAULTS:
        remedy = "Compare a record with what calcref new prints, and the file with calcref schema."
        yield Problem("(file)", f"{error.error_count():,} values are not what they should be.", remedy)
        return
    for fault in error.errors(include_url=False):
        where = ".".join(str(part) for part in fault["loc"] if part != "[key]") or "(file)"
        kind = fault["type"]
        if kind == "missing":
            yield Problem(where, "this field is missing.", "Add it.")
        elif kind in ("unexpected_keyword_argument", "extra_forbidden"):
            yield Problem(where, "this field is not known.", "Remove it, or look up the right name: calcref schema")
        elif kind == "literal_error":
            yield Problem(where, f"{repr(fault['input'])} is not one of {fault['ctx']['expected']}.", "Use one of them.")
        else:
            said = f"{fault['msg'][:1].lower()}{fault['msg'][1:]}"
            yield Problem(where, f"{repr(fault['input'])}: {said}.", "See the schema: calcref schema")


Rule = Callable[[KnowledgeBase], Iterable[Problem]]
RULES: list[Rule] = []


def _rule(check: Rule) -> Rule:
    RULES.append(check)
    return check


def _sections(knowledge: KnowledgeBase) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for section in SECTION_KINDS:
        yield section, getattr(knowledge, section)


@_rule
def no_trial_has_more_hits_than_cases(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """A proportion lies between 0 and 1."""
    for place, trial in enumerate(knowledge.about.evaluation):
        if not 0 <= trial.top_1 <= trial.top_3 <= trial.cases or not 0 <= trial.type_top_1 <= trial.cases or not trial.cases:
            yield Problem(f"about.evaluation.{place}", "the counts do not fit together.", "Count again with its command.")


@_rule
def ids_are_well_formed(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """An id is short, lower case and joined by hyphens, since it becomes a flag and an argument."""
    for section, records in _sections(knowledge):
        for key in records:
            clash = section == "findings" and key.startswith("no-") and key[3:] in records
            if not is_id(key) or clash:
                yield Problem(f"{section}.{key}", "the id is not well formed.", "Use lower case words joined by hyphens.")


def is_id(text: str) -> bool:
    """Tell whether a text is well formed as an id."""
    return bool(ID.fullmatch(text)) and len(text) <= LONGEST_ID


def _references(knowledge: KnowledgeBase) -> Iterator[tuple[str, str, str]]:
    """Yield every reference to another record: path, section it must be in, id."""
    for finding in knowledge.findings.values():
        where = f"findings.{finding.id}"
        yield f"{where}.group", "groups", finding.group
        for parent in finding.is_a:
            yield f"{where}.is_a", "findings", parent
    for kind in knowledge.types.values():
        if kind.drawn_as:
            yield f"types.{kind.id}.drawn_as", "drawings", kind.drawn_as
    for condition in knowledge.conditions.values():
        where = f"conditions.{condition.id}"
        yield f"{where}.type", "types", condition.type
        for other in condition.also_types:
            yield f"{where}.also_types", "types", other
        for name, ids in (
            ("findings", condition.findings), ("sites.shares", condition.sites.shares), ("estimate", condition.estimates),
            ("sites.counted", condition.sites.counted), ("red_flag.when", condition.red_flag.when if condition.red_flag else ()),
        ):  # fmt: skip
            for item in ids:
                yield f"{where}.{name}.{item}", "findings", item
        for other in condition.tell_apart:
            yield f"{where}.tell_apart.{other}", "conditions", other
    for mnemonic in knowledge.mnemonics.values():
        for place, letter in enumerate(mnemonic.letters):
            for item in letter.points_at:
                yield f"mnemonics.{mnemonic.id}.letters.{place}.points_at", "conditions", item
    for family in knowledge.families.values():
        for item in family.members:
            yield f"families.{family.id}.members", "conditions", item
    language = knowledge.contents.language
    for meaning in (language.one, language.many, language.both, language.beside_what, language.beside_means, language.large):
        if meaning is not None:
            yield "language", "findings", meaning
    for analyte in knowledge.laboratory.values():
        for meaning in (analyte.below, analyte.within, analyte.above):
            if meaning is not None:
                yield f"laboratory.{analyte.id}", "findings", meaning


@_rule
def references_lead_somewhere(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """Whatever one record says of another must name one that exists."""
    for where, section, item in _references(knowledge):
        if item not in getattr(knowledge, section):
            yield Problem(
                where,
                f"there is no {item!r} in {section}.",
                "Correct the id, add the record, or remove what names it as well (null in a layer).",
            )


@_rule
def sources_are_known_and_used(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """A citation names a source, and a source is cited."""
    used: set[str] = set()
    for where, source in all_citations(knowledge):
        used.add(source)
        if source not in knowledge.sources:
            yield Problem(where, f"there is no source {source!r}.", "Correct the id, or add the source.")
    for source in knowledge.sources:
        if source not in used:
            yield Problem(f"sources.{source}", "nothing cites this source.", "Cite it, or remove it.")


@_rule
def kinship_has_no_circles(knowledge: KnowledgeBase) -> Iterable[Problem]:
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


@_rule
def names_mean_one_thing(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """Within a section, no name or alias leads to two records."""
    for section, records in _sections(knowledge):
        owner: dict[str, str] = {}
        for record in records.values():
            names = [getattr(record, field) for field in ("name", "label", "word", "title") if hasattr(record, field)]
            if names and not any(map(fold, names)):
                yield Problem(f"{section}.{record.id}", "the record has no name.", "Give it one.")
            own = {fold(word) for word in (record.id, getattr(record, "name", ""), getattr(record, "label", "")) if word}
            for word in own | {fold(alias) for alias in getattr(record, "aliases", ())}:
                if section != "sources" and owner.setdefault(word, record.id) != record.id:
                    yield Problem(
                        f"{section}.{record.id}.aliases",
                        f"{word!r} also means {owner[word]!r}.",
                        "Give the name to one of them; a name for several goes into families.",
                    )


@_rule
def numbers_are_in_range(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """Shares lie between 0 and 1, ages between 0 and 120, and counts fit their class."""
    for finding in knowledge.findings.values():
        if not 0 < finding.base_rate < 1:
            yield Problem(f"findings.{finding.id}.base_rate", f"{finding.base_rate} is not between 0 and 1.", "Give a share.")
    for condition in knowledge.conditions.values():
        where = f"conditions.{condition.id}"
        low, middle, high = condition.age.percentiles
        if not 0 <= low <= middle <= high <= 120:
            yield Problem(f"{where}.age.percentiles", "not three ages in rising order.", "Give the 5th, 50th and 95th percentile.")
        for name, share in (
            ("women.share", condition.women.share), ("sites.elsewhere", condition.sites.elsewhere),
            *((f"sites.shares.{k}", v) for k, v in condition.sites.shares.items()),
            *((f"estimates.{k}", v) for k, v in condition.estimates.items()),
        ):  # fmt: skip
            if not 0 <= share <= 1:
                yield Problem(f"{where}.{name}", f"{share} is not between 0 and 1.", "Give a share.")
        yield from _counts_fit(condition)
    for kind in knowledge.types.values():
        part = kind.share
        if not 0 < part.used < 100 or (part.low is not None and part.high is not None and not part.low <= part.used <= part.high):
            yield Problem(
                f"types.{kind.id}.share.used", "outside the published range, or not a per cent.", "Choose a value inside."
            )


@_rule
def parameters_can_be_used(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """The ranking can divide by its parameters and take their logarithms."""
    given = knowledge.contents.parameters
    low, middle, high = given.age_population
    for name, sound, remedy in (
        ("temperature", given.temperature > 0, "Give a number above 0."),
        ("damping", given.damping >= 0, "Give 0 or a number above it."),
        ("clip", given.clip > 0, "Give a number above 0."),
        ("surprise", 0 <= given.surprise < 1, "Give a share below 1."),
        ("women_population", 0 < given.women_population < 1, "Give a share between 0 and 1."),
        ("age_population", 0 <= low < middle < high <= 120, "Give three ages in rising order."),
        ("commonness", set(given.commonness) == set(get_args(Commonness)), "Give each class a weight."),
        ("commonness", all(weight > 0 for weight in given.commonness.values()), "Give weights above 0."),
    ):
        if not sound:
            yield Problem(f"parameters.{name}", "the ranking cannot work with this value.", remedy)


def _counts_fit(condition: Condition) -> Iterable[Problem]:
    for finding, link in condition.findings.items():
        where = f"conditions.{condition.id}.findings.{finding}"
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


@_rule
def records_are_complete(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """A condition shows something and warns of something; a red flag says why and on whose word; a letter points somewhere."""
    for condition in knowledge.conditions.values():
        where = f"conditions.{condition.id}"
        if not condition.findings:
            yield Problem(f"{where}.findings", "a condition without findings cannot be ranked.", "Add findings.")
        if not condition.pitfalls:
            yield Problem(f"{where}.pitfalls", "a condition without a pitfall.", "Say what it is mistaken for.")
        if not any(True for _ in citations(condition, where)):
            yield Problem(where, "a condition without any source.", "Cite one.")
        flag = condition.red_flag
        if flag and (not flag.why.strip() or not flag.sources):
            yield Problem(f"{where}.red_flag", "a red flag without a reason or without a source.", "Add both.")
        if condition.type in condition.also_types:
            yield Problem(f"{where}.also_types", "repeats the type.", "Remove it.")
        for old in condition.replaces:
            if old in knowledge.conditions:
                yield Problem(f"{where}.replaces", f"{old!r} is still a condition of its own.", "Remove one of the two.")
    for mnemonic in knowledge.mnemonics.values():
        for place, letter in enumerate(mnemonic.letters):
            if not letter.points_at:
                yield Problem(f"mnemonics.{mnemonic.id}.letters.{place}", "the letter points at nothing.", "Name a condition.")
    for kind in knowledge.types:
        if not knowledge.conditions_of[kind]:
            yield Problem(f"types.{kind}", "a type without causes.", "Add a condition, or remove the type.")


def findings_are_used(knowledge: KnowledgeBase) -> Iterable[Problem]:
    """Each finding can move the ranking: some condition knows it, or something above or below it, or it states age or sex."""
    known: set[str] = set()
    for condition in knowledge.conditions.values():
        for finding in (*condition.findings, *condition.sites.shares, *condition.estimates):
            known |= {finding, *knowledge.ancestors[finding], *knowledge.descendants[finding]}
    for record in knowledge.findings.values():
        if record.id not in known and not record.ages and not record.sex:
            yield Problem(f"findings.{record.id}", "no condition uses this finding.", "Link it to a condition, or remove it.")

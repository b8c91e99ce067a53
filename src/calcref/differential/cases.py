"""A case as programs write it, a JSON object, and what is stated of a patient joined with what is read from a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from calcref.knowledge.model import OLDEST
from calcref.knowledge.names import finding_names, fold
from calcref.reading.mentions import OVERRULED, Aside

from .findings import Case, check, reconciled

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Sex
    from calcref.reading.mentions import Mention, Reading


def stated(knowledge: KnowledgeBase, raw: Mapping[str, Any]) -> Case:
    """Return the case that the fields `present`, `absent`, `age` (years) and `sex` of a JSON object state.

    Findings go by id, name or alias; those that the knowledge base does not have are `not_understood`.

    Raises:
        ValueError: when a field has a value that it cannot have; the message names the field.
    """
    names = finding_names(knowledge)
    unknown: list[str] = []

    def ids(field: str) -> Iterator[str]:
        for item in texts_of(raw, field, "findings"):
            if item in knowledge.findings:
                yield item
            elif fold(item) in names:
                yield names[fold(item)][0].id
            else:
                unknown.append(item)

    age = raw.get("age")
    if age is not None and (isinstance(age, bool) or not isinstance(age, (int, float)) or not 0 <= age <= OLDEST):
        raise ValueError(f"'age' is not a number of years from 0 to {OLDEST:g}")
    return Case(tuple(ids("present")), tuple(ids("absent")), age, sex_of(raw.get("sex")), tuple(unknown))


def texts_of(raw: Mapping[str, Any], field: str, what: str) -> list[str]:
    """Return the texts that a field of a JSON object lists, none when it is not there.

    Raises:
        ValueError: when it is anything else; the message names the field and `what` it should list.
    """
    items = raw.get(field) or []
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(f"'{field}' is not a list of {what}")
    return items


def sex_of(word: object) -> Sex | None:
    """Return the sex that a word or a letter means; None means that it is not known.

    Raises:
        ValueError: when it means neither.
    """
    for sex in ("female", "male"):
        if isinstance(word, str) and word and sex.startswith(word.lower()):
            return sex
    if word is not None:
        raise ValueError("'sex' is neither female nor male")
    return None


def joined(knowledge: KnowledgeBase, case: Case, said: Case) -> Case:
    """Return a stated case with what was read beside it. What is stated wins, and has to be free of contradictions.

    Raises:
        UsageError: when `case` contradicts itself.
    """
    case, above = check(knowledge, case), knowledge.ancestors
    present = [f for f in said.present if f not in case.absent and not above[f] & set(case.absent)]
    absent = [f for f in said.absent if f not in case.present and not any(f in above[g] for g in case.present)]
    both = Case(
        (*case.present, *present), (*case.absent, *absent), said.age if case.age is None else case.age, case.sex or said.sex,
        (*case.not_understood, *said.not_understood), said.wording,
    )  # fmt: skip
    return reconciled(knowledge, both)


def overruled(knowledge: KnowledgeBase, reading: Reading, case: Case) -> Reading:
    """Return a reading of which all that the case says otherwise is set aside."""
    above = set(case.present).union(*(knowledge.ancestors[finding] for finding in case.present))
    kept: list[Mention] = []
    lost: list[Mention] = []
    for mention in reading.mentions:
        told = knowledge.ancestors[mention.finding] | {mention.finding}
        otherwise = mention.finding in above if mention.state == "absent" else not told.isdisjoint(case.absent)
        (lost if otherwise else kept).append(mention)
    words = [mention.words for mention in lost]
    words += [reading.age_words] if reading.age not in (None, case.age) else []
    words += [reading.sex_words] if reading.sex not in (None, case.sex) else []
    return reading._replace(mentions=tuple(kept), asides=(*(Aside(each, OVERRULED) for each in words), *reading.asides))


def case_of(reading: Reading) -> Case:
    """Return the case that a reading describes; what is only possible counts as present."""
    present, absent = reading.ids("present", "possible"), reading.ids("absent")
    return Case(present, absent, reading.age, reading.sex, reading.not_understood, reading.wording)

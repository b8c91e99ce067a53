"""What the user saw, asked and measured: a case, with its contradictions refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from calcref.errors import UsageError
from calcref.knowledge.model import OLDEST

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Sex


def age_in_words(age: float) -> str:
    """Return an age in years as people say it: a baby's in days, weeks or months."""
    for unit, a_year, most in (("day", 365, 14), ("week", 52, 8), ("month", 12, 24)):
        count = round(age * a_year)
        if count < most:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{age:g} years"


class Case(NamedTuple):
    """Findings by id: `present`, looked for and `absent`; all others are not known. `age` is in years.

    `not_understood` has the words of the user that meant nothing to the reader of the input; `wording` has those of a text, each with
    the stem by which the knowledge goes by it.
    """

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    age: float | None = None
    sex: Sex | None = None
    not_understood: tuple[str, ...] = ()
    wording: tuple[tuple[str, str], ...] = ()

    def and_told(self, answers: Iterable[tuple[str, bool | None]]) -> Case:
        """Return the case with more findings, each with whether it is present, or None where that is not known."""
        present, absent = ([finding for finding, answer in answers if answer is state] for state in (True, False))
        return self._replace(present=(*self.present, *present), absent=(*self.absent, *absent))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all is known that could move the ranking: words do so only beside a finding."""
        return not self.present and not self.absent and self.age is None and self.sex is None


def implied(knowledge: KnowledgeBase, case: Case) -> tuple[str, ...]:
    """Return the findings that the present ones, the age and the sex bring with them: what they are a kind of, or lie within."""
    stated = {*case.present, *of_patient(knowledge, case.age, case.sex)}
    above: set[str] = stated.union(*(knowledge.ancestors[finding] for finding in stated))
    return tuple(sorted(above - set(case.present)))


def of_patient(knowledge: KnowledgeBase, age: float | None, sex: Sex | None) -> tuple[str, ...]:
    """Return the narrowest findings that an age in years and a sex amount to, such as an age group."""
    ages, sexes = knowledge.heads("findings", "ages"), knowledge.heads("findings", "sex")
    fitting = [
        finding
        for finding, span, own in zip(knowledge.findings, ages, sexes, strict=True)
        if (span and age is not None and span[0] <= age <= span[1]) or (own and own == sex)
    ]
    return tuple(finding for finding in fitting if not any(finding in knowledge.ancestors[other] for other in fitting))


def outside(knowledge: KnowledgeBase, case: Case) -> list[str]:
    """Return the labels of the present findings whose causes are not among those that are ranked."""
    return [record.label for record in map(knowledge.findings.__getitem__, case.present) if record.outside]


def check(knowledge: KnowledgeBase, case: Case) -> Case:
    """Return the case without repetitions and with the sex that its findings state.

    Raises:
        UsageError: when it contradicts itself, a finding or the sex is unknown, or the age is not between 0 and `OLDEST` years.
    """
    present, absent = tuple(dict.fromkeys(case.present)), tuple(dict.fromkeys(case.absent))
    for finding in (*present, *absent):
        if finding not in knowledge.findings:
            raise UsageError(f"There is no finding {finding!r}.", "Give lists of ids: calcref list findings")
    if case.sex not in (None, "female", "male"):
        raise UsageError(f"The sex {case.sex!r} is neither female nor male.", "Leave it out when it is not known.")
    if case.age is not None and not (isinstance(case.age, (int, float)) and 0 <= case.age <= OLDEST):
        raise UsageError(
            f"An age of {str(case.age).removesuffix('.0')} years cannot be right.", f"Give a number of years from 0 to {OLDEST:g}."
        )
    _refuse_opposites(knowledge, present, set(absent))
    sex = _stated_sex(knowledge, present, absent, case.sex)
    if case.age is not None:
        for finding in present:
            ages = knowledge.findings[finding].ages
            if ages and not ages[0] <= case.age <= ages[1]:
                raise UsageError(
                    f"'{finding}' ({ages[0]:g} to {ages[1]:g} years) contradicts the age of {case.age:g}.",
                    "Leave one of the two out.",
                )
    return case._replace(present=present, absent=absent, sex=sex)


def reconciled(knowledge: KnowledgeBase, case: Case) -> Case:
    """Return a case as a text or a record may state it, with its contradictions settled instead of refused.

    What is present wins over what is absent, an age or a sex over a finding that restates it.
    """
    findings = knowledge.findings
    present = tuple(
        finding
        for finding in dict.fromkeys(case.present)
        if not (findings[finding].ages and case.age is not None) and not (findings[finding].sex and case.sex)
    )
    above = set(present).union(*(knowledge.ancestors[finding] for finding in present))
    absent = tuple(finding for finding in dict.fromkeys(case.absent) if finding not in above and not findings[finding].sex)
    return case._replace(present=present, absent=absent)


def _refuse_opposites(knowledge: KnowledgeBase, present: Iterable[str], absent: set[str]) -> None:
    for finding in present:
        if finding in absent:
            raise UsageError(f"'{finding}' is given as present and as absent.", "Leave one of the two out.")
        for parent in sorted(knowledge.ancestors[finding] & absent):
            raise UsageError(
                f"'{finding}' is given as present and '{parent}', which it belongs to, as absent.", "Leave one of the two out."
            )


def _stated_sex(knowledge: KnowledgeBase, present: Iterable[str], absent: Iterable[str], given: Sex | None) -> Sex | None:
    opposite: dict[str, Sex] = {"female": "male", "male": "female"}
    stated: dict[Sex, str] = {given: f"sex {given}"} if given else {}
    for finding in present:
        sex = knowledge.findings[finding].sex
        if sex:
            stated.setdefault(sex, finding)
    for finding in absent:
        sex = knowledge.findings[finding].sex
        if sex:
            stated.setdefault(opposite[sex], f"no {finding}")
    if len(stated) > 1:
        first, second = stated.values()
        raise UsageError(f"'{first}' contradicts '{second}'.", "Leave one of the two out.")
    return next(iter(stated), None)

"""Pages of the mnemonics, letter by letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .page import Column, Facts, Foot, Gap, Heading, Items, Page, Paragraph, Span, Table, bar, hint, line, mark, note, percent

if TYPE_CHECKING:
    from calcref.differential.ranking import Differential, Ranked
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Letter, Mnemonic

LEADERS = 2


def page_of(knowledge: KnowledgeBase, mnemonic: Mnemonic) -> Page:
    """Return the page of a mnemonic: what each letter stands for, and the conditions that it points at."""
    cited = [mark(mnemonic.sources)] if mnemonic.sources else []
    rows = [
        (Span(letter.letter, "name"), line(letter.stands_for, mark(letter.sources), Span(letter.text and f" {letter.text}", "dim")),
         ", ".join(letter.points_at))
        for letter in mnemonic.letters
    ]  # fmt: skip
    page = Page([
        Heading(line(Span(mnemonic.word, "title"), ": ", mnemonic.helps_with, *cited), 1),
        Table((Column(""), Column("stands for", flexible=True), Column("think of", flexible=True)), rows),
    ])  # fmt: skip
    if mnemonic.notes:
        page.add(Gap(), Items([note(item) for item in mnemonic.notes]))
    if knowledge.layers:
        from calcref.knowledge.layers import said_of

        page.add(Facts(said_of(knowledge, "mnemonics", mnemonic.id)))
    page.add(Gap(), Foot(knowledge.sources, short=True), hint("Each of them: calcref show NAME"))
    return page


class Checked(NamedTuple):
    """A letter in the light of a case: its causes, most likely first, and whether a finding that was entered speaks for any."""

    letter: Letter
    causes: tuple[Ranked, ...]
    thought_of: bool

    @property
    def probability(self) -> float:
        """The post-test probability of all its causes together, 0 to 1."""
        return sum(item.posttest for item in self.causes)


def checklist(
    knowledge: KnowledgeBase, mnemonic: Mnemonic, differential: Differential
) -> tuple[tuple[Checked, ...], tuple[Ranked, ...]]:
    """Return each letter in the light of a differential, and the causes that stand under no letter, most likely first.

    A letter is thought of when a finding that is present speaks for one of its causes, by `NOTABLE` natural log units or more.
    """
    from calcref.differential.ranking import evidence

    from .ranking import NOTABLE

    def spoken_for(cause: Ranked) -> bool:
        found = evidence(knowledge, differential.case, cause.id)
        return any(item.finding and item.present and item.log_ratio >= NOTABLE for item in found)

    letters = []
    for letter in mnemonic.letters:
        causes = tuple(item for item in differential.conditions if item.id in letter.points_at)
        letters.append(Checked(letter, causes, any(map(spoken_for, causes))))
    inside = {cause for letter in mnemonic.letters for cause in letter.points_at}
    return tuple(letters), tuple(item for item in differential.conditions if item.id not in inside)


def checklist_page(knowledge: KnowledgeBase, mnemonic: Mnemonic, differential: Differential) -> Page:
    """Return the page of a mnemonic for a case: how likely each letter is now, and the letters that were not thought of."""
    from calcref.differential.advice import settlers

    from .ranking import DISCLAIMER, understood

    case, (letters, outside) = differential.case, checklist(knowledge, mnemonic, differential)
    rows = [
        (Span(item.letter.letter, "name"), bar(item.probability), percent(item.probability),
         line(item.letter.stands_for, Span("" if item.thought_of else " (not thought of)", "danger")), _leading(item.causes))
        for item in letters
    ]  # fmt: skip
    columns = (Column(""), Column("", spare=True), Column("now", right=True), Column("stands for", flexible=True),
               Column("most likely of them", flexible=True))  # fmt: skip
    heading = Heading(line(Span(mnemonic.word, "title"), ": ", mnemonic.helps_with), 1)
    page = Page([heading, *understood(knowledge, differential), Gap(), Table(columns, rows)])
    known = {*case.present, *case.absent}.union(*(knowledge.ancestors[finding] for finding in case.present))
    unthought = [
        (item.letter.letter, knowledge.conditions[item.causes[0].id]) for item in letters if item.causes and not item.thought_of
    ]
    facts = [(letter, f"{cause.name}: look for {', '.join(settlers(knowledge, cause, known))}") for letter, cause in unthought]
    page.section("Nobody has thought of these yet: no finding that was entered speaks for any of their causes", Facts(facts))
    if outside:
        rest = sum(item.posttest for item in outside)
        page.add(Gap(), Paragraph(line(Span("Under no letter: ", "name"), f"{percent(rest)}, such as {_leading(outside)}")))
    page.add(hint(f"A cause under two letters counts in both. {DISCLAIMER}"))
    return page


def _leading(causes: Sequence[Ranked]) -> str:
    return ", ".join(f"{item.id} {percent(item.posttest)}" for item in causes[:LEADERS])


def checklist_payload(knowledge: KnowledgeBase, mnemonic: Mnemonic, differential: Differential) -> dict[str, Any]:
    """Return the checklist for programs: each letter with its probability, whether it was thought of, and its causes."""
    from .payload import differential as whole
    from .payload import envelope

    def listed(causes: Iterable[Ranked]) -> list[dict[str, Any]]:
        return [{"id": item.id, "posttest_probability": float(f"{item.posttest:.6g}")} for item in causes]

    letters, outside = checklist(knowledge, mnemonic, differential)
    return envelope(knowledge, "checklist") | {
        "mnemonic": mnemonic.id, "prior": differential.prior, "findings": whole(knowledge, differential)["findings"],
        "letters": [
            {"letter": item.letter.letter, "stands_for": item.letter.stands_for, "thought_of": item.thought_of,
             "posttest_probability": float(f"{item.probability:.6g}"), "conditions": listed(item.causes)}
            for item in letters
        ],
        "under_no_letter": listed(outside),
    }  # fmt: skip

"""Flash cards as a dialogue: the picture, the choice, why the right one is right, and the score of this run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from calcref.differential.findings import age_in_words
from calcref.differential.quiz import Card, Pair, separators, would_tell

from .comparing import how_often
from .page import Block, Column, Facts, Foot, Gap, Heading, Items, Line, Paragraph, Span, Table, kind_style, line, say
from .ranking import entry

if TYPE_CHECKING:
    from calcref.differential.ranking import Evidence
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Condition

    from .dialogue import Dialogue

LETTERS = "abcd"
GIVE_UP = "u"
PROMPT = "a, b, c or d, Enter do not know, s stop:"
NEEDED = "Answer with a to d, a line each, or take the cards: calcref quiz --json"


def run(knowledge: KnowledgeBase, deck: Iterable[Card], cards: int, again: str, dialogue: Dialogue) -> None:
    """Show the cards one by one until the reader stops, and then the score, with the line that gives the same cards `again`.

    Raises:
        UsageError: when the input has ended before any card was answered.
        KeyboardInterrupt: from the keyboard, after the score was shown.
    """
    results: list[tuple[str, bool]] = []

    def score() -> None:
        missed = dict.fromkeys(cause for cause, is_right in results if not is_right)
        rows = [("Score", f"{sum(is_right for _, is_right in results)} of {len(results)}"), ("Read again", ", ".join(missed))]
        dialogue.say(Facts([(label, line(text)) for label, text in [*rows, ("Same cards", again)] if text]))

    with dialogue.until_stopped(score):
        for number, card in enumerate(deck, 1):
            dialogue.say(*_picture(knowledge, card, f"Card {number} of {cards}"))
            choices = dict(zip(LETTERS, card.options, strict=True))
            key = dialogue.ask(
                PROMPT, {a: knowledge.conditions[c].name for a, c in choices.items()} | {GIVE_UP: "do not know"}, GIVE_UP
            )
            results.append((card.answer, choices.get(key) == card.answer))
            dialogue.say(*_verdict(knowledge, card, choices.get(key)), Gap())
    score()


def _picture(knowledge: KnowledgeBase, card: Card, title: str) -> list[Block]:
    case = card.case
    who = f"{case.sex}, {age_in_words(case.age) if case.age else 'under 1 year'}"
    return [
        Heading(line(title)),
        Items([line(who), *(line(knowledge.findings[finding].label) for finding in case.present)]),
        Paragraph(line("Which of these does it fit best?")),
        Facts([(letter, line(knowledge.conditions[option].name)) for letter, option in zip(LETTERS, card.options, strict=True)]),
    ]


def _verdict(knowledge: KnowledgeBase, card: Card, chosen: str | None) -> list[Block]:
    """Return whether the choice was right, what separates the right one from it or from the nearest, and the sources."""
    is_right = chosen == card.answer
    right, wrong = (knowledge.conditions[cause] for cause in (card.answer, card.rival if is_right or not chosen else chosen))
    told = [("Here", right, wrong, separators(knowledge, card.case, right.id, wrong.id))]
    if chosen and not is_right:
        told.append(("Would have told", wrong, right, would_tell(knowledge, card.case, wrong.id, right.id)))
    blocks: list[Block] = [
        Paragraph(line(
            Span("Right. " if is_right else "No. " if chosen else "Not answered. ", "for" if is_right else "against"),
            f"{LETTERS[card.options.index(card.answer)]}, ", Span(right.name, kind_style(knowledge, right.type)), ", fits best.",
        ))
    ]  # fmt: skip
    for title, one, other, pairs in told:
        if pairs:
            blocks.append(Paragraph(line(Span(f"{title}: ", "name"), f"{one.id} against {other.id}")))
            rows = [(line(_words(knowledge, pair)), _often(pair[0], one), _often(pair[1], other)) for pair in pairs]
            blocks.append(Table((Column("", flexible=True),) * 3, rows))
    if statement := right.tell_apart.get(wrong.id) or wrong.tell_apart.get(right.id):
        blocks.append(Paragraph(line(Span("Told apart: ", "name"), say(statement))))
    return [*blocks, Foot(knowledge.sources, short=True)]


def _words(knowledge: KnowledgeBase, pair: Pair) -> str:
    return knowledge.findings[pair[0].finding].label if pair[0].finding else pair[0].label


def _often(item: Evidence, cause: Condition) -> Line:
    """Return how often a cause shows what was entered, and from where that is known."""
    if item.finding:
        return how_often(item.estimate, item.finding, cause)
    return line(f"{item.likelihood_ratio:.1f} times as often as elsewhere")


def payload(knowledge: KnowledgeBase, deck: Iterable[Card], seed: int) -> dict[str, Any]:
    """Return the cards with their answers, and what separates each from the choice that comes nearest."""
    from .payload import envelope

    cards = []
    for card in deck:
        why = [
            {"finding": first.finding, "entered": entry(first),
             "likelihood_ratio": float(f"{first.likelihood_ratio:.3g}"), "against": float(f"{second.likelihood_ratio:.3g}"),
             "sources": list(first.estimate.link.sources) if first.estimate and first.estimate.link else []}
            for first, second in separators(knowledge, card.case, card.answer, card.rival)
        ]  # fmt: skip
        cards.append({
            "findings": {"present": list(card.case.present), "age": card.case.age, "sex": card.case.sex},
            "choices": dict(zip(LETTERS, card.options, strict=True)), "answer": card.answer, "nearest": card.rival, "why": why,
        })  # fmt: skip
    return envelope(knowledge, "quiz") | {"seed": seed, "cards": cards}

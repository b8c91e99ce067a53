"""Flash cards as a dialogue: the picture, the choice, why the right one is right, and the score of this run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from calcref.errors import UsageError
from calcref.quiz import Card, Separator, rival, separators, would_tell

from .detail import frequency_text
from .page import Block, Citations, Column, Facts, Gap, Heading, Items, Line, Paragraph, Span, Table, kind_style, line, percent
from .ranking import entry, ratio

if TYPE_CHECKING:
    from calcref.differential import Evidence
    from calcref.knowledge import KnowledgeBase

    from .guiding import Dialogue

LETTERS = "abcd"
GIVE_UP, STOP = "u", "s"


def run(knowledge: KnowledgeBase, deck: Iterable[Card], cards: int, seed: int, dialogue: Dialogue) -> None:
    """Show the cards one by one until the reader stops, and then the score.

    Raises:
        UsageError: when the input has ended before any card was answered.
        KeyboardInterrupt: from the keyboard, after the score was shown.
    """
    results: list[tuple[str, bool]] = []
    try:
        for number, card in enumerate(deck, 1):
            dialogue.say(*_picture(knowledge, card, f"Card {number} of {cards}"))
            names = {letter: knowledge.conditions[option].name for letter, option in _choices(card)}
            prompt = "a, b, c or d, Enter do not know, s stop:"
            key = dialogue.ask(prompt, names | {GIVE_UP: "do not know", STOP: "stop"}, GIVE_UP)
            if key is None and not results:
                raise UsageError(
                    "The input has ended, and no card was answered.",
                    "Answer with a to d, a line each, or take them: calcref quiz --json",
                )
            if key in (None, STOP):
                break
            chosen = dict(_choices(card)).get(str(key))
            results.append((card.answer, chosen == card.answer))
            dialogue.say(*_verdict(knowledge, card, chosen), Gap())
    except KeyboardInterrupt:
        dialogue.say(Gap(), *_score(results, seed))
        raise
    dialogue.say(*_score(results, seed))


def _choices(card: Card) -> list[tuple[str, str]]:
    return list(zip(LETTERS, card.options, strict=True))


def _picture(knowledge: KnowledgeBase, card: Card, title: str) -> list[Block]:
    case = card.case
    who = f"{case.sex}, {f'{case.age:g} years' if case.age else 'under 1 year'}"
    return [
        Heading(line(title)),
        Items([line(who), *(line(knowledge.findings[finding].label) for finding in case.present)]),
        Paragraph(line("Which of these does it fit best?")),
        Facts([(letter, line(knowledge.conditions[option].name)) for letter, option in _choices(card)]),
    ]


def _verdict(knowledge: KnowledgeBase, card: Card, chosen: str | None) -> list[Block]:
    """Return whether the choice was right, what separates the right one from it or from the nearest, and the sources."""
    cite = Citations(knowledge)
    right, other = knowledge.conditions[card.answer], chosen if chosen not in (None, card.answer) else rival(knowledge, card)
    wrong = knowledge.conditions[str(other)]
    letter = next(letter for letter, option in _choices(card) if option == card.answer)
    word = "Right" if chosen == card.answer else "No" if chosen else "Not answered"
    blocks: list[Block] = [
        Paragraph(line(
            Span(f"{word}. ", "for" if chosen == card.answer else "against"), f"{letter}, ",
            Span(right.name, kind_style(knowledge, right.type)), ", fits best.",
        )),
        *_told("Here", separators(knowledge, card.case, right.id, wrong.id), right.name, wrong.name, cite),
    ]  # fmt: skip
    if chosen not in (None, card.answer):
        blocks += _told("Would have told", would_tell(knowledge, card.case, wrong.id, right.id), wrong.name, right.name, cite)
    statement = right.tell_apart.get(wrong.id) or wrong.tell_apart.get(right.id)
    if statement:
        blocks.append(Paragraph(line(Span("Told apart: ", "name"), cite.say(statement))))
    return [*blocks, *cite.foot(short=True)]


def _told(title: str, found: tuple[Separator, ...], first: str, second: str, cite: Citations) -> list[Block]:
    if not found:
        return []
    rows = [(line(entry(pair.first)), line(_often(pair.first, cite)), line(_often(pair.second, cite))) for pair in found]
    head = line(Span(f"{title}: ", "name"), f"{first} against {second}")
    return [Paragraph(head), Table((Column("", flexible=True), Column("", flexible=True), Column("", flexible=True)), rows)]


def _often(item: Evidence, cite: Citations) -> Line:
    """Return how often a cause shows what was entered, and from where that is known."""
    estimate = item.estimate
    if estimate is None:
        return line("not described" if item.finding else ratio(item))
    if estimate.link is None:
        return line(f"{percent(estimate.probability)} (estimate)")
    via = f" through {estimate.via}" if estimate.via else ""
    return line(f"{frequency_text(estimate.link)}{via}", cite.mark(estimate.link.sources))


def _score(results: list[tuple[str, bool]], seed: int) -> list[Block]:
    right = sum(is_right for _, is_right in results)
    missed = dict.fromkeys(cause for cause, is_right in results if not is_right)
    facts = [("Score", line(f"{right} of {len(results)}")), *([("Read again", line(", ".join(missed)))] if missed else [])]
    return [Facts([*facts, ("Same cards", line(f"--seed {seed}"))])]


def payload(knowledge: KnowledgeBase, deck: Iterable[Card], seed: int) -> dict[str, Any]:
    """Return the cards with their answers, and what separates each from the choice that comes nearest."""
    from .payload import envelope

    cards = []
    for card in deck:
        nearest, case = rival(knowledge, card), card.case
        why = [
            {"finding": pair.first.finding, "entered": entry(pair.first),
             "likelihood_ratio": float(f"{pair.first.likelihood_ratio:.3g}"), "against": float(f"{pair.second.likelihood_ratio:.3g}"),
             "sources": list(pair.first.estimate.link.sources) if pair.first.estimate and pair.first.estimate.link else []}
            for pair in separators(knowledge, case, card.answer, nearest)
        ]  # fmt: skip
        cards.append({
            "findings": {"present": list(case.present), "age": case.age, "sex": case.sex}, "choices": dict(_choices(card)),
            "answer": card.answer, "nearest": nearest, "why": why,
        })  # fmt: skip
    return envelope(knowledge, "quiz") | {"seed": seed, "cards": cards}

"""What is read from a text: findings with the words that they were read from, and what was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .model import Sex
    from .negation import State


NOT_SITE, BESIDE, NOT_OF_PATIENT, DENIED_THERE = (
    "not the site",
    "only beside it",
    "planned, over or of another",
    "only denied there",
)
BOTH_WAYS, NO_FINDING, NOTHING, OVERRULED = "said both ways", "no finding", "nothing to look at", "a flag says otherwise"
"""Why words that were understood are set aside."""


class Aside(NamedTuple):
    """Words that were understood and set aside, and why."""

    words: str
    why: str


class Mention(NamedTuple):
    """A finding that was read, the words that it was read from, and how it was meant.

    `passing` says what else the words may only say, if they do not surely mean the finding: what was filmed, beside which bone
    something lies, where something else is not, or what a relative has.
    """

    finding: str
    words: str
    state: State
    start: int
    passing: str = ""


class Reading(NamedTuple):
    """What a text says.

    `not_understood` has the words that look as if they meant something and were not read, and the results whose unit would have
    to be known; `asides` what was understood and set aside. `wording` has all words of a text that says more than names of
    findings, each with its stem; `text` is the text itself.
    """

    mentions: tuple[Mention, ...] = ()
    age: float | None = None
    sex: Sex | None = None
    not_understood: tuple[str, ...] = ()
    asides: tuple[Aside, ...] = ()
    age_words: str = ""
    sex_words: str = ""
    wording: tuple[tuple[str, str], ...] = ()
    text: str = ""

    @property
    def set_aside(self) -> tuple[str, ...]:
        """The words that were understood and set aside."""
        return tuple(aside.words for aside in self.asides)

    def ids(self, *states: State) -> tuple[str, ...]:
        """Return the findings read in one of the states, each once, in order."""
        return tuple(dict.fromkeys(mention.finding for mention in self.mentions if mention.state in states))

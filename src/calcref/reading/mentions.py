"""What is read from a text: findings with the words that they were read from, and what was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from calcref.knowledge.model import Sex

    from .negation import State

# why words that were understood are set aside
NOT_SITE = "not the site"
BESIDE = "only beside it"
NOT_OF_PATIENT = "planned, over or of another"
DENIED_THERE = "only denied there"
OTHER_SIDE = "of the other side"
BOTH_WAYS = "said both ways"
NO_FINDING = "no finding"
NOTHING = "nothing to look at"
CAUSE = "a cause, no finding"
OVERRULED = "a flag says otherwise"


class Aside(NamedTuple):
    """Words that were understood and set aside, and why."""

    words: str
    why: str


class Mention(NamedTuple):
    """A finding that was read, the words that it was read from, and how it was meant.

    `passing` says what else the words may only say, if they do not surely mean the finding: what was filmed, beside which bone
    something lies, where something else is not, what the other side or a relative has.
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
    findings, each with its stem; `named` has the causes that it names as known or feared; `text` is the text itself. `nothing_seen`
    tells that the film has nothing to look at: all that is said of it denies it.
    """

    mentions: tuple[Mention, ...] = ()
    age: float | None = None
    sex: Sex | None = None
    not_understood: tuple[str, ...] = ()
    asides: tuple[Aside, ...] = ()
    age_words: str = ""
    sex_words: str = ""
    wording: tuple[tuple[str, str], ...] = ()
    named: tuple[str, ...] = ()
    text: str = ""
    nothing_seen: bool = False

    @property
    def set_aside(self) -> tuple[str, ...]:
        """The words that were understood and set aside."""
        return tuple(aside.words for aside in self.asides)

    def ids(self, *states: State) -> tuple[str, ...]:
        """Return the findings read in one of the states, each once, in order."""
        return tuple(dict.fromkeys(mention.finding for mention in self.mentions if mention.state in states))

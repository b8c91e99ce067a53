"""What is read from a text: findings with the words that they were read from, and what was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .model import Sex
    from .negation import State


class Mention(NamedTuple):
    """A finding that was read, the words that it was read from, and how it was meant.

    It is `passing` if the words may only say what was filmed, beside which bone something lies, where something else is not, or
    what a relative has.
    """

    finding: str
    words: str
    state: State
    start: int
    passing: bool = False


class Reading(NamedTuple):
    """What a text says. `not_understood` has the words that look as if they meant something and were not read, and the results
    whose unit would have to be known; `set_aside` what was understood and is not the site, not of the patient, denied though it
    is there, or no finding. `words` are all words of a text that says more than names of findings, each with its stem; `text` is the text itself.
    """

    mentions: tuple[Mention, ...] = ()
    age: float | None = None
    sex: Sex | None = None
    not_understood: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    age_words: str = ""
    sex_words: str = ""
    words: tuple[tuple[str, str], ...] = ()
    text: str = ""

    def ids(self, *states: State) -> tuple[str, ...]:
        """Return the findings read in one of the states, each once, in order."""
        return tuple(dict.fromkeys(mention.finding for mention in self.mentions if mention.state in states))

"""What left and right say: a deposit on both sides, and what is told of the other side than that of the deposit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, Literal

from .mentions import OTHER_SIDE, Mention
from .negation import CLAUSE_END

if TYPE_CHECKING:
    from .dictionary import Dictionary, Token
    from .negation import Scopes

Side = Literal["left", "right"]

HEALTHY = frozenset("normal clear spared unaffected uninvolved fine healthy negative".split())
"""Words for what has no deposit: 'left hip fine'."""

_NOTHING = frozenset("nothing clean free".split())
"""Words that say so at the end of a part: 'right hip has nothing'; but not in 'left hip free of pain'."""

LONGEST_PART = 5
"""Words behind a side among which its part ends."""

FILMED_REACH = 8
_FILMED = frozenset(", : film films xray xr x ray radiograph radiographs ap lateral views imaged normal".split())
"""What stands between two sides that were filmed and the deposit on one of them."""

_HANDED = frozenset("handed hander dominant dominance".split())
"""Words behind a side that is that of the hand one writes with."""

_SIDES: Mapping[str, Side] = {"left": "left", "L": "left", "right": "right", "R": "right"}
_PARTING = (CLAUSE_END | {","}) - {":"}
_OTHER: Mapping[Side, Side] = {"left": "right", "right": "left"}


def _sides(tokens: Sequence[Token]) -> Iterator[tuple[int, Side]]:
    """Yield where a side is named, L and R only as capitals, and which; 'right-handed' and 'R hand dominant' name none."""
    for i, token in enumerate(tokens):
        side = _SIDES.get(token.text) or _SIDES.get(token.word)
        if side and _HANDED.isdisjoint(after.word for after in tokens[i + 1 : i + 3]):
            yield i, side


class Sides:
    """The nouns of one dictionary that have a side."""

    def __init__(self, words: Dictionary) -> None:
        self._words, self._language = words, words.language
        self._one_sided = frozenset(words.language.one_sided)

    def both(self, tokens: Sequence[Token], scopes: Scopes) -> Iterator[Mention]:
        """Yield that a clause which speaks of a deposit names left and right."""
        deposits = {token.clause for token in tokens if token.stem in self._words.counted}
        sides: set[tuple[int, Side]] = set()
        both = self._language.both
        for i, side in _sides(tokens) if both else ():
            token = tokens[i]
            if token.word not in _OTHER or token.clause not in deposits or not scopes.is_of_patient(i):
                continue
            part = [*takewhile(lambda after: after.text not in _PARTING, tokens[i + 1 : i + 1 + LONGEST_PART])]
            healthy = (
                any(after.word in HEALTHY and after.clause == token.clause for after in tokens[i + 1 : i + 4])
                or (0 < len(part) < LONGEST_PART and part[-1].word in _NOTHING)
                or any(scopes.negated[k] and self._words.is_deposit(after) for k, after in enumerate(part, i + 1))
            )
            if not healthy:
                sides.add((token.clause, side))
                if (token.clause, _OTHER[side]) in sides:
                    yield Mention(str(both), f"{_OTHER[side]} ... {side}", "present", token.start)

    def told(self, tokens: Sequence[Token], mentions: Sequence[Mention]) -> Iterator[Mention]:
        """Yield the mentions, those of what is `one_sided` set aside where only the deposit is of the other side, and both sides
        where they were only filmed.

        Of 'calcified right hip, left hip replaced' the replacement is of the other side.
        """
        parts = [*accumulate((token.text in _PARTING for token in tokens), initial=0)]
        named: dict[int, set[Side]] = {}
        for i, side in _sides(tokens):
            named.setdefault(parts[i], set()).add(side)
        order, where = sorted(named), list[set[Side]]()
        for part, token in zip(parts, tokens, strict=False):
            if self._words.is_deposit(token):  # 'right knee. Calcified meniscus.' has its side from the heading
                before = bisect_right(order, part)
                where.append(named[order[before - 1]] if before else set())
        deposits: set[Side] = set().union(*where) if all(where) else set()
        starts = [token.start for token in tokens]
        first = next((i for i, token in enumerate(tokens) if self._words.is_deposit(token)), 0)
        for mention in mentions:
            if (
                mention.finding == self._language.both
                and len(deposits) == 1
                and named.get(parts[first])
                and mention.state == "present"
            ):
                between = tokens[bisect_right(starts, mention.start) : first]
                if len(between) <= FILMED_REACH and not _FILMED.isdisjoint(token.word for token in between):
                    yield mention._replace(state="absent", passing=OTHER_SIDE)  # 'both knees imaged, chondrocalcinosis on left'
                    continue
            there = named.get(parts[bisect_right(starts, mention.start) - 1]) if mention.finding in self._one_sided else None
            if len(deposits) == 1 and there and there.isdisjoint(deposits):
                yield mention._replace(state="absent", passing=OTHER_SIDE)
            else:
                yield mention

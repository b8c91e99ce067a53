"""What is called normal or clear: 'muscles and vessels are spared', 'spine: no calcification', 'the femur is intact'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from .mentions import Mention
from .negation import CLAUSE_END, Scopes

if TYPE_CHECKING:
    from .dictionary import Dictionary, Token

LONGEST_LIST = 24
"""Words over which a list of body parts is followed."""

_NORMAL = frozenset(
    """normal intact unremarkable untouched unscathed preserved unaltered undisturbed smooth sound healthy ok okay unharmed uninjured
    unbroken undamaged inconspicuous maintained conserved whole nad patent aligned""".split()
)
_BROKEN = frozenset("eroded invaded breached".split())
_ONLY_AFTER = frozenset("whole smooth sound conserved maintained".split())
"""Words that say normal behind a part, and its look or extent before it."""

_OTHERS = frozenset("between rest other others remaining remainder elsewhere".split())
_CLEAR = frozenset("spared clear clean uninvolved unaffected".split())
_HOLDS = frozenset("show shows contain contains hold holds have has had showed contained".split())
_SPARING = frozenset("sparing spares spared".split())
_TOUCHED = frozenset("involved affected eroded invaded touched breached enlarged dilated thickened widened displaced".split())
_NO_MORE = frozenset("loss lost not no never longer".split())
_SMALL = frozenset("in of at on within around about near and or but is was seen shown present visible there".split())
_LINKS = frozenset(
    """is are was were look looks looked appear appears appeared remain remains all both otherwise entirely quite itself themselves
    underneath beneath below nearby wall walls""".split()
)
_LIST = frozenset((",", "and", "or", "/"))
_ENDS = _LIST | CLAUSE_END


class Called(NamedTuple):
    """How something is called: in order, or clear of what is looked at; and the place of the word that says so."""

    how: Literal["normal", "clear"]
    place: int


class Normality:
    """The words of one dictionary that may be called normal."""

    def __init__(self, words: Dictionary) -> None:
        self._words = words
        self._sound = {words.stem(word): denied for word, denied in words.language.sound.items()}

    def called(self, tokens: Sequence[Token], scopes: Scopes, first: int, last: int) -> Called | None:
        """Return whether the words from `first` to `last`, alone or in a list, are called normal or clear of what is looked at,
        and the place of the word that says so; None if they are not.

        'Muscles and vessels are spared' or 'spine: no calcification'; a hip that is normal says nothing of the search.
        """
        place, before = last + 1, first - 1 - (first > 1 and tokens[first - 1].word == "the")
        if first and (place == len(tokens) or tokens[place].word in _ENDS) and tokens[first].stem not in self._words.counted:
            if tokens[first - 1].word in (_NORMAL | _CLEAR) - _ONLY_AFTER and _NO_MORE.isdisjoint(
                token.word for token in tokens[max(0, first - 4) : first]
            ):
                return Called("normal" if tokens[first - 1].word in _NORMAL else "clear", last)
            if tokens[before].word in _SPARING:
                return Called("clear", last)
        place += place < len(tokens) and self._words.is_where(tokens[place].stem)  # the arteries of 'carotid arteries'
        joined, end = "", min(len(tokens) - 1, place + LONGEST_LIST)
        while place < end and tokens[place].word in _LIST:
            item = place + 1 + (tokens[place + 1].word == "the" and place + 1 < end)
            if not self._words.is_where(tokens[item].stem):
                break
            joined, place = tokens[place].word, item + 1
        if joined in (",", "/"):  # 'calcified carotid, aorta normal' is no list
            return None
        end = min(len(tokens), place + LONGEST_LIST)
        while place < end and tokens[place].word in _LINKS:
            place += 1
        if place >= end:
            return None
        word, following = tokens[place].word, list(takewhile(lambda token: token.word not in _ENDS, tokens[place + 1 : place + 4]))
        if word == ":" and len(following) == 1 and following[0].word in _NORMAL | _CLEAR:
            return Called("normal" if following[0].word in _NORMAL else "clear", place + 1)
        if word == "free" and not following:
            return Called("clear", place)
        if word in ("not", "free", "without") or ((word == ":" or word in _HOLDS) and following and scopes.denials[place + 1]):
            if word == "not":
                following = following[: 1 + (bool(following) and following[0].word.endswith("ly"))]
            last = len(following) - 1
            clear = any(
                (token.stem in self._words.looked_at and (k == last or following[k + 1].word in _SMALL)) or token.word in _TOUCHED
                for k, token in enumerate(following)
            )
            whole = not _BROKEN.isdisjoint(
                token.word for token in following
            )  # 'the jaw is not eroded' says nothing of what lies in it
            return Called("normal" if whole else "clear", place) if clear else None
        if word == "fine" and not following and (place + 1 == len(tokens) or tokens[place + 1].word in _ENDS):
            return Called("normal", place)
        return Called("normal", place) if word in _NORMAL else Called("clear", place) if word in _CLEAR else None

    def mentions(self, text: str, tokens: Sequence[Token], scopes: Scopes) -> Iterator[Mention]:
        """Yield what a word denies that is called normal: 'the femur is intact' says that no bone is eroded."""
        for i, token in enumerate(tokens):
            denied = self._sound.get(token.stem, ())
            others = not _OTHERS.isdisjoint(before.word for before in tokens[max(0, i - 3) : i] if before.clause == token.clause)
            called = self.called(tokens, scopes, i, i) if denied and not others and scopes.is_of_patient(i) else None
            if called:
                token.meant = True
                said = text[token.start : tokens[called.place].start + len(tokens[called.place].text)]
                yield from (Mention(finding, " ".join(said.split()), "absent", token.start) for finding in denied)

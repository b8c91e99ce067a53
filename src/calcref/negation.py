"""Which words a denial or a doubt reaches, after NegEx (Chapman 2001): triggers before and after a term, and what ends them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

State = Literal["present", "absent", "possible"]

NEGATED_WORDS, DOUBTED_WORDS, OTHERS_WORDS = 7, 5, 10
"""Words after a trigger that it may reach, as long as nothing ends it; a list joined by 'or' reaches further."""

LONGEST_LIST = 120
"""Words over which a denied list is followed."""

CLAUSE_END = frozenset(".;:!\n")
_NEUTRAL = frozenset(("or", "nor", "any", "the", "a", "of", "and"))

_BEFORE = """no, not, without, neg for, none in, none within, none over, none near, none on, none at, none about,
nothing in, nothing within, nothing over, nothing on, nothing at, nothing about, denies, denies ever having had,
denies having had, denies having, denies any, denied, denying, deny, absence of, absent, negative for, free of,
rather than, never, never had, never been, not had, not been, not yet, nil, neither, nor, none of, no evidence of,
no sign of, no history of, lack of, lacks, lacking, excludes, excluded, instead of, no longer, non,
nothing to suggest, no definite, w o, cannot see, failed to show, scarcely, hardly, does not have, did not have,
has no, had no, with no, and no"""
_NO_DENIAL = """no more than, not only, no increase, no change, no further, not necessarily, without difficulty, not certain, not sure,
no improvement, not improving, not improved, not fully, not entirely, no significant change, no relief, not settling"""
_AFTER = """absent, negative, neg, not seen, not confirmed, was never, were never, not present, not visible, excluded, ruled out, was not,
were not, is not, are not, denied, none, not found, not identified, nil, not raised, unremarkable, not elevated"""
_SAVE = "except, apart from, other than, aside from, save for, bar, but for, besides"
"""What takes back where a denial was said of: 'nothing over the hip except', 'no change of the knee other than'."""
_JOINING = frozenset((",", "/", "and", "or", "nor"))
_WHERE = frozenset(("in", "within", "of", "over", "on", "at", "about", "around", "near"))
_MAYBE = """possible, possibly, probable, probably, suspected, suspicion of, likely, query, may be, might be, questionable, perhaps,
suggestive of, suggesting, appears, apparent"""
_OTHERS = """family history of, family history, fh of, fhx, mother, father, mum, mom, dad, brother, brothers, sister, sisters, sibling, siblings, parents,
aunt, uncle, cousin, cousins, grandmother, grandfather, grandparents, relatives"""
_STOP = """but, however, although, though, yet, which, because, since, then, now, shows, showed, showing, film,
films, radiograph, radiographs, x ray, xray, xr, ct, mri, still, despite, after, having, have, has, had, only,
with, who, ultrasound, while, whereas, reports, reported, presents, presented, presenting, complains, complained,
complaining, notices, noticed, noticing, develops, developed, is referred, was referred, was brought, was admitted,
containing, contains, measuring, measures, extending, causing"""


_TELLING = frozenset(
    """noticed notices felt feels saw sees found finds reports reported says said describes described recalls recalled remembers
    remembered worried worry brought brings asks asked thinks thought gave gives given noted observed discovered""".split()
)
"""What a relative does who speaks of the patient: 'his mother noticed a lump'."""

_FAMILY = frozenset(("family", "fh", "fhx"))
_LISTING = frozenset(("denies", "denied", "denying", "deny", "negative", "neg"))
"""First words of denials that are said of a whole list."""

SHORT_ITEM = 2
"""Words of an item in such a list."""

_WORD = re.compile(r"\d+[.,]\d+|[^\W_]+(?:['\u2019][^\W_]+)*")


def words_of(text: str) -> list[str]:
    """Return the words of a phrase in lower case, parted at hyphens and blanks."""
    return _WORD.findall(text.lower())


def _by_first(phrases: str) -> dict[str, list[tuple[str, ...]]]:
    result: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases.split(","):
        words = tuple(words_of(phrase))
        result.setdefault(words[0], []).append(words)
    return {first: sorted(items, key=len, reverse=True) for first, items in result.items()}


DENIALS, _PSEUDO, _DENIED_AFTER, _DOUBTS, _ENDS, _RELATIVES, _SAVES = map(
    _by_first, (_BEFORE, _NO_DENIAL, _AFTER, _MAYBE, f"{_STOP}, {_SAVE}", _OTHERS, _SAVE)
)


def trigger(words: Sequence[str], place: int, triggers: dict[str, list[tuple[str, ...]]]) -> int:
    """Return how many words the longest trigger at `place` has, 0 for none."""
    for phrase in triggers.get(words[place], ()):
        if tuple(words[place : place + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def denial(words: Sequence[str], place: int) -> int:
    """Return how many words the denial at `place` has, 0 for none and for what only looks like one ('no more than')."""
    return 0 if trigger(words, place, _PSEUDO) else trigger(words, place, DENIALS)


class Scopes:
    """The reach of every denial and doubt in a text. `words` are its tokens in lower case, `clauses` the clause of each.

    By token, `denials` has the words of the denial that begins there, `negated` whether a denial reaches it, and `others` whether
    it is said of a relative.
    """

    def __init__(self, words: Sequence[str], clauses: Sequence[int]) -> None:
        self.words = words
        self._clauses = clauses
        self.negated, self._doubted, self.others = ([False] * len(words) for _ in range(3))
        self.denials = [denial(words, place) for place in range(len(words))]
        for place, word in enumerate(words):
            if self.denials[place]:
                start = place + self.denials[place]
                self._spread(start, self.negated, 1 if word == "non" else NEGATED_WORDS, word in _LISTING)
                self._save(start)
            size = trigger(words, place, _DOUBTS) or word == "?"
            if size:
                self._spread(place + size, self._doubted, DOUBTED_WORDS)
            size = trigger(words, place, _RELATIVES)
            with_patient = words[place + 1 : place + 2] == ["of"] or (
                word not in _FAMILY and "and" in words[max(0, place - 2) : place]
            )
            tells = not _TELLING.isdisjoint(words[place + size : place + size + 2])
            if size and not with_patient and not tells:  # a 'mother of three' is the patient, 'a girl and her sister' have it both
                for told in range(place + size, min(len(words), place + size + OTHERS_WORDS)):
                    if words[told] in CLAUSE_END or words[told] in (",", "he", "she"):
                        break
                    self.others[told] = True

    def is_of_patient(self, place: int) -> bool:
        """Tell whether a word is said of the patient, neither denied nor of a relative."""
        return not self.negated[place] and not self.others[place]

    def _ends(self, place: int) -> bool:
        return self.words[place] in CLAUSE_END or trigger(self.words, place, _ENDS) > 0

    def _spread(self, start: int, marks: list[bool], left: int, listing: bool = False) -> None:
        reach = left
        for place in range(start, min(len(self.words), start + LONGEST_LIST)):
            word = self.words[place]
            if not left or word in "()?" or word in CLAUSE_END or (place > start and self._ends(place)):
                break
            if word in (",", "/", "and", "+") and not (self._list_goes_on(place) or (listing and self._short_item(place))):
                break
            marks[place] = True
            again = word in (",", "or", "nor") or (listing and word == "and")
            left = reach if again else left - (word[0].isalnum() and word not in _NEUTRAL)

    def _save(self, start: int) -> None:
        """Take a denial back from the one place it was said of, where it ends in an exception: 'nothing over the hip except'."""
        end = start
        while end < len(self.words) and self.negated[end]:
            end += 1
        if end == len(self.words) or not trigger(self.words, end, _SAVES):
            return
        where = next((place for place in range(start - 1, end) if self.words[place] in _WHERE), end)
        if _JOINING.isdisjoint(self.words[where:end]):  # of 'the muscles or the skin', the exception does not say which
            self.negated[where:end] = [False] * (end - where)

    def _short_item(self, place: int) -> bool:
        """Tell whether a comma or an 'and' is followed by one or two words up to the next: 'denies fever, night sweats, and rash'."""
        words = self.words[place + 1 : place + 5]
        if words[:1] == ["and"] or words[:1] == ["or"]:
            words = words[1:]
        size = next((k for k, word in enumerate(words) if word in CLAUSE_END or word in (",", "and", "or", "/")), len(words))
        return 0 < size <= SHORT_ITEM

    def _list_goes_on(self, place: int) -> bool:
        """Tell whether a comma or an 'and' after a denial parts a list that ends in 'or', rather than clauses."""
        if self.words[place] == "and":
            return place + 1 < len(self.words) and self.words[place + 1] not in ("a", "the", "then")
        items = 0
        for k in range(place + 1, min(len(self.words), place + 16)):
            word = self.words[k]
            if word in ("or", "nor"):
                return True
            items = 0 if word == "," else items + 1
            if self._ends(k) or items > 4:
                return False
        return False

    def state(self, first: int, last: int) -> State:
        """Return how the words from `first` to `last` are meant."""
        if self.negated[first] or (self.negated[last] and last - first < 4) or self._denied_after(last):
            return "absent"
        asked = first > 0 and self.words[first - 1] == "?"
        return "possible" if asked or self._doubted[first] or self._doubted[last] else "present"

    def _denied_after(self, last: int) -> bool:
        for place in range(last + 1, min(len(self.words), last + 4)):
            if self._clauses[place] != self._clauses[last] or self.words[place] in (",", "and", "or"):
                return False
            if trigger(self.words, place, _DENIED_AFTER):
                return True
        return False

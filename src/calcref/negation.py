"""Which words a denial or a doubt reaches, after NegEx (Chapman 2001): triggers before and after a term, and what ends them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from .shorthand import uncontracted

State = Literal["present", "absent", "possible"]

NEGATED_WORDS, DOUBTED_WORDS, ASIDE_WORDS, OTHERS_WORDS = 7, 5, 4, 10
"""Words after a trigger that it may reach, as long as nothing ends it; a list joined by 'or' reaches further."""

LONGEST_TAIL = 16
"""Words after a term among which one that is said of a whole list may stand: 'lupus, gout and sarcoidosis all excluded'."""

LONGEST_LIST = 120
"""Words over which a denied list is followed."""

CLAUSE_END = frozenset(".;:!\n")
_NEUTRAL = frozenset(("or", "nor", "any", "the", "a", "of", "and"))

_BEFORE = """no, not, without, neg for, none in, none within, none over, none near, none on, none at, none about,
nothing in, nothing within, nothing over, nothing on, nothing at, nothing about, denies, denies ever having had,
denies having had, denies having, denies any, denied, denying, deny, absence of, absent, negative for, free of,
rather than, never, never had, never been, not had, not been, not yet, nil, neither, nor, none of, no evidence of,
no sign of, no history of, lack of, lacks, lacking, excludes, excluded, instead of, no longer, non,
nothing to suggest, no definite, cannot see, cannot feel, cannot find, cannot recall, cannot remember, could not feel,
could not find, unable to feel, unable to find, failed to show, scarcely, hardly, does not have, did not have, has no, had no,
with no, and no, not in, not within, not on, not over, not consistent with, not compatible with, not in keeping with,
inconsistent with, not associated with, unlikely, unlikely to be, less likely, never diagnosed with, not diagnosed with,
not known to have, unaccompanied by, nothing suggestive of, ruled out for, rules out, free from, un"""
_NO_DENIAL = """no more than, not only, no increase, no change, not necessarily, without difficulty, not certain, not sure,
no improvement, not improving, not improved, not fully, not entirely, no significant change, no relief, not settling,
not exclude, not excluded, not rule out, not ruled out, cannot exclude, cannot rule out, not without, never without, no doubt,
without doubt, no wonder, no lack, not free, not just, not merely, no response to, no benefit from, no treatment for,
not yet excluded, not yet ruled out,
not possible to exclude, not always, no effect of, no complications of, no complications from, not helped by, not relieved by, not settled by"""
_AFTER = """absent, negative, neg, excluded, ruled out, denied, none, nil, unremarkable, unlikely, less likely, not a feature, not the case,
never a problem, not raised, not elevated"""
_NOT_DONE = """seen confirmed present visible found identified demonstrated detected shown noted apparent evident recorded reported
observed appreciated recalled remembered described mentioned known given performed needed required started begun there
palpable felt""".split()
_AFTER += "".join(f", {denied} {done}" for denied in ("not", "not been", "never", "never been") for done in _NOT_DONE)
_MAYBE_AFTER = """not excluded, not yet excluded, not yet ruled out,
cannot be excluded, not be excluded, not been excluded, not ruled out, not been ruled out, cannot be ruled out,
to be excluded, suspected, queried, possible, questionable, vs, versus"""
_ASIDE = """awaiting, waiting for, waiting list for, listed for, planned, scheduled for, due for, booked for, considering, considered for,
refused, refuses, declined, declines, offered, at risk of, risk of, if, in case of, screen for, screening for, screened for,
prophylaxis against, prophylaxis for, prevention of, to prevent,
size of, unless, watch for, look out for, tested for, testing for, consider, due to start, pre op for, preop for, before starting, about to start, no other, no more, no further"""
"""What is not there, or not yet, or not in the patient, and is not denied either."""
_ASIDE_AFTER = "planned, awaited, pending, scheduled, declined, refused, next week, next month, tomorrow"
_OVER = """has gone, have gone, had gone, has resolved, have resolved, had resolved, resolved, has settled, settled, subsided, went away,
has disappeared, disappeared, has healed, healed, has cleared, cleared up, is over, no more, not any more, not now"""
"""What says of a complaint that it is over."""
_SAVE = "except, apart from, other than, aside from, save for, bar, but for, besides"
"""What takes back where a denial was said of: 'nothing over the hip except', 'no change of the knee other than'."""
_JOINING = frozenset((",", "/", "and", "or", "nor"))
_PARTS = frozenset((",", "and", "(", ")", "?"))
_OF_ALL = frozenset(("all", "both"))
_WHERE = frozenset("in within inside of over on at about around near from to below under beneath above behind beside along".split())
_DEFINITE = frozenset("the my his her this that its their".split())
_MAYBE = """possible, possibly, probable, probably, suspected, suspicion of, likely, query, may be, might be, questionable, perhaps,
suggestive of, suggesting, appears, apparent, could be, could it be, may have, might have, could have, rule out, exclude, concern for,
concerned about, concerns about, worried about, worries about, suspicious for, suspicious of, differential, ddx, dd, either, vs, versus,
not exclude, not rule out"""
_OTHERS = """family history of, family history, fh of, fhx, mother, father, mum, mom, dad, brother, brothers, sister, sisters, sibling, siblings, parent, parents,
in the family,
aunt, uncle, cousin, cousins, grandmother, grandfather, grandparents, relatives, grandma, grandpa, granny, gran, nan, grandad, granddad,
son, sons, daughter, daughters, wife, husband, partner, twin, niece, nephew, neighbour, neighbor, friend, colleague, fh, family hx"""
_STOP = """but, however, although, though, yet, which, because, since, then, now, shows, showed, showing, film,
films, radiograph, radiographs, x ray, xray, xr, ct, mri, still, despite, after, having, have, has, had, only, just, also,
with, who, ultrasound, while, whereas, reports, reported, presents, presented, presenting, complains, complained,
complaining, notices, noticed, noticing, develops, developed, is referred, was referred, was brought, was admitted,
containing, contains, measuring, measures, extending, causing, to account, to explain, to suggest"""


_TELLING = frozenset(
    """noticed notices felt feels saw sees found finds reports reported says said describes described recalls recalled remembers
    remembered worried worry brought brings asks asked thinks thought gave gives given noted observed discovered collided kicked hit ran fell
    stepped pushed struck bit threw dropped""".split()
)
"""What a relative does who speaks of the patient: 'his mother noticed a lump'."""

_FAMILY = frozenset(("family", "fh", "fhx"))
_LISTING = frozenset(("denies", "denied", "denying", "deny", "negative", "neg"))
"""First words of denials that are said of a whole list."""

_NO_ITEM = frozenset("takes took taking known on uses admits now some mild painful present noted positive growing diabetic".split())
"""Words of what is no further item of such a list: 'denies gout, takes warfarin'."""

_REACH = {"non": 1, "un": 1, "size": 2}
"""Words that a trigger reaches, by its first word, where they are few."""

SHORT_ITEM = 2
"""Words of an item in such a list."""

_WORD = re.compile(r"\d+[.,]\d+|[^\W_]+(?:['\u2019][^\W_]+)*")


def words_of(text: str) -> list[str]:
    """Return the words of a phrase in lower case, parted at hyphens and blanks."""
    return _WORD.findall(uncontracted(text.lower()))


def _by_first(phrases: str) -> dict[str, list[tuple[str, ...]]]:
    result: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases.split(","):
        words = tuple(words_of(phrase))
        result.setdefault(words[0], []).append(words)
    return {first: sorted(items, key=len, reverse=True) for first, items in result.items()}


DENIALS, _PSEUDO, _DENIED_AFTER, _DOUBTS, _DOUBTED_AFTER, _ENDS, _RELATIVES, SAVES, _SET_ASIDE, _SET_ASIDE_AFTER, _ENDED = map(
    _by_first, (_BEFORE, _NO_DENIAL, _AFTER, _MAYBE, _MAYBE_AFTER, f"{_STOP}, {_SAVE}", _OTHERS, _SAVE, _ASIDE, _ASIDE_AFTER, _OVER)
)  # fmt: skip


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
        for place in range(len(words)):
            for within in range(place, place + trigger(words, place, _PSEUDO)):
                self.denials[within] = 0  # 'not without' has no denial in it
        for place, word in enumerate(words):
            aside = 0 if trigger(words, place, _PSEUDO) else trigger(words, place, _SET_ASIDE)
            if aside:
                self._set_aside(place + aside, _REACH.get(word, ASIDE_WORDS))
            elif word == "except" and not self.negated[place - 1]:
                self._set_aside(place + 1, ASIDE_WORDS)  # 'everywhere except the hands'
            elif self.denials[place]:
                start = place + self.denials[place]
                self._spread(start, self.negated, _REACH.get(word, NEGATED_WORDS), word in _LISTING)
                self._save(start)
                self._elsewhere(start)
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

    def _set_aside(self, start: int, left: int) -> None:
        for place in range(start, len(self.words)):
            word = self.words[place]
            if not left or word in _PARTS or word in CLAUSE_END or (place > start and self._ends(place)):
                return
            self.others[place] = True
            left -= word[0].isalnum() and word not in _NEUTRAL

    def _spread(self, start: int, marks: list[bool], left: int, listing: bool = False) -> None:
        reach = left
        for place in range(start, min(len(self.words), start + LONGEST_LIST)):
            word = self.words[place]
            if not left or word in "()?" or word in CLAUSE_END or (place > start and self._ends(place)):
                break
            listing = listing or (word == "," and self._short_list(place))
            if word in (",", "and", "+") and not (self._list_goes_on(place) or (listing and self._short_item(place))):
                break
            marks[place] = True
            again = word in (",", "/", "or", "nor") or (listing and word == "and")
            left = reach if again else left - (word[0].isalnum() and word not in _NEUTRAL)

    def _save(self, start: int) -> None:
        """Take a denial back from the one place it was said of, where it ends in an exception: 'nothing over the hip except'."""
        end = start
        while end < len(self.words) and self.negated[end]:
            end += 1
        if end == len(self.words) or not trigger(self.words, end, SAVES):
            return
        after = end + trigger(self.words, end, SAVES)
        if after < len(self.words) and self.words[after] in _WHERE:  # 'no pain except at night' says that there is pain
            self.negated[start:end] = [False] * (end - start)
            return
        where = next((place for place in range(start - 1, end) if self.words[place] in _WHERE), end)
        if _JOINING.isdisjoint(self.words[where:end]):  # of 'the muscles or the skin', the exception does not say which
            self.negated[where:end] = [False] * (end - where)

    def _elsewhere(self, start: int) -> None:
        """Set aside what is denied of other places only: 'no lumps elsewhere'."""
        end = start
        while end < len(self.words) and self.negated[end]:
            end += 1
        if "elsewhere" in self.words[start:end]:
            self.negated[start:end], self.others[start:end] = [False] * (end - start), [True] * (end - start)

    def _short_item(self, place: int) -> bool:
        """Tell whether a comma or an 'and' is followed by one or two words up to the next: 'denies fever, night sweats, and rash'."""
        words = self.words[place + 1 : place + 5]
        if words[:1] == ["and"] or words[:1] == ["or"]:
            words = words[1:]
        size = next((k for k, word in enumerate(words) if word in CLAUSE_END or word in (",", "and", "or", "/")), len(words))
        return 0 < size <= SHORT_ITEM and _NO_ITEM.isdisjoint(words[:size])

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

    def _short_list(self, place: int) -> bool:
        """Tell whether nothing but short items follow a comma up to the end of the clause, two at least: 'no pain, swelling, redness'."""
        items: list[list[str]] = [[]]
        for k in range(place + 1, min(len(self.words), place + 16)):
            word = self.words[k]
            if word in CLAUSE_END:
                break
            if word == ",":
                items.append([])
            else:
                items[-1].append(word)
        return len(items) > 1 and all(0 < len(item) <= SHORT_ITEM and _NO_ITEM.isdisjoint(item) and "and" not in item for item in items)

    def state(self, first: int, last: int, tail: str = "") -> State:
        """Return how the words from `first` to `last` are meant; `tail` is the sign that follows them without a blank."""
        doubted = self._after(last, _DOUBTED_AFTER)
        if not doubted and (self.negated[first] or (self.negated[last] and last - first < 4) or self._after(last, _DENIED_AFTER)):
            return "absent"
        asked = first > 0 and self.words[first - 1] == "?"
        doubted = doubted or asked or tail == "?" or self._doubted[first] or self._doubted[last]
        return "possible" if doubted else "present"

    def is_set_aside(self, first: int, last: int, complaint: bool) -> bool:
        """Tell whether the words from `first` to `last` are said of another person, or of what is planned, elsewhere, or over.

        Only a `complaint` can be over.
        """
        return self.others[first] or self._after(last, _SET_ASIDE_AFTER) or (complaint and self._after(last, _ENDED))

    def is_taken_for_granted(self, first: int) -> bool:
        """Tell whether the word at `first` only says where something else is denied: 'no pain over the lump'."""
        if first < 2 or self.words[first - 1] not in _DEFINITE or self.words[first - 2] not in _WHERE:
            return False
        starts = (place for place in range(first - 2, -1, -1) if self.denials[place])
        start = next(starts, None)
        return start is not None and start + self.denials[start] < first - 2

    def _after(self, last: int, triggers: dict[str, list[tuple[str, ...]]]) -> bool:
        """Tell whether one of `triggers` follows the word at `last` in its clause, before any comma, or closes the list it is in."""
        listed = False
        for place in range(last + 1, min(len(self.words), last + 1 + LONGEST_TAIL)):
            word = self.words[place]
            if self._clauses[place] != self._clauses[last] or (not listed and place > last + 3):
                return False
            listed = listed or word in _JOINING
            if trigger(self.words, place, triggers):
                return not listed or not _OF_ALL.isdisjoint(self.words[max(last, place - 3) : place])
        return False

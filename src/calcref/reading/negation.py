"""Which words a denial or a doubt reaches, after NegEx (Chapman 2001): cues before and after a term, and what ends them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Literal, NamedTuple

from .cues import (
    DENIED_AFTER,
    DIFFERENTIALS,
    DOUBTED_AFTER,
    DOUBTS,
    ENDS,
    NO_DENIAL,
    NO_DOUBT,
    OVER,
    RELATIVES,
    SAVES,
    SEEN,
    SET_ASIDE,
    SET_ASIDE_AFTER,
    Cues,
    cue,
    denial,
)

State = Literal["present", "absent", "possible"]
Kind = Literal["whole", "thing", "look", "where", "fact", "small", ""]
"""What a word is for a denial: a noun that it takes whole and ends behind ('no fever calcified knee'), the thing that is looked at,
what says how it looks or where it lies, another fact, or a word that says nothing by itself.
"""

_TAKEN_FOR_GRANTED = frozenset(("thing", "fact", "whole"))
_SIGNS = frozenset(
    """evidence sign signs history feature features symptom symptoms recurrence regrowth return trace hint suggestion stigmata
    manifestation manifestations remnant residue""".split()
)
"""Nouns that are denied with what they are of: 'no recurrence of the mass'."""

NEGATED_WORDS, DOUBTED_WORDS, ASIDE_WORDS, OTHERS_WORDS = 7, 5, 4, 10
"""Words after a cue that it may reach, as long as nothing ends it; a list joined by 'or' reaches further."""

LONGEST_TAIL = 16
"""Words after a term among which one that is said of a whole list may stand: 'lupus, gout and sarcoidosis all excluded'."""

LONGEST_PLAIN_LIST = 24
"""Words over which a denied list without 'or' is followed."""

FAVOURED_WORDS = 7
"""Words from 'favour' among which the 'over' stands behind which the less likely is named."""

LONGEST_LIST = 120
"""Words over which a denied list is followed."""

CLAUSE_END = frozenset(".;:!\n")
_NEUTRAL = frozenset(("or", "nor", "any", "the", "a", "of", "and"))

_JOINING = frozenset((",", "/", "and", "or", "nor"))
_PARTS = frozenset((",", "and", "(", ")", "?"))
_OF_ALL = frozenset(("all", "both"))
_WHERE = frozenset(
    "in within inside of over on at about around near from to below under beneath above behind beside along between".split()
)
_WITH = frozenset("keeping consistent compatible associated".split())
_BESIDE = frozenset("outside behind below above under beneath beside near".split())
_BESIDE_TO = frozenset(
    """superficial deep adjacent next close separate apart away outside posterior anterior lateral medial plantar dorsal volar palmar
    radial ulnar proximal distal""".split()
)
_PRESSES = frozenset(
    """displacing displaces displaced compressing compresses compressed encasing encases encased abutting abuts effacing effaces
    engulfing engulfs indenting indents""".split()
)
"""What a mass does to what lies beside it."""

_DEFINITE = frozenset("the my his her this that its their".split())
_TELLING = frozenset(
    """noticed notices notice felt feels feel saw sees see found finds find reports report reported says say said
    describes described recalls recalled remembers remembered bring bringing present presents presented carries carried
    tells told squeezed pressed picked pulled removed expressed scratched popped touched washed showed photographed
    worried worry brought brings asks asked thinks thought gave gives given noted observed discovered collided kicked
    hit ran fell stepped pushed struck bit threw dropped giving feeding putting adding""".split()
)
"""What a relative does who speaks of the patient: 'his mother noticed a lump'."""

_SPOKEN_FOR = frozenset("son daughter husband wife grandson granddaughter".split())
"""Relatives who are the patient if their age follows: 'her son, 6, has a lump'."""

_PATIENT_AGAIN = frozenset(", he she himself herself pt patient xr xray film films".split())
_OF_TWO = frozenset("side hand foot knee hip ear end wrist elbow shoulder of".split())
"""What there are two of: 'on either side' is on both."""

_ESCORT = frozenset("brought accompanied attended seen came comes referred sent".split())
"""What the patient is with a relative: 'brought by his mother with a lump'."""

_EARLIER = frozenset("earlier previous prior last old older before initial ago".split()).union(map(str, range(1950, 2100)))
"""What tells that a film of another time is meant."""

_ON, _FORMER = frozenset(("on", "at", "in")), frozenset(("prior", "previous", "earlier")).union(map(str, range(1990, 2100)))
"""What tells that something is denied of a film of another time."""

_HEADINGS = frozenset("comparison comparisons prior priors previous".split())
"""What heads the part of a report on films of another time."""

_BEFORE_NOUN = frozenset("a an the with had has for of as".split())
"""Words after which an adjective belongs to a noun that follows."""

_SOUND = frozenset("normal unremarkable negative clear fine nil none note nothing".split())
"""What is so 'except for' a finding, which is there."""

_SPANS = frozenset("day days week weeks wk wks month months mth mths year years yr yrs".split())
"""Behind a number, how long something has been there."""

_SAID_OF_ONE = frozenset(("not", "never"))
"""What denies the next word alone, whatever else follows it."""

_FAVOURED = frozenset("favour favours favoured favor favors favored prefer".split())
_COMPOUNDS = frozenset("fragment fragments line lines callus site history relief of to for with".split())
"""What goes on with the noun before it: 'no fracture line', 'no pain relief'."""

LONGEST_BRACKET = 6
"""Words and signs of a bracket that tells what a relative does."""

LIST_AHEAD = 8
"""Words after a denied noun among which an 'or' tells that a list goes on."""

_SINCE = frozenset("after since following post".split())
"""Words that end the reach of a denial before it begins."""

_ALONE = frozenset(("nil", "none"))
"""What denies what stands before it only where nothing follows: 'pulses nil'; but 'hot swollen knee nil trauma'."""

_OF_THE_LAST = frozenset(("negative", "neg"))
_BETWEEN = frozenset("is are was were both all also still again came returned repeatedly persistently for".split())
"""What may stand, with the words of a test, between a term and its 'negative': of 'fever, blood cultures negative' only the cultures are."""

_PERSON = frozenset(("patient", "pt"))
_LIVING = frozenset("lives living live stays".split())

_HEADS = frozenset("disease history symptom symptoms problem problems issue issues trouble loss reaction use infection".split())
"""Nouns that may only end the name of something: 'coeliac disease excluded'."""

_OWNS = "'s", "\u2019s"
_FAMILY = frozenset(("family", "fh", "fhx"))
_LISTING = frozenset(("denies", "denied", "denying", "deny", "negative", "neg"))
"""First words of denials that are said of a whole list."""

_REACH = {"non": 1, "un": 1, "size": 2}
"""Words that a cue reaches, by its first word, where they are few."""

SHORT_ITEM = 2
"""Words of an item in such a list."""


class Vocabulary(NamedTuple):
    """Words of a knowledge base that change a reach: `offspring` is no relative behind 'daughter' ('daughter cysts'), `grades` deny
    one kind alone (what is not suspicious may be there), and a test may stand between a term and its 'negative'.
    """

    offspring: Container[str] = ()
    grades: Container[str] = ()
    tests: Container[str] = ()


class Scopes:
    """The reach of every denial and doubt in a text. `words` are its tokens in lower case, `clauses` the clause of each.

    By token, `denials` has the words of the denial that begins there, `negated` whether a denial reaches it, and `others` whether
    it is said of a relative. `kinds` tells what each word is, as far as it is known.
    """

    def __init__(self, words: Sequence[str], clauses: Sequence[int], vocabulary: Vocabulary, kinds: Sequence[Kind]) -> None:
        self.words = words
        self._clauses, self._kinds, self._vocabulary = clauses, kinds, vocabulary
        self._stops = [kind == "whole" for kind in self._kinds]
        self.negated, self._doubted, self.others = ([False] * len(words) for _ in range(3))
        self._ends = [self._is_end(place) for place in range(len(words))]
        self.denials = [denial(words, place) for place in range(len(words))]
        for place in range(len(words)):
            size = cue(words, place, NO_DENIAL)
            self.denials[place : place + size] = [0] * size  # 'not without' has no denial in it
            if (words[place] in _ALONE and self._answers(place)) or not _SINCE.isdisjoint(words[place + 1 : place + 2]):
                self.denials[place] = 0  # 'pulse absent after dislocation' denies the pulse
        bare = [word[:-2] if word.endswith(_OWNS) else word for word in words]
        for place, word in enumerate(words):
            changed = word == "size" and words[place - 1 : place] == ["in"]  # 'increase in size of the mass'
            aside = 0 if changed or cue(words, place, NO_DENIAL) else cue(words, place, SET_ASIDE)
            if aside:
                self._set_aside(place + aside, _REACH.get(word, ASIDE_WORDS))
            elif word == "except" and place and not self.negated[place - 1] and words[place - 1] not in _SOUND:
                self._set_aside(place + 1, ASIDE_WORDS)  # 'everywhere except the hands'
            elif self.denials[place]:
                start = place + self.denials[place]
                self._spread(start, self.negated, _REACH.get(word, NEGATED_WORDS), word in _LISTING)
                if start < len(words) and words[start] in vocabulary.grades:
                    self._keep_place(start)
                self._save(start)
                self._elsewhere(start)
            if cue(words, place, DIFFERENTIALS):
                self._set_aside_list(place + cue(words, place, DIFFERENTIALS))
            if word in _FAVOURED and "over" in words[place : place + FAVOURED_WORDS]:
                self._set_aside(words.index("over", place) + 1, ASIDE_WORDS)  # 'favour gout over infection'
            of_two = word == "either" and not _OF_TWO.isdisjoint(words[place + 1 : place + 2])
            size = 0 if of_two or cue(words, place, NO_DOUBT) else cue(words, place, DOUBTS) or word == "?"
            if size:
                self._spread(place + size, self._doubted, DOUBTED_WORDS)
            size = cue(bare, place, RELATIVES)
            if size and not self._is_about_patient(place, size):
                self._set_aside_of_relative(place + size, word in _FAMILY)

        self._set_comparisons_aside()

    def _set_comparisons_aside(self) -> None:
        """Set aside what is denied of another film in the part of a report that is headed so: 'Comparison: 2021, no bone'."""
        words, headed = self.words, False
        for place in range(1, len(words)):
            if words[place] == ":" and words[place - 1] in _HEADINGS:
                headed = True
            elif words[place] in CLAUSE_END:
                headed = False
            elif headed and self.negated[place]:
                self.negated[place], self.others[place] = False, True

    def _is_about_patient(self, place: int, size: int) -> bool:
        """Tell whether a relative, named in `size` words at `place`, leaves what follows with the patient.

        A 'mother of three' is the patient, 'a girl and her sister' have it both, and who 'noticed a lump' speaks of another's.
        """
        words, word = self.words, self.words[place]
        end = place + size
        if words[end : end + 1] == ["("] and ")" in words[end : end + LONGEST_BRACKET]:
            end = words.index(")", end) + 1  # 'her daughter (a nurse) thinks'
        after, before = words[end : end + 2], words[max(0, place - 4) : place]
        if word in _FAMILY:
            return word != "family" and (self.negated[place] or not _ALONE.isdisjoint(after[:1]))  # 'no FH', 'FHx nil'
        following = words[place + 1 : place + 3]
        both = "and" in before[-2:] and not any(self.others[max(0, place - OTHERS_WORDS) : place])
        patient = word in _SPOKEN_FOR and following[:1] == [","] and "".join(following[1:]).isdecimal()
        with_one = before[-1:] == ["with"] and not _LIVING.isdisjoint(before[-3:])
        return (
            (following[:1] == ["of"] and _PERSON.isdisjoint(words[place + 2 : place + 4]))
            or both
            or patient
            or with_one
            or before[-1:] == ["old"]  # 'her 12-year-old son'
            or not _TELLING.isdisjoint(after)
            or not _ESCORT.isdisjoint(before)
            or "".join(following[:1]) in self._vocabulary.offspring
        )

    def _set_aside_of_relative(self, start: int, family: bool) -> None:
        """Set aside what is said of a relative from `start` on, up to the first disease or to the patient."""
        words = self.words
        start += (family and words[start : start + 1] == [":"]) or words[start : start + 1] in (["he"], ["she"])
        if words[start : start + 1] == ["of"]:
            start = next((k + 1 for k in range(start, min(len(words), start + 4)) if words[k] in _PERSON), start)
        if words[start : start + 1] == [","] and "".join(words[start + 1 : start + 2]).isdecimal():
            start += 3  # 'her sister, 60, has gout'
        for place in range(start, min(len(words), start + OTHERS_WORDS)):
            if words[place] in CLAUSE_END or words[place] in _PATIENT_AGAIN or words[start] == ")":
                break
            self.others[place] = True
            if self._is_last(place) or (words[place] == ")" and "(" in words[start:place]):
                break  # 'FH of gout (mother), painful knee'

    def _end_of(self, start: int, alone: bool = False) -> int:
        """Return where the words end that a denial reaches from `start` on, or, if it is `alone`, where the next one begins."""
        places = range(start, len(self.words))
        return next((k for k in places if not self.negated[k] or (alone and self.denials[k])), len(self.words))

    def _keep_place(self, start: int) -> None:
        """End a denial of one kind of what is looked at before the place where it is denied: 'no suspicious masses in the left breast'."""
        end = self._end_of(start)
        where = next((k for k in range(start, end) if self._kinds[k] == "where" or self.words[k] in _WHERE), end)
        if _JOINING.isdisjoint(self.words[start:end]):
            self.negated[where:end] = [False] * (end - where)

    def _answers(self, place: int) -> bool:
        """Tell whether a 'nil' only answers what stands before it: 'gas nil, ulcer' and 'allergies nil calcified knee'."""
        following = "".join(self.words[place + 1 : place + 2])
        return not following[:1].isalnum() or (self._stops[place - 1] and place > 0 and not any(self._stops[place + 1 : place + 3]))

    def is_of_patient(self, place: int) -> bool:
        """Tell whether a word is said of the patient, neither denied nor of a relative."""
        return not self.negated[place] and not self.others[place]

    def _is_end(self, place: int) -> bool:
        if self.words[place] in CLAUSE_END or cue(self.words, place, NO_DENIAL):
            return True
        if self.words[place] == "with" and place:
            before = self.words[max(0, place - 3) : place]
            if before[-1] in _WITH or (before[-1].endswith("ed") and "never" in before):
                return False  # 'never treated with'
        return cue(self.words, place, ENDS) > 0

    def _set_aside(self, start: int, left: int) -> None:
        for place in range(start, len(self.words)):
            word = self.words[place]
            if not left or word in _PARTS or word in CLAUSE_END or (place > start and self._ends[place]):
                return
            self.others[place] = True
            if self._is_last(place):
                return
            left -= word[0].isalnum() and word not in _NEUTRAL

    def _set_aside_list(self, start: int) -> None:
        """Set a list of what is thought of aside, up to the end of its clause: 'DDx: gout, infection'; what stands alone is asked."""
        start += self.words[start : start + 1] == [":"]
        beyond = min(len(self.words), start + LONGEST_LIST)
        end = next((k for k in range(start, beyond) if self.words[k] in CLAUSE_END), beyond)
        if not _JOINING.isdisjoint(self.words[start:end]):
            self.others[start:end] = [True] * (end - start)

    def _spread(self, start: int, marks: list[bool], left: int, listing: bool = False) -> None:
        reach, of_one, granted = left, self._of_one(start), 0
        end = self._of_the_thing(start) if marks is self.negated else len(self.words)
        for place in range(start, min(len(self.words), start + LONGEST_LIST)):
            word = self.words[place]
            if place == end or not left or word in "()?" or word in CLAUSE_END or (place > start and self._ends[place]):
                break
            if marks is self.negated and place > start and word == "no" and self.denials[place]:
                break  # the next one reaches as far itself
            if marks is self.negated and place > start and self._grants(place):
                marks[place] = True
                if word != "between":
                    break
                beyond = min(len(self.words), place + NEGATED_WORDS)
                granted = next((k for k in range(place, beyond) if self.words[k] == "and"), beyond)
            if place < granted:
                continue  # 'no plane between the mass and the femur'
            if word in (",", "and") and not self._list_goes_on(place):
                break
            if place > start and word.isdecimal() and not _SPANS.isdisjoint(self.words[place + 1 : place + 2]):
                break  # 'no trauma 6 weeks growing'
            if place > start and word[0].isdigit() and marks is self._doubted:
                break  # '?scleroderma 57F Raynaud'
            marks[place] = True
            if marks is self.negated and self._is_last(place, of_one):
                break
            again = word in (",", "/", "or", "nor") or (listing and word == "and")
            left = reach if again else left - (word[0].isalnum() and word not in _NEUTRAL)

    def _grants(self, place: int) -> bool:
        """Tell whether the word at `place` begins what a denial before it takes for granted: 'no enhancement of the calcified mass'."""
        if self.words[place] not in _WHERE or (self.words[place] == "of" and self.words[place - 1] in _SIGNS):
            return False
        if _DEFINITE.isdisjoint(self.words[place + 1 : place + 2]):
            return False
        for k in range(place + 2, min(len(self.words), place + 2 + NEGATED_WORDS)):
            if self.words[k] in CLAUSE_END or self.words[k] in _JOINING or self.words[k] in _WHERE:
                return False
            if self._kinds[k] in _TAKEN_FOR_GRANTED:
                return True
        return False

    def _of_one(self, start: int) -> bool:
        """Tell whether a denial that ends before `start` is of the next word alone: 'not', 'not on', 'never'."""
        return not _SAID_OF_ONE.isdisjoint(self.words[max(0, start - 2) : start])

    def _of_the_thing(self, start: int) -> int:
        """Return where the words begin that are said of the thing that is looked at, if a denial at `start` is of something before
        them: 'not diabetic, tramline calcification' without the comma. Else it is beyond the text.
        """
        beyond = len(self.words)
        verb = self._of_one(start)
        for place in range(start, min(beyond, start + NEGATED_WORDS)):
            word = self.words[place]
            if word in CLAUSE_END or word in _JOINING or (word in _WHERE and word != "of"):
                return beyond
            if self._kinds[place] == "thing":
                first = place
                while first > start and self._kinds[first - 1] in ("look", "where", "small"):
                    first -= 1
                before = [self._kinds[k] for k in range(start, first) if not self.words[k].endswith("ly")]
                other = any(kind != "small" for kind in before) if verb else "fact" in before or "whole" in before
                return first if other else beyond
        return beyond

    def _is_last(self, place: int, alone: bool = False) -> bool:
        """Tell whether a denial ends behind the word at `place`, a noun that takes it whole and after which no list goes on.

        A list without commas goes on with another such noun, unless the denial takes one `alone`: 'not on dialysis, CKD'.
        """
        following = self.words[place + 1 : place + 1 + LIST_AHEAD]
        if not self._stops[place] or not following or not following[0][0].isalnum():
            return False
        if following[0] == "on" and self._kinds[place + 2 : place + 3] in (["whole"], ["fact"]):
            return True  # 'no fever on dialysis' is on dialysis
        if following[0] in _COMPOUNDS or following[0] in _NEUTRAL or following[0] in _WHERE:
            return False
        stops = self._stops[place + 1 : place + 3]
        if not alone and (stops[0] or (any(stops) and self._kinds[place + 1] != "where")):
            return False
        end = next((k for k, word in enumerate(following) if word in CLAUSE_END or word == ","), LIST_AHEAD)
        return {"or", "nor", "/"}.isdisjoint(following[:end])

    def _save(self, start: int) -> None:
        """Take a denial back from the one place it was said of, where it ends in an exception: 'nothing over the hip except'."""
        end = self._end_of(start)
        if end == len(self.words) or not cue(self.words, end, SAVES):
            return
        after = end + cue(self.words, end, SAVES)
        amount = after < len(self.words) and (
            self.words[after] in _WHERE or self.words[after][0].isdigit() or self.words[after] == "half"
        )
        if amount or self.words[end] == "until":  # 'no pain except at night', 'no fever until today' say that there is
            self.negated[start:end] = [False] * (end - start)
            return
        where = next((place for place in range(start - 1, end) if self.words[place] in _WHERE), end)
        if _JOINING.isdisjoint(self.words[where:end]):  # of 'the muscles or the skin', the exception does not say which
            self.negated[where:end] = [False] * (end - where)

    def _elsewhere(self, start: int) -> None:
        """Set aside what is denied of other places or films only: 'no lumps elsewhere', 'no ossification on the prior film'."""
        end = self._end_of(start, alone=True)
        words = self.words[start : end + 3]
        then = any(
            on in _ON and (one in _FORMER or (one in _DEFINITE and other in _FORMER))
            for on, one, other in zip(words, words[1:], [*words[2:], ""], strict=False)
        )
        if then or "elsewhere" in self.words[start:end]:
            self.negated[start:end], self.others[start:end] = [False] * (end - start), [True] * (end - start)

    def stop(self, first: int, last: int) -> None:
        """End a denial after the term whose words it is part of, unless a list goes on: 'no trauma calcified knee'."""
        end = self._end_of(last + 1, alone=True)
        if self.words[first] not in _LISTING and _JOINING.isdisjoint(self.words[last + 1 : end]):
            self.negated[last + 1 : end] = [False] * (end - last - 1)

    def splits(self, first: int, last: int) -> bool:
        """Tell whether a denial ends between two words, so that they are said of two things: 'no pain, cold foot' without the comma."""
        return self.negated[first] and not self.negated[last] and any(self._stops[first:last])

    def lists(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Yield each denial that begins a list parted by commas: its place, and those of the first and last words of each item.

        Three at least, or two after a verb such as "denies"; "not" begins none.
        """
        for place, size in enumerate(self.denials):
            start = place + size
            items = [[start, start - 1]]
            for at in range(start, min(len(self.words), start + LONGEST_PLAIN_LIST) if size else start):
                if self.denials[at] or (self._ends[at] if at > start else self.words[at] in CLAUSE_END):
                    break
                if self.words[at] == ",":
                    items.append([at + 1, at])
                elif items[-1][0] == at and self.words[at] in ("and", "or"):
                    items[-1][0] = at + 1
                else:
                    items[-1][1] = at
            filled = [(first, last) for first, last in items if first <= last]
            if self.words[place] != "not" and len(filled) >= (2 if self.words[place] in _LISTING else 3):
                yield place, filled

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
            if self._ends[k] or items > 4:
                return False
        return False

    def state(self, first: int, last: int, tail: str = "") -> State:
        """Return how the words from `first` to `last` are meant; `tail` is the sign that follows them without a blank."""
        doubted = self._after(last, DOUBTED_AFTER)
        if not doubted and (self.negated[first] or (self.negated[last] and last - first < 4) or self._after(last, DENIED_AFTER)):
            return "absent"
        asked = (first > 0 and self.words[first - 1] == "?") or self._is_one_of_two(last)
        doubted = doubted or asked or tail == "?" or self._doubted[first] or self._doubted[last]
        return "possible" if doubted else "present"

    def _is_one_of_two(self, last: int) -> bool:
        """Tell whether the word at `last` ends the first half of a question: 'phlebolith or ureteric stone?'."""
        words = self.words[last + 1 : last + 3 + SHORT_ITEM]
        asked = words.index("queried") if "queried" in words else 0
        return words[:1] == ["or"] and asked > 0 and "," not in words[:asked]

    def is_set_aside(self, first: int, last: int, complaint: bool) -> bool:
        """Tell whether the words from `first` to `last` are said of another person, or of what is planned, elsewhere, or over.

        Only a `complaint` can be over.
        """
        return self.others[first] or self._after(last, SET_ASIDE_AFTER) or (complaint and self._after(last, OVER))

    def is_beside(self, first: int) -> bool:
        """Tell whether the word at `first` only says what something lies beside or apart from: 'superficial to the tendon'."""
        place = first - 1 - (first > 0 and self.words[first - 1] in _DEFINITE)
        if self.presses(first):
            return True
        joined = place > 0 and self.words[place] in ("to", "from", "of")
        return place >= joined and self.words[place - joined] in (_BESIDE_TO if joined else _BESIDE)

    def presses(self, first: int) -> bool:
        """Tell whether the word at `first` is what something is said to press on: 'displacing the left kidney'."""
        return not _PRESSES.isdisjoint(word for word in self.words[max(0, first - 3) : first])

    def is_taken_for_granted(self, first: int, bare: bool = False) -> bool:
        """Tell whether the word at `first` only says where something else is denied: 'no pain over the lump'.

        If `bare`, it may do so without an article: 'no calcification within mass'.
        """
        where = first - 1 - (first > 0 and self.words[first - 1] in _DEFINITE)
        if where < 0 or self.words[where] not in _WHERE or (where == first - 1 and not bare):
            return False
        start = next((place for place in range(where, -1, -1) if self.denials[place]), None)
        return start is not None and start + self.denials[start] < where

    def _after(self, last: int, cues: Cues) -> bool:
        """Tell whether one of `cues` follows the word at `last` in its clause, before any comma, or closes the list it is in."""
        listed = parted = False
        for place in range(last + 1, min(len(self.words), last + 1 + LONGEST_TAIL)):
            word = self.words[place]
            if self._clauses[place] != self._clauses[last] or (not listed and place > last + 3):
                return False
            listed = listed or word in _JOINING
            parted = parted or word in (",", "/")
            if cue(self.words, place, NO_DENIAL):
                return False
            if self.words[place - 1] in _BEFORE_NOUN and place + 1 < len(self.words) and self.words[place + 1][0].isalpha():
                continue  # of 'fever with negative cultures', only the cultures are
            following = self.words[place + 1 : place + 8]
            if cues is DENIED_AFTER and not _EARLIER.isdisjoint(following) and _SINCE.isdisjoint(following[:1]):
                continue  # 'not seen on an earlier film' is there now
            size = cue(self.words, place, cues)
            if size and not listed and cues in (DENIED_AFTER, DOUBTED_AFTER) and self._has_noun(last + 1, place):
                continue  # 'hip pain, fracture excluded' without the comma
            if size and cues is DENIED_AFTER and self._is_of_another(last, place, place + size, listed):
                continue
            if size and not (cues is DOUBTED_AFTER and not {"not", "never"}.isdisjoint(self.words[place - 2 : place])):
                said_of = _OF_ALL if parted else _OF_ALL | {"are", "were"}
                return not listed or not said_of.isdisjoint(self.words[max(last, place - 3) : place])
        return False

    def _has_noun(self, start: int, end: int) -> bool:
        """Tell whether one of the words from `start` to before `end` is a noun that a denial takes whole, no mere head of a name."""
        return any(self._stops[k] and self.words[k] not in _HEADS for k in range(start, end))

    def _is_of_another(self, last: int, place: int, end: int, listed: bool) -> bool:
        """Tell whether a denial at `place`, which ends before `end`, is not said of the term before it that ends at `last`."""
        if self.words[place] in _ALONE:
            following = "".join(self.words[end : end + 1])
            return following[:1].isalnum() and following not in SEEN and self.denials[place] > 0
        between = (word for word in self.words[last + 1 : place] if word not in _BETWEEN)
        return self.words[place] in _OF_THE_LAST and not listed and any(word not in self._vocabulary.tests for word in between)

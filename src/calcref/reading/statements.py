"""What the terms found in a text state: a finding that is there, absent or possible, or words that are set aside, with why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, takewhile, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from .counting import SEVERAL, is_plural
from .cues import DENIALS, SAVES, cue
from .mentions import BESIDE, DENIED_THERE, NOT_OF_PATIENT, NOT_SITE, Mention
from .normality import LONGEST_LIST

if TYPE_CHECKING:
    from .dictionary import Dictionary, Match, Term, Token
    from .negation import Scopes, State
    from .normality import Normality

MOST_MODIFIERS = 3
"""Words before a noun that say which of its kind is meant."""

_WHICH = frozenset("left right deep superficial common external internal long short".split())
_SMALL = frozenset("the a an left right either both his her".split())
_VERDICTS = frozenset(("positive", "negative", "absent"))
LONGEST_PHRASE = 4
"""Words after an adjective among which its noun stands."""

_PHRASE_ENDS = frozenset("and or in of with on at over to by from around along is was are were".split())
_LOST = frozenset("loss lost longer".split())
_FILMS = frozenset("film films xr xray x radiograph radiographs view views".split())
_FELL, _ON = frozenset("fell fall falling fallen landed landing".split()), frozenset(("on", "onto"))
_OFF = frozenset((word, joint) for word in ("clear", "free") for joint in ("of", "from"))
_GROUPS = SEVERAL.union("group cluster string row chain beaded".split())
LONGEST_PART = 16
"""Words before and after a term among which it may be said when it was."""

_BEGINNING = frozenset(
    """had has have a an the she he in about some around approximately over more than and then was when back or of least at with pt patient
    one two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty few several many""".split()
)
"""Words before a span of years that name no event: 'had about ten years ago a fever'."""

_LONG_AGO = re.compile(
    r"\b(?:years?|yrs?|decades?|(?:[6-9]|1\d|six|seven|eight|nine|ten|eleven|twelve|eighteen|several|many) months)\s"
    r"(?:ago|earlier|before|previously)\b|\bin (?:19|20)\d\d\b|\bas an? (?:child|boy|girl|teenager|young (?:wo)?m[ae]n)\b"
    r"|\bin (?:childhood|(?:his|her) (?:youth|teens|twenties|thirties))\b",
    re.IGNORECASE,
)


_LATELY = re.compile(
    r"""\b(?:
    today | tonight | yesterday | yest | yday | ystd | just\ now
    | this\ (?:morning|am|afternoon|evening|week|weekend)
    | last\ (?:night|week|weekend|month)
    | (?:mon|tues|wednes|thurs|fri|satur|sun)day | (?:mon|tues?|wed|thurs?|thu|fri|sat|sun)(?:\ night)?
    | (?:at|over)\ the\ weekend | (?:the\ )?(?:day|week)\ before | previous\ (?:day|week)
    | (?:fortnight|one\ month)\ (?:ago|earlier|back)
    | (?:\d\d?\ ?|(?:an?|one|two|three|four|five|six|few|several)\ )
      (?:mins?|minutes?|h|hours?|hrs?|days?|weeks?|wks?)(?!\ (?:old|hx|history|of\ age|of\ life))
    | (?:hours?|hrs?|days?|weeks?|wks?)\ (?:ago|earlier|back|before|prior|previously|post|after|since|following|from)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""When something was that is of these days."""

NEAR_TIME = 5
"""Words between what happened and when."""


class Told(NamedTuple):
    """A text, its words, and what each denial and doubt in it reaches."""

    text: str
    tokens: list[Token]
    scopes: Scopes


class Found(NamedTuple):
    """A term where it stands in a text: its words with their places, and the places of the denials from the first to the last."""

    term: Term
    text: str
    tokens: list[Token]
    places: tuple[int, ...]
    denials: list[int]

    @property
    def first(self) -> int:
        """The place of its first word."""
        return self.places[0]

    @property
    def last(self) -> int:
        """The place of its last word."""
        return self.places[-1]

    @property
    def denies(self) -> bool:
        """Whether a denial is one of its own words: 'not calcified'."""
        return any(place in self.places for place in self.denials)

    @property
    def end(self) -> int:
        """Where its last word ends in the text."""
        return self.tokens[-1].start + len(self.tokens[-1].text)

    def parted(self, told: Told, denial: int) -> bool:
        """Tell whether a comma, or a noun that the denial ends behind, parts the denial at a place from the next word of the term."""
        following = next((place for place in self.places if place > denial), denial)
        ended = following > denial + 1 and told.scopes.splits(denial + 1, following)
        return ended or any(token.text == "," for token in told.tokens[denial:following])

    def mention(self, state: State, aside: str = "", finding: str = "") -> Mention:
        """Return what is read: the finding of the term, or another one, in a state; or that it is set aside, and why."""
        start = self.tokens[0].start
        return Mention(finding or self.term.finding, " ".join(self.text[start : self.end].split()), state, start, aside)


class Statements:
    """The terms of one dictionary, and what they state in a text."""

    def __init__(self, words: Dictionary, normality: Normality) -> None:
        self._words, self._normality, self._language = words, normality, words.language
        self._felt, self._landmarks = words.stems(words.language.felt), words.stems(words.language.landmarks)
        self._masses = words.stems(words.language.large_of) | self._felt
        self._mishaps = frozenset(words.language.mishaps)

    def mentions(self, told: Told, matches: Sequence[Match]) -> Iterator[Mention]:
        """Yield what the terms that were found state, those first that only look like a term, then the longest."""
        looked_at, denied, spared = self._looked_at(told.tokens), set[tuple[int, str]](), dict[tuple[int, str], int]()
        for term, places in matches:
            if term.use == "states" and told.scopes.denials[places[0]]:
                told.scopes.stop(places[0], places[-1])
        for term, places in matches:
            found = self._found(told, term, places)
            if term.use == "names" or any(i in places and found.parted(told, i) for i in found.denials):
                continue  # 'not diabetic, calcified vessels' has the words of 'vessels not calcified'
            if term.use == "blocks":
                for token in found.tokens:
                    token.blocked.add(term.finding)
                if found.denies:  # 'no pain at rest' does not deny the pain
                    spared.update(dict.fromkeys(((token.start, term.finding) for token in found.tokens), len(places)))
            elif found.denies and found.last + 1 < len(told.tokens) and cue(told.scopes.words, found.last + 1, SAVES):
                continue  # 'no symptoms except'
            elif term.use == "denies":
                if self._is_denial(told, found) and spared.get((found.tokens[0].start, term.finding), 0) <= len(places):
                    for token in found.tokens:
                        token.meant = True
                        denied.add((token.start, term.finding))
                    yield found.mention("absent")
            elif self._is_statement(told, found, denied):
                yield from self._stated(told, found, looked_at)
        yield from self._mishaps_of_late(told)

    def _mishaps_of_late(self, told: Told) -> Iterator[Mention]:
        """Yield what a word means only near a time of these days: 'hit yesterday'."""
        newer = [*dict.fromkeys(chain.from_iterable(self._language.lately.values()))]
        for place, token in enumerate(told.tokens):
            if token.word in self._mishaps and told.scopes.is_of_patient(place):
                near = _said_of_late(told, place, place)
                token.meant = token.meant or bool(near)
                yield from (Mention(finding, near, "present", token.start) for finding in newer if near)

    @staticmethod
    def _found(told: Told, term: Term, places: tuple[int, ...]) -> Found:
        denials = [i for i in range(places[0], places[-1] + 1) if told.scopes.denials[i]]
        return Found(term, told.text, [told.tokens[i] for i in places], places, denials)

    def _looked_at(self, tokens: Sequence[Token]) -> set[int]:
        """Return the clauses that speak of what is looked at, with the headings before them."""
        clauses = {
            token.clause
            for token, after in zip_longest(tokens, tokens[1:])
            if (self._words.is_deposit(token) or token.stem in self._felt)
            and not (after and after.stem in self._words.not_looked_at)  # a 'bone scan' is no bone
        }
        return clauses | {token.clause for token, after in pairwise(tokens) if token.text == ":" and after.clause in clauses}

    @staticmethod
    def _is_denial(told: Told, found: Found) -> bool:
        """Tell whether a term that says that a finding is absent does so."""
        words, first, last = told.scopes.words, found.first, found.last
        if found.denies:
            return True
        if not _LOST.isdisjoint(_since_comma(words[max(0, first - 2) : last])):
            return False  # 'loss of the normal cortex'
        # 'not without pain'; 'not affected' is the denial itself
        return not cue(words, first, DENIALS) and told.scopes.state(first, last) != "absent"

    def _is_statement(self, told: Told, found: Found, denied: set[tuple[int, str]]) -> bool:
        """Tell whether a term is said as such, and says something that no longer term has said."""
        finding, matched = found.term.finding, found.tokens
        if told.scopes.splits(found.first, found.last):
            return False
        if any(token.patient and token.word == "old" for token in matched) and not all(token.patient for token in matched):
            return False  # of '9 year old, fall' the age tells of no old fall
        if any(told.tokens[i].word in _VERDICTS and i not in found.places for i in range(found.first, found.last)):
            return False  # 'asthma negative, gout positive' are two
        if found.denials and not found.denies and not all(found.parted(told, i) for i in found.denials):
            return False  # half of it is denied: 'the lump does not move'; but not in 'a lump, not tender, growing'
        if any(finding in token.blocked for token in matched) or all((token.start, finding) in denied for token in matched):
            return False  # 'seizure free' has no seizure in it
        counted = [token.word for token in matched if token.stem in self._words.counted]
        if finding in self._language.several and matched[-1].word in self._language.counted:
            whole = told.scopes.words[found.first : found.last + 1]
            if _GROUPS.isdisjoint(whole) and not any(map(is_plural, whole)):
                return False  # 'a round body' is no group of them
        if finding == self._language.one and any(map(is_plural, counted)):
            return False  # 'clusters of dots' are several
        if len(matched) == 1 and self._is_said_of_another(told.tokens, found.last):
            return False  # 'diffuse oedema' does not say that the calcification is diffuse
        return self._is_worth_reading(finding, matched) or (len(matched) == 1 and self._is_kept(finding))

    def _stated(self, told: Told, found: Found, looked_at: set[int]) -> Iterator[Mention]:
        """Yield what a term states, and take its words out of further reading."""
        scopes, finding, first, last = told.scopes, found.term.finding, found.first, found.last
        worth = self._is_worth_reading(finding, found.tokens)
        for token in found.tokens:
            # 'no injury' is a finding, and says that there was no injury
            token.covered = token.covered or first not in found.denials or token is found.tokens[0]
            token.meant = True
            token.read.append(finding)
        state: State = "present" if found.denies else scopes.state(first, last, told.text[found.end : found.end + 1])
        part, group = self._words.is_part(finding), self._words.group(finding)
        called = self._normality.called(told.tokens, scopes, first, last) if part or group.tissue else None
        if called and called.how == "normal" and called.place > last and self._is_deposit_there(told.tokens, first, last):
            called = None  # 'phleboliths normal' are there
        results = self._language.results.get(finding, ())
        if state == "absent" and any(token.word in results for token in found.tokens):
            yield found.mention("absent", DENIED_THERE)  # who has no scaphoid fracture may well have been injured
            return
        aside = "" if called else self._aside(told, found, state)
        if aside:
            yield found.mention("absent", aside)
            return
        if called:
            state = "absent"
        elif state == "absent" and not part and not group.tissue:
            state = self._spared(scopes, found)
        if finding in self._language.long_ago and _is_long_ago(told, first, last):
            older = self._language.long_ago[finding]
            yield from (found.mention(state, finding=other) for other in older)
            if not older:
                yield found.mention("absent", NOT_OF_PATIENT)
            return
        elif finding in self._language.lately and (near := _said_of_late(told, first, last)):
            yield from (found.mention(state, finding=newer)._replace(words=near) for newer in self._language.lately[finding])
        landmark = len(found.tokens) == 1 and found.tokens[0].stem in self._landmarks
        if state == "absent":  # of 'a mass clear of the femur' it is not known where it lies
            elsewhere = bool(called and called.how == "normal") or any(
                pair in _OFF for pair in pairwise(scopes.words[max(0, first - 3) : first])
            )
        else:
            place = self._first_modifier(told.tokens, first)
            elsewhere = landmark or self._is_no_site(told, place, last) or found.tokens[0].clause not in looked_at
        yield found.mention(state, NOT_SITE if part and (elsewhere or not worth) else "")

    def _aside(self, told: Told, found: Found, state: State) -> str:
        """Return why the words of a term say nothing of the lesion or of the patient, or nothing where they do."""
        group = self._words.group(found.term.finding)
        seen_there = group.local and (group.tissue or not group.plain)
        imaged = not group.local and self._words.knowledge.findings[found.term.finding].how not in ("ask", "measure")
        shown = imaged and not any(map(self._words.is_deposit, found.tokens))  # 'calcification has gone' tells of what is looked at
        if told.scopes.is_set_aside(found.first, found.last, (group.plain or shown) and not group.tissue):
            return NOT_OF_PATIENT
        own = {found.first, *(i for i in found.places if self._words.single.get(told.tokens[i].stem) == found.term.finding)}
        if group.tissue and any(told.scopes.is_beside(self._first_modifier(told.tokens, i)) for i in own):
            return BESIDE
        # 'non-tender over the thigh' does not say that the thigh is spared
        denied = seen_there and state == "absent" and not self._denied_there(told.tokens, told.scopes, found.first, found.last)
        return DENIED_THERE if denied else ""

    def _is_no_site(self, told: Told, first: int, last: int) -> bool:
        """Tell whether a body part is what was filmed, fallen on or pressed on: 'calcium seen on ankle film', 'landed on his hip'."""
        words, clause = told.scopes.words, told.tokens[first].clause
        before = words[max(0, first - 3) : first]
        filmed = not _FILMS.isdisjoint(words[last + 1 : last + 2]) and any(
            self._words.is_deposit(token) for token in told.tokens[max(0, first - LONGEST_PART) : first] if token.clause == clause
        )
        return told.scopes.presses(first) or (not _ON.isdisjoint(before[-2:]) and (filmed or not _FELL.isdisjoint(before)))

    def _spared(self, scopes: Scopes, found: Found) -> State:
        """Return the state of what a denial reaches that is said of something else: 'non-calcified mass', 'no pain over the lump'."""
        stem = found.tokens[-1].stem
        is_mass = stem in self._masses and self._words.single.get(stem) == found.term.finding
        named = found.last if is_mass else found.first
        untouched = scopes.negated[found.first] and not scopes.negated[named]
        return "present" if untouched or scopes.is_taken_for_granted(named, is_mass) else "absent"

    def _is_deposit_there(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether a term is of what is looked at, or follows a word for its look: 'speckled cartilage, normal for age'."""
        before = tokens[first - 1] if first else None
        looks = before is not None and before.clause == tokens[first].clause and self._words.is_look(before.stem)
        return looks or any(self._words.is_deposit(token) for token in tokens[first : last + 1])

    def _first_modifier(self, tokens: Sequence[Token], place: int) -> int:
        """Return where the words begin that say which one is meant: 'the deep femoral' before 'artery'."""
        first = place
        while place - first < MOST_MODIFIERS and first > 0:
            before = tokens[first - 1]
            if not (self._words.is_where(before.stem) or before.stem in self._landmarks or before.word in _WHICH):
                break
            first -= 1
        return first

    def _denied_there(self, tokens: Sequence[Token], scopes: Scopes, place: int, last: int) -> bool:
        """Tell whether a denial that reaches a body part, from `place` to `last`, is of the part, or of what is looked at in it."""
        before = place - 1
        while before > 0 and tokens[before].word in _SMALL:
            before -= 1
        if any(
            before >= k and scopes.denials[before - k] > k for k in range(3)
        ):  # 'none in the muscle', 'no hip'; not 'no knee pain', 'no pubic ramus fracture'
            stem = tokens[last + 1].stem if last + 1 < len(tokens) else ""
            following = self._words.single.get(stem, "")
            if stem in self._words.not_looked_at:
                return False
            return not following or self._words.group(following).tissue or not self._words.group(following).plain
        for before in range(place - 1, max(-1, place - 1 - LONGEST_LIST), -1):
            if not scopes.negated[before]:
                return False
            if tokens[before].stem in self._words.looked_at:
                return True
        return False

    def _is_said_of_another(self, tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a word for the look or the spread of what is looked at is said of another noun that follows it."""
        group = self._words.group(self._words.single.get(tokens[place].stem, ""))
        if not group.local or group.plain or group.anatomy:
            return False
        for token in tokens[place + 1 : place + 1 + LONGEST_PHRASE]:
            if not token.text[0].isalnum() or token.word in _PHRASE_ENDS or token.stem in self._words.counted:
                return False
            if token.stem in self._words.not_looked_at:
                return True
        return False

    def _is_worth_reading(self, finding: str, matched: Sequence[Token]) -> bool:
        """Tell whether words are not read yet, or say something by themselves within a longer term, as both of 'knee pain' do."""
        if not all(token.covered for token in matched):
            return True
        group, longer = self._words.group(finding), {other for token in matched for other in token.read}
        if any(other == finding or finding in self._words.knowledge.ancestors[other] for other in longer):
            return False
        if (group.anatomy and len(matched) > 1) or group.tissue:
            return all(self._words.group(other) is not group for other in longer)
        others = [self._words.group(other) for other in longer]
        asked = not group.local and self._words.knowledge.findings[finding].how == "ask"  # 'diabetic foot ulcer' tells of diabetes
        own = group not in others or matched[0].text.isupper()  # 'DM and ESRD' tells of both
        return len(matched) == 1 and (group.plain or (group.anatomy and all(other.local for other in others)) or (asked and own))

    def _is_kept(self, finding: str) -> bool:
        """Tell whether a body part is a site even within the name of another finding."""
        kept = self._language.kept
        return finding in kept or not self._words.knowledge.ancestors[finding].isdisjoint(kept)


def _part(tokens: Sequence[Token], first: int, last: int, before: int, after: int) -> Sequence[Token]:
    """Return the words around a term in its part of the clause between commas, so many `before` and `after` at most."""

    def in_part(token: Token) -> bool:
        return token.text != "," and token.clause == tokens[first].clause

    start = first - len([*takewhile(in_part, reversed(tokens[max(0, first - before) : first]))])
    return tokens[start : last + 1 + len([*takewhile(in_part, tokens[last + 1 : last + 1 + after])])]


def _is_long_ago(told: Told, first: int, last: int) -> bool:
    """Tell whether the part of a clause between commas in which a term stands, or the one after it, speaks of years ago."""
    tokens = told.tokens
    around = _part(tokens, first, last, LONGEST_PART, LONGEST_PART)
    part = around[0].start
    found = _LONG_AGO.search(told.text[part : around[-1].start + len(around[-1].text)])
    if not found:
        return False
    before = any(word.isalpha() and word not in _BEGINNING for word in told.text[part : part + found.start()].lower().split())
    after = told.text[part + found.end() :].lstrip().startswith(("after", "following", "when", "from", "by"))
    return not (
        before and not after and tokens[first].start >= part + found.end()
    )  # 'replaced 3 years ago, red today' without the comma


def _said_of_late(told: Told, first: int, last: int) -> str:
    """Return the words that say, near a term and in its part of the clause, that it was in the last days or weeks, with the term."""
    tokens = told.tokens
    near = _part(tokens, first, last, NEAR_TIME, NEAR_TIME + 1)
    found = _LATELY.search(told.text, near[0].start, near[-1].start + len(near[-1].text))
    if not found:
        return ""
    start, end = min(found.start(), tokens[first].start), max(found.end(), tokens[last].start + len(tokens[last].text))
    return " ".join(told.text[start:end].split())


def _since_comma(words: Sequence[str]) -> Sequence[str]:
    return words[len(words) - words[::-1].index(",") :] if "," in words else words

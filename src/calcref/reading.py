"""Findings read from running English: a dictionary of the knowledge base's own terms, negation, age, sex, laboratory values.

Negation follows NegEx (Chapman 2001): a trigger before or after a term, whose reach ends at a full stop, a "but" and the like.
What looks medical and was not understood is handed back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from .dictionary import Dictionary, Token
from .findings import Case
from .laboratory import Laboratory
from .names import fold
from .negation import CLAUSE_END, Scopes, State
from .patient import read_age, read_sex

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase
    from .model import Group, Sex


MOST_UNKNOWN = 40
"""Words not understood that are handed back one by one."""

LONGEST_LIST = 24
"""Words over which a list of body parts is followed."""

_ENDLESS = re.compile(r"(\w{60})\w+|(\s{8})\s+")
"""What goes on after no word and no gap that anyone writes: patterns would look through the rest over and over."""

_SIZE = re.compile(
    r"(?:\d+(?:[.,]\d+)?\s*(?:x|by|\u00d7|cm|mm)?\s*){1,3}(?<=[\d\s])(cm|mm)\b"
    r"(?!\s*(?:/|hg|in the (?:first )?hour|long|tall|high|from|above|below|in length|in height))",  # no length, height or distance
    re.IGNORECASE,
)
_NORMAL = frozenset(
    "normal intact unremarkable untouched unscathed preserved unaltered undisturbed smooth sound healthy ok okay".split()
)
_CLEAR = frozenset("spared clear clean uninvolved unaffected".split())
_HOLDS = frozenset("show shows contain contains hold holds have has had showed contained".split())
_SPARING = frozenset("sparing spares spared".split())
_TOUCHED = frozenset("involved affected eroded invaded touched breached".split())
_LINKS = frozenset(
    """is are was were look looks looked appear appears appeared remain remains all both otherwise entirely quite itself themselves
    underneath beneath below nearby wall walls""".split()
)
_LIST = frozenset((",", "and", "or", "/"))
_ENDS = _LIST | CLAUSE_END
_ONE = frozenset("a an one single solitary isolated".split())
_SEVERAL = frozenset(
    """several many multiple numerous two three four five six seven eight nine ten dozens scattered innumerable various
    few countless""".split()
)
_NOT_AFTER_NUMBER = frozenset("of with in and or on month months week weeks year years day days while time times".split())


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
    """What a text says. `not_understood` has the words that look as if they meant something and were not read, `set_aside` those
    that were understood and are not taken for the site, or not for the patient's.
    """

    mentions: tuple[Mention, ...] = ()
    age: float | None = None
    sex: Sex | None = None
    not_understood: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    age_words: str = ""
    sex_words: str = ""

    def ids(self, *states: State) -> tuple[str, ...]:
        """Return the findings read in one of the states, each once, in order."""
        return tuple(dict.fromkeys(mention.finding for mention in self.mentions if mention.state in states))


class Reader:
    """A reader of one knowledge base, ready for any number of texts. `read` changes nothing in it."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self._words = Dictionary(knowledge)
        self._language = language = knowledge.contents.language
        self._counted, self._looked_at, self._felt, self._beside, self._landmarks, self._large_of = (
            frozenset(map(self._words.stem, words))
            for words in (
                language.counted,
                language.looked_at,
                language.felt,
                language.beside,
                language.landmarks,
                language.large_of,
            )
        )
        self._sound = {self._words.stem(word): denied for word, denied in language.sound.items()}
        self._counted_words = frozenset(language.counted)
        self._results = Laboratory(knowledge.laboratory.values())

    def read(self, text: str) -> Reading:
        """Read a text, whatever it is; control characters count as blanks. The age is in years."""
        text = _ENDLESS.sub(r"\1\2", re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text))
        text = _DEGREES.sub(_in_celsius, _SHORTHAND.sub(_spelled_out, text))
        tokens = self._words.tokens(text)
        said_age, said_sex = read_age(text), read_sex(text)
        for said in (said_age, said_sex):
            for token in tokens:
                if said and said.span[0] <= token.start < said.span[1]:
                    token.meant = True
        age = float(said_age.value) if said_age else None
        sex: Sex | None = said_sex.value if said_sex else None  # type: ignore[assignment]
        scopes = Scopes([token.word for token in tokens], [token.clause for token in tokens])
        mentions = [*self._laboratory(text, tokens, age, sex), *self._mentions(text, tokens, scopes)]
        mentions += self._sound_words(text, tokens, scopes)
        mentions += self._grammar(text, tokens, scopes, {mention.finding for mention in mentions})
        mentions += self._without(mentions)
        age_words, sex_words = (said.words if said else "" for said in (said_age, said_sex))
        kept, aside = self._sort_out(mentions, age, sex)
        return Reading(kept, age, sex, self._unknown(tokens), aside, age_words, sex_words)

    def _mentions(self, text: str, tokens: list[Token], scopes: Scopes) -> Iterator[Mention]:
        looked_at = {token.clause for token in tokens if self._is_deposit(token) or token.stem in self._felt}
        for term, places in self._words.matches(tokens):
            finding, first, last = term.finding, places[0], places[-1]
            matched = [tokens[i] for i in places]
            denials = [i for i in range(first, last + 1) if scopes.denials[i]]
            denies = any(i in places for i in denials)
            if denies and not term.exact and last in denials and first != last:
                continue  # 'a lump that hurts at night, no fever' has the words of 'a lump, no pain'
            said = " ".join(text[tokens[first].start : tokens[last].start + len(tokens[last].text)].split())
            if term.use == "blocks":
                for token in matched:
                    token.blocked.add(finding)
                continue
            if term.use == "denies":
                if denies or scopes.state(first, last) != "absent":  # 'not affected' is the denial itself
                    for token in matched:
                        token.meant = True
                    yield Mention(finding, said, "absent", tokens[first].start)
                continue
            if any(finding in token.blocked for token in matched) or (denials and not denies):
                continue  # half of it is denied: 'the lump does not move'
            if all(token.covered for token in matched) and not self._still_worth_reading(finding, matched):
                continue
            for token in matched:
                # 'no injury' is a finding, and says that there was no injury
                token.covered = token.covered or first not in denials or token is matched[0]
                token.meant = True
                token.read.append(finding)
            state: State = "present" if denies else scopes.state(first, last)
            part, group = self._is_part(finding), self._group(finding)
            seen_there = group.local and (group.tissue or not group.plain)
            called = self._called(tokens, scopes, first, last) if part or group.tissue else None
            if called:
                state = "absent"
            elif scopes.others[first] or (seen_there and state == "absent" and not self._denied_there(tokens, scopes, first)):
                if part or scopes.others[first]:  # 'non-tender over the thigh' does not say that the thigh is spared
                    yield Mention(finding, said, "absent", tokens[first].start, passing=True)
                continue
            landmark = len(places) == 1 and matched[0].stem in self._landmarks
            elsewhere = (
                bool(called and called[0] == "normal") if state == "absent" else landmark or tokens[first].clause not in looked_at
            )
            passing = part and elsewhere
            yield Mention(finding, said, state, tokens[first].start, passing)

    def _denied_there(self, tokens: Sequence[Token], scopes: Scopes, place: int) -> bool:
        """Tell whether a denial that reaches a body part is of the part, or of what is looked at in it."""
        if place and scopes.denials[place - 1]:
            return True
        for before in range(place - 1, max(-1, place - 1 - LONGEST_LIST), -1):
            if not scopes.negated[before]:
                return False
            if tokens[before].stem in self._looked_at:
                return True
        return False

    def _called(
        self, tokens: Sequence[Token], scopes: Scopes, first: int, last: int
    ) -> tuple[Literal["normal", "clear"], int] | None:
        """Return whether the words from `first` to `last`, alone or in a list, are called normal or clear of what is looked at,
        and the place of the word that says so; None if they are not.

        'Muscles and vessels are spared' or 'spine: no calcification'; a hip that is normal says nothing of the search.
        """
        place, before = last + 1, first - 1 - (first > 1 and tokens[first - 1].word == "the")
        if first and (place == len(tokens) or tokens[place].word in _ENDS):
            if tokens[first - 1].word in _NORMAL | _CLEAR:
                return "normal" if tokens[first - 1].word in _NORMAL else "clear", last
            if tokens[before].word in _SPARING:
                return "clear", last
        joined, end = "", min(len(tokens) - 1, place + LONGEST_LIST)
        while place < end and tokens[place].word in _LIST:
            item = place + 1 + (tokens[place + 1].word == "the" and place + 1 < end)
            if not self._is_where(tokens[item].stem):
                break
            joined, place = tokens[place].word, item + 1
        if joined in (",", "/"):  # 'calcified carotid, aorta normal' is no list
            return None
        end = min(len(tokens), place + LONGEST_LIST)
        while place < end and tokens[place].word in _LINKS:
            place += 1
        if place >= end:
            return None
        word, following = tokens[place].word, tokens[place + 1 : place + 4]
        if word == "free" and (not following or following[0].word in _ENDS):
            return "clear", place
        if word in ("not", "free", "without") or ((word == ":" or word in _HOLDS) and following and scopes.denials[place + 1]):
            clear = any(token.stem in self._looked_at or (word == "not" and token.word in _TOUCHED) for token in following)
            return ("clear", place) if clear else None
        return ("normal", place) if word in _NORMAL else ("clear", place) if word in _CLEAR else None

    def _sound_words(self, text: str, tokens: Sequence[Token], scopes: Scopes) -> Iterator[Mention]:
        """Yield what a word denies that is called normal: 'the femur is intact' says that no bone is eroded."""
        for i, token in enumerate(tokens):
            denied = self._sound.get(token.stem, ())
            called = self._called(tokens, scopes, i, i) if denied and scopes.is_of_patient(i) else None
            if called:
                token.meant = True
                said = text[token.start : tokens[called[1]].start + len(tokens[called[1]].text)]
                yield from (Mention(finding, " ".join(said.split()), "absent", token.start) for finding in denied)

    def _is_where(self, stem: str) -> bool:
        """Tell whether a word by itself is a body part or a tissue."""
        finding = self._words.single.get(stem)
        return finding is not None and (self._is_part(finding) or self._group(finding).tissue)

    def _still_worth_reading(self, finding: str, matched: Sequence[Token]) -> bool:
        """Tell whether words inside a longer term say something by themselves, as both words of 'knee pain' do, and where in it."""
        group, longer = self._group(finding), {other for token in matched for other in token.read}
        if any(other == finding or finding in self.knowledge.ancestors[other] for other in longer):
            return False
        if (group.anatomy and len(matched) > 1) or group.tissue:
            return all(self._group(other) is not group for other in longer)
        return len(matched) == 1 and (group.plain or (group.anatomy and all(self._group(other).local for other in longer)))

    def _grammar(self, text: str, tokens: list[Token], scopes: Scopes, read: set[str]) -> Iterator[Mention]:
        """Yield what number, size and neighbourhood say: one deposit, several, one on both sides, one beside a joint."""
        language = self._language
        said = (*self._small_words(text, tokens, scopes, read), *self._two_sides(tokens), *self._size(text, tokens))
        several = not read.union(mention.finding for mention in said).isdisjoint(language.not_one)
        for mention in said:
            if mention.finding not in read and not (several and mention.finding == language.one):
                read.add(mention.finding)
                yield mention
        # Several deposits within one mass are no separate ones.
        masses = {token.clause for token in tokens if token.stem in self._large_of and not _is_plural(token.word)}
        if language.many and not read & {language.one, language.many}:
            for i, token in enumerate(tokens):
                counted = token.word in self._counted_words and _is_plural(token.word) and token.clause not in masses
                if counted and scopes.is_of_patient(i) and language.many not in token.blocked:
                    yield Mention(language.many, token.text, "present", token.start)
                    read.add(language.many)
                    break
        if language.one and read.isdisjoint((language.one, language.many, *language.not_one)):
            for i, token in enumerate(tokens):
                if token.word in language.alone and scopes.is_of_patient(i) and language.one not in token.blocked:
                    yield Mention(language.one, token.text, "present", token.start)
                    break

    def _without(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """Yield what is another finding without a third, where the one was read as present and the other only as absent."""
        present = {mention.finding: mention for mention in mentions if mention.state != "absent"}
        absent = {mention.finding: mention for mention in mentions if mention.state == "absent"}
        for finding, (one, other) in self._language.without.items():
            if finding not in present and one in present and other in absent and other not in present:
                yield present[one]._replace(finding=finding, words=f"{present[one].words} ... {absent[other].words}")

    def _is_deposit(self, token: Token) -> bool:
        """Tell whether a word is a noun for what is looked at, or another word for it."""
        return token.stem in self._counted or token.stem in self._looked_at

    def _small_words(self, text: str, tokens: Sequence[Token], scopes: Scopes, read: set[str]) -> Iterator[Mention]:
        """Yield what small words say of the nouns after them: 'a', 'several', 'both', 'beside'."""
        language = self._language
        looked_at = {token.clause for token in tokens if self._is_deposit(token)}
        for i, token in enumerate(tokens):
            finding = (
                language.one if token.word in _ONE
                else language.many if token.word in _SEVERAL
                else language.both if token.word == "both"
                else language.beside_means if token.stem in self._beside
                else None
            )  # fmt: skip
            if finding is None or finding in read or not scopes.is_of_patient(i):
                continue
            for noun in tokens[i + 1 : i + 6]:
                word = noun.word
                if noun.clause != token.clause or word in _ONE or word in _SEVERAL or word in _NOT_AFTER_NUMBER:
                    break
                if self._fits(finding, noun, noun.clause in looked_at):
                    token.meant = noun.meant = True
                    yield Mention(finding, text[token.start : noun.start + len(word)], "present", token.start)
                    break

    def _two_sides(self, tokens: Sequence[Token]) -> Iterator[Mention]:
        """Yield that a clause which speaks of a deposit names left and right."""
        deposits = {token.clause for token in tokens if token.stem in self._counted}
        other = {"left": "right", "right": "left"}
        sides: set[tuple[int, str]] = set()
        for token in tokens:
            if self._language.both and token.word in other and token.clause in deposits:
                sides.add((token.clause, token.word))
                if (token.clause, other[token.word]) in sides:
                    yield Mention(self._language.both, f"{other[token.word]} ... {token.word}", "present", token.start)

    def _size(self, text: str, tokens: Sequence[Token]) -> Iterator[Mention]:
        """Yield that a size in the text makes a mass a large one, named in its clause or before it: 'a lump. It measures 12 cm'."""
        masses = {token.clause for token in tokens if token.stem in self._large_of}
        nouns = {token.clause for token in tokens if token.stem in self._counted}
        starts = [token.start for token in tokens]
        for size in _SIZE.finditer(text) if self._language.large and masses else ():
            largest = max(float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", size.group()))
            centimetres = largest / 10 if size.group(1).lower() == "mm" else largest
            clause = tokens[bisect_right(starts, size.start()) - 1].clause
            of_mass = clause in masses or (clause not in nouns and min(masses) < clause)
            if of_mass and centimetres > self._language.large_from:
                yield Mention(str(self._language.large), size.group(), "present", size.start())

    def _fits(self, finding: str, noun: Token, seen: bool) -> bool:
        """Tell whether a noun after a small word makes it mean the finding; `seen` if its clause speaks of what is looked at."""
        language, plural = self._language, _is_plural(noun.word)
        if finding in (language.one, language.many):
            several = finding == language.many
            return plural == several and noun.stem in self._counted and finding not in noun.blocked and self._is_noun(noun.word)
        part = self._words.single.get(noun.stem)
        is_part = part is not None and self._is_part(part)
        if finding == language.both:
            return plural and (is_part or seen) and finding not in noun.blocked
        return part is not None and is_part and language.beside_what in self.knowledge.ancestors[part]

    def _is_noun(self, word: str) -> bool:
        """Tell whether a form of a counted noun is the noun, not a verb or adjective of it such as 'calcified'."""
        near = {word.replace("ies", "y"), word.removesuffix("es"), word.removesuffix("s")}
        return not word.endswith(("ed", "en")) or not self._counted_words.isdisjoint(near)

    def _is_part(self, finding: str) -> bool:
        """Tell whether a finding is a part of the body."""
        return self._group(finding).anatomy

    def _group(self, finding: str) -> Group:
        """Return the group of a finding."""
        return self.knowledge.groups[self.knowledge.findings[finding].group]

    def _sort_out(self, mentions: list[Mention], age: float | None, sex: str | None) -> tuple[tuple[Mention, ...], tuple[str, ...]]:
        """Return the mentions in the order of the text, without contradictions: what is present wins over what is absent.

        Of what is mentioned in passing, only what no other site contradicts is kept; the words of the rest come after.
        """
        present = {mention.finding for mention in mentions if mention.state != "absent"}
        above = present.union(*(self.knowledge.ancestors[finding] for finding in present))
        placed = any(not m.passing and m.state != "absent" and self._is_part(m.finding) for m in mentions)
        kept: dict[tuple[str, bool], Mention] = {}
        aside: dict[str, str] = {}
        for mention in sorted(mentions, key=lambda item: (item.start, item.passing)):
            record = self.knowledge.findings[mention.finding]
            if mention.passing and (placed or mention.state == "absent"):
                aside.setdefault(mention.finding, mention.words)
                continue
            if mention.state == "absent" and mention.finding in above:
                continue
            if (record.ages and age is not None) or (record.sex and (sex or mention.state == "absent")):
                continue
            kept.setdefault((mention.finding, mention.state == "absent"), mention)
        told = {finding for finding, _ in kept} | {f for finding, _ in kept for f in self.knowledge.ancestors[finding]}
        return tuple(kept.values()), tuple(words for finding, words in aside.items() if finding not in told)

    def _laboratory(self, text: str, tokens: list[Token], age: float | None, sex: Sex | None) -> Iterator[Mention]:
        """Yield what the laboratory results mean, and take their words out of further reading."""
        words, starts = [token.text for token in tokens], [token.start for token in tokens]
        for result in self._results.results(text, words, starts, age, sex):
            first, last = min(result.first, result.name[0]), max(result.last, result.name[1] - 1)
            for i in (*range(result.name[0], result.last + 1), *range(*result.name), result.first):
                tokens[i].covered = tokens[i].meant = True
            for i in range(*result.name):
                tokens[i].stem = ""
            said = " ".join(text[starts[first] : starts[last] + len(words[last])].split())
            if result.present:
                yield Mention(result.present, said, "present", starts[first])
            for finding in result.absent:
                yield Mention(finding, said, "absent", starts[first])

    def _unknown(self, tokens: Iterable[Token]) -> tuple[str, ...]:
        unread = (token for token in tokens if not token.meant and len(token.text) > 2 and token.text.isalpha())
        words = list(
            dict.fromkeys(t.word for t in unread if t.stem not in self._words.ordinary and fold(t.text) not in self._words.ordinary)
        )
        more = len(words) - MOST_UNKNOWN
        return (*words[:MOST_UNKNOWN], f"... and {more} more") if more > 0 else tuple(words)


_SHORTHAND = re.compile(
    r"(?<![\d/])(\d{1,2})/(7|52|12)(?![\d/])|(?<=\s)([+-])\s?ve\b|\b(\w+)([+-])ve\b|([\u2191\u2193#])+"
    r"|(?<=\d)\s?[x*\u00d7]?\s?10\s?[\^*]?\s?9\s?/\s?(L)\b",
    re.IGNORECASE,
)
_SPANS = {"7": "days", "52": "weeks", "12": "months"}
_SIGNS = {"\u2191": " high ", "\u2193": " low ", "#": " fracture "}


def _spelled_out(found: re.Match[str]) -> str:
    """Return what 2/52, +ve, an arrow, # and x 10^9/L stand for."""
    if found.group(7):
        return " G/L"
    if found.group(6):
        return _SIGNS[found.group(6)]
    if found.group(2):
        return f"{found.group(1)} {_SPANS[found.group(2)]}"
    word = f"{found.group(4)} " if found.group(4) else ""
    return word + ("positive" if "+" in (found.group(3) or found.group(5)) else "negative")


_DEGREES = re.compile(
    r"(\b(?:temp(?:erature)?|fever|t)\W{0,3}(?:(?:of|was|is|to)\s)?)?(?<![\d.])(\d{2,3}(?:\.\d)?)\s?"
    r"(?:([\u00b0\u00ba]|deg(?:rees?)?)\s?([CF])?|([CF]))(?![a-z0-9])",
    re.IGNORECASE,
)


def _in_celsius(found: re.Match[str]) -> str:
    """Return a body temperature in words that the laboratory knows, and any other number of degrees as it stands."""
    degrees, scale = float(found.group(2)), (found.group(4) or found.group(5) or "").upper()
    if scale == "F" and (found.group(1) or found.group(3)) and 90 <= degrees <= 110:
        degrees = (degrees - 32) / 1.8
    elif scale == "F" or not 34 <= degrees <= 43 or not (found.group(1) or scale or "." in found.group(2)):
        return found.group()
    return f"temperature {degrees:.1f} C"


_PLURALS = frozenset("foci feet humeri menisci femora calcanei bronchi".split())


def _is_plural(noun: str) -> bool:
    return (noun.endswith("s") and not noun.endswith(("ss", "us", "is"))) or noun.endswith("ae") or noun in _PLURALS


@lru_cache(maxsize=4)
def reader(knowledge: KnowledgeBase) -> Reader:
    """Return the reader of a knowledge base, made once."""
    return Reader(knowledge)


def read(knowledge: KnowledgeBase, text: str) -> Reading:
    """Read findings, age, sex and laboratory values from running English."""
    return reader(knowledge).read(text)


def case_of(reading: Reading) -> Case:
    """Return the case that a reading describes; what is only possible counts as present."""
    present = reading.ids("present", "possible")
    absent = tuple(finding for finding in reading.ids("absent") if finding not in present)
    return Case(present, absent, reading.age, reading.sex, reading.not_understood)

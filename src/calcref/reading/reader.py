"""Findings read from running English: a dictionary of the knowledge base's own terms, negation, age, sex, laboratory values.

Negation follows NegEx (Chapman 2001): a trigger before or after a term, whose reach ends at a full stop, a "but" and the like.
What looks medical and was not understood is handed back.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from typing import TYPE_CHECKING

from calcref.knowledge.model import OLDEST
from calcref.knowledge.names import SHORTEST_WORD, fold

from .counting import Counting
from .cues import SEEN
from .dictionary import Match, Token, dictionary
from .laboratory import BEFORE_NUMBERS, Laboratory
from .mentions import BOTH_WAYS, CAUSE, NO_FINDING, NOT_OF_PATIENT, NOTHING, Aside, Mention, Reading
from .negation import Kind, Scopes, State, Vocabulary
from .normality import Normality
from .patient import Happened, read_age, read_sex, unclear_age
from .shorthand import spelled_out
from .sides import Sides
from .sizes import Sizes, sizes
from .statements import Statements, Told

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase
    from calcref.knowledge.model import Sex


SHORT_NOTE = 8
"""Most words of a sentence that only notes a chance finding."""

MOST_UNKNOWN = 40
"""Words not understood that are handed back one by one."""

MOST_KINDS = 20_000
"""Words of which it is remembered what they are for a denial."""

_UNKNOWN = re.compile(r"(?:[^\W\d_]{3,}|[A-Z]{2})(?:['\u2019]s)?")
"""A word, or an abbreviation of two letters, that may mean something."""

_OF_ALL = frozenset("finding findings on in to during at".split())
"""Words after 'incidental' that say how all was found."""

_DEGREES = frozenset("a an very particularly really or".split())
"""Small words among the adjectives before a noun."""
_ENDLESS = re.compile(r"(\w{60})\w+|(\s{8})\s+")
"""What goes on after no word and no gap that anyone writes: patterns would look through the rest over and over."""


class Reader:
    """A reader of one knowledge base, ready for any number of texts. `read` changes nothing in it."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self._words = words = dictionary(knowledge)
        self._masses = words.stems((*words.language.large_of, *words.language.felt))
        self._counting, self._sides, self._sizes, self._normality = Counting(words), Sides(words), Sizes(words), Normality(words)
        self._statements = Statements(words, self._normality)
        self._results = Laboratory(knowledge.laboratory.values())
        self._kind = lru_cache(MOST_KINDS)(self._kind_of)
        self._things = words.stems(words.language.things)
        self._sought = words.stem(next(iter(words.language.looked_at), ""))
        self._stops = frozenset(words.language.denied_whole)
        language = words.language
        self._vocabulary = Vocabulary(*map(frozenset, (language.offspring, language.grades, language.tests)))
        self._chance = frozenset(language.chance)
        self._happened = Happened(language, words.single)

    def read(self, text: str) -> Reading:
        """Read a text, whatever it is; control characters count as blanks. The age is in years."""
        whole = text
        text = _ENDLESS.sub(r"\1\2", re.sub(r"\x1b\[[\d;]*m|[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text))
        text = self._results.spaced(spelled_out(text))
        tokens = self._words.tokens(text)
        said_age, said_sex = read_age(text, self._happened), read_sex(text)
        for said in (said_age, said_sex):
            for token in tokens:
                if said and said.span[0] <= token.start < said.span[1]:
                    token.meant = token.patient = True
        wrong = said_age is not None and float(said_age.value) > OLDEST
        age = float(said_age.value) if said_age and not wrong else None
        sex: Sex | None = said_sex.value if said_sex else None  # type: ignore[assignment]
        scopes = Scopes(
            [token.word for token in tokens],
            [token.clause for token in tokens],
            self._vocabulary,
            [self._kind(token.word, token.stem) for token in tokens],
        )
        self._spare_nouns(tokens, scopes)
        self._set_notes_aside(
            tokens, scopes, self._chance if age is None or age >= self._words.language.chance_from else frozenset()
        )
        mentions, silent, unclear = self._laboratory(text, tokens, scopes, age, sex)
        measured = {mention.start for mention in mentions}
        matches = self._words.matches(tokens)
        mentions += self._statements.mentions(Told(text, tokens, scopes), matches)
        mentions += self._normality.mentions(text, tokens, scopes)
        read = {mention.finding for mention in mentions}
        sized = (*self._sizes.mentions(text, tokens), *self._sizes.growing(tokens, scopes))
        mentions += (mention for mention in sized if mention.finding not in read)
        mentions += self._counting.mentions(text, tokens, scopes, read)
        mentions = self._denied_lists(tokens, scopes, [*self._sides.told(tokens, mentions)])
        mentions = self._joint_verdicts(tokens, scopes, mentions, measured)
        mentions += self._without(mentions)
        if age is not None and age < self._words.language.infancy_to:
            others = self._words.language.in_infancy
            mentions = [
                mention._replace(finding=other) for mention in mentions for other in others.get(mention.finding, (mention.finding,))
            ]
        age_words, sex_words = (said.words if said else "" for said in (said_age, said_sex))
        if wrong:
            unclear, age_words = [age_words, *unclear], ""
        vague = None if said_age else unclear_age(text)
        if vague and not any(vague.startswith(mention.words[:2]) for mention in mentions):  # '12 bodies' is a number of them
            unclear = [vague, *unclear]
        kept, aside = self._sort_out(mentions, age, sex)
        nothing = (Aside(words, NOTHING) for words in self._nothing_there(text, tokens, scopes))
        named = dict(self._named(text, tokens, scopes, matches))
        aside = (
            *nothing,
            *aside,
            *(Aside(words, NO_FINDING) for words in (*silent, *_unread_sizes(text, mentions))),
            *(Aside(words, CAUSE) for words in named.values()),
        )
        unknown = (*unclear, *self._unknown(tokens))
        return Reading(
            kept, age, sex, unknown, aside, age_words, sex_words, self._wording(tokens, scopes, kept), tuple(named), whole,
            self._nothing_seen(tokens, scopes, kept),
        )  # fmt: skip

    def _nothing_there(self, text: str, tokens: list[Token], scopes: Scopes) -> Iterator[str]:
        """Yield where the text says that there is nothing to look at: 'no calcification seen', but not 'no calcification in the cuff'."""
        for place, size in enumerate(scopes.denials):
            last = place + size
            if size and last < len(tokens) and tokens[last].stem in self._words.looked_at and not tokens[last].read:
                after = next((token.word for token in tokens[last + 1 : last + 2]), ".")
                if after in SEEN or not after[0].isalnum():
                    last += after in SEEN
                    yield " ".join(text[tokens[place].start : tokens[last].start + len(tokens[last].text)].split())

    def _kind_of(self, word: str, stem: str) -> Kind:
        """Return what a word is for a denial."""
        if word in self._stops:
            return "whole"
        if stem in self._things:
            return "thing"
        if self._words.is_where(stem):
            return "where"
        if self._words.is_look(stem):
            return "look"
        if stem in self._words.single or stem in self._masses:
            return "fact"
        return "small" if stem in self._words.ordinary or word in self._words.ordinary else ""

    def _nothing_seen(self, tokens: Sequence[Token], scopes: Scopes, mentions: Iterable[Mention]) -> bool:
        """Tell whether a text denies what is looked at, and has no other word for it, nor for a mass or a look."""
        things = [i for i, token in enumerate(tokens) if self._words.is_deposit(token) or token.stem in self._masses]
        groups = [self._words.group(mention.finding) for mention in mentions if mention.state != "absent"]
        return (
            any(scopes.negated[i] and tokens[i].stem == self._sought and self._is_looked_at(tokens[i]) for i in things)
            and not any(scopes.is_of_patient(i) for i in things)
            and all(group.plain or group.anatomy or not group.local for group in groups)
            and not any(mention.finding == self._words.language.large and mention.state == "present" for mention in mentions)
        )

    def _is_looked_at(self, token: Token) -> bool:
        """Tell whether a word is of what the film shows, and no part of a history: 'not on calcium tablets'."""
        return all(self._words.group(finding).local for finding in token.read)

    def _spare_nouns(self, tokens: Sequence[Token], scopes: Scopes) -> None:
        """Take the denial back from a mass that a denied adjective describes: 'not painful swelling' has the swelling."""
        for place, token in enumerate(tokens):
            if token.word == "not" and scopes.denials[place] == 1:
                noun, described = place + 1, False
                while noun < len(tokens) and tokens[noun].stem not in self._masses:
                    if tokens[noun].stem not in self._words.single and tokens[noun].word not in _DEGREES:
                        break
                    described = described or tokens[noun].stem in self._words.single
                    noun += 1
                if described and noun < len(tokens) and tokens[noun].stem in self._masses:
                    scopes.negated[noun] = False

    def _set_notes_aside(self, tokens: Sequence[Token], scopes: Scopes, chance: Set[str]) -> None:
        """Set aside a sentence that only notes something where another tells of a deposit elsewhere: 'Incidental phleboliths. Mass ...'.

        A word of `chance` makes a sentence a note: 'Aortic arch calcified.'
        """
        clauses: dict[int, list[int]] = {}
        for place, token in enumerate(tokens):
            if token.text[0].isalnum():
                clauses.setdefault(token.clause, []).append(place)
        deposits = {token.clause for token in tokens if self._words.is_deposit(token)}
        notes = {
            clause
            for clause, places in clauses.items()
            if _is_note(scopes.words, places, chance if clause in deposits else frozenset())
        }
        if len(clauses) < 2 or not notes:
            return
        lies = {
            clause: {tokens[i].stem for i in places if self._words.is_where(tokens[i].stem)} for clause, places in clauses.items()
        }
        asked = set[str]().union(*(
            lies[clause]
            for clause, places in clauses.items()
            if clause not in notes and (clause in deposits or any(tokens[i].stem in self._masses for i in places))
        ))  # fmt: skip
        for clause in notes:
            if asked - lies[clause]:
                for i in clauses[clause]:
                    scopes.others[i] = True

    def _named(self, text: str, tokens: list[Token], scopes: Scopes, matches: Sequence[Match]) -> Iterator[tuple[str, str]]:
        """Yield the causes that a text names as known or feared, with its words: an abbreviation only in capitals."""
        for term, places in matches:
            first, last = places[0], places[-1]
            matched = tokens[first : last + 1]
            said = text[matched[0].start : matched[-1].start + len(matched[-1].text)]
            if (
                term.use != "names"
                or any(token.read for token in matched)
                or not (len(matched) > 1 or said.isupper() or said.lower() == term.finding)
            ):
                continue
            if scopes.is_set_aside(first, last, False) or scopes.state(first, last) == "absent":
                continue
            for token in matched:
                token.meant = True
            yield term.finding, " ".join(said.split())

    def _denied_lists(self, tokens: Sequence[Token], scopes: Scopes, mentions: list[Mention]) -> list[Mention]:
        """Return the mentions with what a list denies: 'no pain, swelling, redness' and 'denies gout, diabetes'.

        Commas also part clauses, so that only bare nouns of one group are such a list: 'no injury, pain, swelling' is none.
        """
        at: dict[int, list[Mention]] = {}
        for mention in mentions:
            at.setdefault(mention.start, []).append(mention)
        denied, grown = list[Mention](), self._words.language.grown
        for place, (head, *items) in scopes.lists():
            first = [
                m for start in (head[0], place) for m in at.get(tokens[start].start, ()) if m.state == "absent"
            ]  # 'no pain' is a term
            named = [(at.get(tokens[start].start, []), list(scopes.words[start : last + 1])) for start, last in items]
            bare = [
                mention
                for found, words in named
                for mention in found
                if mention.words.lower().split() == words
                and len(words) <= 2
                and not words[-1][0].isdigit()
                and mention.finding != grown
            ]
            groups = {self.knowledge.findings[mention.finding].group for mention in (*first[:1], *bare)}
            if first and len(groups) == 1 and all(not found or any(mention in bare for mention in found) for found, _ in named):
                denied += bare
        return [mention._replace(state="absent") if mention in denied else mention for mention in mentions]

    def _joint_verdicts(self, tokens: Sequence[Token], scopes: Scopes, mentions: list[Mention], results: set[int]) -> list[Mention]:
        """Return the mentions with what a verdict behind 'A and B' says of A as well: 'scleroderma and myositis antibodies absent'.

        Laboratory results, which begin at `results`, have verdicts of their own.
        """
        starts = [token.start for token in tokens]
        ordered = sorted(mentions, key=lambda mention: mention.start)
        for k in range(len(ordered) - 1, 0, -1):
            one, other = ordered[k - 1], ordered[k]
            if (one.state, other.state) != ("present", "absent") or one.passing or other.passing:
                continue
            end, place = (bisect_left(starts, start) for start in (one.start + len(one.words), other.start))
            groups = [self.knowledge.findings[mention.finding].group for mention in (one, other)]
            said_there = groups[0] == groups[1] and [token.word for token in tokens[end:place][:2]] == ["and"]
            if said_there and not scopes.negated[place] and results.isdisjoint((one.start, other.start)):
                ordered[k - 1] = one._replace(state="absent")
        return ordered

    def _without(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """Yield what is another finding without a third, or just the lack of one: read where that was read as absent only."""
        present = {mention.finding: mention for mention in mentions if mention.state != "absent"}
        absent = {mention.finding: mention for mention in mentions if mention.state == "absent" and not mention.passing}
        for finding, (*needed, lacking) in self._words.language.without.items():
            if finding not in present and lacking in absent and lacking not in present and present.keys() >= set(needed):
                said = [*(present[one] for one in needed), absent[lacking]]
                state: State = "possible" if any(mention.state == "possible" for mention in said) else "present"
                yield said[0]._replace(finding=finding, words=" ... ".join(mention.words for mention in said), state=state)

    def _sort_out(
        self, mentions: list[Mention], age: float | None, sex: str | None
    ) -> tuple[tuple[Mention, ...], tuple[Aside, ...]]:
        """Return the mentions in the order of the text, without contradictions: what is present wins over what is absent.

        Of what is mentioned in passing, only what no other site contradicts is kept; the words of the rest come after, and before
        them those of a denial that is taken back.
        """
        present = {mention.finding for mention in mentions if mention.state != "absent"}
        above = present.union(*(self.knowledge.ancestors[finding] for finding in present))
        placed = any(not m.passing and m.state != "absent" and self._words.is_part(m.finding) for m in mentions)
        kept: dict[tuple[str, bool], Mention] = {}
        aside: dict[str, Aside] = {}
        both_ways: dict[Aside, None] = {}
        for mention in sorted(mentions, key=lambda item: (item.start, bool(item.passing))):
            record = self.knowledge.findings[mention.finding]
            if mention.passing and (placed or mention.state == "absent"):
                aside.setdefault(mention.finding, Aside(mention.words, mention.passing))
                continue
            if mention.state == "absent" and mention.finding in above:
                if mention.finding in present and not self._words.is_part(mention.finding):
                    both_ways[Aside(mention.words, BOTH_WAYS)] = None
                continue
            if (record.ages and age is not None) or (record.sex and (sex or mention.state == "absent")):
                continue
            key = mention.finding, mention.state == "absent"
            if key not in kept or (kept[key].state, mention.state) == ("possible", "present"):  # what is asked first is answered
                kept[key] = mention
        told = {finding for finding, _ in kept} | {f for finding, _ in kept for f in self.knowledge.ancestors[finding]}
        return tuple(kept.values()), (*both_ways, *(each for finding, each in aside.items() if finding not in told))

    def _laboratory(
        self, text: str, tokens: list[Token], scopes: Scopes, age: float | None, sex: Sex | None
    ) -> tuple[list[Mention], list[str], list[str]]:
        """Return what the laboratory results mean, and take their words out of further reading.

        Besides, the results that mean no finding, and those whose unit is not said and would have to be.
        """
        words, starts = [token.text for token in tokens], [token.start for token in tokens]
        mentions: list[Mention] = []
        silent: list[str] = []
        unclear: list[str] = []
        for result in self._results.results(text, words, starts, age, sex):
            first, last = min(result.first, result.name[0]), max(result.last, result.name[1] - 1)
            said = " ".join(text[starts[first] : starts[last] + len(words[last])].split())
            for i in (*range(result.name[0], result.last + 1), *range(*result.name), result.first):
                tokens[i].covered, tokens[i].meant = not result.unclear, True
            if result.unclear:
                unclear.append(f"{said} ({result.unclear})")
                continue
            for i in range(result.name[0], result.last + 1):
                if i < result.name[1] or tokens[i].word in BEFORE_NUMBERS:
                    tokens[i].stem = ""  # 'PTH fell' is no fall
            if scopes.others[result.name[0]]:  # 'his mother has a low calcium'
                mentions += (Mention(finding, said, "absent", starts[first], NOT_OF_PATIENT) for finding in result.present)
                continue
            mentions += (Mention(finding, said, "present", starts[first]) for finding in result.present)
            mentions += (Mention(finding, said, "absent", starts[first]) for finding in result.absent)
            if not (result.present or result.absent):
                silent.append(said)
        return mentions, silent, unclear

    def _wording(self, tokens: Sequence[Token], scopes: Scopes, mentions: Iterable[Mention]) -> tuple[tuple[str, str], ...]:
        """Return the words that a text says of the patient, denied ones left out, each once with its stem; none of a text that
        only names findings.
        """
        if all(token.meant or token.stem in self._words.filler or not token.text[0].isalpha() for token in tokens):
            return ()
        said: dict[str, str] = {}
        starts = [token.start for token in tokens]
        denied = {
            place
            for mention in mentions
            if mention.state == "absent"
            for place in range(bisect_left(starts, mention.start), bisect_left(starts, mention.start + len(mention.words)))
        }
        for place, token in enumerate(tokens):
            if not scopes.is_of_patient(place) or place in denied:
                continue
            if len(token.text) >= SHORTEST_WORD and token.text[0].isalpha():
                said.setdefault(token.stem, token.word)
        return tuple((word, stem) for stem, word in said.items())

    def _unknown(self, tokens: Iterable[Token]) -> tuple[str, ...]:
        ordinary = self._words.ordinary
        unread = (t for t in tokens if not t.meant and _UNKNOWN.fullmatch(t.text) and t.stem not in ordinary)
        words = list(dict.fromkeys(token.word for token in unread if fold(token.text) not in ordinary))
        more = len(words) - MOST_UNKNOWN
        return (*words[:MOST_UNKNOWN], f"... and {more} more") if more > 0 else tuple(words)


def _is_note(words: Sequence[str], places: Sequence[int], chance: Set[str]) -> bool:
    """Tell whether a sentence only notes something: 'incidental ...', '... normal for age'."""
    said = [words[i] for i in places]
    begins = places[0] == 0 or words[places[0] - 1] in (".", "\n")
    noted = begins and said[0] in ("incidental", "incidentally") and bool(said[1:]) and said[1] not in _OF_ALL
    return (
        noted
        or (len(said) <= SHORT_NOTE and not chance.isdisjoint(said))
        or said[-3:] == ["normal", "for", "age"]
        or said[-2:] == ["also", "noted"]
    )


def _unread_sizes(text: str, mentions: Iterable[Mention]) -> Iterator[str]:
    """Yield the sizes in a text that say nothing of a mass."""
    read = {mention.start for mention in mentions}
    yield from (" ".join(size.words.split()) for size in sizes(text) if size.start not in read)


@lru_cache(maxsize=4)
def reader(knowledge: KnowledgeBase) -> Reader:
    """Return the reader of a knowledge base, made once."""
    return Reader(knowledge)


def read(knowledge: KnowledgeBase, text: str) -> Reading:
    """Read findings, age, sex and laboratory values from running English."""
    return reader(knowledge).read(text)

"""What number, side and neighbourhood say: one deposit, several, one on both sides, one beside a joint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .mentions import Mention
from .sides import HEALTHY, Sides

if TYPE_CHECKING:
    from .dictionary import Dictionary, Token
    from .negation import Scopes

_ONE = frozenset("a an one single solitary isolated".split())
SEVERAL = frozenset(
    """several many multiple numerous two three four five six seven eight nine ten dozens scattered innumerable various
    few countless""".split()
)
"""Words for more than one."""

_DENSITIES = frozenset("low lower fat fluid water".split())
_PARTS_OF = frozenset("half third quarter fifth tenth".split())
_UNITS = frozenset("mm cm m kg mg ml mmol hz hu mhz".split())
_NOT_AFTER_NUMBER = frozenset(
    "of with in and or on month months mth mths week weeks wk wks year years yr yrs day days while time times".split()
)


def is_plural(noun: str) -> bool:
    """Tell whether a noun is a plural, English or Latin."""
    return (noun.endswith("s") and not noun.endswith(("ss", "us", "is"))) or noun.endswith(("ae", "i")) or noun == "feet"


def _is_amount(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a small word only says how much: 'about a third of the joint'."""
    return tokens[place].word == "about" and not _PARTS_OF.isdisjoint(token.word for token in tokens[place + 1 : place + 3])


def _is_letter(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether an 'A' is a letter and no article: 'haemophilia A, severe'."""
    return tokens[place].text == "A" and place > 0 and tokens[place - 1].clause == tokens[place].clause


def _is_likeness(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a noun only says what something is like or how dense it is: 'needle-shaped objects', 'fat density'."""
    after = [token.word for token in tokens[place + 1 : place + 2]]
    return after in (["shaped"], ["like"]) or (place > 0 and tokens[place - 1].word in _DENSITIES)


class Counting:
    """The small words of one dictionary and the nouns that they go with."""

    def __init__(self, words: Dictionary) -> None:
        self._words, self._language, self._sides = words, words.language, Sides(words)
        self._counted_words, self._alone = frozenset(words.language.counted), frozenset(words.language.alone)
        self._beside, self._large_of = frozenset(words.language.beside), words.stems(words.language.large_of)

    def mentions(self, text: str, tokens: list[Token], scopes: Scopes, read: set[str]) -> Iterator[Mention]:
        """Yield what number, side and neighbourhood say: one deposit, several, one on both sides, one beside a joint."""
        language = self._language
        said = (*self._small_words(text, tokens, scopes, read), *self._sides.both(tokens, scopes))
        several = not read.union(mention.finding for mention in said).isdisjoint(language.not_one)
        for mention in said:
            if mention.finding not in read and not (several and mention.finding == language.one):
                read.add(mention.finding)
                yield mention
        # Several deposits within one mass are no separate ones.
        masses = {token.clause for token in tokens if token.stem in self._large_of and not is_plural(token.word)}
        if language.many and not read & {language.one, language.many}:
            for i, token in enumerate(tokens):
                counted = token.word in self._counted_words and is_plural(token.word) and token.clause not in masses
                if counted and scopes.is_of_patient(i) and language.many not in token.blocked:
                    token.meant = True
                    yield Mention(language.many, token.text, "present", token.start)
                    read.add(language.many)
                    break
        if language.one and read.isdisjoint((language.one, language.many, *language.not_one)):
            for i, token in enumerate(tokens):
                if (
                    token.word in self._alone
                    and not _is_likeness(tokens, i)
                    and scopes.is_of_patient(i)
                    and language.one not in token.blocked
                ):
                    token.meant = True
                    yield Mention(language.one, token.text, "present", token.start)
                    break

    def _small_words(self, text: str, tokens: Sequence[Token], scopes: Scopes, read: set[str]) -> Iterator[Mention]:
        """Yield what small words say of the nouns after them: 'a', 'several', 'both', 'beside'."""
        language = self._language
        looked_at = {token.clause for token in tokens if self._words.is_deposit(token)}
        complaints = {token.clause for token in tokens if token.stem in self._words.not_looked_at}
        for i, token in enumerate(tokens):
            finding = (
                language.one if token.word in _ONE
                else language.many if token.word in SEVERAL or self._is_number(tokens, i)
                else language.both if token.word == "both"
                else language.beside_means if token.word in self._beside
                else None
            )  # fmt: skip
            if finding is None or finding in read or not scopes.is_of_patient(i) or _is_amount(tokens, i) or _is_letter(tokens, i):
                continue
            for k in range(i + 1, min(len(tokens), i + 6)):
                noun = tokens[k]
                word = noun.word
                if (
                    noun.clause != token.clause
                    or noun.patient
                    or word in _ONE
                    or word in SEVERAL
                    or word in _NOT_AFTER_NUMBER
                    or word in _UNITS
                ):
                    break
                if not word[0].isalpha():
                    continue
                if finding == language.both and not HEALTHY.isdisjoint(
                    t.word for t in tokens[k : k + 4] if t.clause == noun.clause
                ):
                    break  # 'both hips clear', 'ANA and ENA both negative'
                if finding == language.one and self._is_group(tokens, k):
                    break  # 'a ring of stones'
                of_two = finding == language.both and not is_plural(word) and [t.word for t in tokens[k + 1 : k + 2]] == ["and"]
                if (
                    self._fits(finding, noun, "".join(t.stem for t in tokens[k + 1 : k + 2]), noun.clause in looked_at, complaints)
                    and not of_two
                ):  # 'both the shoulder and the elbow'
                    if tokens[k + 1 : k + 2] and tokens[k + 1].clause == noun.clause and tokens[k + 1].word in self._alone:
                        noun.meant, noun = True, tokens[k + 1]  # 'a calcific focus' is said of the focus
                    token.meant = noun.meant = True
                    yield Mention(finding, text[token.start : noun.start + len(noun.word)], "present", token.start)
                    break

    def _is_group(self, tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a noun is that of a group of several: 'a ring of stones'."""
        after = tokens[place + 1 : place + 6]
        return [t.word for t in after[:1]] == ["of"] and any(is_plural(t.word) and t.stem in self._words.counted for t in after[1:])

    @staticmethod
    def _is_number(tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a word is a number in figures of what may be counted, and not the age."""
        token, after = tokens[place], tokens[place + 1 : place + 2]
        return (
            bool(after)
            and not token.meant
            and after[0].text != ","
            and token.text.isdecimal()
            and len(token.text) < 3
            and int(token.text) > 1
        )

    def _fits(self, finding: str, noun: Token, following: str, seen: bool, complaints: set[int]) -> bool:
        """Tell whether a noun after a small word makes it mean the finding.

        `following` is the stem of the next word, `seen` if its clause speaks of what is looked at,
        `complaints` are the clauses that speak of pain and the like.
        """
        language, plural = self._language, is_plural(noun.word)
        if finding in (language.one, language.many):
            several = finding == language.many
            return (
                plural == several and noun.stem in self._words.counted and finding not in noun.blocked and self._is_noun(noun.word)
            )
        part = self._words.single.get(noun.stem)
        is_part = part is not None and self._words.is_part(part)
        if finding == language.both:
            return (is_part or (plural and seen)) and finding not in noun.blocked and (seen or noun.clause not in complaints)
        after = self._words.single.get(following, "") if following else ""
        tissue = bool(after) and self._words.group(after).tissue  # 'near the popliteal vein'
        return part is not None and is_part and not tissue and language.beside_what in self._words.knowledge.ancestors[part]

    def _is_noun(self, word: str) -> bool:
        """Tell whether a form of a counted noun is the noun, not a verb or adjective of it such as 'calcified'."""
        near = {word.replace("ies", "y"), word.removesuffix("es"), word.removesuffix("s")}
        return not word.endswith(("ed", "en")) or not self._counted_words.isdisjoint(near)

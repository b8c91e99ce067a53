"""The shape of the knowledge: what a source, a finding, a type, a condition and a mnemonic are.

Plain frozen dataclasses, so that the shipped file can be read without any third-party import; `validation` checks the same
classes with pydantic and derives the JSON Schema from them. Every mapping is keyed by id, and a record learns its own id
from its key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache, partial
from typing import Any, ClassVar, Literal, TypeVar, dataclass_transform

Frequency = Literal["always", "very-frequent", "frequent", "occasional", "very-rare", "never"]
Commonness = Literal["very-common", "common", "uncommon", "rare", "very-rare"]
Effort = Literal["look", "ask", "measure", "other-view", "other-modality"]
Urgency = Literal["none", "routine", "soon", "urgent"]
Sex = Literal["female", "male"]
SourceKind = Literal["case-series", "case-report", "review", "guideline", "textbook", "teaching-file", "encyclopedia", "website"]

OLDEST = 120.0
"""Years; a greater age is taken for a slip of the keyboard."""

FREQUENCY_RANGE: Mapping[Frequency, tuple[float, float]] = {
    "always": (1.0, 1.0),
    "very-frequent": (0.80, 0.99),
    "frequent": (0.30, 0.79),
    "occasional": (0.05, 0.29),
    "very-rare": (0.01, 0.04),
    "never": (0.0, 0.0),
}
"""Shares of patients that each class stands for: the classes of the Human Phenotype Ontology (Koehler 2021)."""

EFFORTS: Mapping[Effort, str] = {
    "look": "on this film",
    "ask": "by asking",
    "measure": "by measuring",
    "other-view": "with another view",
    "other-modality": "with another modality",
}
"""How a finding is got, in order of effort, and the words for it."""

Kind = TypeVar("Kind", bound=type)


def _same(value: Any) -> Any:
    return value


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(kind: Kind) -> Kind:
    """Make a class a dataclass. Its methods come from `Record`: generating them costs at every start.

    Every default comes from a factory: one that stands on the class would hide what is still to be read.
    """
    for name in kind.__annotations__:
        value = kind.__dict__.get(name, MISSING)
        if value is not MISSING and not isinstance(value, Field):
            setattr(kind, name, field(default_factory=partial(_same, value)))
    dataclass(eq=False, repr=False, init=False)(kind)
    return kind


@cache
def defaults(kind: Any) -> dict[str, Any]:
    """Return the fields of a record that need not be given, with their values."""
    return {item.name: item.default_factory() for item in fields(kind) if item.default_factory is not MISSING}


class Record:
    """A value that is written once. Its parts may be given as JSON, and are made when they are first asked for, as is its rest."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __init__(self, *values: Any, **named: Any) -> None:
        names = list(self.__dataclass_fields__)
        kind: Any = type(self)
        given = defaults(kind) | dict(zip(names, values, strict=False)) | named
        if len(values) > len(names) or given.keys() != set(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}, and not {', '.join(given)}")
        self.__dict__.update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __getattr__(self, name: str) -> Any:
        inside = self._whole()
        if name in inside:
            return inside[name]
        parts: Mapping[str, tuple[Callable[[Any], Any], Any]] = inside.get("_parts", {})
        if name not in parts:
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        make, raw = parts[name]
        value = inside[name] = make(raw)
        return value

    def _whole(self) -> dict[str, Any]:
        inside = self.__dict__
        rest: Callable[[], Mapping[str, Any]] | None = inside.get("_rest")
        if rest is not None:
            inside.update({**rest(), **inside})
            inside.pop("_rest", None)
        return inside

    def given(self) -> Mapping[str, Any]:
        """Return the fields by name as they were given: parts that nobody asked for yet are JSON, which is quicker to walk."""
        inside = self._whole()
        return inside | {name: raw for name, (_, raw) in inside.get("_parts", {}).items()}

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and self._values() == other._values())

    def __hash__(self) -> int:
        return hash((type(self), self.__dict__.get("id")))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__dataclass_fields__)
        return f"{type(self).__name__}({inside})"

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    __dataclass_fields__: ClassVar[dict[str, Any]]


@record
class Source(Record):
    """A publication that statements rest on. `n` is the number of patients of a series."""

    title: str
    kind: SourceKind
    authors: str = ""
    year: int | None = None
    publisher: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    n: int | None = None
    id: str = ""


@record
class Statement(Record):
    """A sentence and what it rests on; no sources means background knowledge, and is shown as such."""

    text: str
    sources: tuple[str, ...] = ()


@record
class Note(Record):
    """What a reader has to know beside a statement: an error of a source, a conflict between sources, or a caution."""

    text: str
    kind: Literal["error", "conflict", "caution"]
    sources: tuple[str, ...] = ()


@record
class Group(Record):
    """A heading of the vocabulary. `silence` is what an unlisted finding of the group costs a cause, in natural log units,
    `surprise` the part of its findings that is there for another reason, if it is not that of the parameters: where
    something lies is seldom chance. `told` multiplies `Parameters.told`: what somebody has is told more surely than how something
    looks.

    `anatomy` marks body parts; findings of a `local` group are felt or seen at a place, so that a body part in their words
    counts as a body part too; `tissue` marks what body parts are made of, and both may be called normal. A `plain` finding is
    read even out of the words of a longer term.
    """

    title: str
    silence: float = 0.0
    surprise: float | None = None
    told: float = 1.0
    anatomy: bool = False
    tissue: bool = False
    local: bool = False
    plain: bool = False
    id: str = ""


@record
class Finding(Record):
    """Something that is seen, asked or measured, and a flag of the command line.

    `base_rate` is the share, 0 to 1, of people with a radiograph who have it for whatever reason; `ages` (years, from and
    to) and `sex` mark findings that only restate who the patient is; findings of one `cluster` tell one story.
    `not_aliases` are phrases that look like an alias and mean something else, `absent_aliases` say that it is absent.
    `red_flag` marks what cannot wait, whatever the cause of the calcium; `outside` what has causes that are not ranked here. `told`
    multiplies that of the group: 0 is a way of saying things, such as the name of a disease that is asked about, of which silence
    says nothing.
    """

    label: str
    definition: str
    group: str
    how: Effort
    base_rate: float
    base_rate_why: str
    aliases: tuple[str, ...] = ()
    not_aliases: tuple[str, ...] = ()
    absent_aliases: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    cluster: str | None = None
    ages: tuple[float, float] | None = None
    sex: Sex | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    red_flag: RedFlag | None = None
    outside: bool = False
    told: float = 1.0
    notes: tuple[Note, ...] = ()
    id: str = ""


@record
class Link(Record):
    """How often a cause shows a finding: a class, and the count (k of n) where a source counted."""

    frequency: Frequency
    count: tuple[int, int] | None = None
    sources: tuple[str, ...] = ()
    note: str = ""


@record
class Share(Record):
    """Share of a type among all cases, in per cent. `used` is the value that the ranking starts from.

    `described` takes its place as soon as something is described, for what is no part of the published shares.
    """

    used: float
    text: str
    described: float | None = None
    low: float | None = None
    high: float | None = None
    sources: tuple[str, ...] = ()


@record
class Type(Record):
    """A family of causes that share a mechanism and a look. `drawn_as` is the finding that stands for its look."""

    name: str
    look: str
    share: Share
    definition: Statement
    mechanism: Statement
    appearance: tuple[Statement, ...]
    sites: tuple[Statement, ...] = ()
    subtypes: tuple[Statement, ...] = ()
    examples: tuple[Statement, ...] = ()
    facts: tuple[Statement, ...] = ()
    notes: tuple[Note, ...] = ()
    aliases: tuple[str, ...] = ()
    drawn_as: str = ""
    id: str = ""


@record
class Age(Record):
    """Age in years at which the lesion is met: the 5th, 50th and 95th percentile."""

    percentiles: tuple[float, float, float]
    sources: tuple[str, ...] = ()
    note: str = ""


@record
class Women(Record):
    """Share of women among the patients, 0 to 1."""

    share: float
    sources: tuple[str, ...] = ()
    note: str = ""


@record
class Sites(Record):
    """Where the lesion is met: share of patients by body part, 0 to 1 each; `counted` parts rest on a counted series."""

    shares: Mapping[str, float]
    elsewhere: float = 0.05
    counted: tuple[str, ...] = ()


@record
class NextStep(Record):
    """What usual practice does next, and how soon."""

    text: str
    urgency: Urgency
    sources: tuple[str, ...] = ()


@record
class Views(Record):
    """Whether a further view, or a view of the other side, is worth its dose."""

    text: str
    further: Literal["no", "if-unclear", "yes"]
    comparison: Literal["no", "exception"]
    sources: tuple[str, ...] = ()


@record
class Report(Record):
    """Words to start from: a radiographer's comment, and a sentence for a report."""

    comment: str
    report: str


@record
class RedFlag(Record):
    """Why a cause or a finding is dangerous. With `when`, it is so only if one of those findings, or of `urgent_when`, is present.

    With one of `urgent_when` it is urgent, whatever the `urgency` otherwise. With one of `unless`, which explains it, it is not.
    """

    why: str
    urgency: Urgency
    sources: tuple[str, ...]
    when: tuple[str, ...] = ()
    urgent_when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@record
class Words(Record):
    """Words that descriptions of a cause use before it is known, parted by commas: the usual ones, and those that are often met."""

    usual: str = ""
    often: str = ""


@record
class Condition(Record):
    """A cause within a type.

    `estimates` are judged shares, 0 to 1, of findings that no source counts; `words` are those in which it is described before
    it is known; `replaces` lists former ids, which stay resolvable.
    """

    name: str
    type: str
    commonness: Commonness
    summary: Statement
    mechanism: Statement
    appearance: Statement
    findings: Mapping[str, Link]
    age: Age
    women: Women
    sites: Sites
    clues: tuple[Statement, ...]
    tell_apart: Mapping[str, Statement]
    pitfalls: tuple[Statement, ...]
    next_step: NextStep
    views: Views
    report: Report
    aliases: tuple[str, ...] = ()
    also_types: tuple[str, ...] = ()
    estimates: Mapping[str, float] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    red_flag: RedFlag | None = None
    notes: tuple[Note, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    reading: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    id: str = ""


@record
class Letter(Record):
    """A letter of a mnemonic. `source_page` tells whether the page that the project grew from prints this letter."""

    letter: str
    stands_for: str
    points_at: tuple[str, ...]
    text: str = ""
    source_page: bool | None = None
    sources: tuple[str, ...] = ()


@record
class Mnemonic(Record):
    """A word whose letters recall causes."""

    word: str
    helps_with: str
    letters: tuple[Letter, ...]
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    id: str = ""


@record
class Family(Record):
    """A name that covers several conditions, so that asking for it gives the choice."""

    name: str
    members: tuple[str, ...]
    text: str
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    id: str = ""


@record
class Topic(Record):
    """General knowledge that belongs to no single cause."""

    title: str
    statements: tuple[Statement, ...]
    aliases: tuple[str, ...] = ()
    id: str = ""


@record
class Analyte(Record):
    """A reference range. Values are in the unit whose factor is 1; other units are multiplied by their factor.

    It holds from `min_age` years; `by_sex` has (low, high) where women and men differ, `by_age` (age, low, high) for the years
    under an age. `below`, `within` and `above` are the findings that a value means, `at_least` and `at_most` those that it means
    besides from so much on, upwards or downwards. Between the two values of `doubtful` it means nothing. The name is another thing's
    `not_before` these words. Where it is told, it counts `instead_of` others: an adjusted calcium instead of the total one.
    Of `states`, words that say themselves whether it is low or high, only the number behind them is read: 'hypercalcaemia 3.4'.
    """

    name: str
    units: Mapping[str, float]
    low: float | None
    high: float | None
    plausible: tuple[float, float]
    below: str | None = None
    within: str | None = None
    above: str | None = None
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)
    by_sex: Mapping[Sex, tuple[float | None, float | None]] = field(default_factory=dict)
    by_age: tuple[tuple[float, float | None, float | None], ...] = ()
    doubtful: tuple[float, float] | None = None
    min_age: float = 18
    not_before: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    note: str = ""
    aliases: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    id: str = ""


@record
class Language(Record):
    """Words of the reader.

    `same` lists words that mean as much as its key, `filler` words that may stand within a term or be missing from it,
    `ordinary` words that are no findings and need no remark when they are not understood. `counted` are nouns for what is
    looked at, `looked_at` other words for it, that for the thing itself first, `not_looked_at` nouns for what else may be diffuse
    or linear, `felt` words for what is seen or felt of it: a body part that is named with none of these is a site only if no other is. `landmarks` are regions
    filmed and bones beside which something lies: likewise.
    'a ...' means the finding `one`, unless one of `not_one` was read; so does one of `alone` where nothing says several.
    'several ...' means the finding `many`, those of `several` are of more than one; 'both ...' before a body part the finding
    `both`. A word of `beside` before a body part that is a `beside_what` means the finding `beside_means`. A size of more
    than `large_from` centimetres of a word of `large_of`, but of none of `parts_of_mass`, means the finding `large`, one that
    has grown the finding `grown`, as does a word of `growing` that stands alone behind a mass, one of `broad_from` or more near
    a word of `broad`, where the clause names none of `large_of`, the finding `broad_means`. What is `one_sided` says nothing of
    what lies on the other side. `without` has findings that are others
    without the last that is named: a mass, no pain. A word of `sound` that is called normal denies its findings. The body
    parts of `kept`, and all within them, are a site even within the name of another finding, 'knee replacement', if no other
    site is named. What is of these days is, if it is told of years ago, what `long_ago` has for it, and what happened in the
    last days or weeks means besides what `lately` has, as does a word of `mishaps` that was then; below `infancy_to` years it means
    what `in_infancy` has. What has `results` is not denied with one of them: 'no scaphoid fracture'. `events` are what happens
    at an age that is not that of today, `brought` why somebody comes of whom a text begins with the age, `newborn` what follows
    the day of life, `aged` what has an age of its own, `measured` of what a number is told, `graded` what has a stage,
    `offspring` what is no relative behind 'daughter'. `grades` deny one kind alone, `tests` may stand before their 'negative';
    a short sentence with a word of `chance` notes a chance finding from an age of `chance_from` on. A denial ends behind a noun
    of `denied_whole` unless a list goes on: 'no fever calcified knee'; before a word of `things`, and what says how it looks or
    where it lies, it ends if something else was denied: 'not known, such a thing'.
    """

    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filler: tuple[str, ...] = ()
    ordinary: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    looked_at: tuple[str, ...] = ()
    not_looked_at: tuple[str, ...] = ()
    felt: tuple[str, ...] = ()
    one: str | None = None
    not_one: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    many: str | None = None
    several: tuple[str, ...] = ()
    both: str | None = None
    beside: tuple[str, ...] = ()
    beside_what: str | None = None
    beside_means: str | None = None
    landmarks: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    large: str | None = None
    large_from: float = 5.0
    large_of: tuple[str, ...] = ()
    parts_of_mass: tuple[str, ...] = ()
    grown: str | None = None
    growing: tuple[str, ...] = ()
    one_sided: tuple[str, ...] = ()
    broad: tuple[str, ...] = ()
    broad_means: str | None = None
    broad_from: float = 3.0
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sound: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    long_ago: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lately: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_infancy: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    results: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mishaps: tuple[str, ...] = ()
    chance: tuple[str, ...] = ()
    chance_from: float = 50.0
    infancy_to: float = 1.0
    events: tuple[str, ...] = ()
    brought: tuple[str, ...] = ()
    newborn: tuple[str, ...] = ()
    aged: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    graded: tuple[str, ...] = ()
    offspring: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    denied_whole: tuple[str, ...] = ()
    things: tuple[str, ...] = ()


@record
class Drawing(Record):
    """How a finding is sketched: a family of patterns, its numbers, and the seed of its chance."""

    pattern: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    id: str = ""


@record
class Body(Record):
    """A body outline: lines of (x, y) points in the unit square, y downwards, and where each body part lies in it."""

    outline: tuple[tuple[tuple[float, float], ...], ...]
    places: Mapping[str, tuple[float, float]]


@record
class Parameters(Record):
    """The global numbers of the ranking, and how they were come by.

    `temperature` divides the summed log likelihood ratios; `damping` is c in the weight 1 / (1 + c k) of the k-th strongest
    finding of a cluster; `clip` bounds what one finding may add or take away, in natural log units; `surprise` is the share of
    findings that are there for another reason than the cause; `told` is the share of descriptions that mention a finding which
    one in ten people have, twice that for one in a hundred, and so on; `wording` is the part that counts of what the words of a text, or those in the names
    of findings, say beside the findings; `age_population` are the 5th, 50th and 95th percentile of age,
    in years, of the people whose films are read.
    """

    temperature: float
    damping: float
    clip: float
    surprise: float
    age_population: tuple[float, float, float]
    women_population: float
    commonness: Mapping[Commonness, float]
    fitted: str
    told: float = 0.0
    wording: float = 0.0


@record
class Trial(Record):
    """How the ranking did on labelled cases: of `cases`, how many had the right cause first or in the first three, or the right type.

    `command` counts them again.
    """

    what: str
    command: str
    cases: int
    top_1: int
    top_3: int
    type_top_1: int


@record
class About(Record):
    """What the knowledge base is, and for whom; how the ranking did with it, the trial that stands for the rest first."""

    name: str
    subject: str
    version: str
    date: str
    intended_use: str
    purpose: tuple[Statement, ...] = ()
    evaluation: tuple[Trial, ...] = ()
    weaknesses: tuple[str, ...] = ()


@record
class Contents(Record):
    """A whole knowledge base, as it stands in its file."""

    about: About
    parameters: Parameters
    groups: Mapping[str, Group]
    types: Mapping[str, Type]
    conditions: Mapping[str, Condition]
    findings: Mapping[str, Finding]
    mnemonics: Mapping[str, Mnemonic]
    sources: Mapping[str, Source]
    families: Mapping[str, Family] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    laboratory: Mapping[str, Analyte] = field(default_factory=dict)
    language: Language = field(default_factory=Language)
    templates: Mapping[str, str] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    body: Body | None = None

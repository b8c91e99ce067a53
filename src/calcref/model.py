"""The shape of the knowledge: what a source, a finding, a type, a condition and a mnemonic are.

Plain frozen dataclasses, so that the shipped file can be read without any third-party import; `validation` checks the same
classes with pydantic and derives the JSON Schema from them. Every mapping is keyed by id, and a record learns its own id
from its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Frequency = Literal["always", "very-frequent", "frequent", "occasional", "very-rare", "never"]
Commonness = Literal["very-common", "common", "uncommon", "rare", "very-rare"]
Effort = Literal["look", "ask", "measure", "other-view", "other-modality"]
Urgency = Literal["none", "routine", "soon", "urgent"]
Sex = Literal["female", "male"]
SourceKind = Literal[
    "case-series", "case-report", "review", "guideline", "textbook", "teaching-file", "encyclopedia", "website"
]

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
    "measure": "in the laboratory",
    "other-view": "with another view",
    "other-modality": "with another modality",
}
"""How a finding is got, in order of effort, and the words for it."""

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that statements rest on. `n` is the number of patients of a series."""

    __pydantic_config__ = _STRICT

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


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and what it rests on; no sources means background knowledge, and is shown as such."""

    __pydantic_config__ = _STRICT

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader has to know beside a statement: an error of a source, a conflict between sources, or a caution."""

    __pydantic_config__ = _STRICT

    text: str
    kind: Literal["error", "conflict", "caution"]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the vocabulary. `silence` is what an unlisted finding of the group costs a cause, in natural log units.

    `anatomy` marks body parts; findings of a `local` group are felt or seen at a place, so that a body part in their words
    counts as a body part too.
    """

    __pydantic_config__ = _STRICT

    title: str
    silence: float = 0.0
    anatomy: bool = False
    local: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is seen, asked or measured, and a flag of the command line.

    `base_rate` is the share, 0 to 1, of people with a radiograph who have it for whatever reason; `ages` (years, from and
    to) and `sex` mark findings that only restate who the patient is; findings of one `cluster` tell one story.
    """

    __pydantic_config__ = _STRICT

    label: str
    definition: str
    group: str
    how: Effort
    base_rate: float
    base_rate_why: str
    aliases: tuple[str, ...] = ()
    not_aliases: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    cluster: str | None = None
    ages: tuple[float, float] | None = None
    sex: Sex | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """How often a cause shows a finding: a class, and the count (k of n) where a source counted."""

    __pydantic_config__ = _STRICT

    frequency: Frequency
    count: tuple[int, int] | None = None
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """Share of a type among all soft tissue calcifications, in per cent. `used` is the value that the ranking starts from."""

    __pydantic_config__ = _STRICT

    used: float
    text: str
    low: float | None = None
    high: float | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Type:
    """A way in which calcium comes into soft tissue, as a family of causes."""

    __pydantic_config__ = _STRICT

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
    id: str = ""


@dataclass(frozen=True, slots=True)
class Age:
    """Age in years at which the lesion is met: the 5th, 50th and 95th percentile."""

    __pydantic_config__ = _STRICT

    percentiles: tuple[float, float, float]
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Women:
    """Share of women among the patients, 0 to 1."""

    __pydantic_config__ = _STRICT

    share: float
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sites:
    """Where the lesion is met: share of patients by body part, 0 to 1 each; `counted` parts rest on a counted series."""

    __pydantic_config__ = _STRICT

    shares: Mapping[str, float]
    elsewhere: float = 0.05
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """What usual practice does next, and how soon."""

    __pydantic_config__ = _STRICT

    text: str
    urgency: Urgency
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Views:
    """Whether a further view, or a view of the other side, is worth its dose."""

    __pydantic_config__ = _STRICT

    text: str
    further: Literal["no", "if-unclear", "yes"]
    comparison: Literal["no", "exception"]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Words to start from: a radiographer's comment, and a sentence for a report."""

    __pydantic_config__ = _STRICT

    comment: str
    report: str


@dataclass(frozen=True, slots=True)
class RedFlag:
    """Why a cause is dangerous. With `when`, it is so only if one of those findings is present."""

    __pydantic_config__ = _STRICT

    why: str
    urgency: Urgency
    sources: tuple[str, ...]
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A cause within a type.

    `estimates` are judged shares, 0 to 1, of findings that no source counts; `replaces` lists
    former ids, which stay resolvable.
    """

    __pydantic_config__ = _STRICT

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
    red_flag: RedFlag | None = None
    notes: tuple[Note, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    reading: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of a mnemonic. `source_page` tells whether the page that the project grew from prints this letter."""

    __pydantic_config__ = _STRICT

    letter: str
    stands_for: str
    points_at: tuple[str, ...]
    text: str = ""
    source_page: bool | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mnemonic:
    """A word whose letters recall causes."""

    __pydantic_config__ = _STRICT

    word: str
    helps_with: str
    letters: tuple[Letter, ...]
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A name that covers several conditions, so that asking for it gives the choice."""

    __pydantic_config__ = _STRICT

    name: str
    members: tuple[str, ...]
    text: str
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """General knowledge that belongs to no single cause."""

    __pydantic_config__ = _STRICT

    title: str
    statements: tuple[Statement, ...]
    aliases: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Analyte:
    """A reference range. Values are in the unit whose factor is 1; other units are multiplied by their factor.

    It holds from `min_age` years; `by_sex` has (low, high) where women and men differ. `below`, `within` and `above` are the
    findings that a value means.
    """

    __pydantic_config__ = _STRICT

    name: str
    units: Mapping[str, float]
    low: float | None
    high: float | None
    plausible: tuple[float, float]
    below: str | None = None
    within: str | None = None
    above: str | None = None
    by_sex: Mapping[Sex, tuple[float | None, float | None]] = field(default_factory=dict)
    min_age: float = 18
    note: str = ""
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """Words of the reader.

    `same` lists words that mean as much as its key, `filler` words that may stand within a term or be missing from it,
    `ordinary` words that are no findings and need no remark when they are not understood. `counted` are nouns for a deposit:
    'a ...' means the finding `one`, 'several ...' the finding `many`, 'both ...' before a body part the finding `both`.
    """

    __pydantic_config__ = _STRICT

    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filler: tuple[str, ...] = ()
    ordinary: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    one: str | None = None
    many: str | None = None
    both: str | None = None


@dataclass(frozen=True, slots=True)
class Parameters:
    """The global numbers of the ranking, and how they were come by.

    `temperature` divides the summed log likelihood ratios; `damping` is c in the weight 1 / (1 + c k) of the k-th strongest
    finding of a cluster; `clip` bounds what one finding may add or take away, in natural log units; `surprise` is the share of
    findings that are there for another reason than the cause; `age_population` are the 5th, 50th and 95th percentile of age,
    in years, of the people whose films are read.
    """

    __pydantic_config__ = _STRICT

    temperature: float
    damping: float
    clip: float
    surprise: float
    age_population: tuple[float, float, float]
    women_population: float
    commonness: Mapping[Commonness, float]
    fitted: str


@dataclass(frozen=True, slots=True)
class About:
    """What the knowledge base is, and for whom."""

    __pydantic_config__ = _STRICT

    name: str
    subject: str
    version: str
    date: str
    intended_use: str
    purpose: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole knowledge base, as it stands in its file."""

    __pydantic_config__ = _STRICT

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


KEYED_SECTIONS = (
    "groups", "types", "conditions", "findings", "mnemonics", "sources", "families", "topics", "laboratory",
)  # fmt: skip
"""The sections whose records are keyed by id."""

"""A rule a test, over all records of the shipped knowledge base, each naming the offender."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from calcref.curation.checking import SCHEMA_NAME, check_file, index_of, schema_text
from calcref.curation.formatting import canonical
from calcref.differential.likelihood import likelihoods
from calcref.knowledge.base import KnowledgeBase, load, read_knowledge, shipped_file
from calcref.knowledge.citing import all_citations
from calcref.knowledge.index import STRETCH, Parts, index_path, opened, seal
from calcref.knowledge.names import fold
from calcref.knowledge.strict_json import parse
from calcref.knowledge.validation import adapter, check_bytes, with_ids
from calcref.reading.reader import read

FORMAT = "run: calcref check --format data/calcifications.json"
AMERICAN = re.compile(
    r"\b(?:hemat|hemorr|hypercalcemi|calcemi|uremi|anemi|edema\b|leukemi|orthopedic|pediatric|esophag|ischemi)\w*"
    r"|\b(tumor|tumors|fiber|fibers|center|centers|color|gray|diagnosed as of|analyze|tumorous)\b",
    re.IGNORECASE,
)
ORDERS = re.compile(
    r"\b(must|never|always|do not|don't|need to|has to|have to|should be|mandatory|is diagnostic|proves|rules out|"
    r"certainly|definitely|pathognomonic)\b",
    re.IGNORECASE,
)


def texts(record: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every sentence that a reader sees: statements, notes, advice."""
    if isinstance(record, dict):
        for key, value in record.items():
            yield from texts(value, f"{where}.{key}")
    elif isinstance(record, tuple):
        for place, value in enumerate(record):
            yield from texts(value, f"{where}.{place}")
    elif is_dataclass(record):
        for field in fields(record):
            value = getattr(record, field.name)
            if field.name in ("text", "why", "comment", "report", "definition") and isinstance(value, str):
                yield f"{where}.{field.name}", value
            elif not isinstance(value, str):
                yield from texts(value, f"{where}.{field.name}")


@pytest.fixture(scope="module")
def sentences(knowledge: KnowledgeBase) -> list[tuple[str, str]]:
    found = [*texts(knowledge.types, "types"), *texts(knowledge.conditions, "conditions"), *texts(knowledge.topics, "topics"),
             *texts(knowledge.mnemonics, "mnemonics"), *texts(knowledge.findings, "findings"), *texts(knowledge.about, "about")]  # fmt: skip
    return [(where, text) for where, text in found if text and not where.endswith("share.text") and ".letters." not in where]


def test_the_shipped_file_has_no_fault() -> None:
    assert [f"{p.where}: {p.what}" for p in check_file(shipped_file()).problems] == []


def test_the_file_stands_in_canonical_form() -> None:
    text = shipped_file().read_text(encoding="utf-8")
    assert canonical(parse(text.encode())) == text, FORMAT


def test_the_index_is_that_of_the_file() -> None:
    data = shipped_file().read_bytes()
    contents, _ = check_bytes(data)
    assert contents is not None
    assert index_path(shipped_file()).read_bytes() == index_of(data, contents), FORMAT


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the shipped file, with its index beside it."""
    path = tmp_path / "copy.json"
    path.write_bytes(shipped_file().read_bytes())
    index_path(path).write_bytes(index_path(shipped_file()).read_bytes())
    return path


def test_an_index_is_used_for_the_very_file_that_it_is_of(copied: Path) -> None:
    assert opened(copied) is not None


def test_an_edit_that_leaves_the_size_is_noticed(copied: Path) -> None:
    copied.write_bytes(copied.read_bytes().replace(b'"name": "Phlebolith', b'"name": "Phlebolite', 1))
    assert opened(copied) is None
    assert read_knowledge(copied).conditions["phlebolith"].name.startswith("Phlebolite")


@pytest.mark.parametrize("edited", [0, STRETCH - 1, STRETCH, 2 * STRETCH], ids=["first", "before", "second", "last"])
def test_an_edit_in_any_stretch_of_a_large_file_is_noticed(tmp_path: Path, edited: int) -> None:
    path, data = tmp_path / "large", bytearray(2 * STRETCH + 1)
    path.write_bytes(data)
    assert Parts(path).check() == seal(bytes(data))
    data[edited] = 1
    path.write_bytes(data)
    assert Parts(path).check() != seal(bytes(2 * STRETCH + 1))


def test_an_index_of_another_making_is_passed_over(copied: Path) -> None:
    index = index_path(copied)
    first, rest = index.read_bytes().split(b"\n", 1)
    header = json.loads(first)
    header["check"][0] += 1
    index.write_bytes(json.dumps(header).encode() + b"\n" + rest)
    assert opened(copied) is None
    index.write_bytes(b"{}\n")
    assert opened(copied) is None
    assert read_knowledge(copied).conditions


def test_the_schema_is_that_of_the_model() -> None:
    assert shipped_file().with_name(SCHEMA_NAME).read_text(encoding="utf-8") == schema_text(), FORMAT


def test_the_quick_reading_of_the_indexed_file_equals_the_validated_one() -> None:
    raw = json.loads(shipped_file().read_bytes())
    assert load().contents == adapter().validate_python(with_ids(raw))


def test_there_are_enough_conditions_and_links_and_most_links_have_a_source(knowledge: KnowledgeBase) -> None:
    links = [link for condition in knowledge.conditions.values() for link in condition.findings.values()]
    assert len(knowledge.conditions) >= 150
    assert len(links) >= 3000
    assert sum(bool(link.sources) for link in links) / len(links) >= 0.6


def test_every_condition_has_findings_enough_from_four_groups_and_one_that_speaks_by_its_absence(knowledge: KnowledgeBase) -> None:
    thin = []
    for condition in knowledge.conditions.values():
        least = 15 if condition.commonness in ("common", "very-common") else 8
        groups = {knowledge.findings[finding].group for finding in condition.findings}
        rare = any(link.frequency in ("never", "very-rare") for link in condition.findings.values())
        if len(condition.findings) < least or len(groups) < 4 or not rare:
            thin.append((condition.id, len(condition.findings), len(groups), rare))
    assert thin == []


def test_every_condition_is_told_apart_from_three_others(knowledge: KnowledgeBase) -> None:
    assert [c.id for c in knowledge.conditions.values() if len(c.tell_apart) < 3] == []


def test_every_condition_has_age_sex_and_sites(knowledge: KnowledgeBase) -> None:
    assert [c.id for c in knowledge.conditions.values() if not c.sites.shares] == []


def test_no_single_misread_sign_rules_a_dangerous_tumour_out(knowledge: KnowledgeBase) -> None:
    hard = [
        (condition.id, finding)
        for condition in knowledge.conditions.values()
        if condition.red_flag and not condition.red_flag.when and "sarcoma" in condition.id
        for finding, link in condition.findings.items()
        if link.frequency == "never"
    ]
    assert hard == []


def test_every_text_is_trimmed_and_free_of_markup(sentences: list[tuple[str, str]]) -> None:
    bad = [
        (where, text) for where, text in sentences if text != text.strip() or "  " in text or re.search(r"[\[\]<>*_`\t\n]", text)
    ]
    assert bad == []


def test_every_sentence_ends(sentences: list[tuple[str, str]]) -> None:
    assert [(where, text[-40:]) for where, text in sentences if not text.endswith((".", "?"))] == []


def test_the_wording_gives_no_orders_and_claims_no_certainty(sentences: list[tuple[str, str]]) -> None:
    assert [(where, m.group()) for where, text in sentences if (m := ORDERS.search(text))] == []


def test_the_spelling_is_british(sentences: list[tuple[str, str]]) -> None:
    assert [(where, m.group()) for where, text in sentences if (m := AMERICAN.search(text))] == []


def test_american_spellings_of_names_lead_to_the_same_record() -> None:
    for british, american in (
        ("haemochromatosis", "hemochromatosis"),
        ("tumour", "tumor"),
        ("uraemic", "uremic"),
        ("oedema", "edema"),
    ):
        assert fold(british) == fold(american)


def test_every_source_can_be_found_again(knowledge: KnowledgeBase) -> None:
    lost = [
        s.id
        for s in knowledge.sources.values()
        if not s.title or not (s.authors or s.publisher) or not (s.year or s.url or s.doi or s.pmid)
    ]
    assert lost == []


COPIES = ("scribd", "vdocuments", "docslib", "studylib", "coek.info", "docksci", "dokumen.", "paperexplained", "researcher.life", "scite.ai",
          "scilit", "semanticscholar", "readbyqxmd", "wilddata", "acemap", "medworm", "clinicalpub", "musculoskeletalkey", "radiologykey",
          "clinicalgate", "thoracickey", "pacs.de", "gradestack", "lausr.org", "acnpsearch", "boraymedical", "weglot", "moleopedia", "wikipedia",
          "profilpelajar", "reference.com", "eventact", "rrnursing", "mitchmedical", "greptmed", "grepmed", "skyscape")  # fmt: skip


def test_no_address_is_a_copy_or_an_index(knowledge: KnowledgeBase) -> None:
    assert [(s.id, s.url) for s in knowledge.sources.values() if any(copy in s.url for copy in COPIES)] == []


def test_no_citation_is_repeated_in_one_place(knowledge: KnowledgeBase) -> None:
    seen: dict[tuple[str, str], int] = {}
    for where, source in all_citations(knowledge):
        seen[where, source] = seen.get((where, source), 0) + 1
    assert [key for key, count in seen.items() if count > 1] == []


def test_every_name_of_a_finding_is_read_as_that_finding(knowledge: KnowledgeBase) -> None:
    """A name that a longer one, a look-alike or the grammar of results takes away misleads who edits it."""
    assert [
        f"{finding.id}: {name}"
        for finding in knowledge.findings.values()
        if not (finding.ages or finding.sex)
        for name in finding.aliases
        if finding.id not in read(knowledge, name).ids("present", "possible")
    ] == []


def test_every_finding_can_separate_something(knowledge: KnowledgeBase) -> None:
    """A finding whose likelihood ratios are all alike could not move any ranking; it has to warn of something, or help to."""
    ratios = likelihoods(knowledge)
    flags = [f.red_flag for f in knowledge.findings.values() if f.red_flag]
    warning = {finding for flag in flags for finding in (*flag.when, *flag.urgent_when, *flag.unless)}
    ranking = [f.id for f in knowledge.findings.values() if not (f.red_flag or f.outside or f.id in warning)]
    dull = [f for f in ranking if max(ratios.vector(f, True)) - min(ratios.vector(f, True)) < 0.1]
    assert dull == []


def test_a_parent_is_met_at_least_as_often_as_its_child(knowledge: KnowledgeBase) -> None:
    odd = [
        (child.id, parent)
        for child in knowledge.findings.values()
        for parent in child.is_a
        if knowledge.findings[parent].base_rate < child.base_rate
    ]
    assert odd == []


def test_each_letter_of_a_mnemonic_points_at_conditions_that_show_knows(knowledge: KnowledgeBase) -> None:
    lost = [
        (mnemonic.id, name)
        for mnemonic in knowledge.mnemonics.values()
        for letter in mnemonic.letters
        for name in letter.points_at
        if name not in knowledge.conditions
    ]
    assert lost == []


def test_the_shares_from_which_the_ranking_starts_lie_in_the_published_ranges_and_add_up(knowledge: KnowledgeBase) -> None:
    assert sum(kind.share.used for kind in knowledge.types.values()) == pytest.approx(100)
    for kind in knowledge.types.values():
        if kind.share.low is not None and kind.share.high is not None:
            assert kind.share.low <= kind.share.used <= kind.share.high


def test_the_comparison_view_study_and_its_exceptions_are_there(knowledge: KnowledgeBase) -> None:
    text = " ".join(statement.text for statement in knowledge.topics["comparison-views"].statements).lower()
    assert "300" in text
    assert "hip" in text
    assert "elbow" in text


@pytest.mark.parametrize(
    "name",
    [
        "show",
        "diff",
        "mnemonic",
        "list",
        "check",
        "schema",
        "read",
        "evaluate",
        "json",
        "plain",
        "full",
        "age",
        "sex",
        "top",
        "prior",
        "why",
        "steady",
        "help",
        "version",
    ],
)
def test_no_finding_takes_the_name_of_an_option(knowledge: KnowledgeBase, name: str) -> None:
    assert name not in knowledge.findings


def test_no_flag_names_a_finding_twice_or_with_one_that_holds_it(knowledge: KnowledgeBase) -> None:
    flags = [
        (record.id, record.red_flag)
        for records in (knowledge.conditions, knowledge.findings)
        for record in records.values()
        if record.red_flag
    ]
    for name, flag in flags:
        named = (*flag.when, *flag.urgent_when, *flag.unless)
        assert len(set(named)) == len(named), name
        # What makes it urgent may be narrower than what makes it dangerous at all, and not the other way round.
        assert not [finding for finding in flag.when if knowledge.ancestors[finding] & set(named)], name
        assert not [finding for finding in flag.urgent_when if knowledge.ancestors[finding] & set(flag.urgent_when)], name

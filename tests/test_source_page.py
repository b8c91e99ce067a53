"""Every fact of the page that the project grew from is in the product, findable where a reader would look."""

from __future__ import annotations

import pytest

from calcref.knowledge.base import KnowledgeBase

from .conftest import Run

FACTS = {
    "dystrophic": [
        "95 to 98 %", "small to large amorphous deposits", "damaged or degenerating tissue", "progress to ossification",
        "a cortex and a medullary space appear", "not associated with a metabolic disorder", "serum calcium",
        "almost every soft tissue calcification that is met in radiographic practice", "inflammatory response",
        "damage of any kind", "confined to one place", "phlebolith", "calcified haematoma", "heterotopic ossification",
        "comparison views above all",
    ],
    "metastatic": [
        "1 to 2 %", "previously normal tissue", "calcium or phosphorus metabolism is disturbed", "finely speckled",
        "throughout the soft tissues", "many tissues", "renal failure, hyperparathyroidism, sarcoidosis and milk-alkali",
        "alkaline", "lungs, gastric mucosa and kidneys", "does not mean spread of a cancer",
        "end-stage renal failure with calcified popliteal and tibial arteries",
    ],
    "calcinosis": [
        "1 to 2 %", "cutaneous, subcutaneous or deep connective tissue", "without a consistent metabolic disturbance",
        "collagen vascular disease", "calcinosis circumscripta", "calcinosis universalis", "tumoral calcinosis",
        "the table that it cites has no such row",
    ],
    "chondrocalcinosis": [
        "1 to 2 %", "calcification of cartilage, which is not specific", "gout", "pseudogout (calcium pyrophosphate)",
        "ochronosis", "hyperparathyroidism", "diabetes", "degenerative disease", "fine white line",
        "over the hyaline articular cartilage", "soft tissues of the spine", "monosodium urate",
        "homogentisate 1,2-dioxygenase",
    ],
    "synovial-chondromatosis": [
        "no published share", "knee, hip and shoulder", "one joint only", "metaplasia of the synovial connective tissue",
        "uncommon cause of loose bodies", "active synovial proliferation",
    ],
}  # fmt: skip

LETTERS = {
    "V": ("venous", "phlebolith"), "I": ("infection", "cysticercosis"), "N": ("neoplasm", "osteosarcoma"),
    "D": ("drugs", "vitamin D overdose"), "A": ("autoimmune", "dermatomyositis"), "T": ("trauma", "haematoma"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FACTS)
def test_the_page_of_a_type_has_every_fact_of_the_source_page(calcref: Run, kind: str) -> None:
    text = calcref("show", kind).out.lower()
    missing = [fact for fact in FACTS[kind] if fact.lower() not in text]
    assert not missing


def test_the_list_shows_five_types_and_their_shares(calcref: Run) -> None:
    rows = {row.split("\t")[0]: row for row in calcref("list").out.splitlines() if "\t" in row}
    assert set(FACTS) <= set(rows)
    assert "95-98 %" in rows["dystrophic"]
    for kind in ("metastatic", "calcinosis", "chondrocalcinosis"):
        assert "1-2 %" in rows[kind]
    assert "not given" in rows["synovial-chondromatosis"]


def test_the_shares_are_said_to_be_a_teaching_estimate_that_adds_to_more_than_the_whole(calcref: Run) -> None:
    text = calcref("list").out
    assert "teaching file's estimate" in text
    assert "add to more than 100 %" in text


@pytest.mark.parametrize("letter", LETTERS)
def test_the_mnemonic_has_every_letter_of_the_source_page_with_its_example(calcref: Run, letter: str) -> None:
    stands_for, example = LETTERS[letter]
    rows = [row for row in calcref("mnemonic", "vindicate").out.splitlines() if row.startswith(f"{letter}\t")]
    assert any(stands_for in row and f"On the source page: {stands_for}, " in row and example in row for row in rows)


def test_the_mnemonic_says_which_letters_the_source_page_leaves_out_and_on_whose_word(calcref: Run) -> None:
    answer = calcref("mnemonic", "vindicate", "--json").json
    letters = answer["mnemonic"]["letters"]
    assert "".join(letter["letter"] for letter in letters) == "VINDICATE"
    left_out = [letter for letter in letters if letter["source_page"] is False]
    assert [letter["letter"] for letter in left_out] == ["I", "C", "E"]
    assert all(letter["sources"] for letter in left_out)
    note = next(note for note in answer["mnemonic"]["notes"] if note["kind"] == "error")
    assert "VINDICATE (VINDAT)" in note["text"]
    assert "six letters" in note["text"]


def test_the_mnemonic_notes_that_vitamin_d_overdose_works_by_raising_calcium(calcref: Run) -> None:
    assert "raising the serum calcium, which is the metastatic mechanism" in calcref("mnemonic", "vindat").out


def test_why_it_matters_is_said_with_its_source(knowledge: KnowledgeBase) -> None:
    first = knowledge.about.purpose[0]
    assert "speeds the patient's imaging" in first.text
    assert "comparison views" in first.text
    assert first.sources


def test_every_statement_about_a_type_names_a_source_or_is_marked_as_background(knowledge: KnowledgeBase) -> None:
    for kind in knowledge.types.values():
        if kind.share.low is not None:
            assert kind.share.sources, kind.id
            assert kind.definition.sources, kind.id
            assert all(statement.sources for statement in kind.appearance), kind.id

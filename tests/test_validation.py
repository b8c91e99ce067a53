"""Broken knowledge bases: each fault is told with its path and a remedy, and nothing of them is ever shown."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref.knowledge import shipped_file
from calcref.validation import check_bytes, check_raw

from .conftest import Run

SHIPPED: dict[str, Any] = json.loads(shipped_file().read_bytes())
SOURCE = next(iter(SHIPPED["sources"]))


def small() -> dict[str, Any]:
    """Return a valid knowledge base of one condition and a few findings."""
    kind = {
        "name": "Dry", "look": "dry", "share": {"used": 50, "text": "half"}, "definition": {"text": "Dry."},
        "mechanism": {"text": "Dry."}, "appearance": [{"text": "Dry."}],
    }  # fmt: skip
    condition = {
        "name": "One", "type": "dry", "commonness": "common", "summary": {"text": "One.", "sources": ["a-2000"]},
        "mechanism": {"text": "One."}, "appearance": {"text": "One."},
        "findings": {"spot": {"frequency": "frequent", "count": [4, 10], "sources": ["a-2000"]}},
        "age": {"percentiles": [10, 50, 80]}, "women": {"share": 0.5}, "sites": {"shares": {"arm": 0.7}},
        "clues": [], "tell_apart": {}, "pitfalls": [{"text": "None."}], "next_step": {"text": "None.", "urgency": "none"},
        "views": {"text": "None.", "further": "no", "comparison": "no"}, "report": {"comment": "One.", "report": "One."},
    }  # fmt: skip
    spot = {"label": "a spot", "definition": "A spot.", "group": "shape", "how": "look", "base_rate": 0.2, "base_rate_why": "guess"}
    return {
        "about": {"name": "k", "subject": "spots", "version": "1", "date": "2026-01-01", "intended_use": "Tests."},
        "parameters": {"temperature": 1, "damping": 0.3, "clip": 5, "surprise": 0.1, "age_population": [10, 50, 80], "women_population": 0.5,
                       "commonness": {"very-common": 9, "common": 3, "uncommon": 1, "rare": 0.3, "very-rare": 0.1}, "fitted": "no"},
        "groups": {"shape": {"title": "Shape"}, "place": {"title": "Place", "anatomy": True}},
        "types": {"dry": kind}, "conditions": {"one": condition},
        "findings": {"spot": spot, "arm": {**spot, "label": "arm", "group": "place"}},
        "mnemonics": {"o": {"word": "O", "helps_with": "one", "letters": [{"letter": "O", "stands_for": "one", "points_at": ["one"]}]}},
        "sources": {"a-2000": {"title": "A", "kind": "review", "authors": "A B", "year": 2000}},
    }  # fmt: skip


def test_a_small_knowledge_base_of_another_subject_is_valid() -> None:
    contents, problems = check_raw(small())
    assert problems == []
    assert contents is not None


def put(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        *way, last = path.split("/")
        for step in way:
            raw = raw[int(step)] if isinstance(raw, list) else raw[step]
        if value is None:
            del raw[last]
        else:
            raw[last] = value

    return change


FAULTS = {
    "an unknown field": (put("conditions/one/colour", "red"), "conditions.one.colour", "not known"),
    "a missing field": (put("conditions/one/pitfalls", None), "conditions.one.pitfalls", "missing"),
    "a wrong class": (put("conditions/one/findings/spot/frequency", "often"), "conditions.one.findings.spot.frequency", "not one of"),
    "a wrong type of value": (put("conditions/one/women/share", "half"), "conditions.one.women.share", "number"),
    "a share above one": (put("conditions/one/women/share", 1.5), "conditions.one.women.share", "between 0 and 1"),
    "a count that does not fit": (put("conditions/one/findings/spot/count", [9, 10]), "conditions.one.findings.spot.frequency", "9 of 10"),
    "a count of more than all": (put("conditions/one/findings/spot/count", [11, 10]), "conditions.one.findings.spot.count", "not a count"),
    "an unknown finding": (put("conditions/one/findings/spt", {"frequency": "frequent"}), "conditions.one.findings.spt", "no 'spt'"),
    "an unknown type": (put("conditions/one/type", "wet"), "conditions.one.type", "no 'wet'"),
    "an unknown source": (put("conditions/one/summary/sources", ["b-2001"]), "conditions.one.summary.sources", "no source 'b-2001'"),
    "an orphan source": (put("sources/b-2001", {"title": "B", "kind": "review"}), "sources.b-2001", "nothing cites"),
    "a finding that is a kind of itself": (put("findings/spot/is_a", ["spot"]), "findings.spot.is_a", "kind of itself"),
    "an unknown parent": (put("findings/spot/is_a", ["blot"]), "findings.spot.is_a", "no 'blot'"),
    "a base rate of nothing": (put("findings/spot/base_rate", 0), "findings.spot.base_rate", "between 0 and 1"),
    "an alias for two": (put("findings/spot/aliases", ["arms"]), "aliases", "also means"),
    "an id with a blank": (put("conditions/o ne", small()["conditions"]["one"]), "conditions.o ne", "not well formed"),
    "an unused finding": (put("findings/leg", {**small()["findings"]["arm"], "label": "leg"}), "findings.leg", "no condition uses"),
    "a red flag without a source": (put("conditions/one/red_flag", {"why": "Bad.", "urgency": "urgent", "sources": []}), "conditions.one.red_flag", "without"),
    "a letter that points nowhere": (put("mnemonics/o/letters/0/points_at", []), "mnemonics.o.letters.0", "points at nothing"),
    "a letter that points at nobody": (put("mnemonics/o/letters/0/points_at", ["two"]), "mnemonics.o.letters.0.points_at", "no 'two'"),
    "ages out of order": (put("conditions/one/age/percentiles", [50, 10, 80]), "conditions.one.age.percentiles", "rising order"),
    "a condition that shows nothing": (put("conditions/one/findings", {}), "conditions.one.findings", "without findings"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_path(name: str) -> None:
    change, where, what = FAULTS[name]
    raw = copy.deepcopy(small())
    change(raw)
    contents, problems = check_raw(raw)
    assert contents is None
    assert any(where in problem.where and what in problem.what for problem in problems), problems


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"), (b"{", "not JSON at column 2"), (b"{\n", "not JSON at line 2, column 1"), (b"[]", "not a JSON object"), (b"null", "not a JSON object"),
        (b'{"a": 1, "a": 2}', "stands twice"), (b'{"a": NaN}', "NaN is not a JSON number"), (b'{"a": Infinity}', "not a JSON number"),
        (b"\xff\xfe\x00", "not UTF-8"), (b'{"a": "\xe9"}', "not UTF-8"), (b"[" * 100_000, "nested"), (b'{"a":' * 5000, "nested"),
        (b'{"about": 1e999}', ""),
    ],
)  # fmt: skip
def test_what_is_no_proper_json_is_told(data: bytes, said: str) -> None:
    contents, problems = check_bytes(data)
    assert contents is None
    assert said in problems[0].what


def test_a_byte_order_mark_is_no_fault() -> None:
    contents, problems = check_bytes(b"\xef\xbb\xbf" + json.dumps(small()).encode())
    assert problems == []
    assert contents is not None


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
PLACES = ["conditions/one", "conditions/one/findings", "conditions/one/findings/spot", "findings", "findings/spot", "types/dry/share",
          "mnemonics/o/letters", "parameters", "conditions/one/sites/shares", "sources/a-2000", "about", "groups/shape"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(PLACES), value=json_values)
def test_no_value_in_any_place_ends_in_a_traceback(place: str, value: Any) -> None:
    raw = copy.deepcopy(small())
    try:
        put(place, value if value is not None else 0)(raw)
    except (KeyError, TypeError):
        return
    contents, problems = check_raw(raw)
    assert (contents is None) == bool(problems)


def test_the_command_prints_each_fault_and_ends_with_status_one(calcref: Run, tmp_path: Path) -> None:
    raw = small()
    raw["conditions"]["one"]["women"]["share"] = 2
    raw["findings"]["spot"]["is_a"] = ["blot"]
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    answer = calcref("check", str(path))
    assert answer.status == 1
    assert "conditions.one.women.share" in answer.out
    assert "findings.spot.is_a" in answer.out
    assert calcref("check", str(path), "--json").json["valid"] is False


def test_the_canonical_form_changes_no_meaning_and_is_its_own_canonical_form(calcref: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(small()), encoding="utf-8")
    assert calcref("check", "--format", str(path)).status == 0
    once = path.read_text(encoding="utf-8")
    assert calcref("check", "--format", str(path)).status == 0
    assert path.read_text(encoding="utf-8") == once
    before, after = check_raw(small())[0], check_raw(json.loads(once))[0]
    assert before == after


def test_an_invalid_file_is_not_rewritten(calcref: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text("{}", encoding="utf-8")
    assert calcref("check", "--format", str(path)).status == 1
    assert path.read_text(encoding="utf-8") == "{}"
    assert list(tmp_path.iterdir()) == [path]

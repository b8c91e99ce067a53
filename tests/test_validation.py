"""Broken knowledge bases: each fault is told with its path and a remedy, and nothing of them is ever shown."""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcref.differential.findings import Case
from calcref.differential.ranking import rank
from calcref.knowledge.base import KnowledgeBase
from calcref.knowledge.names import Entry
from calcref.knowledge.validation import OPTIONS, check_bytes, check_raw
from calcref.reading.reader import Reader
from calcref.views import payload
from calcref.views.detail import page_of

from .conftest import Run


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
        if isinstance(raw, list):
            raw[int(last)] = value
        elif value is None:
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
    "a look-alike of one word": (put("findings/spot/not_aliases", ["spotless"]), "findings.spot.not_aliases", "no effect"),
    "an id with a blank": (put("conditions/o ne", small()["conditions"]["one"]), "conditions.o ne", "not well formed"),
    "an id that is an option": (put("findings/top", small()["findings"]["spot"]), "findings.top", "--top is an option"),
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
        (b"\xff\xfe\x00", "not UTF-8"), (b'{"a": "\xe9"}', "not UTF-8"), (b"[" * 100_000, "nested"), (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested"),
        (b'{"about": 1e999}', ""),
    ],
)  # fmt: skip
def test_what_is_no_proper_json_is_told(data: bytes, said: str) -> None:
    contents, problems = check_bytes(data)
    assert contents is None
    assert said in problems[0].what


@pytest.mark.parametrize("command", ["diff", "mnemonic", "ask", "report"])
def test_no_finding_may_have_the_name_of_an_option_that_stands_beside_its_flag(calcref: Run, command: str) -> None:
    options = re.findall(
        r"^ .*?--([a-z-]+)", calcref(command, "--help").out.partition("Options:\n")[2].partition("\n\n")[0], re.MULTILINE
    )
    assert {"age", "json", "help", "pager"} <= set(options)
    assert {*options, "kb", "kb-only"} <= OPTIONS


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


def rich() -> dict[str, Any]:
    """Return the small knowledge base with something in every section that a reader meets."""
    raw = small()
    raw["conditions"]["one"]["estimates"] = {"spot": 0.4}
    raw["laboratory"] = {
        "ca": {"name": "Calcium", "units": {"mmol": 1}, "low": 2.2, "high": 2.6, "plausible": [0.5, 6], "above": "spot"}
    }
    raw["families"] = {"f": {"name": "F family", "members": ["one"], "text": "t"}}
    raw["topics"] = {"t": {"title": "T", "statements": [{"text": "x"}]}}
    raw["language"] = {"same": {"spot": ["blot"]}, "filler": ["of"], "counted": ["dot"], "one": "spot", "many": "spot"}
    return raw  # fmt: skip


def places(value: Any, way: str = "") -> Iterator[str]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield f"{way}{key}"
        yield from places(item, f"{way}{key}/")


EDGES = [0, -1, 1, 0.5, 1e299, -1e299, 1e-299, "", " ", "x", "\u2026", "a" * 300, [], {}, True, [0, 0], [0, 0, 0], [50, 50, 50], {"": 0}, ["x"], [""]]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from([place for place in places(rich()) if place not in ("mnemonics/o/letters/0", "conditions/one")]),
       value=st.sampled_from(EDGES))  # fmt: skip
def test_whatever_passes_the_gate_can_be_used(place: str, value: Any) -> None:
    raw = rich()
    put(place, value)(raw)
    contents, problems = check_raw(raw)
    assert (contents is None) == bool(problems)
    if contents is None:
        return
    knowledge = KnowledgeBase(contents, "")
    for case in (Case(), Case(("spot",), (), 50, "female"), Case(("arm",), ("spot",), 0, "male")):
        answer = rank(knowledge, case)
        assert sum(item.posttest for item in answer.conditions) == pytest.approx(1)
        json.dumps(payload.differential(knowledge, answer, None, "one", steady=True), allow_nan=False)
    Reader(knowledge).read("72F several dots in the arm, no spot, calcium 2.9 mmol, 6 cm")
    assert page_of(knowledge, Entry("conditions", "one", "One"), True).blocks


BOMBS = {
    "depth": (b"[" * 100_000, "nested"),
    "depth of objects": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "nested"),
    "values": (b"[" + b"{}," * 300_000 + b"{}]", "more than 250,000 values"),
    "records": (json.dumps({"sources": {f"k{i}": {} for i in range(60_000)}}).encode(), "too many"),
    "faults": (json.dumps({"conditions": {f"k{i}": {} for i in range(9_000)}}).encode(), "not what they should be"),
    "kinship": (json.dumps({**small(), "findings": {
        **small()["findings"], **{f"z{i}": {**small()["findings"]["spot"], "label": f"z{i}", "is_a": [f"z{i + 1}"] if i < 2000 else []} for i in range(2001)}
    }}).encode(), "too many above it"),
    "an endless number": (b'{"a": ' + b"9" * 1_000_000 + b"}", "too large or too long"),
    "5,000 digits": (b'{"a": ' + b"9" * 5_000 + b"}", "too large or too long"),
    "a large exponent": (b'{"a": -1e999}', "too large or too long"),
    "an endless text": (b'{"a": "' + b"\\" * 2_000_001, "not JSON"),
    "an escape sequence": (b'{"a": "\\u001b[31mred"}', "cannot be shown"),
    "an escape sequence as a key": (b'{"\\u001b]0;x\\u0007": 1}', "cannot be shown"),
    "text that runs backwards": ('{"a": "\u202eabc"}'.encode(), "cannot be shown"),
    "half a character": (b'{"a": "\\ud800"}', "cannot be shown"),
    "a NUL": (b'{"a": "\\u0000"}', "cannot be shown"),
    "a bare NUL": (b'{"a": "\x00"}', "not JSON"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
    "UTF-32 without a mark": ('{"a": 1}'.encode("utf-32-le"), "not JSON"),
    "two marks": (b"\xef\xbb\xbf\xef\xbb\xbf{}", "not JSON"),
    "nothing but blanks": (b" " * 5_000_000, "not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_one_sentence(name: str) -> None:
    data, said = BOMBS[name]
    before = time.process_time()
    contents, problems = check_bytes(data)
    assert contents is None
    assert any(said in problem.what for problem in problems)
    assert all(len(problem.what) < 200 and problem.what.isprintable() for problem in problems)
    assert time.process_time() - before < 3


@settings(max_examples=200, deadline=None)
@given(start=st.integers(0, 2_000), cut=st.integers(0, 50), put_in=st.binary(max_size=20))
def test_no_damage_to_a_file_ends_in_a_traceback(start: int, cut: int, put_in: bytes) -> None:
    data = json.dumps(small()).encode()
    contents, problems = check_bytes(data[:start] + put_in + data[start + cut :])
    assert (contents is None) == bool(problems)

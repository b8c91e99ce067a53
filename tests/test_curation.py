"""The curator's side: a skeleton that fits, what is thin, and files that are whole or not there."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calcref.curation.skeleton import KINDS, TO_FILL_IN, skeleton
from calcref.knowledge.base import KnowledgeBase, load, shipped_file
from calcref.knowledge.layers import merged
from calcref.knowledge.strict_json import parse
from calcref.knowledge.validation import check_raw

from .conftest import ROOT, Run, clean_environment
from .test_validation import rich, small

SHIPPED: dict[str, Any] = parse(shipped_file().read_bytes())


def test_the_shipped_file_is_valid(calcref: Run) -> None:
    answer = calcref("check", "--json").json
    assert answer["valid"] is True
    assert answer["problems"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_skeleton_fits_over_the_shipped_knowledge(calcref: Run, kind: str) -> None:
    patch = json.loads(calcref("new", kind, "my-own").out)
    section, record = KINDS[kind]
    contents, problems = check_raw(merged(SHIPPED, patch))
    assert problems == []
    assert contents is not None
    made = patch[section]["my-own"]
    assert list(made) == [name for name in record.__dataclass_fields__ if name in made]
    assert TO_FILL_IN in json.dumps(made)


def test_a_new_cause_asks_for_words_and_takes_none_of_another(calcref: Run) -> None:
    words = json.loads(calcref("new", "condition", "my-own").out)["conditions"]["my-own"]["words"]
    assert set(words) == {"usual", "often"}
    assert all(text.startswith(TO_FILL_IN) and "," not in text for text in words.values())


@pytest.mark.parametrize("raw", [small(), rich()], ids=["small", "rich"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_skeleton_fits_over_a_knowledge_base_of_another_subject(kind: str, raw: dict[str, Any]) -> None:
    contents, _ = check_raw(raw)
    assert contents is not None
    patch = skeleton(KnowledgeBase(contents, ""), kind, "my-own")
    assert check_raw(merged(copy.deepcopy(raw), patch))[1] == []


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("condition", "phlebolith"), 1), (("condition", "phleboliths"), 1), (("finding", "tram-track"), 1), (("source", "x" * 61), 2),
        (("finding", "Not An Id"), 2), (("finding", "no-trauma"), 2), (("finding", ""), 2), (("type", "x"), 2), (("condition", "\x1b[31m"), 2),
        (("condition",), 2), (("finding", "top"), 2),
    ],
)  # fmt: skip
def test_an_id_that_is_taken_or_ill_formed_is_told(calcref: Run, args: tuple[str, ...], status: int) -> None:
    answer = calcref("new", *args)
    assert (answer.status, answer.out) == (status, "")
    assert answer.err.startswith("calcref: ")
    assert "\x1b" not in answer.err


def test_a_new_finding_is_got_in_a_way_that_goes_with_its_group_and_no_example_ends_within_a_word(calcref: Run) -> None:
    made = json.loads(calcref("new", "finding", "my-own").out)["findings"]["my-own"]
    assert (made["group"], made["how"]) in {(finding.group, finding.how) for finding in load().findings.values()}
    assert load().groups[made["group"]].title != "History" or made["how"] == "ask"
    texts = calcref("new", "condition", "my-own").out
    assert 'such as: A smooth, well-corticated bone at a named site, with contiguous cortex all round, no ..."' in texts


def test_what_is_thin_is_counted_and_then_listed(calcref: Run, tmp_path: Path) -> None:
    raw = merged(rich(), skeleton(load(), "source", "my-own"))
    raw["conditions"]["one"]["findings"]["arm"] = {"frequency": "frequent"}
    raw["conditions"]["one"]["notes"] = [{"text": "Mind.", "kind": "caution"}]
    raw["findings"]["spot"]["aliases"] = ["red dot", "dot"]
    raw["findings"]["arm"]["aliases"] = ["dot red"]
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    thin = calcref("check", "--strict", "--json", str(path)).json["founding"]["thin"]
    assert thin["frequencies without a source"] == ["conditions.one.findings.arm"]
    assert thin["notes without a source"] == ["conditions.one.notes.0"]
    assert thin["conditions with few findings"] == ["one: 2"]
    assert thin["findings of one condition"] == ["spot", "arm"]
    assert thin["names of the same words in another order"] == ["red dot (spot), dot red (arm)"]
    assert thin["names within the names of others"] == ["dot (spot): 1, such as arm"]
    assert "sources.my-own" in thin["texts still to fill in"]
    text = calcref("check", "--strict", str(path))
    assert text.status == 0
    assert text.out.index("notes without a source\t1") < text.out.index("- conditions.one.notes.0")


CONTRADICTIONS = (
    "sites whose class and share differ",
    "findings met more often than what they are a kind of",
    "results of one analyte that add up to more than all",
)


def test_the_order_in_which_records_were_added_makes_no_other_index(calcref: Run, tmp_path: Path) -> None:
    raw = json.loads(shipped_file().read_bytes())
    raw["findings"] = dict(reversed(raw["findings"].items()))
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert calcref("check", "--format", str(path)).status == 0
    assert path.read_bytes() == shipped_file().read_bytes()
    assert path.with_suffix(".index.jsonl").read_bytes() == shipped_file().with_suffix(".index.jsonl").read_bytes()


def test_a_page_that_contradicts_itself_is_told(calcref: Run, tmp_path: Path) -> None:
    raw = json.loads(shipped_file().read_bytes())
    raw["conditions"]["phlebolith"]["findings"]["knee"] = {"frequency": "frequent"}
    raw["conditions"]["phlebolith"]["sites"]["shares"] |= {"knee": 0.02, "popliteal": 0.03}
    raw["conditions"]["gout"]["estimates"] |= {"trauma": 0.1, "recent-trauma": 0.2, "normal-calcium": 0.9, "high-calcium": 0.3}
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    thin = calcref("check", "--strict", "--json", str(path)).json["founding"]["thin"]
    sites, kinds, results = (thin[what] for what in CONTRADICTIONS)
    assert sites == ["phlebolith: knee frequent, 2% by the sites"]
    assert "gout: recent-trauma 20%, trauma 10%" in kinds
    assert "phlebolith: popliteal 3%, knee 2%" in kinds
    assert any(item.startswith("gout: ") and "normal-calcium" in item for item in results)


def test_no_page_of_the_shipped_knowledge_contradicts_itself(calcref: Run) -> None:
    thin = calcref("check", "--strict", "--json").json["founding"]["thin"]
    assert [thin[what] for what in CONTRADICTIONS] == [[], [], []]


def test_a_strict_check_of_an_invalid_file_tells_its_faults(calcref: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text("{}", encoding="utf-8")
    answer = calcref("check", "--strict", str(path))
    assert answer.status == 1
    assert "about\t" in answer.out


def test_long_lists_are_cut_and_counted(calcref: Run) -> None:
    thin = calcref("check", "--strict", "--json").json["founding"]["thin"]
    text = calcref("check", "--strict").out
    longest = max(map(len, thin.values()))
    assert f"and {longest - 20} more" in text


WRITING: dict[str, Callable[[Path], tuple[str, ...]]] = {
    "draw": lambda path: ("draw", "tram-track", "--svg", str(path)),
    "format": lambda path: ("check", "--format", str(path)),
}


@pytest.fixture(params=WRITING)
def writing(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Any, Path]:
    path = tmp_path / ("mine.svg" if request.param == "draw" else "mine.json")
    path.write_text(json.dumps(small()), encoding="utf-8")
    return WRITING[request.param], path


def test_a_drawing_replaces_nothing_but_drawings(calcref: Run, tmp_path: Path) -> None:
    licence = tmp_path / "LICENSE"
    licence.write_text("mine", encoding="utf-8")
    answer = calcref("draw", "tram-track", "--svg", str(licence))
    assert answer.status == 1
    assert "another kind of file is there" in answer.err
    assert licence.read_text(encoding="utf-8") == "mine"


def test_a_disk_that_fills_up_leaves_what_was_there(writing: tuple[Any, Path]) -> None:
    command, path = writing
    before = path.read_bytes()

    resource = pytest.importorskip("resource")

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    done = subprocess.run([sys.executable, "-m", "calcref", *command(path)], capture_output=True, preexec_fn=full, cwd=ROOT,
                          env=clean_environment(PYTHONDONTWRITEBYTECODE="1"), timeout=60, check=False)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(b"calcref: ")
    assert b"cannot be written: File too large" in done.stderr
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
def test_a_pipe_is_never_replaced_by_a_file(calcref: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for command in WRITING.values():
        answer = calcref(*command(pipe))
        assert answer.status == 1
        assert "not a regular file" in answer.err
    assert pipe.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX")
def test_what_a_link_leads_to_is_written_and_the_link_stays(calcref: Run, tmp_path: Path) -> None:
    target, link = tmp_path / "target.svg", tmp_path / "link.svg"
    link.symlink_to(target)
    assert calcref("draw", "tram-track", "--svg", str(link)).status == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX")
def test_links_that_lead_round_in_a_circle_are_told(calcref: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.symlink_to(two)
    two.symlink_to(one)
    for command in WRITING.values():
        answer = calcref(*command(one))
        assert answer.status == 1
        assert "symbolic links" in answer.err
    assert one.is_symlink()


@pytest.mark.parametrize("name", ["", ".", "nowhere/x.svg", "n" * 300])
def test_what_cannot_be_written_is_told(calcref: Run, tmp_path: Path, name: str) -> None:
    answer = calcref("draw", "tram-track", "--svg", str(tmp_path / name) if name else "")
    assert (answer.status, answer.out) == (1, "")
    assert "cannot be written" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX")
def test_permissions_are_kept(calcref: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.svg"
    path.write_bytes(b"")
    path.chmod(0o640)
    assert calcref("draw", "tram-track", "--svg", str(path)).status == 0
    assert path.stat().st_mode & 0o777 == 0o640

"""The library: three names, frozen answers that travel, and the same answers from any number of threads and processes."""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

from calcref import Case, KnowledgeBase, case_of, load, rank, read
from calcref.errors import UsageError
from calcref.knowledge.base import read_knowledge, shipped_file

from .conftest import ROOT, clean_environment

TEXT = "72F knee pain, no trauma, fine white line parallel to the femoral cartilage, Ca 2.3 mmol/L"


def test_a_text_becomes_a_reading_a_case_and_a_ranking(knowledge: KnowledgeBase) -> None:
    case = case_of(read(knowledge, TEXT))
    assert (case.age, case.sex) == (72, "female")
    assert rank(knowledge, case).types[0].id == "chondrocalcinosis"


def test_answers_are_frozen_and_travel(knowledge: KnowledgeBase) -> None:
    reading = read(knowledge, TEXT)
    case = case_of(reading)
    answer = rank(knowledge, case)
    for item in (reading, case, answer, answer.types[0]):
        assert pickle.loads(pickle.dumps(item)) == item
        with pytest.raises(AttributeError):
            setattr(item, item._fields[0], None)


def test_a_record_is_never_changed_and_equal_ones_have_one_hash() -> None:
    first, second = read_knowledge(shipped_file()), read_knowledge(shipped_file())
    for mine, theirs in zip(first.conditions.values(), second.conditions.values(), strict=True):
        with pytest.raises(AttributeError):
            mine.summary = mine.mechanism  # type: ignore[misc]  # a part that nobody has asked for yet
        for one, other in ((mine, theirs), (mine.summary, theirs.summary)):
            assert one == other
            assert hash(one) == hash(other)


def test_a_knowledge_base_travels_and_answers_the_same(knowledge: KnowledgeBase) -> None:
    moved = pickle.loads(pickle.dumps(knowledge))
    assert moved.sha256 == knowledge.sha256
    assert rank(moved, case_of(read(moved, TEXT))) == rank(knowledge, case_of(read(knowledge, TEXT)))


THREADS = """
import sys, threading
sys.setswitchinterval(1e-6)
from calcref import case_of, load, rank, read
texts = sys.stdin.read().splitlines()
if sys.argv[1:]:
    read(load(), "")  # the reader is there, and what it makes when it is first needed is not
start, answers, bases = threading.Barrier(8), {}, set()

def work(who):
    start.wait()
    knowledge = load()
    bases.add(id(knowledge))
    answers[who] = [rank(knowledge, case_of(read(knowledge, text))) for text in texts[who:] + texts[:who]]

threads = [threading.Thread(target=work, args=(who,)) for who in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(bases) == 1, "the knowledge was loaded more than once"
alone = [rank(load(), case_of(read(load(), text))) for text in texts]
for who in range(8):
    assert answers[who] == alone[who:] + alone[:who], who
print("same")
"""
SLIPS = [
    "58M on dialisis with periarticuler lumps and calcifed arteries", "cartilege line in the menicsus of the knee",
    "scattred phlebolits in the pelviss, no traumma", "calcfication along the tendn of the shouldr after an injectoin",
    "sclerodrma with clumpped deposits at the fingertps", "haematma of the thigh six weeks ago, zonal ossificaton",
    "popliteall mass with rings and arcs, 45F", "tram-trak lines in the forarm, PTH 900 ng/L",
]  # fmt: skip


@pytest.mark.parametrize("prepared", [(), ("reader",)], ids=["all new", "reader made"])
def test_threads_of_a_fresh_process_give_the_answers_of_one(prepared: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", THREADS, *prepared], input="\n".join(SLIPS), capture_output=True, text=True, cwd=ROOT, env=clean_environment(),
        timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout == "same\n", done.stderr


def leader(text: str) -> str:
    """Return the cause that leads: what a worker of a cluster would do, with nothing handed to it but the text."""
    knowledge = load()
    return rank(knowledge, case_of(read(knowledge, text))).conditions[0].id


def test_a_worker_that_knows_nothing_but_the_package_answers_the_same() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        assert list(workers.map(leader, SLIPS)) == list(map(leader, SLIPS))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Case(present=("nosuch",)), "no finding 'nosuch'"), (Case(absent=("nosuch",)), "no finding 'nosuch'"),
        (Case(present="diffuse"), "no finding 'd'"), (Case(sex="x"), "neither female nor male"),  # type: ignore[arg-type]
        (Case(age="58"), "age of 58"), (Case(age=-5), "age of -5"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_a_case_made_by_hand_that_has_what_it_cannot_have_is_refused(knowledge: KnowledgeBase, case: Case, said: str) -> None:
    with pytest.raises(UsageError, match=said) as error:
        rank(knowledge, case)
    assert error.value.hint


@pytest.mark.parametrize("prior", ["bogus", "FLAT", ""])
def test_a_prior_that_there_is_not_is_refused(knowledge: KnowledgeBase, prior: Any) -> None:
    with pytest.raises(UsageError, match="neither published nor flat"):
        rank(knowledge, Case(("diffuse",)), prior)


def test_a_case_may_be_made_by_hand(knowledge: KnowledgeBase) -> None:
    assert rank(knowledge, Case(present=("diffuse", "renal-failure"), age=58)).types[0].id == "metastatic"


ROOMS = ("knowledge", "reading", "differential", "curation", "views")
"""The packages of the project: each may import what stands before it, and none what comes after."""


def test_imports_go_one_way_from_the_screen_down_to_the_knowledge() -> None:
    source = ROOT / "src" / "calcref"
    assert {folder.name for folder in source.iterdir() if (folder / "__init__.py").is_file()} == set(ROOMS)
    for level, room in enumerate(ROOMS):
        allowed = {room, *ROOMS[:level], "errors", "files", *(("terminal",) if room == "views" else ())}
        for path in (source / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("calcref."):
                    assert (node.module or "").split(".")[1] in allowed, f"{room}/{path.name} imports {node.module}"
                assert not (isinstance(node, ast.ImportFrom) and node.level > 1), f"{room}/{path.name} leaves its room by dots"
                if isinstance(node, (ast.Import, ast.ImportFrom)) and room != "views":
                    names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
                    assert not any(name.split(".")[0] in ("typer", "rich") for name in names), f"{room}/{path.name} draws a screen"

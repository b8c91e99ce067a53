"""The command line: one short function per command, which reads its words, asks the engine, and shows the page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from typer import Argument, Context, Exit, Option, Typer

from . import __version__, terminal
from .command import ABSENT, ALONE, LAYER, PRESENT, Command, FindingCommand, Group, chosen_files, given, known
from .errors import ExitStatus, NotFoundError, UsageError

if TYPE_CHECKING:
    from .differential.findings import Case
    from .differential.ranking import Differential, Prior
    from .knowledge.base import KnowledgeBase
    from .knowledge.model import Sex
    from .reading.mentions import Reading
    from .views.page import Page

commands = Typer()
Word = TypeVar("Word", bound=str)


class CommandLine(Group):
    """All commands."""

    entries = commands.registered_commands


app = Typer(
    cls=CommandLine, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


def _begun(rows: Iterable[tuple[str, str]], incomplete: str) -> list[tuple[str, str]]:
    return [row for row in rows if row[0].startswith(incomplete.lower())]


def complete_name(incomplete: str) -> list[tuple[str, str]]:
    """Return the names of pages that begin with `incomplete`, with their titles."""
    from .knowledge.names import SECTIONS, title

    return _begun(((r.id, title(r)) for section in SECTIONS[:-1] for r in getattr(known(), section).values()), incomplete)


def complete_mnemonic(incomplete: str) -> list[tuple[str, str]]:
    """Return the mnemonics that begin with `incomplete`, with what they help with."""
    return _begun(((item.id, item.helps_with) for item in known().mnemonics.values()), incomplete)


def complete_listing(incomplete: str) -> list[tuple[str, str]]:
    """Return what can be listed and begins with `incomplete`, with what it is."""
    from .views.listing import LISTS

    return _begun(LISTS.items(), incomplete)


Json = Annotated[bool, Option("--json", help="Answer as JSON, for programs.")]
Plain = Annotated[bool, Option("--plain", help="Plain lines, as in a pipe: no colour, no wrapping.")]
Full = Annotated[bool, Option("--full", help="Everything, with the sources in full.")]
Age = Annotated[str | None, Option("--age", help="Age in years.", metavar="YEARS")]
SexOption = Annotated[str | None, Option("--sex", help="f or m.", metavar="f|m")]
PriorOption = Annotated[
    str | None, Option("--prior", help="Start from published shares (default) or flat: equal chances.", metavar="published|flat")
]


def emit(page: Page, plain: bool) -> None:
    """Show a page on standard output, as it can show it."""
    from .views.paint import show as painted

    terminal.write(painted(page, terminal.look(sys.stdout, plain=plain)))


def answer(json: bool, plain: bool, payload: Callable[[], dict[str, Any]], page: Callable[[], Page]) -> None:
    """Answer as JSON or with a page; only what was asked for is made."""
    if json:
        terminal.write(payloads().dump(payload()))
    else:
        emit(page(), plain)


def payloads() -> Any:
    """Return the module of the JSON answers, which pages do without."""
    from .views import payload

    return payload


def _pager(wanted: bool) -> None:
    terminal.paged = terminal.paged or wanted


@app.callback(invoke_without_command=True)
def root(
    ctx: Context,
    version: Annotated[bool, Option("--version", help="Show the versions and exit.")] = False,
    pager: Annotated[  # noqa: ARG001
        bool, Option("--pager", callback=_pager, help="Show the answer through PAGER or less, on a terminal.")
    ] = False,
    kb: Annotated[  # noqa: ARG001
        list[str] | None, Option(LAYER, help="Lay this file over the knowledge; may be given again.", metavar="FILE")
    ] = None,
    kb_only: Annotated[  # noqa: ARG001
        str | None, Option(ALONE, help="Use the knowledge of this file alone.", metavar="FILE")
    ] = None,
) -> None:
    """Quick reference and differential helper for {subject}.

    Education and reference for health professionals. It looks at no images, and is not meant for decisions on a patient unless a
    site has assessed it for that: calcref about.
    """
    if version:
        knowledge = known(whatever=True)
        about, layers = knowledge.about, "".join(f", with {layer.path}" for layer in knowledge.layers)
        terminal.write(f"calcref {__version__}, knowledge base {about.version} of {about.date}{layers}\n")
        raise Exit
    if ctx.invoked_subcommand is None:
        from .views.welcome import page_of

        emit(page_of(known()), plain=False)


@commands.command("list", cls=Command)
def list_(
    what: Annotated[
        str | None,
        Argument(help="types (default), conditions, findings, mnemonics, topics or sources.", autocompletion=complete_listing),
    ] = None,
    kind: Annotated[str | None, Option("--type", help="Only conditions of this type.", metavar="TYPE")] = None,
    group: Annotated[str | None, Option("--group", help="Only findings of this group.", metavar="GROUP")] = None,
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """List the types, conditions, findings, mnemonics, topics or sources."""
    from .views import listing

    knowledge = known()
    section = listing.find_list(what, kind, group)
    only_type, only_group = listing.find_type(knowledge, kind), listing.find_group(knowledge, group)
    answer(
        json, plain,
        lambda: payloads().listing(knowledge, section, listing.records(knowledge, section, only_type, only_group)),
        lambda: listing.page_of(knowledge, section, only_type, only_group),
    )  # fmt: skip


@commands.command(cls=Command)
def show(
    name: Annotated[list[str], Argument(help="An id, a name or an alias, in any spelling.", metavar="NAME", autocompletion=complete_name)],
    finding: Annotated[bool, Option("--finding", help="The finding of that name, not the cause.")] = False,
    full: Full = False, json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Show a type, a condition, a finding, a topic or a source."""
    from .knowledge.names import SECTIONS, resolve

    knowledge = known()
    entry = resolve(knowledge, " ".join(name), ("findings",) if finding else SECTIONS)

    def page() -> Page:
        if entry.section == "mnemonics":
            from .views import letters

            return letters.page_of(knowledge, knowledge.mnemonics[entry.id])
        from .views import detail

        screen = terminal.look(sys.stdout, plain=plain)
        page = detail.page_of(knowledge, entry, full or not screen.painted)
        if screen.painted:
            from .views.drawing import beside

            page.asides = beside(knowledge, entry, screen)
        return page

    answer(json, plain, lambda: payloads().record(knowledge, entry.section, entry.id), page)


@commands.command(cls=FindingCommand)
def diff(
    ctx: Context,
    words: Annotated[
        list[str] | None,
        Argument(help="Findings, or a sentence such as '72F knee pain, no trauma'; - reads standard input.", metavar="WORDS"),
    ] = None,
    age: Age = None, sex: SexOption = None,
    top: Annotated[str | None, Option("--top", help="How many causes to show (5; on a small screen 3).", metavar="N")] = None,
    prior: PriorOption = None,
    why: Annotated[
        str | None, Option("--why", help="One cause in full, wherever it ranks.", metavar="NAME", autocompletion=complete_name)
    ] = None,
    steady: Annotated[bool, Option("--steady", help="How the first place stands when the frequencies move.")] = False,
    full: Full = False, json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Rank the likely types and causes from what is seen, asked and measured.

    Every finding is a flag: --diffuse says that it is there, --no-trauma that it was looked for and is absent. What is not
    mentioned counts as not known. A sentence is read for findings, age, sex and laboratory values.
    """
    from .differential.ranking import rank
    from .knowledge.names import cause_of

    knowledge = known()
    reading, case = described(knowledge, ctx, words or [], age, sex)
    ranked = rank(knowledge, case, read_prior(prior))
    count = None if top is None else read_count(top, 5, "--top")
    cause = None if why is None else cause_of(knowledge, why)

    def page() -> Page:
        from .views import ranking

        if cause:
            return ranking.why_page(knowledge, ranked, cause, reading, steady)
        return ranking.page_of(knowledge, ranked, count, full, reading, steady)

    answer(json, plain, lambda: payloads().differential(knowledge, ranked, reading, cause, steady), page)


@commands.command(cls=Command)
def read(
    words: Annotated[list[str], Argument(help="A sentence; - reads standard input.", metavar="TEXT")],
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Show what is read from a sentence: findings, age, sex, laboratory values, and what was not understood."""
    from .reading.reader import read as read_text
    from .views import readings

    knowledge = known()
    reading = read_text(knowledge, text_of(words))
    answer(json, plain, lambda: readings.payload(knowledge, reading), lambda: readings.page_of(knowledge, reading))


@commands.command(cls=Command)
def evaluate(
    file: Annotated[str, Argument(help="Labelled cases, one JSON object a line; - reads standard input.", metavar="CASES.jsonl")],
    prior: Annotated[str | None, Option("--prior", help="published (default) or flat.", metavar="published|flat")] = None,
    text: Annotated[bool, Option("--text", help="Read the vignettes even where findings are given.")] = False,
    keep_going: Annotated[bool, Option("--keep-going", help="Judge the rest when a line is at fault.")] = False,
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Judge the ranking on labelled cases: how often it is right, how sure it may be, and where it fails."""
    from .views import judging

    knowledge = known()
    result = judging.run(knowledge, file, read_prior(prior), keep_going, text)
    answer(json, plain, lambda: payloads().envelope(knowledge, "evaluation") | result, lambda: judging.page_of(result))
    if result["faults"]:
        raise Exit(ExitStatus.NOTHING_FOUND)


LONGEST_TEXT = 1_000_000
"""Bytes of text that are read; far more than anyone writes."""


MOST_BROKEN = 0.1
"""Share of characters that may be none: more is a file of another kind, and not a text in an old encoding."""


def text_of(words: list[str]) -> str:
    """Return the words as one text; - stands for standard input. What is no character becomes a mark that says so.

    Raises:
        UsageError: when standard input is closed, or longer than `LONGEST_TEXT`, or most likely no text at all.
    """
    from .files import read_input

    given = (read_input(LONGEST_TEXT) if word == "-" else word.encode("utf-8", "surrogateescape") for word in words)
    text = b" ".join(given).decode("utf-8", "replace")
    if text.count("\ufffd") > len(text) * MOST_BROKEN:
        raise UsageError("That is no text: too much of it is not UTF-8.", "Give it as plain text.")
    return text


TELL_MORE = "Say where it lies and how it looks, and what is known: the age, the complaint, the history. What can be said: calcref list findings"


def described(
    knowledge: KnowledgeBase, ctx: Context, words: list[str], age: str | None, sex: str | None
) -> tuple[Reading | None, Case]:
    """Return the reading of the words, if there are any, and the case that they, the flags and the options describe.

    What flags and options say wins over what was read from words.

    Raises:
        NotFoundError: when words are given, and nothing in them or beside them means anything.
        UsageError: when an option has a value that it cannot have, or flags contradict each other.
    """
    from .differential.findings import Case, check

    flags = check(knowledge, Case(tuple(ctx.meta[PRESENT]), tuple(ctx.meta[ABSENT]), read_age(age), read_sex(sex)))
    if not words:
        return None, flags
    from .differential.cases import case_of, joined, overruled
    from .reading.reader import read

    reading = read(knowledge, text_of(words))
    said = case_of(reading)
    if said.is_empty and flags.is_empty:
        from .knowledge.names import near_findings

        text = reading.text
        near = near_findings(knowledge, text[:80], 10)
        what = f"Nothing in {text!r} was understood." if text.strip() else "There are no words to read: the text is empty."
        if text.strip() and not reading.not_understood:
            what, near = f"{text!r} names the thing, and nothing that tells one cause from another.", TELL_MORE
        raise NotFoundError(what, near or "What can be said: calcref list findings")
    case = joined(knowledge, flags, said)
    return overruled(knowledge, reading, case), case


def read_age(text: str | None) -> float | None:
    """Return an age in years, or raise a UsageError."""
    if text is None:
        return None
    try:
        age = float(text.replace(",", "."))
    except ValueError:
        age = nan
    if not isfinite(age):
        raise UsageError(f"--age {text!r} is not a number of years.", "Such as --age 58, or --age 0.5 for six months.")
    return age


def read_sex(text: str | None) -> Sex | None:
    """Return the sex that a word or a letter means, or raise a UsageError."""
    from .differential.cases import sex_of

    try:
        return sex_of(text)
    except ValueError:
        raise UsageError(f"--sex {text!r} is neither f nor m.", "Such as --sex f; leave it out when it is not known.") from None


def read_word(text: str | None, words: Iterable[Word], option: str, hint: str) -> Word:
    """Return the word that `text` is or begins, the first one when there is no text, or raise a UsageError."""
    for word in words:
        if text is None or (text and word.startswith(text.lower())):
            return word
    raise UsageError(f"{option} {text!r} is neither {' nor '.join(words)}.", hint)


def read_prior(text: str | None) -> Prior:
    """Return the prior that a word means, or raise a UsageError."""
    return read_word(text, ("published", "flat"), "--prior", "Leave it out for the published shares.")


def read_count(text: str | None, default: int, option: str, least: int = 1, most: int = 9999) -> int:
    """Return a whole number from `least` to `most`, or raise a UsageError."""
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text[:6]) <= most:
        raise UsageError(f"{option} {text!r} is not a whole number from {least} to {most}.", f"Such as {option} {default}.")
    return int(text[:6])


@commands.command(cls=FindingCommand)
def mnemonic(
    ctx: Context,
    name: Annotated[
        str | None, Argument(help="The word; without it all are listed.", autocompletion=complete_mnemonic)
    ] = None,
    words: Annotated[list[str] | None, Argument(help="Findings, in words or as flags: a checklist.", metavar="WORDS")] = None,
    age: Age = None, sex: SexOption = None, prior: PriorOption = None,
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Spell out a mnemonic letter by letter, with the conditions that each letter points at.

    With findings it is a checklist: how likely each letter is now, and the letters that nobody has thought of yet.
    """
    from .knowledge.names import resolve
    from .views import letters, listing

    knowledge = known()
    _, case = described(knowledge, ctx, words or [], age, sex)
    if name is None:
        if not case.is_empty:
            raise UsageError("Findings are given, but no mnemonic.", f"One of: {', '.join(knowledge.mnemonics)}")
        answer(
            json, plain,
            lambda: payloads().listing(knowledge, "mnemonics", knowledge.mnemonics.values()),
            lambda: listing.page_of(knowledge, "mnemonics"),
        )  # fmt: skip
        return
    record = knowledge.mnemonics[resolve(knowledge, name, ("mnemonics",)).id]
    if case.is_empty:
        answer(
            json, plain, lambda: payloads().record(knowledge, "mnemonics", record.id), lambda: letters.page_of(knowledge, record)
        )  # fmt: skip
        return
    from .differential.ranking import rank

    ranked = rank(knowledge, case, read_prior(prior))
    answer(
        json, plain,
        lambda: letters.checklist_payload(knowledge, record, ranked), lambda: letters.checklist_page(knowledge, record, ranked),
    )  # fmt: skip


@commands.command(cls=Command)
def check(
    file: Annotated[
        str | None, Argument(help="A knowledge base; without it the one in use, with its layers.", metavar="FILE")
    ] = None,
    fix: Annotated[bool, Option("--format", help="Write the file anew in canonical form, with its index, if it is valid.")] = False,
    strict: Annotated[bool, Option("--strict", help="Also how well it is founded, and what is thin.")] = False,
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Validate a knowledge base, with what is laid over it, and print each fault with its path in the file."""
    from .curation.checking import check_file, format_file
    from .knowledge.base import shipped_file
    from .views import checking

    if file is not None and given():
        raise UsageError(f"{file} is checked alone, without{given()}.", f"With it: calcref check {ALONE} {file} {LAYER} FILE")
    if fix and file is None:
        raise UsageError("--format needs the file that is to be written anew.", "Such as calcref check mine.json --format")
    base, layers = chosen_files() if file is None else (Path(file), ())
    path = base or shipped_file()
    result = format_file(path) if fix else check_file(path, layers)
    figures = None
    if strict and result.contents:
        from .curation.founding import report as founded
        from .knowledge.base import KnowledgeBase

        figures = founded(KnowledgeBase(result.contents, ""))
    if figures and not json:
        emit(checking.figures_page(figures), plain)
    founding = {"founding": figures} if figures else {}
    answer(json, plain, lambda: checking.payload(result) | founding, lambda: checking.page_of(result))
    if result.problems:
        raise Exit(ExitStatus.NOTHING_FOUND)


@commands.command(cls=Command)
def new(
    kind: Annotated[str, Argument(help="condition, finding or source.", metavar="KIND")],
    name: Annotated[str, Argument(help="Its id: lower case words joined by hyphens.", metavar="ID")],
) -> None:
    """Print a record to fill in, to be laid over the knowledge base: calcref new finding my-sign > mine.json."""
    from .curation.formatting import canonical
    from .curation.skeleton import skeleton

    terminal.write(canonical(skeleton(known(whatever=True), kind, name)))


@commands.command(cls=Command)
def schema() -> None:
    """Print the JSON Schema of a knowledge base."""
    from .curation.checking import schema_text

    terminal.write(schema_text())


@commands.command(cls=FindingCommand)
def ask(
    ctx: Context,
    words: Annotated[list[str] | None, Argument(help="What is known already, in words or as flags.", metavar="WORDS")] = None,
    age: Age = None, sex: SexOption = None, prior: PriorOption = None,
    full: Full = False, json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Be asked for what tells most, one key an answer, and see the ranking move.

    First what the film shows, then what the patient can say, then the laboratory. y yes, n no, Enter or u unknown, b back,
    w why, s stop; in a pipe a line for each. Nothing is stored: the last line gives the same differential again.
    """
    from .differential.guide import command
    from .views import guiding, ranking
    from .views.dialogue import Dialogue

    knowledge = known()
    reading, case = described(knowledge, ctx, words or [], age, sex)

    def again(ranked: Differential) -> str:
        return command(ranked, reading.text if reading and case.wording else "") + given()

    dialogue = Dialogue(plain, guiding.NEEDED if case.is_empty else "", aside=json)
    told, ranked = guiding.run(knowledge, case, read_prior(prior), dialogue, again)
    answer(
        json, plain,
        lambda: guiding.payload(knowledge, told, ranked, again(ranked)),
        lambda: ranking.page_of(knowledge, ranked, None, full, reading, steady=False),
    )  # fmt: skip
    if not json:
        terminal.write(guiding.kept(again(ranked)))


@commands.command(cls=Command)
def quiz(
    kind: Annotated[str | None, Option("--type", help="Only causes of this type.", metavar="TYPE")] = None,
    cards: Annotated[str | None, Option("--cards", help="How many cards (10).", metavar="N")] = None,
    seed: Annotated[str | None, Option("--seed", help="The same cards again, by their number.", metavar="N")] = None,
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Learn by flash cards: which of four causes that are easily confused does a picture fit best, and why.

    a to d answers, Enter gives up, s stops; in a pipe a line for each. The score is kept for this run only.
    """
    from .differential.quiz import any_seed, deck
    from .views import listing, quizzing
    from .views.dialogue import Dialogue

    knowledge = known()
    count, number = read_count(cards, 10, "--cards"), read_count(seed, any_seed(), "--seed")
    only = listing.find_type(knowledge, kind)
    chosen = deck(knowledge, count, number, only)
    if json:
        terminal.write(payloads().dump(quizzing.payload(knowledge, chosen, number)))
    else:
        again = f"calcref quiz{f' --type {only}' if only else ''} --cards {count} --seed {number}{given()}"
        quizzing.run(knowledge, chosen, count, again, Dialogue(plain, quizzing.NEEDED))


@commands.command(cls=Command)
def search(
    words: Annotated[list[str], Argument(help="Words, in any spelling.", metavar="WORDS...")],
    top: Annotated[str | None, Option("--top", help="How many to show (8).", metavar="N")] = None,
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Search everything that is known by words: names, signs, pitfalls, notes, topics, mnemonics, sources."""
    from .knowledge.search import search as searched
    from .views import searching

    knowledge, query = known(), " ".join(words)
    found, count = searched(knowledge, query), read_count(top, 8, "--top")
    screen = terminal.look(sys.stdout, plain=plain)
    answer(
        json, plain,
        lambda: searching.payload(knowledge, query, found, count),
        lambda: searching.page_of(knowledge, found, count, screen.colour, whole=not screen.painted),
    )  # fmt: skip


@commands.command(cls=Command)
def compare(
    names: Annotated[
        list[str] | None,
        Argument(
            help="Two causes or more, by id, name or alias; vs between names of several words.",
            metavar="A B...",
            autocompletion=complete_name,
        ),
    ] = None,
    everything: Annotated[bool, Option("--all", help="Everything, what they have in common as well.")] = False,
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Set causes side by side: what separates them, the strongest difference first.

    Two or three stand in columns. Of more, each difference has a line for each thing said, with those of which it is said.
    """
    from .differential.comparison import compare as compared
    from .differential.comparison import read_names
    from .views import comparing

    knowledge = known()
    result = compared(knowledge, read_names(knowledge, names or []))
    answer(json, plain, lambda: comparing.payload(knowledge, result), lambda: comparing.page_of(knowledge, result, everything))


@commands.command(cls=FindingCommand)
def report(
    ctx: Context,
    words: Annotated[
        list[str] | None, Argument(help="Findings, or a sentence, as for calcref diff; - reads standard input.", metavar="WORDS")
    ] = None,
    age: Age = None, sex: SexOption = None, prior: PriorOption = None,
    style: Annotated[str, Option("--style", help="A radiographer's comment (default) or a report.", metavar="comment|report")] = "comment",
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Draft words to start from: a preliminary clinical comment, or a report.

    What is seen is said as entered, and the cause as sure as the ranking makes it. A draft, to be checked by the person who signs.
    """
    from .differential.ranking import rank
    from .differential.wording import ORDER, draft
    from .views import drafts
    from .views.page import band

    knowledge = known()
    wanted = read_word(style, ORDER, "--style", "Leave it out for a comment.")
    reading, case = described(knowledge, ctx, words or [], age, sex)
    ranked = rank(knowledge, case, read_prior(prior))
    unsure = [mention.finding for mention in reading.mentions if mention.state == "possible"] if reading else []
    result = draft(knowledge, ranked, wanted, band, unsure, reading.named if reading else ())
    answer(json, plain, lambda: drafts.payload(knowledge, result), lambda: drafts.page_of(knowledge, ranked, result))


@commands.command(cls=Command)
def batch(
    file: Annotated[str | None, Argument(help="Cases, one JSON object a line; - or nothing reads standard input.", metavar="FILE")] = None,
    prior: PriorOption = None,
    top: Annotated[str | None, Option("--top", help="How many causes to give (5).", metavar="N")] = None,
) -> None:  # fmt: skip
    """Rank one JSON case a line, and answer each with one line of JSON, in the same order.

    A case is {"text": "..."} or {"present": [...], "absent": [...], "age": 58, "sex": "male"}, or both; an "id" is handed through.
    A line at fault is answered with {"line": 2, "error": "..."}. Exit status 1 if there was one, else 0.
    """
    from .batch import run

    if not run(known(), file, read_prior(prior), read_count(top, 5, "--top")):
        raise Exit(ExitStatus.NOTHING_FOUND)


@commands.command(cls=Command)
def about(json: Json = False, plain: Plain = False) -> None:
    """Say what this is for and what not, how it ranks, how well it did on which cases, and what it rests on."""
    from .views import about as views

    knowledge = known()
    answer(json, plain, lambda: views.payload(knowledge), lambda: views.page_of(knowledge))


@commands.command(cls=Command)
def man(ctx: Context) -> None:
    """Print the manual page, for man."""
    from .manual import page

    terminal.write(page(ctx.find_root(), known(), __version__))


@commands.command(cls=Command)
def draw(
    name: Annotated[list[str], Argument(help="A finding, a condition, or body.", metavar="NAME", autocompletion=complete_name)],
    svg: Annotated[str | None, Option("--svg", help="Write the drawing to this file.", metavar="FILE")] = None,
    width: Annotated[str | None, Option("--width", help="Columns of the drawing (36), 10 to 200.", metavar="COLUMNS")] = None,
    json: Json = False, plain: Plain = False,
) -> None:  # fmt: skip
    """Draw what a finding looks like, or a condition by its leading look and its usual sites. Schematic, no radiograph."""
    from .views import drawing

    knowledge = known()
    entry = drawing.find(knowledge, " ".join(name))
    columns = read_count(width, drawing.LARGE, "--width", drawing.NARROWEST, drawing.WIDEST)
    if svg is not None:
        from .files import write_whole

        write_whole(
            Path(svg), drawing.svg(knowledge, entry).encode("utf-8"), over=b"" if svg.lower().endswith(".svg") else drawing.SVG
        )
    screen = terminal.look(sys.stdout, plain=plain)
    answer(
        json, plain,
        lambda: drawing.payload(knowledge, entry),
        lambda: drawing.page_of(knowledge, entry, screen, columns) if svg is None else drawing.written(entry, svg),
    )  # fmt: skip

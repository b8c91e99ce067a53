"""The command line: one short function per command, which reads its words, asks the engine, and shows the page."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import __version__
from .command import ABSENT, ALONE, LAYER, PRESENT, Command, FindingCommand, Group, chosen_files, known
from .errors import ExitStatus, NotFoundError, UsageError

if TYPE_CHECKING:
    from .differential import Prior
    from .findings import Case
    from .knowledge import KnowledgeBase
    from .model import Sex
    from .reading import Reading
    from .views.page import Page

commands = typer.Typer()


class CommandLine(Group):
    """All commands."""

    entries = commands.registered_commands


app = typer.Typer(
    cls=CommandLine, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for programs.")]
Plain = Annotated[bool, typer.Option("--plain", help="Plain lines, as in a pipe: no colour, no wrapping.")]
Full = Annotated[bool, typer.Option("--full", help="Everything, with the sources in full.")]
Age = Annotated[str | None, typer.Option("--age", help="Age in years.", metavar="YEARS")]
SexOption = Annotated[str | None, typer.Option("--sex", help="f or m.", metavar="f|m")]
PriorOption = Annotated[
    str | None,
    typer.Option("--prior", help="Start from published shares (default) or flat: equal chances.", metavar="published|flat"),
]


def emit(page: Page, plain: bool) -> None:
    """Show a page on standard output, as it can show it."""
    from .terminal import look, write
    from .views.paint import show as painted

    write(painted(page, look(sys.stdout, plain=plain)))


def emit_json(answer: dict[str, Any]) -> None:
    """Write an answer as JSON."""
    from .terminal import write
    from .views.payload import dump

    write(dump(answer))


def _pager(wanted: bool) -> None:
    if wanted:
        from . import terminal

        terminal.paged = True


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the versions and exit.")] = False,
    pager: Annotated[  # noqa: ARG001
        bool, typer.Option("--pager", callback=_pager, help="Show the answer through PAGER or less, on a terminal.")
    ] = False,
    kb: Annotated[  # noqa: ARG001
        list[str] | None, typer.Option(LAYER, help="Lay this file over the knowledge; may be given again.", metavar="FILE")
    ] = None,
    kb_only: Annotated[  # noqa: ARG001
        str | None, typer.Option(ALONE, help="Use the knowledge of this file alone.", metavar="FILE")
    ] = None,
) -> None:
    """Quick reference and differential helper for {subject}.

    Education and reference for health professionals. It looks at no images, and is not meant for decisions on a patient unless a
    site has assessed it for that: calcref about.
    """
    if version:
        from .terminal import write

        knowledge = known()
        about, layers = knowledge.about, "".join(f", with {layer.path}" for layer in knowledge.layers)
        write(f"calcref {__version__}, knowledge base {about.version} of {about.date}{layers}\n")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        from .views.welcome import page_of

        emit(page_of(known()), plain=False)


def complete_name(_ctx: typer.Context, _args: list[str], incomplete: str) -> Iterable[tuple[str, str]]:
    """Return the names of pages that begin with `incomplete`."""
    from .names import SECTIONS, title

    knowledge = known()
    for section in SECTIONS[:-1]:
        for record in getattr(knowledge, section).values():
            if record.id.startswith(incomplete.lower()):
                yield record.id, title(record)


def complete_mnemonic(_ctx: typer.Context, _args: list[str], incomplete: str) -> Iterable[tuple[str, str]]:
    """Return the mnemonics that begin with `incomplete`."""
    for item in known().mnemonics.values():
        if item.id.startswith(incomplete.lower()):
            yield item.id, item.helps_with


def complete_listing(_ctx: typer.Context, _args: list[str], incomplete: str) -> Iterable[tuple[str, str]]:
    """Return what can be listed and begins with `incomplete`."""
    from .views.listing import LISTS

    return [(name, help_text) for name, help_text in LISTS.items() if name.startswith(incomplete)]


@commands.command("list", cls=Command)
def list_(
    what: Annotated[
        str | None,
        typer.Argument(
            help="types (default), conditions, findings, mnemonics, topics or sources.", autocompletion=complete_listing
        ),
    ] = None,
    kind: Annotated[str | None, typer.Option("--type", help="Only conditions of this type.", metavar="TYPE")] = None,
    group: Annotated[str | None, typer.Option("--group", help="Only findings of this group.", metavar="GROUP")] = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """List the types, conditions, findings, mnemonics, topics or sources."""
    from .views import listing

    knowledge = known()
    section = listing.find_list(what, kind, group)
    only_type, only_group = listing.find_type(knowledge, kind), listing.find_group(knowledge, group)
    if json:
        from .views import payload

        emit_json(payload.listing(knowledge, section, listing.records(knowledge, section, only_type, only_group)))
    else:
        emit(listing.page_of(knowledge, section, only_type, only_group), plain)


@commands.command(cls=Command)
def show(
    name: Annotated[
        list[str], typer.Argument(help="An id, a name or an alias, in any spelling.", metavar="NAME", autocompletion=complete_name)
    ],
    finding: Annotated[bool, typer.Option("--finding", help="The finding of that name, not the cause.")] = False,
    full: Full = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Show a type, a condition, a finding, a topic or a source."""
    from .names import SECTIONS, resolve
    from .terminal import look

    knowledge = known()
    entry = resolve(knowledge, " ".join(name), ("findings",) if finding else SECTIONS)
    if json:
        from .views import payload

        emit_json(payload.record(knowledge, entry.section, entry.id))
        return
    if entry.section == "mnemonics":
        from .views import letters

        emit(letters.page_of(knowledge, knowledge.mnemonics[entry.id]), plain)
        return
    from .views import detail

    screen = look(sys.stdout, plain=plain)
    page = detail.page_of(knowledge, entry, full or not screen.painted)
    if screen.painted:
        from .views.drawing import beside

        page.asides = beside(knowledge, entry, screen)
    emit(page, plain)


@commands.command(cls=FindingCommand)
def diff(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Findings, or a sentence such as '72F knee pain, no trauma'; - reads standard input.", metavar="WORDS"),
    ] = None,
    age: Age = None,
    sex: SexOption = None,
    top: Annotated[str | None, typer.Option("--top", help="How many causes to show (5).", metavar="N")] = None,
    prior: PriorOption = None,
    why: Annotated[
        str | None,
        typer.Option("--why", help="One cause in full, wherever it ranks.", metavar="NAME", autocompletion=complete_name),
    ] = None,
    steady: Annotated[bool, typer.Option("--steady", help="How the first place stands when the frequencies move.")] = False,
    full: Full = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Rank the likely types and causes from what is seen, asked and measured.

    Every finding is a flag: --diffuse says that it is there, --no-trauma that it was looked for and is absent. What is not
    mentioned counts as not known. A sentence is read for findings, age, sex and laboratory values.
    """
    from .differential import rank

    knowledge = known()
    reading, case = described(knowledge, ctx, words or [], age, sex)
    answer = rank(knowledge, case, read_prior(prior))
    count = read_count(top, 5, "--top")
    cause = None
    if why is not None:
        from .names import resolve

        cause = resolve(knowledge, why, ("conditions",)).id
    if json:
        from .views import payload

        emit_json(payload.differential(knowledge, answer, reading, cause, steady))
        return
    from .views import ranking

    if cause:
        emit(ranking.why_page(knowledge, answer, cause, reading), plain)
    else:
        emit(ranking.page_of(knowledge, answer, count, full, reading, steady), plain)


@commands.command(cls=Command)
def read(
    words: Annotated[list[str], typer.Argument(help="A sentence; - reads standard input.", metavar="TEXT")],
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Show what is read from a sentence: findings, age, sex, laboratory values, and what was not understood."""
    from .reading import read as read_text
    from .views import readings

    knowledge = known()
    reading = read_text(knowledge, text_of(words))
    if json:
        emit_json(readings.payload(knowledge, reading))
    else:
        emit(readings.page_of(knowledge, reading), plain)


@commands.command(cls=Command)
def evaluate(
    file: Annotated[
        str, typer.Argument(help="Labelled cases, one JSON object a line; - reads standard input.", metavar="CASES.jsonl")
    ],
    prior: Annotated[str | None, typer.Option("--prior", help="published (default) or flat.", metavar="published|flat")] = None,
    text: Annotated[bool, typer.Option("--text", help="Read the vignettes even where findings are given.")] = False,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Judge the rest when a line is at fault.")] = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Judge the ranking on labelled cases: how often it is right, how sure it may be, and where it fails."""
    from .views import judging

    knowledge = known()
    result = judging.run(knowledge, file, read_prior(prior), keep_going, text)
    if json:
        from .views.payload import envelope

        emit_json(envelope(knowledge, "evaluation") | result)
    else:
        emit(judging.page_of(result), plain)
    if result["faults"]:
        raise typer.Exit(ExitStatus.NOTHING_FOUND)


LONGEST_TEXT = 1_000_000
"""Bytes of text that are read; far more than anyone writes."""


def text_of(words: list[str]) -> str:
    """Return the words as one text; - stands for standard input. What is no character becomes a mark that says so.

    Raises:
        UsageError: when standard input is closed, or longer than `LONGEST_TEXT`.
    """
    from .files import read_input

    given = (read_input(LONGEST_TEXT) if word == "-" else word.encode("utf-8", "surrogateescape") for word in words)
    return b" ".join(given).decode("utf-8", "replace")


def described(
    knowledge: KnowledgeBase, ctx: typer.Context, words: list[str], age: str | None, sex: str | None
) -> tuple[Reading | None, Case]:
    """Return the reading of the words, if there are any, and the case that they, the flags and the options describe.

    What flags and options say wins over what was read from words.

    Raises:
        NotFoundError: when words are given, and nothing in them or beside them means anything.
        UsageError: when an option has a value that it cannot have, or flags contradict each other.
    """
    from .findings import Case, check

    flags = check(knowledge, Case(tuple(ctx.meta[PRESENT]), tuple(ctx.meta[ABSENT]), read_age(age), read_sex(sex)))
    if not words:
        return None, flags
    from .cases import joined
    from .reading import case_of, read

    reading = read(knowledge, text_of(words))
    said = case_of(reading)
    if said.is_empty and flags.is_empty:
        _nothing_understood(knowledge, " ".join(words))
    return reading, joined(knowledge, flags, said)


def _nothing_understood(knowledge: KnowledgeBase, text: str) -> None:
    from .names import did_you_mean, finding_names, fold, nearest

    names = finding_names(knowledge)
    near = [names[word][0].id for word in nearest(fold(text[:80]), names, 10)]
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    raise NotFoundError(f"Nothing in {shown!r} was understood.", did_you_mean(near) or "What can be said: calcref list findings")


def read_age(text: str | None) -> float | None:
    """Return an age in years.

    Raises:
        UsageError: when the text is not a number.
    """
    if text is None:
        return None
    try:
        age = float(text.replace(",", "."))
    except ValueError:
        age = float("nan")
    if age != age or age in (float("inf"), float("-inf")):
        raise UsageError(f"--age {text!r} is not a number of years.", "Such as --age 58, or --age 0.5 for six months.")
    return age


def read_sex(text: str | None) -> Sex | None:
    """Return the sex that a word or a letter means.

    Raises:
        UsageError: when it means neither.
    """
    from .cases import sex_of

    try:
        return sex_of(text)
    except ValueError:
        raise UsageError(f"--sex {text!r} is neither f nor m.", "Such as --sex f; leave it out when it is not known.") from None


def read_prior(text: str | None) -> Prior:
    """Return the prior that a word means.

    Raises:
        UsageError: when it means none.
    """
    for prior in ("published", "flat"):
        if text is None or (text and prior.startswith(text.lower())):
            return prior
    raise UsageError(f"--prior {text!r} is neither published nor flat.", "Leave it out for the published shares.")


def read_count(text: str | None, default: int, option: str) -> int:
    """Return a whole number of at least 1.

    Raises:
        UsageError: when the text is no such number.
    """
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 9999:
        raise UsageError(f"{option} {text!r} is not a whole number from 1 to 9999.", f"Such as {option} {default}.")
    return int(text[:6])


@commands.command(cls=FindingCommand)
def mnemonic(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="The word; without it all are listed.", autocompletion=complete_mnemonic)
    ] = None,
    words: Annotated[list[str] | None, typer.Argument(help="Findings, in words or as flags: a checklist.", metavar="WORDS")] = None,
    age: Age = None,
    sex: SexOption = None,
    prior: PriorOption = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Spell out a mnemonic letter by letter, with the conditions that each letter points at.

    With findings it is a checklist: how likely each letter is now, and the letters that nobody has thought of yet.
    """
    from .names import resolve
    from .views import letters, listing, payload

    knowledge = known()
    _, case = described(knowledge, ctx, words or [], age, sex)
    if name is None:
        if not case.is_empty:
            raise UsageError("Findings are given, but no mnemonic.", f"One of: {', '.join(knowledge.mnemonics)}")
        if json:
            emit_json(payload.listing(knowledge, "mnemonics", knowledge.mnemonics.values()))
        else:
            emit(listing.page_of(knowledge, "mnemonics"), plain)
        return
    record = knowledge.mnemonics[resolve(knowledge, name, ("mnemonics",)).id]
    if not case.is_empty:
        from .differential import rank

        answer = rank(knowledge, case, read_prior(prior))
        if json:
            emit_json(letters.checklist_payload(knowledge, record, answer))
        else:
            emit(letters.checklist_page(knowledge, record, answer), plain)
    elif json:
        emit_json(payload.record(knowledge, "mnemonics", record.id))
    else:
        emit(letters.page_of(knowledge, record), plain)


@commands.command(cls=Command)
def check(
    file: Annotated[
        str | None, typer.Argument(help="A knowledge base; without it the one in use, with its layers.", metavar="FILE")
    ] = None,
    fix: Annotated[
        bool, typer.Option("--format", help="Write the file anew in canonical form, with its index, if it is valid.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Also how well it is founded, and what is thin.")] = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Validate a knowledge base, with what is laid over it, and print each fault with its path in the file."""
    from .curation import check_file, format_file
    from .knowledge import shipped_file
    from .views import checking

    base, layers = chosen_files() if file is None else (Path(file), ())
    path = base or shipped_file()
    result = format_file(path) if fix else check_file(path, layers)
    figures = None
    if strict and result.contents:
        from .founding import report as founded
        from .knowledge import KnowledgeBase

        figures = founded(KnowledgeBase(result.contents, ""))
    if json:
        emit_json(checking.payload(result) | ({"founding": figures} if figures else {}))
    else:
        if figures:
            emit(checking.figures_page(figures), plain)
        emit(checking.page_of(result), plain)
    if result.problems:
        raise typer.Exit(ExitStatus.NOTHING_FOUND)


@commands.command(cls=Command)
def new(
    kind: Annotated[str, typer.Argument(help="condition, finding or source.", metavar="KIND")],
    name: Annotated[str, typer.Argument(help="Its id: lower case words joined by hyphens.", metavar="ID")],
) -> None:
    """Print a record to fill in, to be laid over the knowledge base: calcref new finding my-sign > mine.json."""
    from .formatting import canonical
    from .skeleton import skeleton
    from .terminal import write

    write(canonical(skeleton(known(), kind, name)))


@commands.command(cls=Command)
def schema() -> None:
    """Print the JSON Schema of a knowledge base."""
    from .curation import schema_text
    from .terminal import write

    write(schema_text())


@commands.command(cls=FindingCommand)
def ask(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(help="What is known already, in words or as flags.", metavar="WORDS")] = None,
    age: Age = None,
    sex: SexOption = None,
    prior: PriorOption = None,
    full: Full = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Be asked for what tells most, one key an answer, and see the ranking move.

    First what the film shows, then what the patient can say, then the laboratory. y yes, n no, Enter or u unknown, b back,
    w why, s stop; in a pipe a line for each. Nothing is stored: the last line gives the same differential again.
    """
    from .terminal import write
    from .views import guiding, ranking
    from .views.dialogue import Dialogue

    knowledge = known()
    reading, case = described(knowledge, ctx, words or [], age, sex)
    dialogue = Dialogue(plain, guiding.NEEDED if case.is_empty else "", aside=json)
    told, answer = guiding.run(knowledge, case, read_prior(prior), dialogue)
    if json:
        emit_json(guiding.payload(knowledge, told, answer))
    else:
        emit(ranking.page_of(knowledge, answer, 5, full, reading, steady=False), plain)
        write(guiding.kept(answer))


@commands.command(cls=Command)
def quiz(
    kind: Annotated[str | None, typer.Option("--type", help="Only causes of this type.", metavar="TYPE")] = None,
    cards: Annotated[str | None, typer.Option("--cards", help="How many cards (10).", metavar="N")] = None,
    seed: Annotated[str | None, typer.Option("--seed", help="The same cards again, by their number.", metavar="N")] = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Learn by flash cards: which of four causes that are easily confused does a picture fit best, and why.

    a to d answers, Enter gives up, s stops; in a pipe a line for each. The score is kept for this run only.
    """
    from .quiz import any_seed, deck
    from .views import listing, quizzing
    from .views.dialogue import Dialogue

    knowledge = known()
    count, number = read_count(cards, 10, "--cards"), read_count(seed, any_seed(), "--seed")
    chosen = deck(knowledge, count, number, listing.find_type(knowledge, kind))
    if json:
        emit_json(quizzing.payload(knowledge, chosen, number))
    else:
        quizzing.run(knowledge, chosen, count, number, Dialogue(plain, quizzing.NEEDED))


@commands.command(cls=Command)
def search(
    words: Annotated[list[str], typer.Argument(help="Words, in any spelling.", metavar="WORDS...")],
    top: Annotated[str | None, typer.Option("--top", help="How many to show (8).", metavar="N")] = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Search everything that is known by words: names, signs, pitfalls, notes, topics, mnemonics, sources."""
    from .search import search as searched
    from .terminal import look
    from .views import searching

    knowledge, query = known(), " ".join(words)
    found, count = searched(knowledge, query), read_count(top, 8, "--top")
    if json:
        emit_json(searching.payload(knowledge, query, found, count))
    else:
        screen = look(sys.stdout, plain=plain)
        emit(searching.page_of(knowledge, found, count, screen.colour, whole=not screen.painted), plain)


@commands.command(cls=Command)
def compare(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Two causes or more, by id, name or alias; vs between names of several words.",
            metavar="A B...",
            autocompletion=complete_name,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything, what they have in common as well.")] = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Set causes side by side: what separates them, the strongest difference first."""
    from .comparison import compare as compared
    from .comparison import read_names
    from .views import comparing

    knowledge = known()
    result = compared(knowledge, read_names(knowledge, names or []))
    if json:
        emit_json(comparing.payload(knowledge, result))
    else:
        emit(comparing.page_of(knowledge, result, everything), plain)


@commands.command(cls=FindingCommand)
def report(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Findings, or a sentence, as for calcref diff; - reads standard input.", metavar="WORDS"),
    ] = None,
    age: Age = None,
    sex: SexOption = None,
    prior: PriorOption = None,
    style: Annotated[
        str, typer.Option("--style", help="A radiographer's comment (default) or a report.", metavar="comment|report")
    ] = "comment",
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Draft words to start from: a preliminary clinical comment, or a report.

    What is seen is said as entered, and the cause as sure as the ranking makes it. A draft, to be checked by the person who signs.
    """
    from .differential import rank
    from .views import drafts
    from .views.page import band
    from .wording import draft, read_style

    knowledge = known()
    wanted = read_style(style)
    reading, case = described(knowledge, ctx, words or [], age, sex)
    answer = rank(knowledge, case, read_prior(prior))
    unsure = [mention.finding for mention in reading.mentions if mention.state == "possible"] if reading else []
    result = draft(knowledge, answer, wanted, band, unsure)
    if json:
        emit_json(drafts.payload(knowledge, result))
    else:
        emit(drafts.page_of(knowledge, answer, result), plain)


@commands.command(cls=Command)
def batch(
    file: Annotated[
        str | None, typer.Argument(help="Cases, one JSON object a line; - or nothing reads standard input.", metavar="FILE")
    ] = None,
    prior: PriorOption = None,
    top: Annotated[str | None, typer.Option("--top", help="How many causes to give (5).", metavar="N")] = None,
) -> None:
    """Rank one JSON case a line, and answer each with one line of JSON, in the same order.

    A case is {"text": "..."} or {"present": [...], "absent": [...], "age": 58, "sex": "male"}, or both; an "id" is handed through.
    A line at fault is answered with {"line": 2, "error": "..."}. Exit status 1 if there was one, else 0.
    """
    from .batch import run

    if not run(known(), file, read_prior(prior), read_count(top, 5, "--top")):
        raise typer.Exit(ExitStatus.NOTHING_FOUND)


@commands.command(cls=Command)
def about(json: Json = False, plain: Plain = False) -> None:
    """Say what this is for and what not, how it ranks, how well it did on which cases, and what it rests on."""
    from .views import about as views

    knowledge = known()
    if json:
        emit_json(views.payload(knowledge))
    else:
        emit(views.page_of(knowledge), plain)


@commands.command(cls=Command)
def man(ctx: typer.Context) -> None:
    """Print the manual page, for man."""
    from .manual import page
    from .terminal import write

    write(page(ctx.find_root(), known(), __version__))


@commands.command(cls=Command)
def draw(
    name: Annotated[
        list[str], typer.Argument(help="A finding, a condition, or body.", metavar="NAME", autocompletion=complete_name)
    ],
    svg: Annotated[str | None, typer.Option("--svg", help="Write the drawing to this file.", metavar="FILE")] = None,
    width: Annotated[str | None, typer.Option("--width", help="Columns of the drawing (36), 10 to 200.", metavar="COLUMNS")] = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Draw what a finding looks like, or a condition by its leading look and its usual sites. Schematic, no radiograph."""
    from .terminal import look
    from .views import drawing

    knowledge = known()
    entry = drawing.find(knowledge, " ".join(name))
    columns = drawing.columns_of(read_count(width, drawing.LARGE, "--width"))
    if svg is not None:
        from .files import write_whole

        write_whole(Path(svg), drawing.svg(knowledge, entry).encode("utf-8"))
    if json:
        emit_json(drawing.payload(knowledge, entry))
    elif svg is None:
        emit(drawing.page_of(knowledge, entry, look(sys.stdout, plain=plain), columns), plain)
    else:
        emit(drawing.written(entry, svg), plain)

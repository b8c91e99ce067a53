"""Typer commands that start quickly, and take every finding of the knowledge base as a flag.

Typer builds a pydantic validator for each parameter that is not a plain flag, and importing pydantic costs more than a whole
answer. All values here are text until a command reads them, so `PlainValues` hands them through. The flags of the findings
are looked up when they are used, by id or alias, and are written out only for help and completion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from .errors import KnowledgeError, UsageError
from .terminal import complain

if TYPE_CHECKING:
    from .knowledge.base import KnowledgeBase

PAGER, LAYER, ALONE = "pager", "--kb", "--kb-only"
"""Options that may stand anywhere in the line; the last two take a file."""

PRESENT, ABSENT = "calcref.present", "calcref.absent"
"""Keys of the context under which a command finds the findings that came as flags."""


ANSWERS = frozenset(("no", "none", "nil", "n", "yes", "y", "unknown", "absent", "present", "true", "false"))
"""Words that people put behind a flag as if it took a value."""

FLAGS = "Each says that a finding is there; as --no-NAME, that it was looked for and is absent. Other names of it do as well."

_given: dict[str, list[str]] = {LAYER: [], ALONE: []}
_files: tuple[Path | None, tuple[Path, ...]] = (None, ())


def use(files: dict[str, list[str]]) -> None:
    """Choose the knowledge of this run by the `files` of each option: layers, over the shipped one and the user's own or over one
    that is used alone.
    """
    global _given, _files
    _given, alone = files, files[ALONE][-1:]
    own: tuple[Path, ...] = ()
    if not alone:
        from typer import get_app_dir

        from .knowledge.layers import own_files

        folder = Path(
            get_app_dir("calcref")
        )  # relative where XDG_CONFIG_HOME is empty or relative, and then the rule is to pass it over
        own = own_files(folder if folder.is_absolute() else Path.home() / ".config" / "calcref")
    _files = Path(alone[0]) if alone else None, (*own, *map(Path, files[LAYER]))


def given() -> str:
    """Return the options by which this run was given its knowledge, as typed in a shell, each after a blank."""
    from shlex import quote

    return "".join(f" {option} {quote(name)}" for option, names in _given.items() for name in names)


def chosen_files() -> tuple[Path | None, tuple[Path, ...]]:
    """Return the file that the knowledge of this run is in, none for the shipped one, and those laid over it."""
    return _files


def known(whatever: bool = False) -> KnowledgeBase:
    """Return the knowledge base of this run.

    What has to work `whatever` the files are like, such as help, gets the shipped one instead of one that is at fault, and a
    complaint on standard error.

    Raises:
        KnowledgeError: when a file cannot be read or is not valid.
    """
    global _files
    from .knowledge.base import load, shipped_file

    try:
        return load(*_files)
    except KnowledgeError as error:
        if own := ", ".join(map(str, _files[1][: len(_files[1]) - len(_given[LAYER])])):
            error.hint += f"\n  CALCREF_KB or the configuration folder lays {own} over. Without: {ALONE} {shipped_file()}"
        if not whatever:
            raise
        complain(error.message, error.hint, error.status)
        _files = None, ()
        return load()


class Candidate(NamedTuple):
    """A completion with its meaning."""

    value: str
    help: str = ""
    type: str = "plain"


def _hand_through(param: Any, ctx: Any, value: Any) -> Any:
    """Process a value as Typer would, for the kinds of values that need no conversion."""
    many = param.nargs == -1 or param.multiple
    value = list(value or ()) if many else value
    if param.required and value in (None, []):
        return type(param).process_value(param, ctx, value)
    return param.callback(ctx, param, value) if param.callback else value


class PlainValues:
    """Makes a command's parameters hand their text through, and help say nothing of the types of arguments: all are text."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, each made to hand its value through."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            param.process_value = partial(_hand_through, param)
            if param.param_type_name == "argument":
                param.display_type_rich = lambda ctx: None  # noqa: ARG005
        return params


class Command(PlainValues, TyperCommand):
    """A command. It takes the option for a pager that the whole command line has, and shows its examples."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; every fault in them leads to the help of this command."""
        try:
            return list(super().parse_args(ctx, args))
        except Exception as error:
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, with the shared one before that for help."""
        params = super().get_params(ctx)
        shared = [param for param in ctx.find_root().command.params if param.name == PAGER]
        for param in shared:
            param.expose_value = False
        return [*params[:-1], *shared, *params[-1:]]

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what the command does, and examples."""
        super().format_help_text(ctx, formatter)
        write_examples(formatter, self.name or "")


def write_examples(formatter: Any, name: str) -> None:
    """Write the examples that the knowledge base gives for a command, or for all of them together."""
    examples = known(whatever=True).contents.examples.get(name, ())
    if examples:
        with formatter.section("Examples"):
            formatter.write_text("\b\n" + "\n".join(f"calcref {example}" for example in examples))


class Group(PlainValues, TyperGroup):
    """A group of commands, which also knows a command by the beginning of a typing error."""

    entries: Iterable[CommandInfo] = ()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return [str(entry.name or getattr(entry.callback, "__name__", "")) for entry in self.entries]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, made only now: to make them all costs more than an answer."""
        for name, entry in zip(self.list_commands(ctx), self.entries, strict=True):
            if name == cmd_name:
                return get_command_from_info(entry, pretty_exceptions_short=False, rich_markup_mode=None)
        return None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the files of the knowledge from wherever they stand in the line, so that all that follows knows it: help as well."""
        files, rest = _files_first(args, lenient=ctx.resilient_parsing)
        use(files)
        if rest[:1] == ["help"]:
            rest = [*rest[1:2], "--help"]
        left: list[str] = super().parse_args(ctx, rest)
        return left

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what this is, with the subject of the knowledge that is used."""
        self.help = self.summary_of(known(whatever=True))
        super().format_help_text(ctx, formatter)

    def summary_of(self, knowledge: KnowledgeBase) -> str:
        """Return the help, in which {subject} stands for the subject of the knowledge."""
        return (self.help or "").replace("{subject}", knowledge.about.subject)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by what they are for, each with its first sentence."""
        from .manual import grouped

        for title, names in grouped(self.list_commands(ctx)).items():
            with formatter.section(title):
                formatter.write_dl([(name, self.get_command(ctx, name).get_short_help_str(limit=400)) for name in names])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the examples that stand for all."""
        write_examples(formatter, "")

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that `args` begins with, or raise a UsageError that offers the nearest."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in (names := self.list_commands(ctx)) and not ctx.resilient_parsing:
            from shlex import quote

            from .knowledge.names import did_you_mean, nearest

            quoted = quote(" ".join(args))
            hint = (
                did_you_mean(nearest(name.lower(), names))
                or f"To rank what is seen: calcref diff {quoted}; to look it up: calcref show {quoted}"
            )
            raise UsageError(f"There is no command {name!r}.", hint)
        return super().resolve_command(ctx, args)


def _files_first(args: Sequence[str], lenient: bool = False) -> tuple[dict[str, list[str]], list[str]]:
    """Part the arguments into the files of knowledge, by their option, and the others.

    Raises:
        UsageError: when an option comes without a file, unless `lenient`.
    """
    files: dict[str, list[str]] = {LAYER: [], ALONE: []}
    rest: list[str] = []
    words = iter(args)
    for word in words:
        option, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *words]
        elif option not in files:
            rest.append(word)
        elif value := value if equals else next(words, ""):
            files[option].append(value)
        elif not lenient:
            raise UsageError(f"{option} needs a file.", f"Such as {option} mine.json")
    return files, rest


class FindingCommand(Command):
    """A command that takes the findings of the knowledge base as flags: --NAME for present, --no-NAME for absent."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the flags of findings out of `args`, and parse the rest. One that no finding has is a UsageError."""
        options = {name for param in self.get_params(ctx) for name in (*param.opts, *param.secondary_opts)}
        end = args.index("--") if "--" in args else len(args)
        rest: list[str] = []
        said: dict[bool, list[str]] = {True: [], False: []}
        ctx.meta[PRESENT], ctx.meta[ABSENT] = said[True], said[False]
        for place, arg in enumerate(args[:end]):
            name, equals, value = arg.partition("=")
            if not name.startswith("--") or name.lower() in options:
                text = f" {arg}" if arg.startswith("-") and " " in arg else arg  # '-ve for trauma' is no option
                rest.append(f"{name.lower()}{equals}{value}" if name.startswith("--") else text)
                continue
            try:
                finding, is_present = finding_of_flag(name[2:])
            except UsageError:
                if ctx.resilient_parsing:
                    continue
                raise
            if equals or _is_answer(args[place + 1 : end]):
                raise UsageError(f"{name} takes no value.", f"For an absent finding: --no-{finding}")
            said[is_present].append(finding)
        return super().parse_args(ctx, rest + args[end:])

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, and then the findings group by group."""
        super().format_options(ctx, formatter)
        with formatter.section("Findings"):
            formatter.write_text(FLAGS)
        for title, rows in flags_by_group(known(whatever=True)):
            with formatter.section(title):
                formatter.write_dl(rows, col_max=34)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return what `incomplete` may become: options, and findings with their meaning."""
        found: list[Any] = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            stem = "--no-" if incomplete.startswith("--no-") else "--"
            flags = (Candidate(f"{stem}{finding.id}", finding.label) for finding in known().findings.values())
            found += [flag for flag in flags if flag.value.startswith(incomplete)]
        return found


def flags_by_group(knowledge: KnowledgeBase) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the title of each group that has findings, with their flags and meanings."""
    for group in knowledge.groups.values():
        if rows := [(f"--{f.id}", f.label) for f in knowledge.findings.values() if f.group == group.id]:
            yield group.title, rows


def _is_answer(following: Sequence[str]) -> bool:
    """Tell whether what follows a flag answers it, and begins no words: '--fever no', and not '--fever no trauma'."""
    alone = len(following) < 2 or following[1].startswith("-")
    return bool(following) and alone and following[0].lower() in ANSWERS


def finding_of_flag(flag: str) -> tuple[str, bool]:
    """Return the id of the finding that a flag names, without its hyphens in front, and whether it is said to be present.

    Raises:
        UsageError: when no finding has that name; the hint offers the nearest flags.
    """
    name, findings = flag.lower().replace("_", "-"), known().findings
    readings = [(name, True), (name[3:], False)] if name.startswith("no-") else [(name, True)]
    for word, is_present in readings:
        if word in findings:
            return word, is_present
    from .knowledge.names import did_you_mean, finding_names, fold, nearest

    names = finding_names(known())
    for word, is_present in readings:
        if fold(word) in names:
            return names[fold(word)][0].id, is_present
    denied = re.sub("^(not|without|non)-", "", name)
    if denied != name and (denied in findings or fold(denied) in names):
        raise UsageError(f"No finding and no option is called --{flag}.", f"For an absent finding: --no-{denied}")
    word, is_present = fold(readings[-1][0]), readings[-1][1]
    ids = {fold(finding): finding for finding in findings}
    near = [ids[found] for found in nearest(word, ids)] + [names[found][0].id for found in nearest(word, names)]
    hint = did_you_mean(f"--{'' if is_present else 'no-'}{finding}" for finding in near)
    raise UsageError(f"No finding and no option is called --{flag}.", hint or "All of them: calcref list findings")

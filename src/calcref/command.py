"""Typer commands that start quickly, and take every finding of the knowledge base as a flag.

Typer builds a pydantic validator for each parameter that is not a plain flag, and importing pydantic costs more than a whole
answer. All values here are text until a command reads them, so `PlainValues` hands them through. The flags of the findings
are looked up when they are used, by id or alias, and are written out only for help and completion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from .errors import UsageError

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase

PAGER, LAYER, ALONE = "pager", "--kb", "--kb-only"
"""Options that may stand anywhere in the line; the last two take a file."""

PRESENT, ABSENT = "calcref.present", "calcref.absent"
"""Keys of the context under which a command finds the findings that came as flags."""


_files: tuple[Path | None, tuple[Path, ...]] = (None, ())


def use(alone: str | None, layers: Sequence[str]) -> None:
    """Choose the knowledge of this run: the files laid over the shipped one and the user's own layers, or over `alone`."""
    global _files
    own: tuple[Path, ...] = ()
    if alone is None:
        from typer import get_app_dir

        from .layers import own_files

        folder = Path(
            get_app_dir("calcref")
        )  # relative where XDG_CONFIG_HOME is empty or relative, and then the rule is to pass it over
        own = own_files(folder if folder.is_absolute() else Path.home() / ".config" / "calcref")
    _files = Path(alone) if alone is not None else None, (*own, *map(Path, layers))


def chosen_files() -> tuple[Path | None, tuple[Path, ...]]:
    """Return the file that the knowledge of this run is in, none for the shipped one, and those laid over it."""
    return _files


def known() -> KnowledgeBase:
    """Return the knowledge base of this run."""
    from .knowledge import load

    return load(*_files)


class Candidate(NamedTuple):
    """A completion with its meaning."""

    value: str
    help: str = ""
    type: str = "plain"


def _hand_through(param: Any, ctx: Any, value: Any) -> Any:
    """Process a value as Typer would, for the kinds of values that need no conversion."""
    many = param.nargs == -1 or param.multiple
    if (value is None and param.required) or not (value is None or isinstance(value, (str, bool)) or many):
        return type(param).process_value(param, ctx, value)
    if many:
        value = list(value or ())
        if not value and param.required:
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
                param.display_type_rich = _no_type
        return params


def _no_type(ctx: Any) -> None:  # noqa: ARG001
    return None


class Command(PlainValues, TyperCommand):
    """A command. It takes the option for a pager that the whole command line has, and shows its examples."""

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
    examples = known().contents.examples.get(name, ())
    if examples:
        with formatter.section("Examples"):
            formatter.write_text("\b\n" + "\n".join(f"calcref {example}" for example in examples))


class MadeWhenCalled(Mapping[str, Any]):
    """Commands by name, each made when it is first asked for: to make them all costs more than an answer."""

    def __init__(self, entries: Iterable[CommandInfo]) -> None:
        self._entries = {entry.name or getattr(entry.callback, "__name__", ""): entry for entry in entries}
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            entry = self._entries[name]
            self._made[name] = get_command_from_info(entry, pretty_exceptions_short=False, rich_markup_mode=None)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries


class Group(PlainValues, TyperGroup):
    """A group of commands, which also knows a command by the beginning of a typing error."""

    entries: Iterable[CommandInfo] = ()

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = MadeWhenCalled(self.entries)  # type: ignore[assignment]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the files of the knowledge from wherever they stand in the line, so that all that follows knows it: help as well."""
        files, rest = _files_first(args, lenient=ctx.resilient_parsing)
        use(files[ALONE][-1] if files[ALONE] else None, files[LAYER])
        left: list[str] = super().parse_args(ctx, rest)
        return left

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what this is, with the subject of the knowledge that is used."""
        self.help = self.summary_of(known())
        super().format_help_text(ctx, formatter)

    def summary_of(self, knowledge: KnowledgeBase) -> str:
        """Return the help, in which {subject} stands for the subject of the knowledge."""
        return (self.help or "").replace("{subject}", knowledge.about.subject)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the commands by what they are for, each with its first sentence."""
        from .manual import grouped

        for title, names in grouped(self.commands).items():
            with formatter.section(title):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(limit=400)) for name in names])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the examples that stand for all."""
        write_examples(formatter, "")

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that `args` begins with.

        Raises:
            UsageError: with the nearest command when there is none.
        """
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.commands and not ctx.resilient_parsing:
            from .names import did_you_mean, nearest

            hint = did_you_mean(nearest(name.lower(), self.commands))
            raise UsageError(f"There is no command {name!r}.", hint or "All commands: calcref --help")
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
        """Take the flags of findings out of `args` and parse the rest.

        Raises:
            UsageError: when a flag is neither a finding nor an option.
        """
        options = {name for param in self.get_params(ctx) for name in (*param.opts, *param.secondary_opts)}
        rest, present, absent = split_flags(args, options, lenient=ctx.resilient_parsing)
        ctx.meta[PRESENT], ctx.meta[ABSENT] = present, absent
        return super().parse_args(ctx, rest)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, and then the findings group by group."""
        super().format_options(ctx, formatter)
        knowledge = known()
        for group in knowledge.groups.values():
            rows = [(f"--{f.id}", f.label) for f in knowledge.findings.values() if f.group == group.id]
            if rows:
                with formatter.section(f"{group.title} (each also as --no-NAME, and by its other names)"):
                    formatter.write_dl(rows, col_max=34)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return what `incomplete` may become: options, and findings with their meaning."""
        found: list[Any] = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            found += flag_candidates(incomplete)
        return found


def flag_candidates(incomplete: str) -> list[Candidate]:
    """Return the flags of findings that begin with `incomplete`."""
    stem = "--no-" if incomplete.startswith("--no-") else "--"
    return [
        Candidate(f"{stem}{finding.id}", finding.label)
        for finding in known().findings.values()
        if f"{stem}{finding.id}".startswith(incomplete)
    ]


def split_flags(args: Sequence[str], options: Iterable[str], lenient: bool = False) -> tuple[list[str], list[str], list[str]]:
    """Part arguments into those that are no flags of findings, and the ids of the findings present and absent.

    Raises:
        UsageError: for a flag that is neither an option nor a finding, unless `lenient`.
    """
    known = set(options)
    rest: list[str] = []
    present: list[str] = []
    absent: list[str] = []
    for place, arg in enumerate(args):
        if arg == "--":
            rest += args[place:]
            break
        name, equals, _ = arg.partition("=")
        if not name.startswith("--") or name in known:
            rest.append(arg)
            continue
        try:
            finding, is_present = finding_of_flag(name[2:])
        except UsageError:
            if lenient:
                continue
            raise
        if equals:
            raise UsageError(f"{name} takes no value.", f"For an absent finding: --no-{finding}")
        (present if is_present else absent).append(finding)
    return rest, present, absent


def finding_of_flag(flag: str) -> tuple[str, bool]:
    """Return the id of the finding that a flag names, without its hyphens in front, and whether it is said to be present.

    Raises:
        UsageError: when no finding has that name; the hint offers the nearest flags.
    """
    findings = known().findings
    name = flag.lower().replace("_", "-")
    if name in findings:
        return name, True
    if name.startswith("no-") and name[3:] in findings:
        return name[3:], False
    from .names import did_you_mean, finding_names, fold, nearest

    names = finding_names(known())
    for word, is_present in ((fold(flag), True), (fold(flag[3:]), False)):
        if word in names and (is_present or name.startswith("no-")):
            return names[word][0].id, is_present
    stem, word = ("no-", fold(flag[3:])) if name.startswith("no-") else ("", fold(flag))
    ids = {fold(finding): finding for finding in findings}
    near = [ids[found] for found in nearest(word, ids)] + [names[found][0].id for found in nearest(word, names)]
    near = [f"--{stem}{finding}" for finding in near]
    raise UsageError(f"No finding and no option is called --{flag}.", did_you_mean(near) or "All of them: calcref list findings")

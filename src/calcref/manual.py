"""The manual page in roff (man(7)), made from what --help is made of: the commands, their options, and the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .errors import ExitStatus
from .terminal import harmless

if TYPE_CHECKING:
    from .knowledge.base import KnowledgeBase

ENVIRONMENT = (
    ("CALCREF_KB", "Files to lay over the knowledge, parted as in PATH."),
    ("NO_COLOR", "No colour, whatever the terminal."),
    ("FORCE_COLOR", "The page of a terminal, with colour, also in a pipe."),
    ("COLUMNS", "How wide the text is laid out."),
    ("PAGER", "What --pager shows long output with; less when it is not set."),
)


GROUPS: Mapping[str, tuple[str, ...]] = {
    "Look it up": ("list", "show", "search", "compare", "draw"),
    "Work on a film": ("diff", "ask", "report", "read", "batch"),
    "Learn": ("mnemonic", "quiz"),
    "Look after the knowledge": ("check", "new", "evaluate", "schema"),
    "This program": ("man", "about"),
}
"""The commands by what they are for."""


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the commands of each group in order, and those of no group last."""
    members = {title: [name for name in commands if name in names] for title, commands in GROUPS.items()}
    members["More"] = [name for name in names if not any(name in commands for commands in GROUPS.values())]
    return {title: found for title, found in members.items() if found}


def escape(text: str) -> str:
    """Return `text` so that roff prints it as it is, in ASCII: no requests, no escapes, hyphens that can be copied."""
    text = harmless(text).replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")
    text = re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found.group()):04X}]", text)
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


class RoffFormatter:
    """What --help writes to, for a manual page."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def request(self, name: str, *arguments: str) -> None:
        """Write a macro with its arguments."""
        quoted = (' "{}"'.format(escape(" ".join(text.split())).replace('"', "\\(dq")) for text in arguments)
        self.lines.append(f".{name}{''.join(quoted)}")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002
        """Write how a command is called."""
        self.lines += [".PP", f"\\fB{escape(prog)}\\fR {escape(args)}".rstrip()]

    def write_paragraph(self) -> None:
        """Begin a paragraph."""
        self.request("PP")

    def write_text(self, text: str) -> None:
        """Write text; an empty line parts paragraphs, and what a backspace begins keeps its lines."""
        for paragraph in re.split(r"\n\s*\n", text.strip()):
            kept = paragraph.startswith("\b")
            lines = [row.strip() for row in paragraph.lstrip("\b").strip().splitlines()]
            self.lines += [".PP", ".nf", *map(escape, lines), ".fi"] if kept else [".PP", escape(" ".join(lines))]

    def write_dl(self, rows: Iterable[tuple[str, str]], **_layout: int) -> None:
        """Write terms with their meaning."""
        for term, meaning in rows:
            self.lines += [".TP", f"\\fB{escape(term)}\\fR", escape(" ".join(meaning.split())) or "\\&"]

    @contextmanager
    def indentation(self) -> Generator[None]:
        """Indent nothing: the macros do it."""
        yield

    @contextmanager
    def section(self, name: str) -> Generator[None]:
        """Write a heading within a command."""
        self.lines += [".PP", f"\\fI{escape(name)}\\fR"]
        yield


def page(root: Any, knowledge: KnowledgeBase, version: str) -> str:
    """Return the manual page as roff in ASCII.

    Args:
        root: the context of the whole command line, as Typer makes it.
        knowledge: whose findings are listed and whose date the page carries, so that it is the same every time.
        version: of the program.
    """
    from .command import FLAGS, Command, FindingCommand, flags_by_group

    about, roff, group = knowledge.about, RoffFormatter(), root.command
    formatter: Any = roff
    names = [name for members in grouped(group.list_commands(root)).values() for name in members]
    summary = group.summary_of(knowledge).strip().splitlines()[0].rstrip(".")
    roff.request("TH", "CALCREF", "1", about.date, f"calcref {version}", "User Commands")
    roff.request("SH", "NAME")
    roff.lines.append(f"calcref \\- {escape(summary)}")
    roff.request("SH", "SYNOPSIS")
    group.format_usage(root, roff)
    roff.request("SH", "DESCRIPTION")
    roff.write_text(about.intended_use)
    roff.request("SH", "OPTIONS")
    roff.write_dl(record for param in group.get_params(root) if (record := param.get_help_record(root)))
    roff.request("SH", "COMMANDS")
    for name in names:
        command = group.get_command(root, name)
        context = command.make_context(name, [], parent=root, resilient_parsing=True)
        roff.request("SS", context.command_path)
        command.format_usage(context, roff)
        command.format_help_text(context, roff)
        if isinstance(command, FindingCommand):
            Command.format_options(command, context, formatter)  # its findings have a section of their own
            roff.write_text("It also takes each of the FINDINGS below as an option.")
        else:
            command.format_options(context, roff)
    roff.request("SH", "FINDINGS")
    roff.write_text(FLAGS)
    for title, flags in flags_by_group(knowledge):
        roff.request("SS", title)
        roff.write_dl(flags)
    roff.request("SH", "EXIT STATUS")
    roff.write_dl([(str(status.value), f"{status.name.replace('_', ' ').capitalize()}.") for status in ExitStatus])
    roff.request("SH", "ENVIRONMENT")
    roff.write_dl(ENVIRONMENT)
    # roff's own checkers complain of paragraphs that nothing stands in
    text = re.sub(r"^\.PP\n(?=\.(SH|SS|PP|TP)|\Z)", "", "\n".join(roff.lines) + "\n", flags=re.MULTILINE)
    return re.sub(r"^(\.S[HS] .*\n)\.PP\n", r"\1", text, flags=re.MULTILINE)

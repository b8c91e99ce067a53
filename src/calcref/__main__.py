"""The way in: `calcref` and `python -m calcref`. Every fault becomes a sentence on standard error and an exit status."""

from __future__ import annotations

import contextlib
import gc
import os
import sys

FEW_COLLECTIONS = 200_000
"""Objects made between two collections of garbage: a command makes few cycles, and looking for them takes a tenth of its time."""


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run())


def run() -> int:
    """Run the command line with the arguments of the process. Return its exit status."""
    from .errors import CalcrefError, ExitStatus

    gc.set_threshold(FEW_COLLECTIONS)
    try:
        import typer.main

        from .cli import app

        command = typer.main.get_command(app)
        status = command.main(prog_name="calcref", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else ExitStatus.ANSWERED
    except CalcrefError as error:
        return _complain(error.message, error.hint, error.status)
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; what Python still holds back goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.NOTHING_FOUND
    except MemoryError:
        return _complain("There is not enough memory for that.", "Give it less at a time.", ExitStatus.NOTHING_FOUND)
    except OSError as error:
        return _complain(f"The answer cannot be written: {error.strerror or error}.", "", ExitStatus.NOTHING_FOUND)
    except Exception as error:
        return _usage_fault(error)


def _usage_fault(error: Exception) -> int:
    """Return the exit status of Typer's own exceptions, told by what they carry; any other is a bug and goes on."""
    from .errors import ExitStatus

    name = type(error).__name__
    if name == "Abort":
        return ExitStatus.INTERRUPTED
    if name == "Exit":
        return int(getattr(error, "exit_code", 0))
    describe = getattr(error, "format_message", None)
    if describe is None:
        raise error
    context = getattr(error, "ctx", None)
    hint = f"How to use it: {context.command_path} --help" if context else "How to use it: calcref --help"
    return _complain(str(describe()), hint, int(getattr(error, "exit_code", ExitStatus.WRONG_USAGE)))


def _complain(message: str, hint: str, status: int) -> int:
    from .terminal import harmless, write

    with contextlib.suppress(OSError):
        write(harmless(f"calcref: {message}") + (f"\n  {harmless(hint)}" if hint else "") + "\n", sys.stderr)
    return status


if __name__ == "__main__":
    main()

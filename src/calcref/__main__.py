"""The way in: `calcref` and `python -m calcref`. Every fault becomes a sentence on standard error and an exit status."""

from __future__ import annotations

import gc
import os
import signal
import sys

FEW_COLLECTIONS = 200_000
"""Objects made between two collections of garbage: a command makes few cycles, and looking for them takes a tenth of its time."""


def main() -> None:
    """Run the command line and exit."""
    signal.signal(signal.SIGTERM, _end)
    status = run()
    gc.freeze()  # the process ends: to look for garbage in what the system takes back whole is a tenth of its time
    sys.exit(status)


def run() -> int:
    """Run the command line with the arguments of the process. Return its exit status."""
    from .errors import CalcrefError, ExitStatus
    from .terminal import complain, let_go

    gc.set_threshold(FEW_COLLECTIONS)
    if sys.stdout is None:
        return complain("There is no standard output to answer on.", "", ExitStatus.NOTHING_FOUND)
    try:
        import typer.main

        from .cli import app

        command = typer.main.get_command(app)
        status = command.main(prog_name="calcref", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else ExitStatus.ANSWERED
    except CalcrefError as error:
        return complain(error.message, error.hint, error.status)
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        let_go(sys.stdout)
        return ExitStatus.NOTHING_FOUND
    except MemoryError:
        return complain("There is not enough memory for that.", "Give it less at a time.", ExitStatus.NOTHING_FOUND)
    except (OSError, UnicodeError) as error:
        let_go(sys.stdout)
        reason = getattr(error, "strerror", None) or error
        return complain(f"The answer cannot be written: {reason}.", "", ExitStatus.NOTHING_FOUND)
    except Exception as error:
        if "_CALCREF_COMPLETE" in os.environ:  # a shell asks, and asks wrongly; its line is no place for a complaint
            return ExitStatus.NOTHING_FOUND
        return _usage_fault(error)


def _end(number: int, _frame: object) -> None:
    """End in good order, so that no half-written file stays behind."""
    raise SystemExit(128 + number)


def _usage_fault(error: Exception) -> int:
    """Return the exit status of Typer's own exceptions, told by what they carry; any other is a bug and goes on."""
    from .errors import ExitStatus
    from .terminal import complain

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
    return complain(str(describe()), hint, int(getattr(error, "exit_code", ExitStatus.WRONG_USAGE)))


if __name__ == "__main__":
    main()

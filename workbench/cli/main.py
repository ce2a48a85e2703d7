"""From arguments to an exit code: every way the program can end passes here."""

from __future__ import annotations

import errno
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from workbench import language
from workbench.cli import grammar, parser
from workbench.failure import Exit, Failure
from workbench.language import _

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
OTHERS_SWITCHES = "TEXTUAL"
"""How the environment variables begin that would let others log, take pictures or press keys."""
PICTURES: Final = 120
"""Pictures a second at most. At Textual's own 60, what a key brings after its first picture waits for up to 33 ms."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: What stands after the program's name; None for what the process was given.

    Returns:
        A code of `Exit`.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare(given)
    try:
        options = parser.build().parse_args(given)
        _refuse_throwaway(options)
        code = int(import_module(f"workbench.cli.{options.file}").run(options))
        sys.stdout.flush()
    except Failure as failure:
        _say(failure.sentence)
        return failure.code
    except BrokenPipeError:
        _give_up_output()
        return Exit.FAILED
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - a traceback would show what the person was reading
        _say(_unwritten(error) or _fault(error))
        return Exit.FAILED
    return code


def _refuse_throwaway(options: Namespace) -> None:
    if options.throwaway and options.file not in grammar.THROWAWAY:
        raise Failure(
            _("--throwaway is for the inbox, sync and doctor alone: leave it out of “{command}”.").format(
                command=options.command
            ),
            Exit.USAGE,
        )


def _prepare(given: Sequence[str]) -> None:
    """Chooses the language before anything is said, and shuts out what others set for the libraries we use."""
    os.umask(0o077)
    for name in [name for name in os.environ if name.startswith(OTHERS_SWITCHES)]:
        del os.environ[name]
    os.environ["TEXTUAL_FPS"] = str(PICTURES)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # started with it closed: nobody wants what is said there
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    wanted = _asked_language(given)
    language.use(wanted if wanted in language.LANGUAGES else language.from_environment())


def _asked_language(given: Sequence[str]) -> str:
    """What `--lang` says, read before the parser is built, as the parser itself speaks that language."""
    for place, word in enumerate(given):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and place + 1 < len(given):
            return given[place + 1]
    return ""


def _say(sentence: str) -> None:
    sys.stderr.write(f"workbench: {sentence}\n")


def _unwritten(error: Exception) -> str:
    """What to say when the output takes no more, as on a full disk; empty for any other error."""
    if not isinstance(error, OSError) or error.errno not in NO_ROOM:
        return ""
    _give_up_output()
    return _("The output cannot be written ({reason}): see that there is room where it goes.").format(
        reason=error.strerror
    )


def _give_up_output() -> None:
    """Sends what is left to be written nowhere, or it would be tried again when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fault(error: Exception) -> str:
    """What to say of a fault of our own: its kind and place, never its words, as those may be a patient's."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else "?"
    return _(
        "A fault of the program's own stopped it ({kind} at {place}): what was saved is kept; "
        "start it again, and tell whoever looks after it if this comes back."
    ).format(kind=type(error).__name__, place=place)

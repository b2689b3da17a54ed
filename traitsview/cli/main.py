"""The program ``traitsview``: finds the command, runs it and says in one line what went wrong."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from difflib import get_close_matches
from importlib import import_module

from .. import __version__
from ..errors import ColormapError, RequestError, TraitsviewError, printable, quoted
from .answer import answer, answers_only, flush_answers, give_up_answers
from .arguments import CommandParser
from .interruption import INTERRUPTED, ending_at_once

__all__ = ["COMMANDS", "DONE", "FAILED", "INTERRUPTED", "WRONG_USAGE", "main"]

DONE, FAILED, WRONG_USAGE = 0, 1, 2

#: Each command: the module that has its ``add_arguments(parser)`` and ``run(arguments)``, and what it does.
COMMANDS = {
    "view": ("view", "open a window on each source; what 'traitsview SOURCE…' does"),
    "render": ("render", "write an image to a .png or .npy file; no window is opened"),
    "info": ("info", "print the facts of an image: shape, axes, coordinates, range"),
    "ls": ("ls", "list the images of a file or folder, and the arrays of running programs"),
    "serve": ("serve", "start a server on this machine that outlives the terminal"),
    "share": ("share", "let others look at some of what your server has, over the network"),
    "attach": ("attach", "serve a viewer on another machine, which starts this command by ssh"),
    "doctor": ("doctor", "find out why a host, or this machine, shows no pictures"),
    "colormaps": ("colormaps", "list, show, check and convert colormaps"),
    "demo": ("demo", "make a large image and show it"),
}

_HELP = """\
usage: traitsview SOURCE…
       traitsview COMMAND …

Shows huge scientific images where they live.

SOURCE is a file here, or on a host that ssh reaches; '::' and the name of an image inside may follow
  run.npy, m13.fits, m13.fits::1, m13.fits::SCI,2, exposure.fits::mosaic, login3:/scratch/run.npy
and after '?' how it is read
  m13.fits::?blank=0, planes.fits::?kind=rgb
or what a program computes while it runs, here or on a host ('traitsview ls live:' lists what there is)
  live:density, live:density::velocity, login3:live:density   what a calculation publishes, by 'traitsview.live'
  'live:density/*'                                            the parts that its ranks publish, as one picture
  'kernel:?rho', 'login3:kernel:ID?rho'                       a variable of a Jupyter kernel; runs code there
  'engines:?rho'                                              of all engines of an ipyparallel cluster; likewise
or what a server on the network has: tls://node17:40113/scratch/m13.fits

commands
{commands}

options
  -h, --help   print this text; 'traitsview COMMAND --help' prints that of a command
  --version    print the version
  --debug      with a command: print a traceback when something fails

examples
  traitsview m13.fits
  traitsview login3:/scratch/m13.fits
  traitsview live:density         (what a calculation publishes; 'traitsview live:' lists it)
  traitsview view m13.fits --colormap viridis --limits zscale --screenshot m13.png
  traitsview render m13.fits -o m13.png --scale asinh
  traitsview demo
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in words
    if argv is None and not debug and not sys.warnoptions:
        # Warnings of libraries are for programmers, not for users.
        warnings.simplefilter("ignore")
    with answers_only(whole_process=argv is None):
        return _ended(words, debug)


def _ended(words: list[str], debug: bool) -> int:
    """Run a command and return the exit code, however the command ends."""
    try:
        try:
            code = _dispatch(words)
        except SystemExit as done:  # argparse, once it has printed a help text
            code = int(done.code or DONE)
        flush_answers()
        return code
    except BrokenPipeError:
        give_up_answers()  # the reader of our output has gone
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the outermost loop of the process
        if debug:
            import traceback

            traceback.print_exc()
        return report(error)


def report(error: Exception) -> int:
    """Say on stderr what went wrong, in one line, and return the exit code for it."""
    if isinstance(error, TraitsviewError):
        line = str(error)
    elif isinstance(error, MemoryError):
        line = "not enough memory: the system refused more; choose a smaller --size"
    else:
        line = f"unexpected {type(error).__name__}: {error}; run again with --debug and report what it prints"
    print("traitsview: " + printable(" ".join(line.split())), file=sys.stderr)
    return WRONG_USAGE if isinstance(error, (RequestError, ColormapError)) else FAILED


def _dispatch(words: list[str]) -> int:
    if not words or words == ["--debug"]:
        raise RequestError("nothing to show", "no source was given", "try 'traitsview demo' or 'traitsview --help'")
    first = next((word for word in words if word != "--debug"), "")
    if first in ("-h", "--help", "help"):
        listed = "\n".join(f"  {name:<9} {does}" for name, (_, does) in COMMANDS.items())
        answer(_HELP.format(commands=listed), end="")
        return DONE
    if first == "--version":
        answer(f"traitsview {__version__}")
        return DONE
    if first in COMMANDS:
        name = first
        words.remove(first)
    else:
        _require_no_typing_error(first)
        name = "view"
    # Ctrl-C ends the process here.  As an exception it would become another error in argparse or NumPy.  Nothing is
    # open yet that must be closed.
    with ending_at_once(lambda: None):
        module = import_module(f".{COMMANDS[name][0]}", __package__)
        if hasattr(module, "ACTIONS"):
            action = module.take_action(words)
            if action is None:
                return DONE
            name = f"{name} {action}"
            module = import_module(f".{module.ACTIONS[action][0]}", __package__)
        parser = CommandParser(prog=f"traitsview {name}", description=module.__doc__)
        module.add_arguments(parser)
        parser.add_argument("--debug", action="store_true", help="print a traceback when something fails")
        arguments = parser.parse(words)
    with _steps(name):
        code: int = module.run(arguments)
    return code


def _steps(name: str) -> AbstractContextManager[None]:
    """Return a context that prints the steps of reaching a host while the command runs."""
    if name == "attach":
        return nullcontext()  # it reaches no host, and a viewer far away waits for it
    from .steps import steps_on_stderr

    return steps_on_stderr()


def _require_no_typing_error(word: str) -> None:
    """Raise `RequestError` if a word is no file and is spelled nearly as a command."""
    near = get_close_matches(word, COMMANDS, 1, 0.7)
    if near and not os.path.exists(word):
        raise RequestError(f"no command and no file {quoted(word)}", "", f"did you mean '{near[0]}'?")


if __name__ == "__main__":
    sys.exit(main())

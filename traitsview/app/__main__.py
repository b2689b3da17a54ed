"""The command of the application: ``python -m traitsview.app [SOURCE]``."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser

from ..errors import TraitsviewError
from ..windows import require_window, saying_what_is_missing


def main(arguments=None):
    """Run the application; return the exit code."""
    parser = ArgumentParser(prog="python -m traitsview.app", description="Looks at images, extended by plugins.")
    parser.add_argument("source", metavar="SOURCE", nargs="?", default="", help="the image to begin with")
    source = parser.parse_args(arguments).source
    logging.basicConfig(level=logging.WARNING, format="traitsview: %(message)s")
    try:
        require_window()
        with saying_what_is_missing():
            from .application import run

        run(source)
    except TraitsviewError as error:
        print(f"traitsview: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs the application: ``python -m traitsview.app [SOURCE]``."""

import sys

from .application import main

if __name__ == "__main__":
    sys.exit(main())

"""How Sphinx builds the documentation: ``make docs``."""

from __future__ import annotations

import os
from importlib.metadata import version as version_of

# Reading the docstrings of the window imports TraitsUI, which begins by connecting to a display.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["ETS_TOOLKIT"] = "qt"

project = "traitsview"
copyright = "the traitsview developers"
release = version = version_of("traitsview")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "traitsview"
default_role = "py:obj"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say types in the words of the field
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_ivar = True

"""traitsview shows huge scientific images where they live.

A viewport is cut into tiles, a source renders each tile where the data lives,
plain numbers come back, and the viewer colours and paints them.  The public
names are in :mod:`traitsview.api`.
"""

__version__ = "0.1.0.dev0"

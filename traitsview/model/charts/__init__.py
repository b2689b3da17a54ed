"""Curves in the place of an image: which of them are shown, where, and what is held of them."""

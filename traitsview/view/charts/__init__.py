"""Curves and what is painted around them."""

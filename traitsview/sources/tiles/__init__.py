"""Tiles, computed once for all viewers."""

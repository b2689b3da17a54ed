"""Tiles, computed once for all who ask."""

"""Choosing colormaps, and their files."""

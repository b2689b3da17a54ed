"""Colormap files: one module for each format, and the table of them."""

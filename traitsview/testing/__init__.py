"""Tests and helpers for sources, ours and other people's."""

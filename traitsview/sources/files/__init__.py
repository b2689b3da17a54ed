"""Kinds of files: a module for each, and what they share."""

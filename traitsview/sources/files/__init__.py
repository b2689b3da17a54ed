"""Kinds of files, of folders and of services: a module or a folder for each, and what they share."""

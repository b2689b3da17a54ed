"""The bars and panels around the image."""

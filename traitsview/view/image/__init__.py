"""The image and what is painted around it."""

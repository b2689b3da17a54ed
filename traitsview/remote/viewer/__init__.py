"""The viewer's end: the source that is somewhere else, and how contact with its host is kept."""

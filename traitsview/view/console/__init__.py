"""IPython consoles below the image: of the viewer itself, and of the program that has the data."""

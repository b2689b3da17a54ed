"""From the elements of an array to the pixels of a viewport, and to a summary of the values."""

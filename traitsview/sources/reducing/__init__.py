"""From the elements of an array to the pixels of a viewport, and to what the values are like."""

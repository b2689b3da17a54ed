"""FITS: which images there are in a file, what their headers say, and their elements, mapped or decoded where seen."""

"""FITS: the images in a file, the meaning of their headers, and their elements, which are read where they are seen."""

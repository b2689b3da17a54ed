"""From numbers to colours: colormaps, limits, scales and shading.  Needs NumPy and cmap alone."""

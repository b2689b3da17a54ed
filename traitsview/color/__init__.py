"""From numbers to colours: colormaps, limits, scales and shading."""

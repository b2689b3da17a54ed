"""Running kernels of Jupyter: their arrays as live images."""

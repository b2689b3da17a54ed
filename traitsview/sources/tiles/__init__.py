"""Tiles, computed once for all viewers.  A pyramid, which has coarser tiles ready, belongs here, too."""

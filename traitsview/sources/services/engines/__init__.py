"""Clusters of engines of ipyparallel, looked into: their arrays as one picture, and what they publish."""

"""Questions that a source can be asked about its values, each with the answer that any source has."""

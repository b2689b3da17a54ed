"""Arrays as sources, and arrays made of other arrays."""

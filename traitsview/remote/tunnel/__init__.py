"""Many connections over one stream of bytes."""

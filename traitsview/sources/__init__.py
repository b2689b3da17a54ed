"""Sources of images: the interface, and one module for each kind of source."""

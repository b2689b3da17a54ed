"""Sources of images: their interface, and a room or a module for each kind of source."""

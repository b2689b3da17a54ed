"""Commands, and the tools for mouse and keyboard over the image."""

"""What can be looked at: the interface, and one module for each kind of source."""

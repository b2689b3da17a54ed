"""The same interface on another host: the wire, the host process and the source that speaks to it."""

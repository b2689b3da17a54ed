"""The server of a user that outlives the terminal: how it is found, started and stopped."""

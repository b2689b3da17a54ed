"""The user's ssh: its command line, its process, and what it says."""

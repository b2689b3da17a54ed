"""Envisage: the plugin, the task and its panes."""

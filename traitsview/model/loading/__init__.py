"""How pixels come: what to ask for, in which steps, and what is held."""

"""Images that change: their newest frames, whoever makes them."""

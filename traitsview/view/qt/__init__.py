"""Qt's corners: threads, the keyboard, wheels, fields, texts."""

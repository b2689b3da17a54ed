"""What running programs have: one module or folder for each kind of program."""

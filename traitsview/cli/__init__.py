"""The program ``traitsview``: a module for each command, and the modules that commands share."""

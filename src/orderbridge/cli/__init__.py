"""The command line: arguments in, rendered results out."""

"""The verbs of the command line: one file a verb, which loads a case, asks a question and prints its record."""

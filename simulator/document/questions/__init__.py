"""The records of the registered questions, a file each."""

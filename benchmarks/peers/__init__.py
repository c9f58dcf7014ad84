"""REF-1 in each of the other systems; every script prints its results as one line of JSON."""

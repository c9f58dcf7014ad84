"""REF-1 as each other system says it; every script prints what it found as one line of JSON."""

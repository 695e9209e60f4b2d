"""Pure double entry: accounts, entries, journal, statements."""

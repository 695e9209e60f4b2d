"""Verifying files without the bank: no database, no secrets, and no network unless it is asked for."""

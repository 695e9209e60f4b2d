"""Rows and queries: the only code that speaks SQL."""

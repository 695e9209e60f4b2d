"""Grades of one institution as grades of another, through the distributions of both (K32, K33; rule R54)."""

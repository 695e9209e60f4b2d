"""Conditions: closed predicates over one award, with three truth values."""

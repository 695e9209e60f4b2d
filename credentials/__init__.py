"""Credentials and their proofs: pure, without input or output."""

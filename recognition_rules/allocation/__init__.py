"""Choosing best among many: exact, in whole numbers, and the same on every machine. It knows nothing of awards."""

"""The sentences of explanations as data, one file a language."""

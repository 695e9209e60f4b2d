"""The stages of a recognition, each over the working record of every award."""

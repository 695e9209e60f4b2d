"""The commands of `creditbank`, a file a group; what they do is done elsewhere, here it is asked for and shown."""

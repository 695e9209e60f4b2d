"""The rules a pack may hold beside gates and limits: the type of each, and how it is written."""

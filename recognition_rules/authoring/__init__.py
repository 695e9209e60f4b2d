"""What a registrar needs before a pack is in force: its forms, checks by name, differences in words, and gaps."""

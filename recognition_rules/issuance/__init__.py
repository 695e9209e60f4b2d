"""What a credential must be before it is issued under a framework's name: titles and elements (P25; R55 to R57)."""

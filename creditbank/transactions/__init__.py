"""What happens inside one database transaction; opened and committed by the bank alone."""

"""The bank: books, ledger, log and the use cases that join them."""

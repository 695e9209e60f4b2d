"""Rows and queries: the only code that speaks SQL. Every function works inside the transaction it is given."""

from creditbank.store.database import Database, init_roles, migrate
from creditbank.store.transaction import Transaction

__all__ = ["Database", "Transaction", "init_roles", "migrate"]

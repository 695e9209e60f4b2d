"""The tables as SQLModel rows, for reading and for administration.

Constraints, triggers and grants live in `migrations/` alone; a test compares the columns here with the migrated
database. Rows with `table=True` do not validate, so they are never built from a request: only from checked values.
"""

from creditbank.store.rows.appeals import Appeal, AppealEvent, AppealText, Judgement
from creditbank.store.rows.base import METADATA, SCHEMA
from creditbank.store.rows.books import Book, BookKey, Document, Identifier, Merge, MergeProposal, Profile
from creditbank.store.rows.foreign import ForeignAlert, ForeignList, ForeignProgress, ForeignReference
from creditbank.store.rows.ledger import Deposit, DepositEvent, DepositKey, Entry, Posting, Recognition, Use, UseRelease
from creditbank.store.rows.log import (
    Erasure,
    Head,
    Issued,
    Leaf,
    LeafOpening,
    StatusChange,
    StatusEntry,
    StatusList,
    Subtree,
)
from creditbank.store.rows.over_time import (
    JobProgress,
    RecognitionInput,
    RecognitionNotice,
    Retroaction,
    RuleTable,
)
from creditbank.store.rows.quotes import Quote
from creditbank.store.rows.registry import (
    Accreditation,
    Achievement,
    Client,
    ClientAssertion,
    Issuer,
    IssuerKey,
    RegistryVersion,
    RequestKey,
    RulePack,
    SealCheck,
)

__all__ = [
    "METADATA",
    "SCHEMA",
    "Accreditation",
    "Achievement",
    "Appeal",
    "AppealEvent",
    "AppealText",
    "Book",
    "BookKey",
    "Client",
    "ClientAssertion",
    "Deposit",
    "DepositEvent",
    "DepositKey",
    "Document",
    "Entry",
    "Erasure",
    "ForeignAlert",
    "ForeignList",
    "ForeignProgress",
    "ForeignReference",
    "Head",
    "Identifier",
    "Issued",
    "Issuer",
    "IssuerKey",
    "JobProgress",
    "Judgement",
    "Leaf",
    "LeafOpening",
    "Merge",
    "MergeProposal",
    "Posting",
    "Profile",
    "Quote",
    "Recognition",
    "RecognitionInput",
    "RecognitionNotice",
    "RegistryVersion",
    "RequestKey",
    "Retroaction",
    "RulePack",
    "RuleTable",
    "SealCheck",
    "StatusChange",
    "StatusEntry",
    "StatusList",
    "Subtree",
    "Use",
    "UseRelease",
]

"""A pure transparency log: RFC 6962 hashes, C2SP notes, checkpoints, tiles and receipts."""

"""${message}"""

from migrations.statements import append_only, mutable, run

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}"""

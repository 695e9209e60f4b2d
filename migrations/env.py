"""Alembic's entry: every revision runs as the owner role, in one transaction, against the address it is given."""

from alembic import context
from sqlalchemy import Connection, text

from creditbank.store.database import OWNER, SCHEMA
from creditbank.store.rows import METADATA


def run(connection: Connection) -> None:
    """Apply the revisions as the owner, who has no login and is used for nothing else."""
    connection.execute(text(f"SET ROLE {OWNER}"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    connection.commit()
    connection.execute(text(f"SET ROLE {OWNER}"))
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        version_table_schema=SCHEMA,
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


run(context.config.attributes["connection"])

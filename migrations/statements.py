"""What the revisions share: running SQL, making a table append-only, and granting to the three roles."""

from collections.abc import Sequence

from alembic import op

SERVICE = "creditbank_service"
AUDITOR = "creditbank_auditor"


def run(*statements: str) -> None:
    """Execute each statement as it stands."""
    for statement in statements:
        op.execute(statement)


def append_only(table: str, columns: Sequence[str], *, sequences: Sequence[str] = ()) -> None:
    """The service may read and add, naming only `columns`; nobody may change, remove or empty it.

    The grant is the wall; the trigger also stops the owner and a superuser who does not mean it.
    """
    run(
        f"GRANT SELECT, INSERT ({', '.join(columns)}) ON bank.{table} TO {SERVICE}",
        f"GRANT SELECT ON bank.{table} TO {AUDITOR}",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bank.refuse_change()",
        *(f"GRANT USAGE ON SEQUENCE bank.{sequence} TO {SERVICE}" for sequence in sequences),
    )


def mutable(table: str, *, update: Sequence[str] = (), delete: bool = False, audited: bool = True) -> None:
    """The service may read and add, change only the columns in `update`, and remove only where `delete` says so."""
    run(f"GRANT SELECT, INSERT ON bank.{table} TO {SERVICE}")
    if update:
        run(f"GRANT UPDATE ({', '.join(update)}) ON bank.{table} TO {SERVICE}")
    if delete:
        run(f"GRANT DELETE ON bank.{table} TO {SERVICE}")
    if audited:
        run(f"GRANT SELECT ON bank.{table} TO {AUDITOR}")

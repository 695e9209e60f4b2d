"""`creditbank rules quote FILE`: was a quote signed by this bank, what does it promise, does it still hold?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from credentials.report_certificate import visible
from creditbank.commands.bank_key import StatedKey
from creditbank.commands.terminal import NO, UNDECIDED, out
from creditbank.errors import Refused
from creditbank.quote_token import ReadQuote, key_id, read_quote

_LONGEST = 131_072


def quote(
    file: Annotated[Path, typer.Argument(help="A quote, as the bank handed it out.", show_default=False)],
    key: Annotated[
        str,
        typer.Option(help="The bank's key: a JWK, or a file with it or a JWK Set.", show_default=False),
    ],
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Does it hold on this day? Default: now.")
    ] = None,
) -> None:
    """Check a quote offline. Exit codes: 0 it holds, 1 it does not show that it is this bank's, 2 it has run out."""
    with file.open(encoding="utf-8") as opened:
        token = opened.read(_LONGEST)
    stated = StatedKey.parse(key, key_id(token))
    if stated.key is None:
        raise Refused("bank_key_needed", "Give the bank's key for quotes as a JWK: a thumbprint checks no signature.")
    try:
        found = read_quote(token, stated.key)
    except Refused as refused:
        out.print(f"✗ {refused.message} [{refused.code}]", style="bold red", markup=False)
        raise typer.Exit(NO) from None
    _tell(found)
    if not found.holds_at(at.replace(tzinfo=UTC) if at else datetime.now(UTC)):
        out.print("! It has run out. [quote_expired]", style="yellow", markup=False)
        raise typer.Exit(UNDECIDED)


def _tell(found: ReadQuote) -> None:
    claims, promise = found.claims, found.claims.promise
    out.print(f"✓ {visible(claims.iss)} promised this.", style="green", markup=False)
    lines = [
        f"to: {visible(claims.sub or 'anybody')}",
        f"until: the end of {(claims.valid_until - timedelta(seconds=1)).date().isoformat()} (UTC)",
        f"under: {visible(promise.pack.id)} {visible(promise.pack.version)} {visible(promise.pack.digest)}",
        f"in: {visible(promise.programme)}" + (f" at {visible(promise.institution)}" if promise.institution else ""),
    ]
    lines += [
        f"{visible(next(iter(each.title.values()), ''))} ({visible(each.issuer)}): {each.amount} {visible(each.unit)} "
        f"count as {each.counts} {visible(each.counts_in)} [{visible(each.status)}]"
        for each in promise.outcomes
    ]
    lines += [f"if {visible(name)} is {visible(str(value))}" for name, value in sorted(promise.conditions.items())]
    if not promise.of_record:
        lines.append("a trial only: no decision of record may choose as it assumes")
    for line in lines:
        out.print(f"  {line}", markup=False, soft_wrap=True)

"""Tables for a terminal: what the command line and the demonstration show alike. Plain enough to be read in a file.

Text that may be long or in a wide script stands in the last column, so that no terminal's idea of a character's width
can break the others.
"""

from collections.abc import Iterable
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from credentials.checks import NOT_REACHED, Outcome, Verification
from creditbank.ledger.statement import Balance, Statement
from creditbank.plain_table import table as table
from creditbank.transactions.auditing import AuditReport
from creditbank.verdict import Verified
from recognition_rules.credits import display as rounded
from recognition_rules.credits import from_grains, parse_amount, render_amount

_MARKS = {
    Outcome.PASSED: Text("✓ passed", "green"),
    Outcome.FAILED: Text("✗ failed", "bold red"),
    Outcome.WARNING: Text("! warning", "yellow"),
    Outcome.COULD_NOT_BE_CHECKED: Text("? not checked", "yellow"),
}
_VERDICTS = {"valid": "bold green", "invalid": "bold red", "indeterminate": "bold yellow"}


def exact(amount: str) -> str:
    """An exact amount, and a rounded one beside it where nobody reads a fraction at a glance."""
    return f"{amount} (≈{rounded(parse_amount(amount))})" if "/" in amount else amount


def secured(verified: Verified) -> Text:
    """What the signature covers, in one line; nothing of a credential whose signature does not hold."""
    claims = verified.verification.claims
    if claims is None:
        return Text("Nothing in it is secured by a signature of its issuer.", "bold red")
    achievement = claims.achievement
    title = " · ".join(dict.fromkeys(achievement.name.values()))
    amount = "no credits" if claims.credits_earned is None else f"{render_amount(claims.credits_earned)} credits"
    unit = f" ({achievement.unit})" if achievement.unit else ""
    return Text(f"“{title}”, {amount}{unit}, valid from {_day(claims.valid_from.date())}, by {claims.issuer_id}")


def checks(verification: Verification, *, only_telling: bool = False) -> Table:
    """Every check by number and name, how it ended, and what it says; `only_telling`: those that did not pass."""
    found = table("no.", "check", "outcome", "what it says", right=("no.",))
    made = [check for check in verification.checks if check.code != NOT_REACHED]
    for check in made:
        if not (only_telling and check.outcome is Outcome.PASSED):
            code = Text(f"{check.code}: ", "bold") if check.code else Text()
            found.add_row(str(check.number), check.name, _MARKS[check.outcome], code + Text(check.message))
    left = len(verification.checks) - len(made)
    if left:
        mark = _MARKS[Outcome.COULD_NOT_BE_CHECKED]
        found.add_row("…", f"{left} more", mark, "An earlier check ended the verification.")
    return found


def verdict(verification: Verification) -> Text:
    """The verdict in one word, and the code that decided it."""
    word = Text(verification.verdict.upper(), _VERDICTS[verification.verdict])
    return word + Text(f" ({verification.code})") if verification.code else word


def amounts(held: Iterable[Balance]) -> str:
    """Balances in one line, each in its own unit: they never add up across units."""
    return ", ".join(f"{render_amount(from_grains(each.grains))} {each.unit}" for each in held if each.grains)


def balances(statement: Statement) -> Table:
    """Every account of a book with its balance, in its own unit."""
    found = table("unit", "balance", "account", right=("balance",))
    for balance in sorted(statement.balances, key=lambda each: (each.account != "learner", each.account, each.unit)):
        found.add_row(balance.unit, render_amount(from_grains(balance.grains)), balance.account)
    return found


def movements(statement: Statement, account: str) -> Table:
    """What moved on one account, in the order in which it became known."""
    found = table("earned on", "unit", "moved", "why", right=("moved",))
    for line in statement.lines:
        if line.account == account:
            amount = render_amount(from_grains(line.grains))
            found.add_row(_day(line.effective_on), line.unit, amount, f"{line.kind}: {line.reason}")
    return found


def audit(report: AuditReport) -> Table:
    """What an audit counted."""
    found = table("counted", "what", right=("counted",))
    found.add_row(str(report.entries), "entries, each balanced to zero in every unit and sealed")
    found.add_row(str(report.postings), "postings")
    found.add_row(str(report.leaves), "leaves of the log")
    found.add_row(str(report.opened), "of them opened and equal to what was committed")
    found.add_row(str(report.erased), "of them erased, as the erasure journal says")
    return found


def say_findings(console: Console, report: AuditReport) -> None:
    """The audit's verdict, with every finding."""
    console.print(f"root of the log {report.root}", soft_wrap=True, highlight=False)
    if report.clean:
        console.print(Text("No findings: the books are whole.", "bold green"))
    for finding in report.findings:
        console.print(Text(f"✗ {finding}", "bold red"))


def _day(day: date) -> str:
    return day.isoformat()

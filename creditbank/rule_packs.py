"""Rule packs on their way into force: proposed, checked, approved by a second person, scheduled, published, withdrawn.

The bank's own packs (`scope` null) are written by its administrators. An institution writes packs of its own, named
after it, and they decide for that institution alone: this file says so first, the database a second time.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from creditbank.bank import Bank
from creditbank.caller import Caller
from creditbank.errors import Forbidden, NotFound, Refused
from creditbank.local_rules import composed
from creditbank.pack_check import Checked, check
from creditbank.pack_kinds import RULES, kind_of, read
from creditbank.store import Transaction, rows, rules
from creditbank.transactions import packs
from creditbank.transactions.packs import State, state_of
from recognition_rules.authoring.diff import Change, difference
from recognition_rules.authoring.forms import read_files, write_files
from recognition_rules.packs import builtin_ids


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version of a pack as it is handed in: its TOML, its cases, whose it is, and from which day it is to decide.

    Without a day it decides from its publication on, for any day that its own dated terms cover. A day in the past is
    `retroactive`, and is then called so by whoever proposes and by whoever approves. With a `base` (id and version of
    a published pack of the bank) the text holds an institution's departures from it (`local_rules.py`).
    """

    content: str
    cases: str | None = None
    scope: str | None = None
    in_force_from: date | None = None
    retroactive: bool = False
    base: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RulePacks:
    """The use cases of rule packs."""

    bank: Bank

    def check(self, content: str, cases: str | None = None) -> Checked:
        """What would be found wrong; nothing is stored. Raises Refused `too_long`, `too_many_cases`; Unavailable."""
        return check(self.bank.office, content, cases)

    def check_proposed(self, caller: Caller, proposal: Proposal) -> Checked:
        """What would be found wrong with a proposal, departures from a pack of the bank included; nothing is stored."""
        return self.check(self._whole(_scope_of(caller, proposal.scope), proposal).content, proposal.cases)

    def _whole(self, scope: str | None, proposal: Proposal) -> Proposal:
        """The proposal with a whole pack as its text. Raises PackInvalid; Refused."""
        if proposal.base is None:
            return proposal
        if scope is None:
            raise Refused("scope_needed", "Departures are an institution's: say which one's.")
        base = self._base(*proposal.base)
        first = base.in_force_from
        if first is not None and (proposal.in_force_from is None or proposal.in_force_from < first):
            day = first.isoformat()
            sentence = f"The rules that these depart from are in force from {day}: say a day from then on."
            raise Refused("base_not_in_force", sentence, in_force_from=day)
        return replace(proposal, content=composed(base.content, proposal.content, scope))

    def _base(self, pack_id: str, version: str) -> rows.RulePack:
        row = self.bank.run(lambda tx: packs.known(tx, pack_id, version))
        if row.scope is not None or row.published_at is None or row.kind != RULES:
            raise Refused("base_not_published", "Local rules stand over a published version of the bank's own rules.")
        return row

    def propose(self, caller: Caller, proposal: Proposal) -> rows.RulePack:
        """Keep a version as proposed, with what its check found: an error keeps it a draft.

        Raises PackInvalid with file and line; Conflict `pack_version_exists`; Forbidden `pack_out_of_scope`,
        `pack_of_another`; Refused `retroactive_not_said`, `published_term_changed`, `not_retroactive`, `too_long`,
        `too_many_cases`; `kind_of_the_bank`; of departures `scope_needed`, `base_not_published`, `base_not_in_force`.
        """
        scope = _scope_of(caller, proposal.scope)
        proposal = self._whole(scope, proposal)
        kind = kind_of(proposal.content)
        pack = read(kind, proposal.content)
        if kind != RULES and scope is not None:
            raise Refused("kind_of_the_bank", "Tables of grades and rules of issuance are the bank's.", kind=kind)
        _check_name(pack.id, scope)
        self._check_past(pack.id, proposal)
        found = self.check(proposal.content, proposal.cases)
        row = rows.RulePack(
            pack_id=pack.id,
            version=pack.version,
            digest=pack.digest,
            content=proposal.content,
            proposed_by=caller.client_id,
            proposed_at=self.bank.office.clock(),
            cases=proposal.cases,
            findings=found.errors,
            cases_held=found.cases_held,
            scope=scope,
            in_force_from=proposal.in_force_from,
            retroactive=proposal.retroactive,
            kind=kind,
            base_id=proposal.base[0] if proposal.base else None,
            base_version=proposal.base[1] if proposal.base else None,
        )
        return self.bank.run(lambda tx: packs.propose(tx, row))

    def _check_past(self, pack_id: str, proposal: Proposal) -> None:
        """What reaches into the past is said so: a day before today, or other terms for days that are past."""
        day, today = proposal.in_force_from, self.bank.office.today()
        before_today = day is not None and day < today
        if before_today and not proposal.retroactive:
            raise Refused(
                "retroactive_not_said", "A day in the past must be proposed as retroactive, in so many words."
            )
        newest = self.bank.run(lambda tx: rules.newest_published(tx, pack_id))
        if newest is None and proposal.base:  # until now the bank's own rules held at the institution
            newest = self._base(*proposal.base)
        changed = _past_changes(newest, proposal.content, day or today)
        if changed and not proposal.retroactive:
            raise _term_changed(changed)
        if proposal.retroactive and not (before_today or changed):
            raise Refused("not_retroactive", "Nothing of this version reaches into the past.")

    def diff(self, caller: Caller, pack_id: str, old: str, new: str) -> Sequence[Change]:
        """What one version says otherwise than another, in words. Raises NotFound `rule_pack_not_found`."""
        first, second = self.pack(caller, pack_id, old), self.pack(caller, pack_id, new)
        return _difference(first.content, second.content, second.in_force_from or self.bank.office.today())

    def approve(self, caller: Caller, pack_id: str, version: str, *, retroactive: bool = False) -> rows.RulePack:
        """Agree to a version that somebody else proposed. Errors: see `transactions.packs.publish`.

        Days went by since, and others may have been published: Refused `published_term_changed` where it reaches into
        the past by now; Conflict `published_meanwhile` where another is published in this moment.
        """
        row = self._own(caller, pack_id, version)
        by, office = caller.client_id, self.bank.office
        newest = self.bank.run(lambda tx: rules.newest_published(tx, pack_id))
        waiting = row.published_at is None and not row.retroactive
        before = (
            self._base(row.base_id, row.base_version) if not newest and row.base_id and row.base_version else newest
        )
        changed = _past_changes(before, row.content, row.in_force_from or office.today()) if waiting else ()
        if changed:
            raise _term_changed(changed)

        def work(tx: Transaction) -> rows.RulePack:
            packs.check_newest(tx, pack_id, newest)
            return packs.publish(tx, office, pack_id, version, by, retroactive=retroactive)

        return self.bank.change(work)

    def withdraw(self, caller: Caller, pack_id: str, version: str) -> rows.RulePack:
        """Give up a version that was never published; its number stays taken."""
        self._own(caller, pack_id, version)
        by, office = caller.client_id, self.bank.office
        return self.bank.run(lambda tx: packs.withdraw(tx, office, pack_id, version, by))

    def _own(self, caller: Caller, pack_id: str, version: str) -> rows.RulePack:
        row = self.pack(caller, pack_id, version)
        if _scope_of(caller, row.scope) != row.scope:
            raise Forbidden("pack_out_of_scope", "These rules are not your institution's.")
        return row

    def pack(self, caller: Caller, pack_id: str, version: str) -> rows.RulePack:
        """One version that the caller may see. Raises NotFound `rule_pack_not_found`."""
        row = self.bank.run(lambda tx: packs.known(tx, pack_id, version))
        if not _visible(caller, row):
            raise NotFound("rule_pack")
        return row

    def packs(self, caller: Caller) -> Sequence[rows.RulePack]:
        """Every version of every pack that the caller may see."""
        return [row for row in self.bank.run(rules.packs) if _visible(caller, row)]

    def state(self, row: rows.RulePack) -> State:
        """How a version stands today."""
        return state_of(row, self.bank.office.today())


def _scope_of(caller: Caller, wanted: str | None) -> str | None:
    """For whom a caller may write rules. Raises Forbidden `pack_out_of_scope`, `administrators_only`."""
    if caller.role == "issuer":
        if wanted in (None, caller.issuer_id):
            return caller.issuer_id
        raise Forbidden("pack_out_of_scope", "An institution writes rules for itself alone.")
    caller.need_administrator()
    return wanted


def _past_changes(newest: rows.RulePack | None, content: str, day: date) -> list[str]:
    """What a version would change of what the one published last says of days before a day."""
    found = _difference(newest.content, content, day) if newest else ()
    return [change.sentence for change in found if change.past]


def _term_changed(changed: Sequence[str]) -> Refused:
    sentence = f"Published terms do not change for days that are past: {changed[0]}"
    return Refused("published_term_changed", sentence, changes=len(changed))


def _difference(old: str, new: str, day: date) -> Sequence[Change]:
    before, after = (read_files({"pack.toml": text.encode()}).raw for text in (old, new))
    return difference(before, after, on=day)


def from_json(pack: Mapping[str, Any]) -> str:
    """The TOML of a pack in the JSON form; the digest stays. Raises PackInvalid, with the line in the JSON."""
    text = json.dumps(pack, ensure_ascii=False, indent=2)
    return write_files(read_files({"pack.json": text.encode()}), "toml")["pack.toml"].decode()


def to_json(content: str) -> dict[str, Any]:
    """A pack's TOML in the JSON form."""
    written = write_files(read_files({"pack.toml": content.encode()}), "json")["pack.json"]
    found: dict[str, Any] = json.loads(written)
    return found


def _check_name(pack_id: str, scope: str | None) -> None:
    """An institution's packs are named after it, so that it takes no name of the bank's or of another's."""
    if scope is not None and (not pack_id.startswith(f"{scope}-") or pack_id in builtin_ids()):
        sentence = f"A pack of this institution has an id that begins with {scope}-."
        raise Forbidden("pack_out_of_scope", sentence, prefix=f"{scope}-")


def _visible(caller: Caller, row: rows.RulePack) -> bool:
    """What an institution drafts is seen by itself and the bank until it is published."""
    if row.scope is None or row.published_at is not None or caller.role == "administrator":
        return True
    return caller.role == "issuer" and caller.issuer_id == row.scope

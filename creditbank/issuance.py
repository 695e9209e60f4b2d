"""From a plain learning outcome to a signed Open Badge, with the institution's hosted key and a status place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from credentials.achievement import IdentityObject
from credentials.canonical import jcs
from credentials.errors import LimitExceeded
from credentials.identifiers import check_identifiers
from credentials.open_badges import OutcomeDraft, build, credential_status
from credentials.profile import check_shape
from credentials.shape import contents
from credentials.status_entry import StatusEntry
from creditbank.badge_facts import check_facts
from creditbank.caller import Caller
from creditbank.errors import Refused
from creditbank.identity import PlainIdentifier
from creditbank.intake import Posted
from creditbank.issuance_rules import hold_to
from creditbank.office import Office
from creditbank.pack_kinds import ISSUANCE
from creditbank.status_index import index_of
from creditbank.status_lists import hosted_signer
from creditbank.store import Transaction, rows, status
from creditbank.table_packs import published
from creditbank.transactions.registry import issuer as issuer_of
from issuers.errors import RegistryError
from issuers.signing_forms import ANY_ALGORITHM, FORMS, Form, Signing, whole

PURPOSES = ("revocation", "suspension")
"""For what a badge may have a place in a status list; the second only where that is asked for."""
Run = Callable[[Callable[[Transaction], Any]], Any]


@dataclass(frozen=True, slots=True)
class Issuance:
    """Signing for institutions. It signs typed outcomes only: there is no way to have arbitrary bytes signed."""

    run: Run
    office: Office
    public_url: str

    def issue(
        self,
        caller: Caller,
        issuer_id: str,
        outcome: OutcomeDraft,
        form_name: str,
        given: Sequence[PlainIdentifier],
        *,
        suspendable: bool = False,
    ) -> Posted:
        """The signed badge, ready to be deposited. A status place is taken only for what can be signed.

        Raises Refused `fact_reserved`, `fact_contradicted`, `form_unknown`, `valid_until_needed`,
        `issuance_rules_unknown`, `issuance_rule_broken`, `issuance_rule_undetermined`; NotFound; RegistryError;
        CredentialError for an outcome that makes no badge.
        """
        check_facts(outcome.facts, outcome.human_code)
        form = _form(form_name, outcome)
        now = self.office.clock().replace(microsecond=0)
        credential_id = f"urn:uuid:{self.office.new_id()}"
        issuer, by = self.run(lambda tx: self._issuer(tx, issuer_id, form_name, now))
        draft = build(
            replace(outcome, identifiers=[*outcome.identifiers, *self._hashed(given)]),
            issuer_id=issuer.did,
            issuer_name=issuer.name,
            issuer_country=issuer.country if outcome.issuance_rules else None,
            credential_id=credential_id,
            valid_from=now,
        )
        _check(draft, form.max_draft)
        named, day = outcome.issuance_rules, now.date()
        hold_to(named, draft, day, self.run(lambda tx: published(tx, ISSUANCE, named, day)) if named else {})
        purposes = PURPOSES if suspendable else PURPOSES[:1]
        entries = self.run(lambda tx: self._take_places(tx, issuer_id, credential_id, purposes))
        issued = form.sign({**draft, "credentialStatus": credential_status(entries)}, by)
        return Posted(whole(issued), form.media_type, caller, tuple(given), issued_by=issuer_id, kept=issued)

    def _hashed(self, given: Sequence[PlainIdentifier]) -> list[IdentityObject]:
        """Salted hashes (OB 3.0, IdentityObject): the badge can be shown around without telling the identifier."""
        return [IdentityObject.hash_of(item.value, item.type, self.office.new_salt().hex()) for item in given]

    def _issuer(self, tx: Transaction, issuer_id: str, form_name: str, now: datetime) -> tuple[rows.Issuer, Signing]:
        issuer = issuer_of(tx, issuer_id)
        hosted_signer(tx, self.office, issuer.did, now, ANY_ALGORITHM)  # an institution without any key says just that
        fitting = FORMS[form_name].algorithms
        try:
            signer, method = hosted_signer(tx, self.office, issuer.did, now, fitting)
        except RegistryError:
            raise RegistryError("no_fitting_key", format=form_name, algorithms=" or ".join(fitting)) from None
        return issuer, Signing(signer, method, now, self.office.new_salt)

    def _take_places(
        self, tx: Transaction, issuer_id: str, credential_id: str, purposes: Sequence[str]
    ) -> list[StatusEntry]:
        return [self._take_place(tx, issuer_id, credential_id, purpose) for purpose in purposes]

    def _take_place(self, tx: Transaction, issuer_id: str, credential_id: str, purpose: str) -> StatusEntry:
        new_list = str(self.office.new_id())
        list_id, number = status.take_number(tx, issuer_id, purpose, new_list)
        index = index_of(number, status.LIST_SIZE, self.office.vault.status_secret, list_id)
        status.add_entry(tx, list_id, index, credential_id)
        return StatusEntry(purpose, f"{self.public_url}/status/{list_id}", index)


def _form(name: str, outcome: OutcomeDraft) -> Form:
    """The form of this name, if it can bear the outcome."""
    form = FORMS.get(name)
    if form is None:
        raise Refused("form_unknown", f"A credential can be signed as one of: {', '.join(FORMS)}.", forms=tuple(FORMS))
    if form.needs_end and outcome.valid_until is None:
        sentence = "A badge that can be shown in part needs an end of validity: its holder could have left one out."
        raise Refused("valid_until_needed", sentence, format=name)
    return form


def _check(draft: dict[str, Any], limit: int) -> None:
    """Refuse, before a status place is taken, what our own reader would refuse in the signed badge."""
    if len(jcs(draft)) > limit:
        raise LimitExceeded("too_large", limit=limit)
    check_shape(draft)
    contents(draft)
    check_identifiers(draft)

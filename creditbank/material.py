"""What a verification rests on, had in the order of what it costs: the registry, our own status lists, then others.

Anybody may hand in anything, so nothing is fetched for a credential that is refused anyway: it is verified with what
is at hand, and only where it holds so far and something is wanting is that one question asked outside.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from credentials.checks import Check, Verification
from credentials.credential import Credential
from credentials.errors import CredentialError, ProofInvalid
from credentials.keys import PublicKey
from credentials.read import read
from credentials.verification_material import IssuerKey, VerificationMaterial
from credentials.verify import verify
from creditbank import outside
from creditbank.wanted import Question, lacks, list_urls, named_issuers, wanted
from issuers.did import ResolvedKey
from issuers.errors import DidError
from issuers.fetch import Fetcher
from issuers.issuer import KeyRecord
from issuers.registry import material_keys
from issuers.resolve import address_of, check_address, is_resolvable

MAX_QUESTIONS = 12
"""Outside questions for one credential, everything inside it included: no credential is an amplifier."""
_ALWAYS = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def _nothing(_url: str) -> None:
    """What a verifier without a bank publishes."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where verification material comes from besides the registry: what the bank itself publishes, guarded fetching."""

    own_status_list: Callable[[str], bytes | None]
    is_own: Callable[[str], bool]
    fetcher: Fetcher
    public_url: str
    own_document: Callable[[str], tuple[Any, datetime] | None] = _nothing

    def document(self, url: str) -> tuple[Any, datetime] | None:
        """A document and when it was had: the bank's own from itself, which it never asks over the network."""
        return self.own_document(url) if _is_ours(url, self) else outside.document(url, self.fetcher)


@dataclass(slots=True)
class _Examination:
    """One credential on its way: what was gathered, and what was asked already, so that nothing is asked twice."""

    credential: Credential
    nested: tuple[Credential, ...]
    sources: Sources
    material: VerificationMaterial
    asked: set[Question] = field(default_factory=set)

    def open_questions(self, found: Verification) -> list[Question]:
        """What is still wanting, was not asked yet, and is within the limit."""
        named = wanted(self.credential, self.nested, found, self.material)
        new = [one for one in dict.fromkeys(named) if one not in self.asked]
        open_ = [one for one in new if one.kind == "document" or not _is_ours(outside.address(one), self.sources)]
        return open_[: MAX_QUESTIONS - len(self.asked)]

    def ask(self, questions: Sequence[Question]) -> None:
        """Ask, and add what was answered."""
        self.asked.update(questions)
        for question in questions:
            self.material = _with_answer(self.material, question, self.sources)


def examine(
    credential: Credential,
    nested: tuple[Credential, ...],
    registered: Sequence[KeyRecord],
    sources: Sources,
    clock: Callable[[], datetime],
    first_seen: datetime | None,
) -> Verification:
    """Verify a credential, with those inside it, asking outside what is still open until the answers stay away.

    1. With the registered keys and the bank's own status lists. Most credentials end here, and every forged one.
    2. Where nothing but the key of an issuer is wanting: once more with its DID document or profile; for an Open Badge
       2.0 with the documents it consists of.
    3. Where the signature holds and status lists of others are wanting: once more with those.
    4. Where it holds, likewise for what is inside it: credentials of a learner record, endorsements.
    At most twelve questions in all. The clock is asked once all is at hand: a status list may have been signed a moment
    ago, and is not of the future. What cannot be had is left out; the verification then says *could not be checked*,
    never *valid*.
    """
    case = _Examination(credential, nested, sources, _at_hand(credential, nested, registered, sources))
    while True:
        found = _without_hope(verify(credential, case.material, clock(), first_seen), credential.issuer_id or "")
        questions = case.open_questions(found)
        if not questions:
            return replace(found, material=case.material)
        case.ask(questions)


def _without_hope(found: Verification, issuer_id: str) -> Verification:
    """A key that nobody can be asked for is refused, not wanting: its issuer's DID is none, or leads inside (I01)."""
    if not lacks(found, "key_unavailable"):
        return found
    try:
        check_address(issuer_id)
    except DidError as error:
        refused = Check.from_error("key", ProofInvalid(error.code))
        checks = (refused.numbered(one.number) if one.name == "key" else one for one in found.checks)
        return replace(found, checks=tuple(checks))
    return found


def _at_hand(
    credential: Credential, nested: Sequence[Credential], registered: Sequence[KeyRecord], sources: Sources
) -> VerificationMaterial:
    named = {name: _methods(name, (credential, *nested)) for name in named_issuers(credential, nested)}
    urls = [url for one in (credential, *nested) for url in list_urls(one)]
    own = {url: sources.own_status_list(url) for url in dict.fromkeys(urls) if sources.is_own(url)}
    return VerificationMaterial(
        keys=material_keys(registered),
        status_lists={url: read(data) for url, data in own.items() if data is not None},
        unreachable=frozenset(
            name
            for name, methods in named.items()
            if _must_be_asked(name, methods, registered) and not _is_ours(address_of(name), sources)
        ),
    )


def _is_ours(address: str, sources: Sources) -> bool:
    """Whether only the bank itself could answer there, and has said already what it has."""
    return address.startswith(f"{sources.public_url}/")


def _methods(issuer_id: str, found: Sequence[Credential]) -> set[str]:
    return {method for one in found if one.issuer_id == issuer_id for method in one.verification_methods}


def _must_be_asked(issuer_id: str, methods: set[str], registered: Sequence[KeyRecord]) -> bool:
    """Whether only the issuer can say what its key is: it is not registered, or calls a registered key otherwise."""
    own = {record.verification_method for record in registered if record.controller == issuer_id}
    return is_resolvable(issuer_id) and not (own and methods <= own)


def _with_answer(material: VerificationMaterial, question: Question, sources: Sources) -> VerificationMaterial:
    match question:
        case Question("keys", issuer_id, methods):
            return _with_keys(material, issuer_id, methods, sources)
        case Question("list", url):
            return _with_list(material, url, sources)
        case Question("token", url):
            return _with_document(material, url, outside.status_token(url, sources.fetcher))
        case _:
            return _with_document(material, question.about, sources.document(question.about))


def _with_keys(
    material: VerificationMaterial, issuer_id: str, methods: Sequence[str], sources: Sources
) -> VerificationMaterial:
    """The issuer's own keys. Of a registered issuer only registered keys count, whatever its document calls them."""
    found = outside.keys(issuer_id, methods, sources.fetcher)
    if not found:
        return material
    registered = {key.key: key for key in material.keys.values() if key.controller == issuer_id}
    keys = {
        one.verification_method: replace(known, verification_method=one.verification_method)
        for one in found
        if (known := _known(one, issuer_id, registered))
    }
    return replace(material, keys={**keys, **material.keys}, unreachable=material.unreachable - {issuer_id})


def _known(found: ResolvedKey, issuer_id: str, registered: Mapping[PublicKey, IssuerKey]) -> IssuerKey | None:
    if registered:
        return registered.get(found.key)
    return IssuerKey(found.verification_method, issuer_id, found.key, _ALWAYS)


def _with_list(material: VerificationMaterial, url: str, sources: Sources) -> VerificationMaterial:
    answer = outside.status_list(url, sources.fetcher)
    if answer is None:
        return material
    try:
        found = read(answer.body)
    except CredentialError:
        return material
    return replace(
        material,
        status_lists={**material.status_lists, url: found},
        status_fetched_at={**material.status_fetched_at, url: answer.fetched_at},
    )


def _with_document(
    material: VerificationMaterial, url: str, answer: tuple[Any, datetime] | None
) -> VerificationMaterial:
    if answer is None:
        return material
    value, at = answer
    return replace(
        material,
        documents={**material.documents, url: value},
        documents_fetched_at={**material.documents_fetched_at, url: at},
    )

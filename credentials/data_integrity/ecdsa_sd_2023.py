"""ecdsa-sd-2023 (Data Integrity ECDSA Cryptosuites 1.0, 3.6): P-256, and the holder chooses what to disclose.

The issuer signs what is mandatory together with a key made for this one proof, and every other statement with that key.
Such a base proof is the holder's; what is shown to others is derived from it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from credentials.canonical import sha256
from credentials.contexts import PINNED, ContextSet
from credentials.data_integrity.cryptosuite import Covered, Document
from credentials.data_integrity.disclosure_values import (
    BaseValue,
    DerivedValue,
    is_base,
    public_key_bytes,
    read_base,
    read_derived,
)
from credentials.data_integrity.over_rdf import configuration_hash
from credentials.data_integrity.proof_sets import beside
from credentials.data_integrity.selection import select
from credentials.data_integrity.statements import Statements, labelled, labels, statements
from credentials.errors import LimitExceeded, MalformedCredential, ProofInvalid
from credentials.jsonld import to_quads
from credentials.keys import Algorithm, PrivateKey, PublicKey, Signer
from credentials.rdf_canonicalization import canonicalize

NAME: Final = "ecdsa-sd-2023"
MAX_STATEMENTS: Final = 2_000  # each costs a verification


@dataclass(frozen=True, slots=True, repr=False)
class OneTimeKeys:
    """What is made for one proof: the HMAC key for its labels, and the key that signs its statements."""

    hmac_key: bytes
    proof_key: PrivateKey

    @classmethod
    def fresh(cls) -> Self:
        """New keys from the system's randomness."""
        return cls(secrets.token_bytes(32), PrivateKey.generate("ES256"))


@dataclass(frozen=True, slots=True)
class SelectiveCryptosuite:
    """ecdsa-sd-2023 as a cryptosuite: it signs base proofs and verifies derived ones."""

    name: str = NAME
    algorithms: frozenset[Algorithm] = frozenset({"ES256"})
    context_in_proof: bool = False
    over_rdf: bool = True

    def prove(self, covered: Covered, signer: Signer, mandatory_pointers: Sequence[str]) -> str:
        """The value of a base proof, with fresh keys."""
        return base_value(covered, signer, mandatory_pointers, OneTimeKeys.fresh()).write()

    def check(self, covered: Covered, proof_value: object, key: PublicKey) -> None:
        """Verify a derived proof (3.6.7). Raises ProofInvalid `base_proof`, `malformed_proof`, `bad_signature`."""
        value = read_derived(proof_value)
        mandatory, others = _split(covered, value)
        if len(others) != len(value.signatures):
            raise ProofInvalid("bad_signature")
        key.verify(value.base_signature, _signed_data(covered, value.public_key, mandatory))
        _verify_each(value.proof_key(), value.signatures, others)


SUITE: Final = SelectiveCryptosuite()


def base_value(covered: Covered, signer: Signer, mandatory_pointers: Sequence[str], one_time: OneTimeKeys) -> BaseValue:
    """The parts of a base proof (3.6.2 to 3.6.5). Raises MalformedCredential `unknown_pointer`."""
    _refuse_chain(covered.options)
    found = _bounded(statements(covered.document, one_time.hmac_key, covered.contexts))
    mandatory, others = _parted(found, found.selected(mandatory_pointers))
    public_key = public_key_bytes(one_time.proof_key.public_key)
    return BaseValue(
        base_signature=signer.sign(_signed_data(covered, public_key, mandatory)),
        public_key=public_key,
        hmac_key=one_time.hmac_key,
        signatures=tuple(one_time.proof_key.sign(line.encode()) for line in others),
        mandatory_pointers=tuple(mandatory_pointers),
    )


def verify_base(document: Document, proof: Document, key: PublicKey, *, contexts: ContextSet = PINNED) -> None:
    """Verify a base proof, as its holder may on receiving it: every statement is signed, withheld later or not.

    Raises ProofInvalid `malformed_proof`, `bad_signature`; MalformedCredential `unknown_pointer`; KeyRefused.
    """
    value = read_base(proof.get("proofValue"))
    options = {name: member for name, member in proof.items() if name != "proofValue"}
    covered = Covered(_unsecured(document), options, contexts)
    _refuse_chain(options)
    found = _bounded(statements(covered.document, value.hmac_key, contexts))
    mandatory, others = _parted(found, found.selected(value.mandatory_pointers))
    if len(others) != len(value.signatures):
        raise ProofInvalid("bad_signature")
    key.verify(value.base_signature, _signed_data(covered, value.public_key, mandatory))
    _verify_each(PublicKey("ES256", value.public_key[2:]), value.signatures, others)


def derive(
    document: Document, pointers: Sequence[str], *, proof_id: str | None = None, contexts: ContextSet = PINNED
) -> dict[str, Any]:
    """The part of a document that its holder discloses, with the derived proof of it (3.6.6).

    `pointers` (RFC 6901) are disclosed besides what the issuer made mandatory, each with the `id` and `type` of every
    object on its way; the empty pointer discloses all. `proof_id` names the base proof where there are several. Other
    proofs, which would not hold for a part, are left out. The base proof itself is not verified: see `verify_base`.
    Raises ProofInvalid `no_proof` without exactly one base proof, `malformed_proof`; MalformedCredential
    `unknown_pointer`, also where nothing at all would be disclosed.
    """
    proof = _base_proof(document, proof_id)
    base, unsecured = read_base(proof["proofValue"]), _unsecured(document)
    found = _bounded(statements(unsecured, base.hmac_key, contexts))
    combined = (*base.mandatory_pointers, *pointers)
    reveal = select(unsecured, combined)
    if reveal is None:
        raise MalformedCredential("unknown_pointer", place=0)
    made = {name: member for name, member in proof.items() if name != "@context"}
    value = _derived(found, base, pointers, combined)
    return {**reveal, "proof": beside(reveal, {**made, "proofValue": value.write()})}


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a derived proof shows: statements (lines of N-Quads) that the issuer made mandatory, and those that the
    holder chose; `payload` is the SHA-256 of what the issuer signed, the same for all that is derived from one base
    proof and for a signature's twin.
    """

    mandatory: tuple[str, ...]
    chosen: tuple[str, ...]
    payload: bytes


def disclosed(document: Document, proof: Document, contexts: ContextSet = PINNED) -> Disclosed:
    """What a derived proof shows of its document. To be believed once `verify` has accepted it; raises as that does."""
    options = {name: member for name, member in proof.items() if name != "proofValue"}
    covered, value = Covered(_unsecured(document), options, contexts), read_derived(proof.get("proofValue"))
    mandatory, chosen = _split(covered, value)
    payload = sha256(_signed_data(covered, value.public_key, mandatory))
    return Disclosed(tuple(mandatory), tuple(chosen), payload)


def _derived(found: Statements, base: BaseValue, pointers: Sequence[str], combined: Sequence[str]) -> DerivedValue:
    """The derived proof's parts (3.5.4)."""
    mandatory, selected, shown = (found.selected(part) for part in (base.mandatory_pointers, pointers, combined))
    others = [place for place in range(len(found.lines)) if place not in mandatory]
    if len(others) != len(base.signatures):
        raise ProofInvalid("malformed_proof", member="proofValue")
    signed = zip(others, base.signatures, strict=True)
    canonical = canonicalize(found.quads_of(combined)).labels
    return DerivedValue(
        base_signature=base.base_signature,
        public_key=base.public_key,
        signatures=tuple(signature for place, signature in signed if place in selected),
        labels={_number(label): found.digests[node] for node, label in canonical.items()},
        mandatory_indexes=tuple(index for index, place in enumerate(sorted(shown)) if place in mandatory),
    )


def _split(covered: Covered, value: DerivedValue) -> tuple[list[str], list[str]]:
    """The mandatory statements of a disclosed document, and the others, in order (3.5.9)."""
    quads = to_quads(covered.document, covered.contexts)
    canonical = canonicalize(quads).labels
    if {_number(label) for label in canonical.values()} != value.labels.keys():
        raise ProofInvalid("malformed_proof", member="proofValue")
    names = labels({node: value.labels[_number(label)] for node, label in canonical.items()})
    lines = sorted(labelled(quads, names))
    places = frozenset(value.mandatory_indexes)
    if len(lines) > MAX_STATEMENTS:
        raise LimitExceeded("too_complex", limit=MAX_STATEMENTS, unit="statements")
    if any(place >= len(lines) for place in places):
        raise ProofInvalid("malformed_proof", member="proofValue")
    mandatory = [line for place, line in enumerate(lines) if place in places]
    return mandatory, [line for place, line in enumerate(lines) if place not in places]


def _parted(found: Statements, mandatory: frozenset[int]) -> tuple[list[str], list[str]]:
    placed = list(enumerate(found.lines))
    return [line for place, line in placed if place in mandatory], [
        line for place, line in placed if place not in mandatory
    ]


def _signed_data(covered: Covered, public_key: bytes, mandatory: list[str]) -> bytes:
    """What the base signature covers (3.5.1): the proof configuration, the proof's key, the mandatory statements."""
    configuration = configuration_hash(covered.document, covered.options, covered.contexts)
    return configuration + public_key + sha256("".join(mandatory).encode())


def _verify_each(key: PublicKey, signatures: Sequence[bytes], lines: Sequence[str]) -> None:
    for signature, line in zip(signatures, lines, strict=True):
        key.verify(signature, line.encode())


def _base_proof(document: Document, proof_id: str | None) -> dict[str, Any]:
    present = document.get("proof", [])
    proofs = present if isinstance(present, list) else [present]
    bases = [one for one in proofs if isinstance(one, dict) and is_base(one.get("proofValue"))]
    named = [one for one in bases if proof_id is None or one.get("id") == proof_id]
    if len(named) != 1:
        raise ProofInvalid("no_proof", "The credential carries not exactly one base proof to derive from.")
    _refuse_chain(named[0])
    return named[0]


def _refuse_chain(options: Document) -> None:
    """A proof that builds on others would disclose them in part; other proofs may build on this one."""
    if "previousProof" in options:
        raise ProofInvalid("malformed_proof", member="previousProof")


def _unsecured(document: Document) -> dict[str, Any]:
    return {name: member for name, member in document.items() if name != "proof"}


def _number(label: str) -> int:
    return int(label.removeprefix("c14n"))


def _bounded(found: Statements) -> Statements:
    if len(found.lines) > MAX_STATEMENTS:
        raise LimitExceeded("too_complex", limit=MAX_STATEMENTS, unit="statements")
    return found

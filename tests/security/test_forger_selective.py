"""A forger with a derived proof (ecdsa-sd-2023): what he cuts, swaps, adds and borrows; none of it is believed."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import cbor2
import pytest

from credentials import data_integrity, multibase
from credentials.keys import PrivateKey
from tests.credential_samples import DAY, LIST_URL, NOW, School, changed, check, material, outcome, revocable
from tests.credentials.selective_samples import parts_of, with_value, written

Document = dict[str, Any]

SCHOOL = School(algorithm="ES256")
STEWARD = School(name="key-2")
BADGE = SCHOOL.badge(outcome(valid_until=NOW + DAY), status_entries=[revocable()])
MANDATORY = ("/issuer", "/credentialStatus", "/validUntil")
NEEDED = ("/validFrom", "/credentialSubject")
KNOWN = material(SCHOOL, STEWARD, lists={LIST_URL: STEWARD.status_list()})


def base(badge: Document = BADGE, mandatory: tuple[str, ...] = MANDATORY, school: School = SCHOOL) -> Document:
    settings: Document = {"cryptosuite": "ecdsa-sd-2023", "verification_method": school.method, "created": NOW - DAY}
    return data_integrity.sign(badge, school.key, mandatory_pointers=mandatory, **settings)


BASE = base()
SHOWN = data_integrity.derive(BASE, NEEDED)
LESS = data_integrity.derive(BASE, ("/validFrom",))
ELSEWHERE = data_integrity.derive(base(), NEEDED)
PARTS = parts_of(SHOWN)
RICHER = copy.deepcopy(SHOWN)
RICHER["credentialSubject"]["creditsEarned"] = 45


def parts(change: Callable[[list[Any]], object], document: Document = SHOWN, header: str = "d95d01") -> Document:
    """The document with the parts of its proof value changed: base signature, key, signatures, labels, indexes."""
    made = copy.deepcopy(parts_of(document))
    change(made)
    return with_value(document, written(made, header))


def put(place: int, value: object) -> Callable[[list[Any]], object]:
    return lambda made: made.__setitem__(place, value)


def raw(data: bytes, header: str = "d95d01") -> Document:
    return with_value(SHOWN, "u" + multibase.base64url_encode(bytes.fromhex(header) + data))


def proof(**options: Any) -> Document:
    return {**SHOWN, "proof": [changed(SHOWN["proof"][0], **options)]}


def own_signatures() -> Document:
    """His own key for the statements, and his own signatures of them, beside the school's signature."""
    his = PrivateKey.generate("ES256")
    made = parts_of(data_integrity.derive(base(school=School(algorithm="ES256", seed=9)), NEEDED))
    own = [PARTS[0], b"\x80\x24" + his.public_key.material, made[2]]
    return parts(lambda found: found.__setitem__(slice(0, 3), own))


def swapped_labels() -> dict[int, bytes]:
    labels: dict[int, bytes] = dict(PARTS[3])
    first, second = sorted(labels)[:2]
    return {**labels, first: labels[second], second: labels[first]}


DATA = cbor2.dumps(PARTS)
LABELS: Mapping[int, bytes] = PARTS[3]
WITHOUT_END = {name: value for name, value in SHOWN.items() if name != "validUntil"}
MALFORMED, BAD = "malformed_proof", "bad_signature"

FORGERIES: dict[str, tuple[Document, str]] = {
    "a base proof as it is": (BASE, "base_proof"),
    "a base proof under the header of derived ones": (
        with_value(BASE, written(parts_of(BASE))), MALFORMED),
    "a derived proof under the header of base ones": (parts(lambda _: None, header="d95d00"), "base_proof"),
    "a header of no kind": (parts(lambda _: None, header="d95d02"), MALFORMED),
    "written in base58": (with_value(SHOWN, multibase.encode(bytes.fromhex("d95d01") + DATA)), MALFORMED),
    "written with padding": (with_value(SHOWN, written(PARTS) + "="), MALFORMED),
    "no proof value": (proof(proofValue=None), MALFORMED),
    "a list of proof values": (proof(proofValue=[written(PARTS)]), MALFORMED),
    "bytes behind the end": (raw(DATA + b"\x00"), MALFORMED),
    "a list without stated length": (raw(b"\x9f" + DATA[1:] + b"\xff"), MALFORMED),
    "a length in more bytes than needed": (raw(b"\x98\x05" + DATA[1:]), MALFORMED),
    "a tag inside": (raw(b"\xc6" + DATA), MALFORMED),
    "a length that nobody has memory for": (raw(b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"), MALFORMED),
    "a hundred thousand lists": (raw(b"\x81" * 100_000), MALFORMED),
    "cut short": (raw(DATA[:-1]), MALFORMED),
    "four parts": (parts(lambda made: made.pop()), MALFORMED),
    "six parts": (parts(lambda made: made.append([])), MALFORMED),
    "a mandatory member cut out": (WITHOUT_END, BAD),
    "a mandatory member and its place cut out": (
        {**WITHOUT_END, "proof": parts(put(4, PARTS[4][:-1]))["proof"]}, BAD),
    "a mandatory statement called chosen": (parts(put(4, PARTS[4][1:])), BAD),
    "a chosen statement called mandatory": (parts(put(4, sorted({*PARTS[4], *range(len(PARTS[4]) + 1)}))), BAD),
    "every statement called mandatory": (
        parts(lambda made: made.__setitem__(slice(2, 5), [[], made[3], list(range(200))])), MALFORMED),
    "a place twice": (parts(put(4, [*PARTS[4], PARTS[4][0]])), MALFORMED),
    "a place beyond the end": (parts(put(4, [*PARTS[4], 10_000])), MALFORMED),
    "a place before the start": (parts(put(4, [*PARTS[4], -1])), MALFORMED),
    "a place that is a fraction": (parts(put(4, [*PARTS[4], 0.5])), MALFORMED),
    "a place that is a truth": (parts(put(4, [True])), MALFORMED),
    "labels exchanged": (parts(put(3, swapped_labels())), BAD),
    "one label for two nodes": (parts(put(3, dict.fromkeys(LABELS, next(iter(LABELS.values()))))), MALFORMED),
    "a label missing": (parts(put(3, dict(list(LABELS.items())[1:]))), MALFORMED),
    "a label too many": (parts(put(3, {**LABELS, 99: b"x" * 32})), MALFORMED),
    "a label of another length": (parts(put(3, {**LABELS, 0: b"x" * 31})), MALFORMED),
    "a label that is text": (parts(put(3, {**LABELS, 0: "x" * 32})), MALFORMED),
    "names of labels that are texts": (
        parts(put(3, {f"c14n{number}": label for number, label in LABELS.items()})), MALFORMED),
    "a statement changed": (RICHER, BAD),
    "a statement added": ({**SHOWN, "name": "With honours"}, BAD),
    "a statement taken away without its signature": (changed(SHOWN, validFrom=None), "bad_signature"),
    "signatures in another order": (parts(put(2, PARTS[2][::-1])), BAD),
    "a signature too many": (parts(put(2, [*PARTS[2], PARTS[2][0]])), BAD),
    "a signature missing": (parts(put(2, PARTS[2][:-1])), BAD),
    "a signature of another length": (parts(put(2, [PARTS[2][0][:-1], *PARTS[2][1:]])), MALFORMED),
    "signatures of another proof of the same badge": (parts(put(2, parts_of(ELSEWHERE)[2])), BAD),
    "the key of another proof of the same badge": (parts(put(1, parts_of(ELSEWHERE)[1])), BAD),
    "the school's signature of another proof": (parts(put(0, parts_of(ELSEWHERE)[0])), BAD),
    "labels of another proof": (parts(put(3, dict(parts_of(ELSEWHERE)[3]))), BAD),
    "his own key and signatures": (own_signatures(), BAD),
    "a key on P-384": (parts(put(1, b"\x81\x24" + b"\x02" + b"\x11" * 48)), MALFORMED),
    "a key that is no point": (parts(put(1, b"\x80\x24" + b"\x02" + b"\xff" * 32)), BAD),
    "signed by his own key under the school's name": (
        data_integrity.derive(base(school=School(algorithm="ES256", seed=9)), NEEDED), BAD),
    "made at another time": (proof(created="2026-05-30T12:00:00Z"), BAD),
    "without a time": (proof(created=None), BAD),
    "made for another purpose": (proof(proofPurpose="authentication"), "proof_purpose_mismatch"),
    "given an end": (proof(expires="2030-01-01T00:00:00Z"), BAD),
    "given a domain": (proof(domain="bank.example"), BAD),
    "given a name": (proof(id="urn:proof:1"), BAD),
    "said to build on another": (proof(previousProof="urn:proof:0"), "proof_chain"),
    "called ecdsa-rdfc-2019": (proof(cryptosuite="ecdsa-rdfc-2019"), "too_long"),
    "called eddsa-rdfc-2022": (proof(cryptosuite="eddsa-rdfc-2022"), "alg_key_mismatch"),
    "called by a name in capitals": (proof(cryptosuite="ECDSA-SD-2023"), "unsupported_cryptosuite"),
    "the whole document under the proof of a part": ({**BASE, "proof": SHOWN["proof"]}, BAD),
    "a part under the proof of the whole": ({**LESS, "proof": SHOWN["proof"]}, MALFORMED),
    "the learner exchanged": (
        {**SHOWN, "credentialSubject": {**SHOWN["credentialSubject"], "id": "did:example:forger"}}, BAD),
    "a node of his own making": (
        {**SHOWN, "evidence": [{"id": "urn:bnid:b1", "type": ["Evidence"]}]}, BAD),
}  # fmt: skip


@pytest.mark.parametrize(("forged", "code"), FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_proof_claims_nothing(forged: Document, code: str) -> None:
    answer = check(forged, KNOWN)
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", code, None)


def test_the_honest_ones_hold() -> None:
    for honest in (SHOWN, ELSEWHERE, data_integrity.derive(BASE, ("",))):
        answer = check(honest, KNOWN)
        assert (answer.verdict, answer.code) == ("valid", None)


WITHHELD: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "the status": (("/issuer",), ("/validFrom", "/validUntil", "/credentialSubject")),
    "the end": (("/issuer", "/credentialStatus"), ("/validFrom", "/credentialSubject")),
    "both": (("/issuer",), ("/validFrom", "/credentialSubject")),
    "the learner": (MANDATORY, ("/validFrom",)),
    "the start": (MANDATORY, ("/credentialSubject",)),
    "what was achieved": (MANDATORY, ("/validFrom", "/credentialSubject/creditsEarned")),
    "all of the status that the holder likes": (
        ("/issuer",), ("/validFrom", "/validUntil", "/credentialSubject", "/credentialStatus")),
}  # fmt: skip


@pytest.mark.parametrize(("mandatory", "pointers"), WITHHELD.values(), ids=WITHHELD.keys())
def test_what_is_held_back_is_never_valid(mandatory: tuple[str, ...], pointers: tuple[str, ...]) -> None:
    answer = check(data_integrity.derive(base(mandatory=mandatory), pointers), KNOWN)
    assert (answer.verdict, answer.code) == ("indeterminate", "not_disclosed")

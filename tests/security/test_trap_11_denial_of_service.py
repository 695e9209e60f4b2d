"""Trap 11: what is cheap to send is cheap to refuse; limits come before parsers. Times are CPU time, loosely bound."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.keys import PublicKey
from creditbank.errors import BankError
from tests.security.attacks import (
    Document,
    assert_refused,
    careless_proof,
    careless_token,
    code_of_deposit,
    everything,
    put,
    verdict,
)
from tests.security.conftest import Target
from tests.security.forgeries import alignments, nested, tied

SUBJECT, ACHIEVEMENT = "credentialSubject", "credentialSubject.achievement"
SECONDS = 5
"""The bound on one attack, at the counter and at the public desk together; most take a hundredth of it."""
MANY_DIGITS = "9" * 50_000


@contextmanager
def cheap() -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < SECONDS


def deep_text(depth: int) -> Callable[[Document], str]:
    """JSON nested beyond what Python's own writer would write."""

    def write(document: Document) -> str:
        body = json.dumps(put(document, "name", "DEEP"))
        return body.replace('"DEEP"', '{"a":' * depth + "1" + "}" * depth)

    return write


TEXTS: dict[str, tuple[Callable[[Document], str | bytes], str]] = {
    "11 300 levels": (deep_text(300), "too_deep"),
    "11 33 levels": (deep_text(33), "too_deep"),
    "11 300,000 levels": (deep_text(150_000), "too_deep"),
    "11 arrays in arrays": (lambda d: "[" * 100_000, "too_deep"),
    "11 brackets in a text": (lambda d: '{"a":"' + "[" * 900_000, "malformed_json"),
    "11 backslashes": (lambda d: '{"a":"' + "\\" * 900_000, "malformed_json"),
    "11 over a megabyte": (lambda d: json.dumps(put(d, "name", "x" * 1_100_000)), "too_large"),
    "11 over two megabytes": (lambda d: b"\0" * 2_200_000, "too_large"),
    "11 a token too long": (lambda d: "eyJ" + "A" * 200_000, "too_large"),
    "11 a token of dots": (lambda d: "eyJ" + "." * 120_000, "malformed_jws"),
    "11 an exponent": (lambda d: json.dumps(d).replace('"creditsEarned": 3', '"creditsEarned": 1e2000000'),
                       "malformed_number"),
    "11 50,000 digits": (lambda d: json.dumps(d).replace('"creditsEarned": 3', f'"creditsEarned": {MANY_DIGITS}'),
                         "out_of_range"),
    "11 50,000 decimals": (lambda d: json.dumps(d).replace('"creditsEarned": 3', f'"creditsEarned": 3.{MANY_DIGITS}'),
                           "out_of_range"),
}  # fmt: skip


@pytest.mark.parametrize(("write", "code"), TEXTS.values(), ids=TEXTS.keys())
def test_trap_11_a_limit_stands_before_the_parser(target: Target, write: Any, code: str) -> None:
    data = write(target.signer.document())
    with cheap():
        assert_refused(target.world, data, code)


VALUES: dict[str, tuple[str, object, str]] = {
    "11 300 levels": (f"{ACHIEVEMENT}.criteria", nested(24), ""),
    "11 4,000 objects": (f"{ACHIEVEMENT}.alignment", [{"type": ["Alignment"]}] * 4000, "too_complex"),
    "11 a tree of objects": ("evidence", tied(3, 5), "too_complex"),
    "11 600 status entries": ("credentialStatus", [{"type": "X"}] * 600, "too_complex"),
    "11 an id of 60,000 characters": (f"{SUBJECT}.id", "urn:x:" + "y" * 60_000, "malformed_iri"),
    "11 an issuer's did:key of 50,000": ("issuer.id", "did:key:z" + "6" * 50_000, "malformed_iri"),
    "11 a language tag of 60,000": (f"{ACHIEVEMENT}.inLanguage", "a" * 60_000, "malformed_language_tag"),
    "11 a date of 60,000": ("validFrom", "2026-01-01T00:00:00." + "0" * 60_000 + "Z", "malformed_credential"),
    "11 a day that no calendar has": ("validFrom", "0001-01-01T00:00:00+14:00", "out_of_range"),
    "11 a day after all days": ("validUntil", "9999-12-31T23:59:59-14:00", "out_of_range"),
}


@pytest.mark.parametrize(("path", "value", "code"), VALUES.values(), ids=VALUES.keys())
def test_trap_11_a_genuine_signature_buys_no_time(target: Target, path: str, value: object, code: str) -> None:
    token = careless_token(target.signer, put(target.signer.document(), path, value))
    with cheap():
        if code:
            assert_refused(target.world, token, code)
        else:
            assert verdict(target.world, token.encode())[0] in ("valid", "invalid")


RESULTS = (
    "1e2000000",
    "1E400",
    "0x10",
    "٣",
    "9" * 60_000,
    "1/3",
    "NaN",
    "Infinity",
    "-1",
    "1_000",
    " 90",
    "90 ",
    "1e-9",
)


@pytest.mark.parametrize("text", RESULTS, ids=[f"11 {text[:12]}" for text in RESULTS])
def test_trap_11_a_result_is_a_plain_decimal(target: Target, text: str) -> None:
    """`Decimal` would take the first of these, and turning it into an integer would take more than a minute."""
    document = target.signer.document(score=Fraction(90), hours=Fraction(40))
    for number in range(len(document["credentialSubject"]["result"])):
        token = careless_token(target.signer, put(document, f"{SUBJECT}.result.{number}.value", text))
        with cheap():
            assert verdict(target.world, token.encode())[0] == "invalid"


def rdf_claim(target: Target, document: Document) -> str:
    """A proof over RDF whose signature is wrong: the bank must canonicalise before it can know."""
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod",
             "created": (target.world.now - timedelta(minutes=5)).isoformat(),
             "verificationMethod": target.signer.key_id, "proofValue": "z" + "3" * 87}  # fmt: skip
    return json.dumps({**document, "proof": [proof]})


GRAPHS: dict[str, tuple[str, object]] = {
    "11 seven tied nodes": (f"{ACHIEVEMENT}.alignment", alignments(7)),
    "11 forty tied nodes": (f"{ACHIEVEMENT}.alignment", alignments(40)),
    "11 four hundred tied nodes": (f"{ACHIEVEMENT}.alignment", alignments(400)),
    "11 trees of tied nodes": ("issuer.parentOrg", tied(7, 2)),
    "11 deep trees of tied nodes": ("issuer.parentOrg", tied(2, 7)),
    "11 a deep chain": (f"{ACHIEVEMENT}.criteria", nested(26)),
    "11 many tags": (f"{ACHIEVEMENT}.tag", [f"tag {number}" for number in range(8000)]),
}


@pytest.mark.parametrize(("path", "value"), GRAPHS.values(), ids=GRAPHS.keys())
def test_trap_11_a_poisonous_graph_is_given_up(target: Target, path: str, value: object) -> None:
    document = put(target.signer.document(), path, value)
    before = everything(target.world)
    with cheap():
        kind, code = verdict(target.world, rdf_claim(target, document).encode())
    assert kind == "invalid"
    assert code in ("bad_signature", "small_order_r", "too_complex", "data_loss_detected", "too_deep", "malformed_iri")
    assert everything(target.world) == before


@pytest.mark.parametrize("form", ["vc-jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_trap_11_nor_is_it_signed(target: Target, form: str) -> None:
    """An institution that would have a monster signed gets a refusal as fast."""
    monsters: tuple[dict[str, Any], ...] = (
        {"subject_id": "did:key:z" + "6" * 50_000},
        {"name": {f"x-{number:06}": "text" for number in range(2000)}},
        {"credits": Fraction(10**400)},
        {"credits": Fraction(1, 10**400)},
        {"hours": Fraction(10**400)},
        {"score": Fraction(1, 3)},
        {"name": {"en": "x" * 1_100_000}},
    )
    for facts in monsters:
        before = everything(target.world)
        with cheap(), pytest.raises((CredentialError, BankError)):
            target.world.issue(target.signer.caller, form, **facts)
        assert everything(target.world) == before, facts.keys()


def test_trap_11_fifty_thousand_characters_of_base58(target: Target) -> None:
    text = "z" + "6" * 50_000
    document = json.loads(careless_proof(target.signer, target.signer.document()))
    with cheap():
        assert_refused(target.world, json.dumps(put(document, "proof.0.proofValue", text)), "too_long")
        assert_refused(
            target.world, json.dumps(put(document, "proof.0.verificationMethod", f"did:key:{text}")), "too_long"
        )
        token = careless_token(target.signer, target.signer.document(), kid=f"did:key:{text}")
        assert_refused(target.world, token, "too_long")
        with pytest.raises(CredentialError, match="longer than"):
            PublicKey.from_multibase(text)


def test_trap_11_twenty_thousand_brackets_of_markdown_are_only_text(target: Target) -> None:
    """Nothing here renders Markdown, so it costs what any text costs."""
    token = careless_token(
        target.signer, put(target.signer.document(), f"{ACHIEVEMENT}.criteria.narrative", "[" * 20_000)
    )
    with cheap():
        assert verdict(target.world, token.encode()) == ("valid", None)


def test_trap_11_proofs_without_end_are_not_tried(target: Target) -> None:
    document = json.loads(careless_proof(target.signer, target.signer.document()))
    with cheap():
        assert_refused(target.world, json.dumps({**document, "proof": document["proof"] * 400}), "too_complex")


def unlike(length: int) -> str:
    """Text that does not compress: no two characters follow each other twice."""
    return "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(length))


LONG_KEYS: dict[str, tuple[str, object]] = {
    "11 an id": ("id", f"urn:x:{unlike(2000)}"),
    "11 a type of identifier": (f"{SUBJECT}.identifier", [{"type": "IdentityObject", "hashed": False,
                                "identityHash": "x", "identityType": unlike(5000)}]),
}  # fmt: skip


@pytest.mark.parametrize(("path", "value"), LONG_KEYS.values(), ids=LONG_KEYS.keys())
def test_trap_11_what_no_index_can_hold_is_refused_for_good(target: Target, path: str, value: object) -> None:
    """Not as if the database were down, for that would be tried again and again."""
    world, signer = target.world, target.signer
    token = careless_token(signer, put(signer.document(), path, value))
    before = everything(world)
    assert code_of_deposit(world, token.encode(), signer.caller) == "not_storable"
    assert everything(world) == before


def test_trap_11_what_strangers_name_does_not_fill_the_memory(target: Target) -> None:
    """What the registry said is remembered by what was asked for, and anybody may ask for anything."""
    memory = target.world.bank.office.memory
    for number in range(20):
        document = put(target.signer.document(), f"{ACHIEVEMENT}.id", f"urn:x:{number}:" + "y" * 50_000)
        verdict(target.world, json.dumps(document).encode())
    assert sum(len(repr(what)) for what in memory) < 4_000 * 1_100
    assert not [what for what in memory if len(repr(what)) > 1_100]

"""Traps 13 and 14: JSON that two readers read differently, and one credential in many byte strings."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from credentials.baking import bake_png, bake_svg
from credentials.curves import NIST_CURVES
from credentials.data_integrity import sign
from credentials.multibase import base64url_decode, base64url_encode
from creditbank.intake import Posted
from tests.bank_world import World
from tests.credential_samples import png, svg
from tests.security.attacks import assert_refused, careless_proof, differences, everything, own_signer
from tests.security.conftest import Target
from tests.security.forgeries import raw_token, twin

Spelling = Callable[[str], str | bytes]
AMOUNT = '"creditsEarned":3'


def with_amount(text: str) -> Spelling:
    return lambda body: body.replace(AMOUNT, text, 1)


SPELLINGS: dict[str, tuple[Spelling, str]] = {
    "13 a member twice": (with_amount(f'{AMOUNT},"creditsEarned":3000'), "duplicate_json_key"),
    "13 twice by an escape": (with_amount(f'{AMOUNT},"\\u0063reditsEarned":3000'), "duplicate_json_key"),
    "13 twice with one value": (with_amount(f"{AMOUNT},{AMOUNT}"), "duplicate_json_key"),
    "13 NaN": (with_amount('"creditsEarned":NaN'), "malformed_number"),
    "13 Infinity": (with_amount('"creditsEarned":Infinity'), "malformed_number"),
    "13 -Infinity": (with_amount('"creditsEarned":-Infinity'), "malformed_number"),
    "13 1e400": (with_amount('"creditsEarned":1e400'), "malformed_number"),
    "13 -1e400": (with_amount('"creditsEarned":-1e400'), "malformed_number"),
    "13 1e-400": (with_amount('"creditsEarned":1e-400'), "out_of_range"),
    "13 2^53": (with_amount('"creditsEarned":9007199254740992'), "out_of_range"),
    "13 2^64": (with_amount('"creditsEarned":18446744073709551616'), "out_of_range"),
    "13 5,000 digits": (with_amount(f'"creditsEarned":{"9" * 5000}'), "out_of_range"),
    "13 minus five": (with_amount('"creditsEarned":-5'), "credits_out_of_range"),
    "13 nothing": (with_amount('"creditsEarned":0'), "credits_out_of_range"),
    "13 minus zero": (with_amount('"creditsEarned":-0.0'), "credits_out_of_range"),
    "13 100,001": (with_amount('"creditsEarned":100001'), "credits_out_of_range"),
    "13 four decimals": (with_amount('"creditsEarned":0.0005'), "credits_out_of_range"),
    "13 a number as text": (with_amount('"creditsEarned":"3"'), "malformed_credential"),
    "13 true": (with_amount('"creditsEarned":true'), "malformed_credential"),
    "13 two amounts": (with_amount('"creditsEarned":[3,3000]'), "cardinality"),
    "13 a lone surrogate": (with_amount(f'{AMOUNT},"narrative":"\\ud800"'), "malformed_json"),
    "13 a NUL": (with_amount(f'{AMOUNT},"narrative":"\\u0000"'), "malformed_json"),
    "13 a leading zero": (with_amount('"creditsEarned":03'), "malformed_json"),
    "13 a comment": (with_amount(f"{AMOUNT}/* */"), "malformed_json"),
    "13 a byte order mark": (lambda body: "\ufeff" + body, "malformed_json"),
    "13 UTF-16": (lambda body: body.encode("utf-16"), "malformed_json"),
    "13 more after the end": (lambda body: body + "{}", "malformed_json"),
}


@pytest.mark.parametrize(("spell", "code"), SPELLINGS.values(), ids=SPELLINGS.keys())
def test_trap_13_json_is_read_once_and_strictly(target: Target, spell: Spelling, code: str) -> None:
    body = json.dumps(json.loads(careless_proof(target.signer, target.signer.document())), separators=(",", ":"))
    assert AMOUNT in body
    assert_refused(target.world, spell(body), code)


@pytest.mark.parametrize(
    ("spell", "code"), list(SPELLINGS.values())[:24], ids=[f"{name}, signed" for name in list(SPELLINGS)[:24]]
)
def test_trap_13_also_inside_a_token_with_a_genuine_signature(target: Target, spell: Spelling, code: str) -> None:
    body = json.dumps(target.signer.document(), separators=(",", ":"))
    header = json.dumps({"alg": "EdDSA", "typ": "JWT", "kid": target.signer.key_id})
    assert_refused(target.world, raw_token(target.signer, header, spell(body)), code)


@pytest.mark.parametrize(
    "header",
    ['{"alg":"none","alg":"EdDSA","kid":"%s"}', '{"alg":"EdDSA","kid":"x","\\u006bid":"%s"}'],
    ids=["13", "13"],
)
def test_trap_13_a_header_that_says_two_things(target: Target, header: str) -> None:
    body = json.dumps(target.signer.document())
    token = raw_token(target.signer, header.replace("%s", target.signer.key_id), body)
    assert_refused(target.world, token, "duplicate_json_key")


def test_trap_14_the_same_credential_in_other_bytes_is_the_same_deposit(world: World) -> None:
    """As it was signed, with the twin signature, in an image, in a drawing, redrawn, and with a line feed."""
    signer = own_signer(world, "seoul", "ES256")
    token = signer.sign(signer.document())
    first = world.bank.deposit(signer.post(token))
    before = everything(world)
    forms = {
        twin(token).encode(), f"{token}\n".encode(),
        bake_png(png(), token), bake_png(png(width=9), twin(token)), bake_svg(svg(), token),
    }  # fmt: skip
    assert len(forms) == 5
    for data in forms:
        again = world.bank.deposit(Posted(data, None, signer.caller))
        assert (again.deposit_id, again.repeated) == (first.deposit_id, True)
    assert everything(world) == before
    assert differences(before, everything(world)) == {}


def test_trap_14_token_and_proof_of_one_document_are_one_deposit(world: World) -> None:
    signer = own_signer(world, "seoul")
    document = signer.document()
    posts = [signer.sign(document)]
    for suite in ("eddsa-jcs-2022", "eddsa-rdfc-2022"):
        signed = sign(document, signer.key, cryptosuite=suite, verification_method=signer.key_id, created=world.now)
        posts += [
            json.dumps(signed),
            json.dumps(signed, indent=4, sort_keys=True),
            json.dumps(signed, ensure_ascii=True),
        ]
    outcomes = [world.bank.deposit(Posted(text.encode(), None, signer.caller)) for text in posts]
    assert len({outcome.deposit_id for outcome in outcomes}) == 1
    assert [outcome.repeated for outcome in outcomes] == [False, *[True] * (len(posts) - 1)]
    assert world.counts()["entries"] == 1


def test_trap_14_all_of_them_at_once_are_still_one_posting(world: World) -> None:
    signer = own_signer(world, "seoul", "ES256")
    token = signer.sign(signer.document())
    forms = [token.encode(), twin(token).encode(), bake_png(png(), token), bake_svg(svg(), twin(token))]
    items = [world.bank.prepare(Posted(data, None, signer.caller)) for data in forms]
    results: list[Any] = world.bank.deposit_many(items)
    assert len({result.deposit_id for result in results}) == 1
    assert world.counts() | {"leaves": 0} == {"entries": 1, "postings": 2, "leaves": 0}


def last_bits(segment: str) -> str:
    """The same octets for a lenient decoder: the unused bits of the last character are set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1]


MALFORMED: dict[str, Callable[[str], str]] = {
    "14 padding on the signature": lambda token: token + "==",
    "14 padding on the header": lambda token: token.replace(".", "=.", 1),
    "14 trailing bits": lambda token: f"{token.rpartition('.')[0]}.{last_bits(token.rpartition('.')[2])}",
    "14 a line feed inside": lambda token: token[:50] + "\n" + token[50:],
    "14 spaces behind": lambda token: token + "  ",
    "14 two line feeds behind": lambda token: token + "\n\n",
    "14 a fourth part": lambda token: token + ".e30",
    "14 the other alphabet": lambda token: token.rpartition(".")[0] + "." + token.rpartition(".")[2][:-2] + "+/",
    "14 no signature": lambda token: token.rpartition(".")[0] + ".",
}


@pytest.mark.parametrize("respell", MALFORMED.values(), ids=MALFORMED.keys())
def test_trap_14_a_token_has_one_spelling(target: Target, respell: Callable[[str], str]) -> None:
    token = target.signer.sign(target.signer.document())
    assert base64.urlsafe_b64decode(last_bits(token.rpartition(".")[2]) + "==") == base64url_decode(
        token.rpartition(".")[2]
    )
    assert_refused(target.world, respell(token), "malformed_jws")


@pytest.mark.parametrize(
    "garble",
    [
        lambda raw: raw[:32] + bytes(32),
        lambda raw: bytes(64),
        lambda raw: raw + b"\0",
        lambda raw: raw[:63],
        lambda raw: raw[:32] + NIST_CURVES["ES256"].order.to_bytes(32),
        lambda raw: b"\x30\x44\x02\x20" + raw[:32] + b"\x02\x20" + raw[32:],
    ],
    ids=["14 s=0", "14 r=s=0", "14 a byte more", "14 a byte less", "14 s=n", "14 DER"],
)
def test_trap_14_a_signature_has_one_form(target: Target, garble: Callable[[bytes], bytes]) -> None:
    head, body, signature = target.nist_signer.sign(target.nist_signer.document()).split(".")
    token = f"{head}.{body}.{base64url_encode(garble(base64url_decode(signature)))}"
    assert_refused(target.world, token, "bad_signature")

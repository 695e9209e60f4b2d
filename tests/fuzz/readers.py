"""Every door that takes bytes from outside, and what may come of wrong ones: an answer or a refusal by name.

Beyond that, what is wrong is never valid for more than it said when it was right, and nothing takes long.
"""

import json
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from credentials import presentation
from credentials.canonical import jcs
from credentials.checks import Verification
from credentials.claims import SecuredClaims, without_proof
from credentials.credential import Credential
from credentials.errors import CredentialError
from credentials.open_badges_2 import wanted_documents
from credentials.read import read
from credentials.report import report
from credentials.verify import VerificationMaterial, verify
from creditbank.errors import Refused
from creditbank.offline.judging import Judge
from creditbank.trust_bundle import read_bundle
from creditbank.verification_receipt import read_receipt
from tests.credential_samples import LIST_URL, NOW, OTHER, SCHOOL, material
from tests.credentials.test_endorsements import BODY
from tests.fuzz.inputs import P256, WEB, Input, inputs
from tests.offline.offline_world import BANK, PIN, with_list
from tests.sd_jwt_samples import CHALLENGE, VERIFIER

SECONDS = 3.0  # of processor time for one input, thousands of times what an honest one takes
LATER = NOW + timedelta(hours=1)
CLAIMED = ("achievement", "credits_earned", "results", "score", "attendance", "hours", "grade", "activity_start",
           "activity_end", "identifiers", "subject_id")  # fmt: skip
Gained = list[Any]


@cache
def known() -> VerificationMaterial:
    return VerificationMaterial(
        material(SCHOOL, OTHER, BODY).keys, {LIST_URL: SCHOOL.status_list(1)}, documents=WEB.documents
    )


@cache
def p256_known() -> VerificationMaterial:
    return material(P256, OTHER)


@cache
def judge() -> Judge:
    return Judge(read_bundle(with_list(), PIN), LATER)


def plain(value: Any) -> Any:
    """A document as a reader of RDF has to take it: one value is a list of one, and lists have no order."""
    if isinstance(value, Mapping):
        return {name: plain(item if isinstance(item, list) else [item]) for name, item in value.items()}
    if isinstance(value, list):
        return sorted((plain(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def credential_door(data: bytes) -> Gained:
    """What is believed of a credential, having read, gathered for, verified, reported and judged it."""
    judge().report(data)
    credential = read(data)
    wanted_documents(credential, WEB.documents)
    if credential.verification_methods and credential.jws is None and '"ecdsa-' in json.dumps(credential.proofs):
        return _said(credential, verify(credential, p256_known(), NOW))
    return _said(credential, verify(credential, known(), NOW))


def presentation_door(data: bytes) -> Gained:
    """What is believed of a presentation's credentials, unless it is refused as a whole."""
    shown = presentation.read(data)
    found = presentation.verify(shown, known(), NOW, challenge=CHALLENGE, domain=VERIFIER)
    report(found, NOW)
    pairs = zip(shown.contents, found.parts, strict=False)
    said = [one for read_, part in pairs if isinstance(read_, Credential) for one in _said(read_, part.verification)]
    return [] if found.verdict == "invalid" else said


def bundle_door(data: bytes) -> Gained:
    """What is believed of a trust bundle."""
    return [read_bundle(data, PIN).contents.model_dump(mode="json")]


def receipt_door(data: bytes) -> Gained:
    """What is believed of a receipt."""
    return [read_receipt(data.decode("utf-8", "replace"), BANK.public_key).model_dump(mode="json")]


DOORS = {
    "credential": credential_door,
    "presentation": presentation_door,
    "bundle": bundle_door,
    "receipt": receipt_door,
}


def _said(credential: Credential, found: Verification) -> Gained:
    """The document whose signature held."""
    assert found.verdict in ("valid", "invalid", "indeterminate")
    report(found, NOW, "ko").to_json()
    if found.claims is not None:
        _look_at(found.claims)
        return [found.claims.document]
    return [without_proof(credential.document)] if found.verdict == "valid" else []


def _look_at(claims: SecuredClaims) -> None:
    for name in CLAIMED:
        try:
            getattr(claims, name)
        except CredentialError as refused:
            assert refused.code


def is_part(part: Any, whole: Any) -> bool:
    """Whether a reader of the part learns nothing that the whole does not say."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and is_part(part[name], whole[name]) for name in part)
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(is_part(one, other) for other in whole) for one in part)
    return bool(jcs(part) == jcs(whole))


@cache
def honest(one: Input) -> Gained:
    """What the valid input says."""
    return DOORS[one.door](one.data)


def complaint(one: Input, data: bytes, *, signed: bool) -> str | None:
    """What is wrong with how these bytes were taken; None where nothing is."""
    began = time.process_time()
    try:
        gained = DOORS[one.door](data)
    except (CredentialError, Refused) as refused:
        assert refused.code
        gained = []
    except Exception:
        return traceback.format_exc(limit=-4)
    took = time.process_time() - began
    if took > SECONDS:
        return f"took {took:.1f} seconds"
    believed = plain(honest(one))
    if signed or all(any(is_part(plain(said), other) for other in believed) for said in gained):
        return None
    return f"believed what was never signed: {json.dumps(gained)[:300]}"


@cache
def all_inputs() -> tuple[Input, ...]:
    return tuple(inputs())


def failures(seeds: range) -> tuple[Counter[str], list[str]]:
    """How many inputs of each kind were tried, and which were taken wrongly; with the bytes, in hexadecimal."""
    counted, found = Counter[str](), list[str]()
    for seed in seeds:
        random = Random(seed)
        one = random.choice(all_inputs())
        signed = bool(one.signed_wrongs) and random.random() < 0.5
        data = random.choice(one.signed_wrongs if signed else one.wrongs)(random)
        counted[f"{one.name}{', signed' if signed else ''}"] += 1
        wrong = complaint(one, data, signed=signed)
        if wrong is not None:
            found.append(f"input {seed} ({one.name}, {'signed, ' if signed else ''}{len(data)} bytes): {wrong}")
    return counted, found

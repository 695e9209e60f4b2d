"""What the tests of the traps share: a bank that watches its rows and its network, and hands that sign anything."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials import multibase
from credentials.canonical import jcs, sha256
from credentials.errors import CredentialError
from credentials.jws import sign_compact
from credentials.keys import Algorithm, PrivateKey
from creditbank.caller import Caller
from creditbank.errors import BankError
from creditbank.intake import Posted
from creditbank.store.rows import METADATA
from creditbank.store.transaction import run
from issuers.fetch import Fetcher
from tests.bank_world import ANNA, OwnSigner, World, open_world, refuse_network

Document = dict[str, Any]


class Everywhere:
    """An allow-list that allows every host, so that only the bank's own care keeps it from asking."""

    def __contains__(self, host: object) -> bool:
        return True


@contextmanager
def watched_world(database_url: str, folder: Path) -> Iterator[World]:
    """A bank that may fetch from any host, and a network on which the first question fails the test."""
    with open_world(database_url, folder) as world:
        give_network(world, Fetcher(Everywhere(), clock=lambda: world.now, resolver=refuse_network))
        yield world


def give_network(world: World, fetcher: Fetcher) -> None:
    world.bank._sources = replace(world.bank._sources, fetcher=fetcher)


@contextmanager
def network_given_back(world: World) -> Iterator[None]:
    """Whatever network the bank is given inside, afterwards it has the one it had."""
    before = world.bank._sources
    yield
    world.bank._sources = before


def everything(world: World) -> dict[str, int]:
    """How many rows stand in each table, and the size of the log by its head."""
    tables = sorted(METADATA.tables)
    parts = " UNION ALL ".join(f"SELECT '{table}' AS name, count(*) AS number FROM {table}" for table in tables)
    query = f"{parts} UNION ALL SELECT 'head', size FROM bank.head"
    return {row.name: row.number for row in world.bank.run(lambda tx: run(tx, query))}


def differences(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """By how much each table grew; tables that stayed as they were are left out."""
    return {name.removeprefix("bank."): after[name] - before[name] for name in after if after[name] != before[name]}


def code_of_deposit(world: World, data: bytes, caller: Caller, media_type: str | None = None) -> str:
    """The code that refuses the deposit; the test fails where it is not refused."""
    with pytest.raises((CredentialError, BankError)) as refusal:
        world.bank.deposit(Posted(data, media_type, caller))
    code: str = refusal.value.code
    return code


def verdict(world: World, data: bytes, media_type: str | None = None) -> tuple[str, str | None]:
    """What anybody is told who asks about these bytes."""
    try:
        answer = world.bank.verify(data, media_type).verification
    except CredentialError as error:
        return "invalid", error.code
    return answer.verdict, answer.code


def assert_refused(world: World, data: bytes | str, code: str, caller: Caller = ANNA) -> None:
    """Refused at the counter and at the public desk with one code; every table of the bank is as it was."""
    octets = data.encode() if isinstance(data, str) else data
    before = everything(world)
    assert code_of_deposit(world, octets, caller) == code
    assert verdict(world, octets) == ("invalid", code)
    assert everything(world) == before


def own_signer(world: World, issuer_id: str, algorithm: Algorithm = "EdDSA", unit: str = "ects") -> OwnSigner:
    """An accredited institution that signs outside the bank (and has a hosted key besides)."""
    school = world.school(issuer_id, "higher", (unit,), country="FI")
    key = PrivateKey.generate(algorithm)
    row = world.administration.register_key(ANNA, issuer_id, key.public_key, world.now - timedelta(days=400))
    return OwnSigner(world, school, key, row.key_id)


def careless_token(signer: OwnSigner, document: Document, **header: Any) -> str:
    """A token signed with the institution's real key by software that looks at nothing."""
    return sign_compact(document, signer.key, {"typ": "JWT", "kid": signer.key_id, **header})


def careless_proof(signer: OwnSigner, document: Document, **options: Any) -> str:
    """The same as a Data Integrity proof over canonical JSON."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": (signer.world.now - timedelta(minutes=5)).isoformat(),
        "verificationMethod": signer.key_id,
        "proofPurpose": "assertionMethod",
        "@context": document.get("@context"),
        **options,
    }
    value = multibase.encode(signer.key.sign(sha256(jcs(proof)) + sha256(jcs(document))))
    return json.dumps({**document, "proof": [{**proof, "proofValue": value}]})


def put(document: Document, path: str, value: object) -> Document:
    """A copy of the document with the member at a path of names and numbers set."""
    copy: Document = json.loads(json.dumps(document))
    *way, last = path.split(".")
    target: Any = copy
    for name in way:
        target = target[int(name)] if name.isdigit() else target[name]
    target[int(last) if last.isdigit() else last] = value
    return copy

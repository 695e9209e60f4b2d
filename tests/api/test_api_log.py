"""What anybody may fetch: checkpoint, tiles, status lists, DID documents; and conditional answers (A14)."""

from datetime import timedelta

from credentials.read import read
from credentials.status_list import bit, decode
from creditbank.log.checkpoint import TrustedLog, open_checkpoint
from creditbank.log.note import VerifierKey
from creditbank.log.tile import decode_entries, decode_hashes
from creditbank.log.tree import Frontier
from issuers.did import parse_did_document
from tests.api.http_world import Http, outcome, refused


def test_the_log_can_be_recomputed_from_its_tiles(http: Http) -> None:
    school = http.school()
    for _ in range(3):
        school.made("/v1/credentials", outcome())
    vkey = VerifierKey.parse(http.client.get("/v1/log/key").text.strip())
    texts = {http.client.get(path).content for path in ("/checkpoint", "/log/checkpoint", "/v1/log/checkpoint")}
    assert len(texts) == 1
    head = open_checkpoint(texts.pop(), TrustedLog(vkey)).checkpoint
    hashes = decode_hashes(http.client.get(f"/log/tile/0/000.p/{head.size}").content, head.size)
    frontier, _ = Frontier().append(iter(hashes))
    assert frontier.root() == head.root
    entries = http.client.get(f"/log/tile/entries/000.p/{head.size}")
    assert len(decode_entries(entries.content, head.size)) == head.size
    assert "immutable" in entries.headers["cache-control"]
    refused(http.client.get(f"/log/tile/0/000.p/{head.size + 1}"), 404, "tile_not_found")
    refused(http.client.get("/log/tile/0/000"), 404, "tile_not_found")
    for path in ("/log/tile/x/000", "/log/tile/0/0", "/log/tile/0/000.p/257", "/log/tile/../../etc/passwd"):
        assert http.client.get(path).status_code == 404


def test_a_receipt_of_what_is_about_nobody_needs_no_token(http: Http) -> None:
    school = http.school()
    deposit = school.made("/v1/credentials", outcome())["deposit"]["deposit_id"]
    public = http.client.get("/v1/receipts/issuer:hanbit")
    assert public.json()["entry"].startswith('{"change":"registered"')
    plain = http.client.get("/v1/receipts/issuer:hanbit", headers={"Accept": "text/plain"})
    assert plain.text.startswith("c2sp.org/tlog-proof@v1\n")
    refused(http.client.get(f"/v1/receipts/{deposit}"), 401, "token_missing")
    refused(http.client.get("/v1/receipts/issuer:nobody"), 404, "receipt_not_found")


def test_a_status_list_says_what_was_revoked_and_may_be_kept_for_a_while(http: Http) -> None:
    school = http.school()
    issued = school.made("/v1/credentials", outcome(format="eddsa-jcs-2022"))
    entry = read(issued["credential"].encode()).document["credentialStatus"]
    assert entry["statusPurpose"] == "revocation"
    path = entry["statusListCredential"].removeprefix("https://bank.example")

    def revoked() -> bool:
        subject = http.client.get(path).json()["credentialSubject"]
        return bit(decode(subject["encodedList"]), int(entry["statusListIndex"]))

    assert not revoked()
    first = http.client.get(path)
    assert first.headers["cache-control"] == "public, max-age=60"
    again = http.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    school.made(f"/v1/credentials/{issued['credential_id']}/revocation", {"reason": "In error."})
    assert revoked()
    changed = http.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    refused(http.client.get("/status/0000"), 404, "status_list_not_found")
    refused(
        school.post(f"/v1/credentials/{issued['credential_id']}/revocation", {"reason": "x"}), 409, "status_unchanged"
    )


def test_a_suspension_is_lifted_and_a_revocation_is_not(http: Http) -> None:
    school = http.school()
    issued = school.made("/v1/credentials", outcome(suspendable=True))
    base = f"/v1/credentials/{issued['credential_id']}"
    assert school.made(f"{base}/suspension", {"reason": "Under review."})["state"] == "suspended"
    verdict = http.client.post("/v1/verify", json={"credential": issued["credential"]}).json()
    assert (verdict["verdict"], verdict["code"]) == ("invalid", "suspended")
    assert school.made(f"{base}/reinstatement", {"reason": "Nothing found."})["state"] == "credited"
    refused(school.post(f"{base}/reinstatement", {"reason": "Again."}), 409, "status_unchanged")
    assert http.world.bank.audit().clean


def test_hosted_institutions_have_documents_where_did_web_looks_for_them(http: Http) -> None:
    school = http.school()
    key = school.seen("/v1/issuers/hanbit/keys")["items"][0]
    answer = http.client.get("/issuers/hanbit/did.json")
    assert answer.headers["content-type"] == "application/did+json"
    found = parse_did_document(answer.content, "did:web:bank.example:issuers:hanbit")
    assert [one.verification_method for one in found] == [key["id"]]
    assert http.client.get("/issuers/hanbit/jwks.json").json()["keys"][0]["kid"] == key["id"]
    assert http.client.get("/v1/issuers/hanbit/did.json").content == answer.content
    refused(http.client.get("/issuers/nobody/did.json"), 404, "issuer_not_found")


def test_a_foreign_did_is_not_served_from_here(http: Http) -> None:
    desk = http.administrator()
    issuer = {"id": "own", "did": "did:web:own.example", "kind": "higher", "name": {"en": "Own"}, "country": "FI"}
    desk.made("/v1/issuers", issuer)
    refused(http.client.get("/issuers/own/did.json"), 404, "issuer_not_found")
    thief = {**issuer, "id": "thief", "did": "did:web:bank.example:issuers:hanbit"}
    refused(desk.post("/v1/issuers", thief), 422, "did_of_another")
    for did in ("did:web:good%40evil.example", "did:web:127.0.0.1:..:x", "did:example:1", "did:key:z6Mk "):
        assert desk.post("/v1/issuers", {**issuer, "id": "evil", "did": did}).status_code == 422


def test_keys_rotate_retire_and_fall(http: Http) -> None:
    """Old credentials stay valid after rotation, and stop being so when a key is declared compromised from a date."""
    school = http.school()
    old = school.seen("/v1/issuers/hanbit/keys")["items"][0]["id"]
    before = school.made("/v1/credentials", outcome())
    http.world.now += timedelta(minutes=1)
    new = school.made("/v1/issuers/hanbit/keys", {"algorithm": "EdDSA", "replaces": old})["id"]
    http.world.now += timedelta(minutes=1)
    after = school.made("/v1/credentials", outcome())

    def verdict(issued: dict[str, str]) -> tuple[str, str | None]:
        answer = http.client.post("/v1/verify", json={"credential": issued["credential"]}).json()
        return answer["verdict"], answer["code"]

    assert verdict(before) == ("valid", None)
    since = (http.now - timedelta(days=1)).isoformat()
    fallen = school.made("/v1/issuers/hanbit/keys/compromise", {"key": old, "since": since})
    assert fallen["taken_back"] == [before["deposit"]["deposit_id"]]
    assert verdict(before)[0] != "valid"
    assert verdict(after) == ("valid", None)
    assert school.seen(f"/v1/deposits/{before['deposit']['deposit_id']}")["state"] == "reversed"
    refused(school.post("/v1/issuers/hanbit/keys/retirement", {"key": old}), 409, "key_compromised")
    assert school.made("/v1/issuers/hanbit/keys/retirement", {"key": new})["retired_at"]
    refused(school.post("/v1/issuers/hanbit/keys/retirement", {"key": "did:web:x#y"}), 404, "key_not_found")
    refused(school.post("/v1/credentials", outcome()), 409, "no_active_key")
    assert http.world.bank.audit().clean


def test_reads_of_single_resources_are_conditional(http: Http) -> None:
    school = http.school()
    deposit = school.made("/v1/credentials", outcome())["deposit"]["deposit_id"]
    first = school.get(f"/v1/deposits/{deposit}")
    again = school.get(f"/v1/deposits/{deposit}", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-store")


def test_the_bank_tells_how_to_get_a_token(http: Http) -> None:
    found = http.client.get("/.well-known/oauth-authorization-server").json()
    assert found["token_endpoint"] == "https://bank.example/oauth/token"
    keys = http.client.get("/.well-known/jwks.json").json()["keys"]
    assert all("d" not in key and key["use"] == "sig" for key in keys)


def test_health(http: Http) -> None:
    assert http.client.get("/health/live").json()["status"] == "live"
    http.school()
    assert http.client.get("/health/ready").json()["log_size"] > 0

"""The whole story through HTTP: accredit, key, issue, deposit, statement, recognise, revoke."""

import base64

from credentials.jose import read_compact, verify_compact
from credentials.keys import PublicKey
from creditbank.log.checkpoint import TrustedLog
from creditbank.log.note import VerifierKey
from creditbank.log.receipt import Receipt
from recognition_rules.packs import builtin
from tests.api.http_world import Http, outcome, refused

ISSUER = {"id": "hanbit", "kind": "vocational", "name": {"ko": "한빛대학", "en": "Hanbit College"}, "country": "KR"}
ACCREDITATION = {"authority": "NILE", "units": ["kr-credit"], "valid_from": "2015-01-01"}


def test_an_institution_is_accredited_by_two_and_issues_what_a_learner_then_uses(http: Http) -> None:
    anna, boris = http.administrator("anna-desk"), http.administrator("boris-desk")
    issuer = anna.made("/v1/issuers", ISSUER)
    assert issuer["did"] == "did:web:bank.example:issuers:hanbit"
    proposed = anna.made("/v1/issuers/hanbit/accreditations", ACCREDITATION)
    refused(anna.post(f"/v1/accreditations/{proposed['id']}/approval"), 409, "second_person_needed")
    assert boris.made(f"/v1/accreditations/{proposed['id']}/approval")["approved_by"] == "boris-desk"

    school = http.speaker(http.register("hanbit-sis", "issuer", issuer="hanbit"))
    key = school.made("/v1/issuers/hanbit/keys", {"algorithm": "EdDSA"})
    assert key["custody"] == "hosted"
    issued = school.made("/v1/credentials", outcome())
    deposit = issued["deposit"]
    assert (deposit["state"], deposit["reason"], issued["media_type"]) == ("credited", "verified", "application/vc+jwt")

    wallet = http.learner(deposit["learner"])
    accounts = wallet.seen(f"/v1/learners/{deposit['learner']}/accounts")
    assert accounts["held"] == [{"account": "learner", "unit": "kr-credit", "amount": "3"}]
    assert wallet.get(f"/v1/credentials/{issued['credential_id']}").text == issued["credential"]
    statement = wallet.seen(f"/v1/learners/{deposit['learner']}/statement?on=2026-06-19")
    assert statement["movements"] == []

    anna.send("/v1/rule-packs", builtin("kr-acbs").encode(), "text/plain; charset=utf-8")
    pack = anna.seen("/v1/rule-packs")["items"][0]
    boris.made(f"/v1/rule-packs/{pack['id']}/{pack['version']}/approval")
    asked = {"learner": deposit["learner"], "pack_id": pack["id"], "programme": "bachelor"}
    first = wallet.made("/v1/recognitions", asked)
    assert first["result"]["totals"]["counted"] == "3", first["result"]["decisions"]
    assert wallet.seen(f"/v1/learners/{deposit['learner']}/accounts")["held"][0]["amount"] == "0"

    revoked = school.made(f"/v1/credentials/{issued['credential_id']}/revocation", {"reason": "Issued in error."})
    assert revoked["state"] == "revoked"
    replaced = wallet.seen(f"/v1/recognitions/{first['id']}")
    second = wallet.seen(f"/v1/recognitions/{replaced['replaced_by']}")
    assert second["result"]["totals"]["counted"] == "0"
    history = wallet.seen(f"/v1/learners/{deposit['learner']}/history")["items"]
    assert [event["state"] for event in history] == ["credited", "revoked"]
    verdict = http.client.post("/v1/verify", json={"credential": issued["credential"]}).json()
    assert (verdict["verdict"], verdict["code"], verdict["record"]["state"]) == ("invalid", "revoked", "revoked")
    assert http.world.bank.audit().clean


def test_a_receipt_checks_offline_with_the_key_alone(http: Http) -> None:
    school = http.school()
    deposit = school.made("/v1/credentials", outcome())["deposit"]
    log = TrustedLog(VerifierKey.parse(http.client.get("/v1/log/key").text.strip()))
    Receipt.parse(deposit["receipt"].encode()).check(deposit["entry"].encode(), log)
    again = school.seen(f"/v1/receipts/{deposit['deposit_id']}")
    Receipt.parse(again["receipt"].encode()).check(again["entry"].encode(), log)


def test_a_quote_is_signed_by_the_bank_and_books_nothing(http: Http) -> None:
    http.world.publish_pack()
    before = http.world.counts()
    school = http.school()
    award = {
        "id": "plan-1", "issuer": "hanbit", "amount": {"amount": "3", "unit": "kr-credit"}, "title": {"ko": "통계학"},
        "source": "accredited-course", "class": "major-elective", "score": "80", "attendance": "0.9",
        "ended_on": "2026-06-20", "issuer_accredited": True,
    }  # fmt: skip
    asked = {"pack_id": "kr-acbs", "programme": "bachelor", "awards": [award]}
    quote = school.made("/v1/quotes", asked)
    assert quote["recognition"]["totals"]["counted"] == "3", quote["recognition"]["decisions"]
    keys = {key["kid"]: key for key in http.client.get("/.well-known/jwks.json").json()["keys"]}
    token = read_compact(quote["token"])
    assert token.header["typ"] == "quote+jwt"
    public = {name: keys[token.header["kid"]][name] for name in ("kty", "crv", "x")}
    verify_compact(token, PublicKey.from_jwk(public))
    assert token.payload["recognition"]["id"] == quote["recognition"]["id"]
    after = http.world.counts()
    assert (after["entries"], after["postings"]) == (before["entries"], before["postings"])


def test_a_baked_image_and_a_document_are_deposits_like_any(http: Http) -> None:
    school = http.school()
    issued = school.made("/v1/credentials", outcome(format="eddsa-rdfc-2022"))
    again = school.send("/v1/deposits", issued["credential"].encode(), "application/vc+ld+json")
    assert (again.status_code, again.json()["deposit_id"]) == (200, issued["deposit"]["deposit_id"])
    from credentials.baking import bake_svg

    image = bake_svg(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', issued["credential"])
    baked = school.send("/v1/deposits", image, "image/svg+xml")
    assert (baked.status_code, baked.json()["deposit_id"]) == (200, issued["deposit"]["deposit_id"])
    encoded = school.post("/v1/deposits", {"credential_base64": base64.b64encode(image).decode()})
    assert (encoded.status_code, encoded.json()["deposit_id"]) == (200, issued["deposit"]["deposit_id"])


def test_what_is_held_for_want_of_accreditation_is_credited_with_it(http: Http) -> None:
    school = http.school(accredited=False)
    held = school.made("/v1/credentials", outcome())["deposit"]
    assert (held["state"], held["reason"]) == ("held", "issuer_not_accredited")
    assert school.made(f"/v1/deposits/{held['deposit_id']}/promotion")["state"] == "held"
    http.world.accredit("hanbit", ("kr-credit",))
    deposit = school.seen(f"/v1/deposits/{held['deposit_id']}")
    assert (deposit["state"], deposit["credits"]) == ("credited", {"amount": "3", "unit": "kr-credit"})


def test_a_registered_achievement_supplies_what_an_outcome_leaves_out(http: Http) -> None:
    school = http.school()
    school.made(
        "/v1/issuers/hanbit/achievements",
        {
            "id": "https://hanbit.example/courses/stat", "name": {"en": "Statistics"}, "description": {"en": "Data."},
            "criteria": {"en": "Pass."}, "unit": "kr-credit", "credits": "2.5",
        },
    )  # fmt: skip
    short = {
        "learner": {"id": http.world.wallet.public_key.did_key()},
        "achievement": "https://hanbit.example/courses/stat",
    }
    deposit = school.made("/v1/credentials", short)["deposit"]
    assert school.seen(f"/v1/deposits/{deposit['deposit_id']}")["credits"] == {"amount": "2.5", "unit": "kr-credit"}
    missing = {**short, "achievement": "https://hanbit.example/courses/none"}
    refused(school.post("/v1/credentials", missing), 404, "achievement_not_found")

"""Issued in every format over HTTP, and shown about: inside images, and to readers of Open Badges 2.0."""

import json
from typing import Any

import pytest
from defusedxml import ElementTree

from credentials.data_integrity import derive
from credentials.read import read
from creditbank.material import Sources, examine
from creditbank.offline.network import Everywhere
from issuers.fetch import Fetcher
from issuers.signing_forms import FORMS
from tests.api.http_world import Http, Speaker, as_json, outcome, refused
from tests.credential_samples import png, svg
from tests.security.foreign_network import ForeignNetwork, page

ob2 = pytest.importorskip("openbadgeslib.ob2", reason="the independent library openbadgeslib is not installed")

BASE = "https://bank.example"
END = "2100-01-01T00:00:00Z"
TYPES = {"vc-jwt": "application/vc+jwt", "vc+jwt": "application/vc+jwt", "sd-jwt": "application/vc+sd-jwt"}


@pytest.fixture
def school(http: Http) -> Speaker:
    return http.school(hosted="ES256")


def issued(school: Speaker, **facts: Any) -> dict[str, Any]:
    return school.made("/v1/credentials", outcome(**{"valid_until": END, **facts}))


def verdict(http: Http, data: bytes, media_type: str) -> tuple[str, str | None]:
    answer = http.client.post("/v1/verify", content=data, headers={"Content-Type": media_type}).json()
    return answer["verdict"], answer["code"]


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if "ES256" in form.algorithms])
def test_each_format_is_issued_read_again_and_asked_for_again(http: Http, school: Speaker, form: str) -> None:
    body = outcome(format=form, valid_until=END)
    first, second = (school.made("/v1/credentials", body, key="once") for _ in range(2))
    assert first["deposit"]["state"] == "credited"
    assert second["credential"] == first["credential"], "under a key the same credential, not one more"
    answer = school.get(f"/v1/credentials/{first['credential_id']}")
    assert answer.content == first["credential"].encode()
    assert answer.headers["content-type"] == first["media_type"] == TYPES.get(form, "application/vc")
    data = answer.content
    if form == "ecdsa-sd-2023":
        assert verdict(http, data, "application/vc") == ("invalid", "base_proof")
        data = json.dumps(
            derive(json.loads(data), ["/credentialSubject/creditsEarned", "/credentialSubject/identifier"])
        ).encode()
    assert verdict(http, data, first["media_type"]) == ("valid", None)


def test_what_a_format_cannot_do_is_said(http: Http, school: Speaker) -> None:
    refused(school.post("/v1/credentials", outcome(format="eddsa-jcs-2022")), 409, "no_fitting_key")
    refused(school.post("/v1/credentials", outcome(format="ecdsa-sd-2023")), 422, "valid_until_needed")
    found = issued(school)
    problem = refused(
        school.post(f"/v1/credentials/{found['credential_id']}/suspension", {"reason": "x"}), 409, "not_suspendable"
    )
    assert "revoked, not suspended" in problem["detail"]
    assert http.world.bank.audit().clean


@pytest.mark.parametrize("form", ["vc-jwt", "vc+jwt", "ecdsa-jcs-2019", "ecdsa-sd-2023"])
def test_a_badge_is_baked_into_a_picture_and_holds_there(http: Http, school: Speaker, form: str) -> None:
    path = f"/v1/credentials/{issued(school, format=form)['credential_id']}"
    for image, media_type in ((png(), "image/png"), (svg(), "image/svg+xml")):
        answer = school.send(f"{path}/baked", image, media_type)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert verdict(http, answer.content, media_type) == ("valid", None)
    answer = school.get(f"{path}/badge.svg")
    assert verdict(http, answer.content, answer.headers["content-type"]) == ("valid", None)


def test_baking_refuses_what_is_no_picture_or_no_badge_for_one(http: Http, school: Speaker) -> None:
    path = f"/v1/credentials/{issued(school)['credential_id']}/baked"
    script = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>'
    assert b"script" not in school.send(path, script, "image/svg+xml").content
    refused(school.send(path, b"<!DOCTYPE svg><svg/>", "image/svg+xml"), 422, "dtd_forbidden")
    refused(school.send(path, png() + bytes(2_097_152), "image/png"), 413, "too_large")
    refused(school.send(path, b"GIF89a", "image/gif"), 415, "unsupported_media_type")
    disclosures = issued(school, format="sd-jwt")["credential_id"]
    refused(school.send(f"/v1/credentials/{disclosures}/baked", png(), "image/png"), 422, "format_not_baked")
    rival = http.school("seoul")
    for attempt in (rival.send(path, png(), "image/png"), rival.get(path.replace("baked", "badge.svg"))):
        refused(attempt, 404, "credential_not_found")
    refused(rival.post(path.replace("baked", "open-badges-2")), 404, "credential_not_found")


def test_what_is_baked_is_called_what_it_is_and_can_be_read_again(http: Http, school: Speaker) -> None:
    path = f"/v1/credentials/{issued(school)['credential_id']}/baked"
    answer = school.send(path, svg(), "image/png")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    swelling = b'<svg xmlns="http://www.w3.org/2000/svg"><text>' + b">" * 1_000_000 + b"</text></svg>"
    refused(school.send(path, swelling, "image/svg+xml"), 413, "too_large")


def test_names_do_not_break_out_of_a_picture(http: Http, school: Speaker) -> None:
    hostile = "]]></credential><script>alert(1)</script>"
    found = issued(school, format="ecdsa-jcs-2019", name={"en": hostile})
    answer = school.get(f"/v1/credentials/{found['credential_id']}/badge.svg")
    drawn = ElementTree.fromstring(answer.text)
    assert {element.tag.rpartition("}")[2] for element in drawn.iter()} == {"svg", "credential", "path", "circle"}
    assert verdict(http, answer.content, "image/svg+xml") == ("valid", None)
    assert answer.headers["cache-control"] == "no-store"


# ── Open Badges 2.0 ──────────────────────────────────────────────────────────────────────────────────────────────────


def published(school: Speaker, **facts: Any) -> tuple[str, dict[str, Any]]:
    """The credential's path, and what it is called in Open Badges 2.0."""
    path = f"/v1/credentials/{issued(school, **facts)['credential_id']}"
    return path, school.made(f"{path}/open-badges-2")


def elsewhere(http: Http, found: dict[str, Any]) -> tuple[str, str | None]:
    """What a verifier without any bank says, who fetches the bank's public pages through the guarded fetcher."""
    network = ForeignNetwork()
    for name in ("assertion", "badge_class", "issuer"):
        path = found[name].removeprefix(BASE)
        answer = http.client.get(path)
        status = {200: "200 OK", 410: "410 Gone"}.get(answer.status_code, "409 Conflict")
        network.pages[path] = page(answer.content, status=status, media_type=answer.headers["content-type"])
    fetcher = Fetcher(Everywhere(), clock=lambda: http.now, resolver=network.resolve, network=network)
    sources = Sources(lambda _url: None, lambda _url: False, fetcher, "")
    judged = examine(read(as_json(found["document"])), (), (), sources, lambda: http.now, None)
    assert set(network.asked) == {"bank.example"}
    return judged.verdict, judged.code


def here(http: Http, found: dict[str, Any]) -> tuple[str, str | None]:
    """What the bank says, which asks nobody over the network for its own pages."""
    return verdict(http, as_json(found["document"]), "application/ld+json")


def test_an_old_reader_finds_a_whole_badge_with_a_hashed_recipient(http: Http, school: Speaker) -> None:
    _, found = published(school)
    assert found["document"]["recipient"]["hashed"] is True
    assert "mina" not in json.dumps(found)
    assert elsewhere(http, found) == ("valid", None)
    assert here(http, found) == ("valid", None)
    assert http.client.get(found["issuer"].removeprefix(BASE)).json()["id"] == found["issuer"]
    image = http.client.get(http.client.get(found["badge_class"].removeprefix(BASE)).json()["image"].removeprefix(BASE))
    assert image.headers["content-type"] == "image/svg+xml"


def test_openbadgeslib_accepts_it(http: Http, school: Speaker) -> None:
    _, found = published(school)

    def download(url: str) -> bytes:
        return bytes(http.client.get(url.removeprefix(BASE)).content)

    accepted = ob2.OB2Verifier(download=download).verify_hosted(
        found["document"], expected_recipient="mina.kim@example.org", check_revocation=True
    )
    assert accepted.id == found["assertion"]


def test_a_revoked_badge_is_gone_and_a_suspended_one_cannot_be_had(http: Http, school: Speaker) -> None:
    path, found = published(school, suspendable=True)
    at = found["assertion"].removeprefix(BASE)
    school.made(f"{path}/suspension", {"reason": "Under review."})
    refused(http.client.get(at), 409, "credential_suspended")
    refused(school.post(f"{path}/open-badges-2"), 409, "credential_suspended")
    assert here(http, found) == elsewhere(http, found) == ("indeterminate", "document_unavailable")
    school.made(f"{path}/reinstatement", {"reason": "Nothing found."})
    assert http.client.get(at).json() == found["document"]
    school.made(f"{path}/revocation", {"reason": "Copied from another learner."})
    gone = http.client.get(at)
    assert (gone.status_code, gone.json()["revoked"], gone.json()["id"]) == (410, True, found["assertion"])
    assert "Copied" not in gone.text
    refused(school.post(f"{path}/open-badges-2"), 409, "credential_revoked")
    assert here(http, found) == elsewhere(http, found) == ("invalid", "revoked")


def test_nobody_finds_a_badge_whose_address_he_was_not_given(http: Http, school: Speaker) -> None:
    _, found = published(school)
    at = found["assertion"].removeprefix(BASE)
    bare = issued(school)["credential_id"].removeprefix("urn:uuid:")
    rival = http.school("seoul")
    attempts = [
        at[:-1] + ("0" if at[-1] != "0" else "1"), at.replace("hanbit", "seoul"), at.rpartition("/")[0] + "/" + bare,
        f"{at.rpartition('/')[0]}/{bare}-{at[-32:]}",
    ]  # fmt: skip
    for attempt in attempts:
        refused(http.client.get(attempt), 404, "badge_not_found")
        refused(http.client.get(attempt.replace("assertions", "badges")), 404, "badge_not_found")
    assert rival.get(at).status_code == 200


def test_what_is_about_a_person_is_kept_by_nobody_on_the_way(http: Http, school: Speaker) -> None:
    path, found = published(school)
    at = found["assertion"].removeprefix(BASE)
    answers = [http.client.get(at)]
    school.made(f"{path}/revocation", {"reason": "Copied."})
    for answer in (*answers, http.client.get(at)):
        assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == ("no-store", "noindex")
    for name in ("badge_class", "issuer"):
        assert "public" in http.client.get(found[name].removeprefix(BASE)).headers["cache-control"]


def test_a_learner_has_her_own_badge_published_and_nobody_elses(http: Http, school: Speaker) -> None:
    path = "/v1/credentials/{}/{}"
    mine = school.made("/v1/credentials", outcome())
    other = {"identifiers": [{"type": "emailAddress", "value": "jun.lee@example.org"}]}
    hers = school.made("/v1/credentials", outcome(learner=other))
    mina = http.learner(mine["deposit"]["learner"])
    assert mina.post(path.format(mine["credential_id"], "open-badges-2")).status_code == 200
    strange = hers["credential_id"]
    refused(mina.post(path.format(strange, "open-badges-2")), 404, "credential_not_found")
    refused(mina.get(path.format(strange, "badge.svg")), 404, "credential_not_found")
    refused(mina.send(path.format(strange, "baked"), png(), "image/png"), 404, "credential_not_found")
    assert http.client.post(path.format(mine["credential_id"], "open-badges-2")).status_code == 401
    assert http.client.get(path.format(mine["credential_id"], "badge.svg")).status_code == 401


def test_a_learner_known_by_her_wallet_is_hashed_too(http: Http, school: Speaker) -> None:
    did = http.world.wallet.public_key.did_key()
    _, found = published(school, learner={"id": did})
    assert did not in json.dumps(found)
    assert elsewhere(http, found) == ("valid", None)
    assert here(http, found) == ("valid", None)
    _, again = published(school, learner={"id": did})
    assert again["document"]["recipient"] != found["document"]["recipient"], "two badges do not tell that they are hers"


def test_what_open_badges_2_has_no_word_for_is_refused(http: Http, school: Speaker) -> None:
    named = {"identifiers": [{"type": "studentNumber", "value": "2026-0042"}]}
    found = issued(school, learner=named)
    refused(school.post(f"/v1/credentials/{found['credential_id']}/open-badges-2"), 422, "recipient_not_hashed")


def test_the_old_form_of_an_own_badge_brings_no_second_credits(http: Http, school: Speaker) -> None:
    _, found = published(school)
    before = http.world.counts()
    for speaker in (school, http.administrator(), http.school("seoul")):
        answer = speaker.send("/v1/deposits", as_json(found["document"]), "application/ld+json")
        problem = refused(answer, 422, "other_form")
        assert "on record at this bank" in problem["detail"]
    assert http.world.counts()["postings"] == before["postings"]
    assert not school.seen("/v1/deposits")["items"][1:], "nothing is held either"

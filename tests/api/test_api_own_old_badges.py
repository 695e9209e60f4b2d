"""The bank verifies what it publishes for readers of Open Badges 2.0 as the credential that it stands for; no other."""

import json
from typing import Any

import pytest

from tests.api.http_world import Http, Speaker, as_json, outcome, refused
from tests.security.foreign_network import ForeignNetwork, page

BASE = "https://bank.example"
TYPE = "application/ld+json"


def published(school: Speaker, **facts: Any) -> tuple[str, dict[str, Any]]:
    """The credential's path, and what it is called in Open Badges 2.0."""
    path = f"/v1/credentials/{school.made('/v1/credentials', outcome(**facts))['credential_id']}"
    return path, school.made(f"{path}/open-badges-2")


def asked(http: Http, document: Any) -> dict[str, Any]:
    answer = http.client.post("/v1/verify", content=as_json(document), headers={"Content-Type": TYPE})
    found: dict[str, Any] = answer.json()
    return found


def verdict(http: Http, document: Any) -> tuple[str, str | None]:
    found = asked(http, document)
    return found["verdict"], found["code"]


def test_the_bank_knows_its_own_badge_by_its_address(http: Http) -> None:
    _, found = published(http.school())
    answer = asked(http, found["document"])
    assert (answer["verdict"], answer["registered_issuer"]["id"]) == ("valid", "hanbit")
    assert answer["registered_issuer"]["name"] == {"en": "Hanbit"}
    assert answer["report"]["certificate"]["issuer"]["name"] == "Hanbit"
    outcomes = {check["name"]: check["outcome"] for check in answer["checks"]}
    assert [outcomes[name] for name in ("accreditation", "issuer_name", "record", "inclusion")] == ["passed"] * 4
    assert answer["record"]["state"] == "credited", "the record is that of the credential it was made from"
    assert answer["secured"]["credits"] is None, "Open Badges 2.0 has no member for them"


def test_it_is_no_better_than_the_credential_that_it_was_made_from(http: Http) -> None:
    _, nobodys = published(http.school("seoul", accredited=False))
    assert verdict(http, nobodys["document"]) == ("indeterminate", "untrusted_issuer")
    school = http.school(accredited=False)
    http.world.accredit("hanbit", ("kr-credit",), achievements=["https://hanbit.example/courses/databases"])
    _, covered = published(school)
    assert verdict(http, covered["document"]) == ("valid", None)
    _, other = published(school, achievement="https://hanbit.example/courses/medicine")
    assert verdict(http, other["document"]) == ("indeterminate", "untrusted_issuer")


def test_a_revoked_one_is_invalid_and_a_copy_that_says_something_else_too(http: Http) -> None:
    school = http.school()
    path, found = published(school)
    forged = {**found["document"], "narrative": "Credits: 300 kr-credit"}
    assert verdict(http, forged) == ("invalid", "hosted_mismatch")
    school.made(f"{path}/revocation", {"reason": "Copied."})
    assert verdict(http, found["document"]) == ("invalid", "revoked")


@pytest.mark.parametrize(
    "base",
    [
        "https://bank.example.evil",
        "https://bank.example@evil.example",
        "https://bank.example:443",
        "https://BANK.example",
        "https://evil.example/https://bank.example",
        "https://bank.example/files",
        "https://bank.example/open-badges-2/issuers/hanbit/assertions/..",
        "http://bank.example",
    ],
)
def test_no_foreign_profile_is_taken_for_an_own_one(http: Http, base: str) -> None:
    _, found = published(http.school())
    copies = {}
    for name in ("assertion", "badge_class", "issuer"):
        path = found[name].removeprefix(BASE)
        copies[f"{base}{path}"] = json.loads(http.client.get(path).text.replace(BASE, base))
    network = ForeignNetwork()
    network.pages = {f"/{url.split('/', 3)[3]}": page(as_json(said), media_type=TYPE) for url, said in copies.items()}
    network.serve_to(http.world)
    answer = asked(http, copies[f"{base}{found['assertion'].removeprefix(BASE)}"])
    assert answer["verdict"] != "valid"
    assert answer["registered_issuer"] is None


def test_nobody_else_can_say_that_the_bank_published_it(http: Http) -> None:
    """A badge elsewhere under the bank's profile, and the bank's badge under a class elsewhere."""
    _, found = published(http.school())
    elsewhere = {**found["document"], "id": "https://evil.example/a", "narrative": "Credits: 300 kr-credit"}
    network = ForeignNetwork(pages={"/a": page(as_json(elsewhere), media_type=TYPE)})
    network.serve_to(http.world)
    assert verdict(http, elsewhere) == ("invalid", "hosted_scope")
    assert verdict(http, {**found["document"], "badge": "https://evil.example/b"}) == ("invalid", "hosted_mismatch")
    unknown = {**found["document"], "id": found["assertion"].replace("hanbit", "nobody")}
    assert verdict(http, unknown) == ("indeterminate", "document_unavailable")


def test_the_registry_answers_for_the_profile_too(http: Http) -> None:
    school = http.school()
    _, found = published(school)

    def answer(issuer: str) -> Any:
        return http.client.get("/v1/accreditations/answer", params={"issuer": issuer, "on": "2026-06-20"})

    assert answer(found["issuer"]).json()["accredited"] is True
    for foreign in ("https://bank.example.evil/open-badges-2/issuers/hanbit", f"{found['issuer']}/", found["assertion"],
                    f"{BASE}/open-badges-2/issuers/nobody"):  # fmt: skip
        refused(answer(foreign), 404, "issuer_not_found")

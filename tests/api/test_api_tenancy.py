"""What is not yours does not exist for you: every route, every role, three tenants (A01, A02, A14, I14)."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from creditbank.store import registry
from tests.api.http_world import Http, Speaker, outcome, refused

NOBODY = "7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"


class Tenants:
    """Two schools, two learners, an employer; what the first school and its learner have."""

    def __init__(self, http: Http) -> None:
        self.school, self.rival = http.school("hanbit"), http.school("seoul")
        issued = self.school.made("/v1/credentials", outcome(suspendable=True))
        learner = {"identifiers": [{"type": "emailAddress", "value": "other@example.org"}]}
        other = self.rival.made("/v1/credentials", outcome(learner=learner))
        self.credential, self.deposit = issued["credential_id"], issued["deposit"]["deposit_id"]
        self.book, self.other_book = issued["deposit"]["learner"], other["deposit"]["learner"]
        for change in ("suspension", "reinstatement"):
            self.school.made(f"/v1/credentials/{self.credential}/{change}", {"reason": "A question was asked."})
        self.wallet = http.learner(UUID(self.book), "wallet-1")
        self.stranger = http.learner(UUID(self.other_book), "wallet-2")
        self.employer = http.speaker(http.register("employer", "employer"))
        pack, _ = http.world.publish_pack()
        self.asked = {"pack_id": pack, "programme": "bachelor"}
        made = self.wallet.made("/v1/recognitions", {"learner": self.book, **self.asked})
        self.recognition = made["id"]


@pytest.fixture
def tenants(http: Http) -> Tenants:
    return Tenants(http)


READS = [
    "/v1/issuers/hanbit",
    "/v1/issuers/hanbit/accreditations",
    "/v1/issuers/hanbit/keys",
    "/v1/issuers/hanbit/achievements",
    "/v1/credentials/{credential}",
    "/v1/deposits/{deposit}",
    "/v1/receipts/{deposit}",
    "/v1/receipts/{recognition}",
    "/v1/receipts/status:{credential}",
    "/v1/learners/{book}",
    "/v1/learners/{book}/record",
    "/v1/learners/{book}/history",
    "/v1/learners/{book}/accounts",
    "/v1/learners/{book}/statement",
    "/v1/learners/{book}/recognitions",
    "/v1/learners/{book}/judgements",
    "/v1/learners/{book}/notices",
    "/v1/learners/{book}/quotes",
    "/v1/recognitions/{recognition}",
    "/v1/recognitions/{recognition}/trace",
    "/v1/recognitions/{recognition}/explanation",
    "/v1/recognitions/{recognition}/bundle",
]
WRITES: list[tuple[str, Any]] = [
    ("/v1/issuers/hanbit/keys", {"algorithm": "EdDSA"}),
    ("/v1/issuers/hanbit/keys/retirement", {"key": "did:web:bank.example:issuers:hanbit#k"}),
    ("/v1/issuers/hanbit/keys/compromise", {"key": "did:web:x#k", "since": "2026-01-01T00:00:00Z"}),
    ("/v1/credentials", outcome(issuer="hanbit")),
    ("/v1/credentials/{credential}/revocation", {"reason": "x"}),
    ("/v1/credentials/{credential}/suspension", {"reason": "x"}),
    ("/v1/credentials/{credential}/reinstatement", {"reason": "x"}),
    ("/v1/deposits/{deposit}/promotion", None),
    ("/v1/recognitions", {"learner": "{book}", "pack_id": "kr-acbs", "programme": "bachelor"}),
    ("/v1/quotes", {"learner": "{book}", "pack_id": "kr-acbs", "programme": "bachelor"}),
    ("/v1/judgements", {"learner": "{book}", "question": "overlap", "answer": True}),
    ("/v1/appeals", {"recognition": "{recognition}", "step": 0, "text": "This is wrong."}),
]
ABSENT = {
    "credential": f"urn:uuid:{NOBODY}", "deposit": NOBODY, "book": NOBODY, "recognition": NOBODY, "issuer": "nowhere",
}  # fmt: skip
MAKES_NOTHING_OF_IT = (403, 404)


def filled(template: Any, names: dict[str, str]) -> Any:
    """A path or body with ids in it; `hanbit` becomes the institution of `names`."""
    if isinstance(template, dict):
        return {key: filled(value, names) for key, value in template.items()}
    if not isinstance(template, str):
        return template
    issuer = names.get("issuer", "hanbit")
    for name, value in names.items():
        template = template.replace("{" + name + "}", value)
    return template.replace("issuers/hanbit", f"issuers/{issuer}") if template != "hanbit" else issuer


def same_but_for_the_request(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return {**first, "instance": ""} == {**second, "instance": ""}


def test_what_is_anothers_is_answered_as_what_is_not_there(
    tenants: Tenants, http: Http, subtests: pytest.Subtests
) -> None:
    present = {name: getattr(tenants, name) for name in ("credential", "deposit", "book", "recognition")}
    before = http.world.counts()
    for role in ("rival", "stranger", "employer"):
        speaker: Speaker = getattr(tenants, role)
        for path in READS:
            with subtests.test(f"{role} GET {path}"):
                theirs, nobodys = speaker.get(filled(path, present)), speaker.get(filled(path, ABSENT))
                assert theirs.status_code in MAKES_NOTHING_OF_IT, theirs.text
                assert theirs.status_code == nobodys.status_code
                assert same_but_for_the_request(theirs.json(), nobodys.json())
        for path, body in WRITES:
            with subtests.test(f"{role} POST {path}"):
                theirs = speaker.post(filled(path, present), filled(body, present))
                nobodys = speaker.post(filled(path, ABSENT), filled(body, ABSENT))
                assert theirs.status_code in MAKES_NOTHING_OF_IT, theirs.text
                assert same_but_for_the_request(theirs.json(), nobodys.json())
    assert http.world.counts() == before


def test_each_sees_her_own(tenants: Tenants, subtests: pytest.Subtests) -> None:
    present = {name: getattr(tenants, name) for name in ("credential", "deposit", "book", "recognition")}
    seen_by = {
        "school": ["/v1/issuers/hanbit", "/v1/issuers/hanbit/keys", "/v1/credentials/{credential}",
                   "/v1/deposits/{deposit}", "/v1/receipts/{deposit}", "/v1/receipts/status:{credential}"],
        "wallet": ["/v1/credentials/{credential}", "/v1/deposits/{deposit}", "/v1/receipts/{deposit}",
                   "/v1/receipts/{recognition}", *[path for path in READS if "{book}" in path],
                   "/v1/recognitions/{recognition}"],
    }  # fmt: skip
    for role, paths in seen_by.items():
        for path in paths:
            with subtests.test(f"{role} {path}"):
                answer = getattr(tenants, role).get(filled(path, present))
                assert answer.status_code == 200, answer.text
                assert answer.headers["cache-control"] == "no-store"


def test_an_administrator_sees_all_of_it(tenants: Tenants, http: Http, subtests: pytest.Subtests) -> None:
    present = {name: getattr(tenants, name) for name in ("credential", "deposit", "book", "recognition")}
    desk = http.administrator()
    for path in READS:
        with subtests.test(path):
            assert desk.get(filled(path, present)).status_code == 200


def test_lists_hold_only_what_is_ones_own(tenants: Tenants, http: Http) -> None:
    def listed(speaker: Speaker) -> set[str]:
        return {item["deposit_id"] for item in speaker.seen("/v1/deposits")["items"]}

    assert listed(tenants.school) == listed(tenants.wallet) == {tenants.deposit}
    assert tenants.deposit not in listed(tenants.rival) | listed(tenants.stranger)
    assert len(listed(http.administrator())) == 2
    assert [issuer["id"] for issuer in tenants.rival.seen("/v1/issuers")["items"]] == ["seoul"]
    refused(tenants.employer.get("/v1/issuers"), 403, "administrators_only")


def test_only_administrators_administer(tenants: Tenants, subtests: pytest.Subtests) -> None:
    """A02, and R11: nobody else registers, accredits, approves, merges or publishes; a school, its own rules alone."""
    administration: list[tuple[str, Any]] = [
        ("/v1/issuers", {"id": "x", "kind": "higher", "name": {"en": "X"}, "country": "FI"}),
        ("/v1/issuers/hanbit/accreditations", {"authority": "me", "units": ["ects"], "valid_from": "2020-01-01"}),
        (f"/v1/accreditations/{uuid4()}/approval", None),
        (f"/v1/accreditations/{uuid4()}/withdrawal", {"on": "2026-01-01"}),
        ("/v1/learners", {"identifiers": [{"type": "emailAddress", "value": "a@example.org"}]}),
        ("/v1/learners/lookup", {"identifier": {"type": "emailAddress", "value": "mina.kim@example.org"}}),
        (f"/v1/learners/{tenants.book}/merge", {"into": tenants.other_book}),
        (f"/v1/learners/{tenants.book}/identifiers", {"identifiers": [{"type": "emailAddress", "value": "b@x.org"}]}),
    ]
    of_rules: list[tuple[str, Any]] = [
        ("/v1/rule-packs", {"content": "[pack]"}),
        ("/v1/rule-packs/kr-acbs/1/approval", None),
        ("/v1/appeals/7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d/assignment", {"reviewer": "me"}),
    ]
    for role in ("school", "wallet", "employer"):
        for path, body in administration + (of_rules if role != "school" else []):
            with subtests.test(f"{role} {path}"):
                assert getattr(tenants, role).post(path, body).status_code == 403


def test_a_learner_hands_in_only_what_is_about_her(tenants: Tenants, http: Http) -> None:
    """I14: somebody else's credential, and one that nobody has tied to her."""
    of_another = tenants.school.made("/v1/credentials", outcome())["credential"]
    before = http.world.counts()
    refused(tenants.stranger.post("/v1/deposits", {"credential": of_another}), 403, "subject_mismatch")
    unbound = http.world.issue(http.world.school("third")).data.decode()
    refused(tenants.stranger.post("/v1/deposits", {"credential": unbound}), 403, "subject_mismatch")
    after = http.world.counts()
    assert after["entries"] == before["entries"]
    hers = {"credential": of_another, "identifiers": [{"type": "emailAddress", "value": "mina.kim@example.org"}]}
    assert tenants.wallet.post("/v1/deposits", hers).status_code == 200


def test_a_client_that_is_not_registered_any_more_is_out(http: Http) -> None:
    desk = http.administrator()
    assert desk.get("/v1/issuers").status_code == 200
    bank = http.world.bank

    def disable(tx: Any) -> None:
        row = registry.client(tx, "desk")
        assert row is not None
        row.disabled_at = http.now
        registry.add_client(tx, row)

    bank.run(disable)
    http.world.now += timedelta(seconds=10)
    refused(desk.get("/v1/issuers"), 401, "client_unknown")


def test_a_learner_may_hand_in_again_what_stands_in_her_book(tenants: Tenants, http: Http) -> None:
    """A badge that names her by a salted hash alone leads nowhere by itself, but it is on her record already."""
    badge = tenants.school.get(f"/v1/credentials/{tenants.credential}").text
    before = http.world.counts()
    again = tenants.wallet.post("/v1/deposits", {"credential": badge})
    assert (again.status_code, again.json()["deposit_id"]) == (200, tenants.deposit)
    assert http.world.counts() == before


def test_an_institution_is_not_told_whose_book_anothers_credential_leads_to(tenants: Tenants) -> None:
    badge = tenants.school.get(f"/v1/credentials/{tenants.credential}").text
    told = tenants.rival.post("/v1/deposits", {"credential": badge})
    assert told.status_code == 200
    assert (told.json()["learner"], told.json()["entry"]) == (None, None)
    assert tenants.book not in told.text
    own = tenants.school.post("/v1/deposits", {"credential": badge})
    assert own.json()["learner"] == tenants.book

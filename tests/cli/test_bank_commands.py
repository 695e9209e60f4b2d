"""`creditbank bank`: registrars, an adviser and a learner at a served bank, each with a client and a key of her own."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.serve import build
from creditbank.cli import main
from creditbank.settings import Settings
from tests.api.http_world import outcome
from tests.api.small_packs import JUDGED, cases, pack
from tests.cli.test_serve import free_port

PLANNED = {
    "id": "planned-1",
    "issuer": "hanbit",
    "amount": {"amount": "3", "unit": "kr-credit"},
    "title": {"ko": "통계학"},
    "achievement": "https://hanbit.example/courses/statistics",
    "source": "accredited-course",
    "class": "major-elective",
    "ended_on": "2026-12-18",
}


@dataclass
class Town:
    """A served bank, a folder with everybody's keys, and what the commands print."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def file(self, name: str, content: Any) -> str:
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    def key(self, name: str) -> Path:
        """A client's key pair; the path of the public one."""
        self.capture.readouterr()
        assert main(["client", "key", str(self.folder / f"{name}.jwk")]) == 0
        return Path(self.file(f"{name}-public.jwk", self.capture.readouterr().out))

    def run(self, name: str, *arguments: str, ends: int = 0) -> str:
        """A command as this person types it; what it prints."""
        signed_in = ["bank", "--client", name, "--key", str(self.folder / f"{name}.jwk")]
        self.capture.readouterr()
        ended = main([*signed_in, *arguments])
        printed = self.capture.readouterr()
        assert ended == ends, printed.out + printed.err
        return printed.out + printed.err

    def ask(self, name: str, *arguments: str) -> dict[str, Any]:
        """The same for programs: the bank's answer."""
        found: dict[str, Any] = json.loads(self.run(name, "--json", *arguments))
        return found

    def school(self) -> tuple[str, str]:
        """An institution that two people admitted, and a learner's first award: her book and its deposit."""
        self.run("anna", "post", "/v1/issuers", "--body", self.file("issuer.json", ISSUER))
        proposed = self.ask("anna", "post", "/v1/issuers/hanbit/accreditations", "--body", self.file("a.json", UNITS))
        self.run("boris", "post", f"/v1/accreditations/{proposed['id']}/approval")
        self.run("anna", "post", "/v1/issuers/hanbit/keys", "--body", self.file("key.json", {"algorithm": "EdDSA"}))
        deposit = self.earn()
        return deposit["learner"], deposit["deposit_id"]

    def earn(self, **facts: Any) -> dict[str, Any]:
        body = self.file("outcome.json", outcome(issuer="hanbit", **facts))
        found: dict[str, Any] = self.ask("anna", "post", "/v1/credentials", "--body", body)["deposit"]
        return found

    def publish(self, text: str) -> None:
        self.run("anna", "packs", "propose", self.file("pack.toml", text))
        self.run("boris", "packs", "approve", "example", "1")

    def wallet(self, book: str) -> None:
        """The learner's own client."""
        jwk = str(self.key("mina"))
        self.run("anna", "clients", "add", "mina", "--jwk", jwk, "--role", "learner", "--learner", book)


ISSUER = {"id": "hanbit", "kind": "continuing", "name": {"en": "Hanbit"}, "country": "KR"}
UNITS = {"authority": "NILE", "units": ["kr-credit"], "valid_from": "2020-01-01"}


@pytest.fixture
def town(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Town]:
    address = f"http://127.0.0.1:{(port := free_port())}"
    values = {
        "DATABASE_URL": database_url, "KEY_DIR": tmp_path / "keys", "CHECKPOINT_DIR": tmp_path / "checkpoints",
        "PUBLIC_URL": address, "BANK_URL": address,
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"CREDITBANK_{name}", str(value))
    monkeypatch.setenv("COLUMNS", "140")
    made = Town(tmp_path, capsys)
    for name in ("anna", "boris"):
        assert main(["client", "add", name, "--jwk", str(made.key(name))]) == 0
    capsys.readouterr()
    with served(port):
        yield made


class served:  # noqa: N801 - read as `with served(port)`
    """The application in a thread of this process, for as long as the block lasts."""

    def __init__(self, port: int) -> None:
        config = uvicorn.Config(build(Settings()), host="127.0.0.1", port=port, log_level="error")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> None:
        self.thread.start()
        deadline = time.monotonic() + 30
        while not self.server.started:
            assert time.monotonic() < deadline, "the bank did not start"
            time.sleep(0.02)

    def __exit__(self, *_exception: object) -> None:
        self.server.should_exit = True
        self.thread.join(30)


def test_a_pack_s_way_into_force_takes_two_people(town: Town) -> None:
    town.file("cases.toml", cases("granted"))
    broken = town.file("pack.toml", pack())
    assert "[case_fails]" in town.run("anna", "packs", "check", broken, ends=1)
    assert "example 1: draft" in town.run("anna", "packs", "propose", broken, ends=1)
    assert "[pack_not_checked]" in town.run("boris", "packs", "approve", "example", "1", ends=3)
    assert "withdrawn" in town.run("anna", "packs", "withdraw", "example", "1")
    town.file("cases.toml", cases("short"))
    mended = town.file("pack.toml", pack(version="2"))
    assert "1 cases hold" in town.run("anna", "packs", "propose", mended, "--from", "2999-01-01")
    assert "[second_person_needed]" in town.run("anna", "packs", "approve", "example", "2", ends=3)
    assert "example 2: scheduled" in town.run("boris", "packs", "approve", "example", "2")
    listed = town.run("boris", "packs", "list")
    assert [line.split()[:3] for line in listed.splitlines()[2:]] == [
        ["example", "1", "withdrawn"], ["example", "2", "scheduled"],
    ]  # fmt: skip
    assert town.run("boris", "packs", "show", "example", "2", "--text").strip() == pack(version="2").strip()
    assert "No change" not in town.run("boris", "packs", "diff", "example", "1", "2")


def test_a_pack_in_another_form_arrives_with_its_digest(town: Town) -> None:
    made = town.file("pack.toml", pack())
    assert main(["rules", "convert", made, str(town.folder / "form" / "pack.json")]) == 0
    digest = town.capture.readouterr().out.splitlines()[0]
    assert town.ask("anna", "packs", "propose", str(town.folder / "form"))["digest"] == digest


def test_a_learner_is_quoted_decided_upon_and_told_why(town: Town) -> None:
    book, award = town.school()
    town.publish(pack().replace("at_least = 3", "at_least = 6"))
    town.wallet(book)
    assert award in town.run("mina", "learners", "record", book)
    assert "학점이 인정됩니다" in town.run("mina", "--lang", "ko", "learners", "record", book)
    asked = ["--pack", "example", "--programme", "degree"]
    planned, kept = town.file("planned.json", [PLANNED]), town.folder / "quote.jws"
    told = town.run(
        "mina", "quotes", "ask", *asked, "--learner", book, "--awards", planned, "--until", "2027-03-01",
        "--output", str(kept),
    )  # fmt: skip
    assert "Degree: granted. 6 of 6 Korean credits count" in told
    assert "promised through 2027-03-01" in told
    assert "not yet complete. 3 of 3 Korean credits count" in town.run(
        "mina", "recognitions", "decide", book, *asked, ends=1
    )
    town.earn(achievement=PLANNED["achievement"], name=PLANNED["title"])
    assert "Degree: granted. 6 of 6" in town.run("mina", "recognitions", "decide", book, *asked, "--quote", str(kept))
    (quote,) = town.ask("mina", "quotes", "list", "--learner", book)["items"]
    first, last = town.ask("mina", "recognitions", "list", book)["items"]
    assert (quote["kept_by"], quote["token"]) == ([last["id"]], kept.read_text().strip())
    assert f"kept by decision {last['id']}" in town.run("boris", "quotes", "show", quote["id"])
    assert "replaced" in town.run("mina", "recognitions", "show", first["id"])
    assert "0. fix: fixed" in town.run("mina", "recognitions", "trace", last["id"])
    assert "인정" in town.run("mina", "--lang", "ko", "recognitions", "explain", last["id"])
    town.run("mina", "recognitions", "bundle", last["id"], str(town.folder / "bundle.json"))
    assert main(["rules", "replay", str(town.folder / "bundle.json")]) == 0


def test_a_question_is_answered_by_a_person_and_an_appeal_by_two(town: Town) -> None:
    book, award = town.school()
    town.publish(pack(extra=JUDGED))
    town.wallet(book)
    town.run("anna", "clients", "add", "carl", "--jwk", str(town.key("carl")), "--role", "administrator")
    asked = ["--pack", "example", "--programme", "degree"]
    assert "cannot be decided yet" in town.run("mina", "recognitions", "decide", book, *asked, ends=2)
    town.run("anna", "judgements", "give", book, "--question", "level-match", "--award", award, "--answer", "yes")
    assert "level-match" in town.run("mina", "judgements", "list", book)
    decision = town.ask("anna", "recognitions", "list", book)["items"][-1]["id"]
    steps = town.ask("mina", "recognitions", "trace", decision)["steps"]
    step = str(next(step["n"] for step in steps if step["rule"] == "overlap"))
    appeal = town.ask("mina", "appeals", "open", decision, "--step", step, "--text", "It is nine tenths.")["id"]
    assert appeal in town.run("boris", "appeals", "list")
    town.run("boris", "appeals", "assign", appeal, "--reviewer", "carl")
    view = town.file("view.json", {"question": "overlap", "award": award, "number": "9/10"})
    town.run("carl", "appeals", "view", appeal, "--upheld", "--text", "The letter says so.", "--judgement", view)
    assert "[" in town.run("carl", "appeals", "second-view", appeal, "--agrees", "--text", "So do I.", ends=3)
    ended = town.ask("boris", "appeals", "second-view", appeal, "--agrees", "--text", "I have read it, too.")
    assert ended["state"] == "upheld"
    assert "granted" in town.run("mina", "recognitions", "show", ended["new_recognition"])
    assert ended["new_recognition"] in town.run("mina", "appeals", "show", appeal)


def test_what_was_decided_anew_is_told(town: Town) -> None:
    book, _ = town.school()
    town.publish(pack())
    town.wallet(book)
    town.run("mina", "recognitions", "decide", book, "--pack", "example", "--programme", "degree")
    assert "0 notices" in town.run("mina", "learners", "notices", book)
    credential = town.ask("mina", "learners", "record", book)["items"][0]["credential_id"]
    why = town.file("why.json", {"reason": "It was a mistake."})
    town.run("anna", "post", f"/v1/credentials/{credential}/revocation", "--body", why)
    told = town.run("mina", "learners", "notices", book)
    assert "revoked" in told
    assert "1 notices" in told


def test_the_bank_knows_what_it_has_promised(town: Town) -> None:
    book, _ = town.school()
    town.publish(pack())
    asked = ["quotes", "ask", "--pack", "example", "--programme", "degree"]
    town.run("anna", *asked, "--learner", book)
    town.run("anna", *asked, "--awards", town.file("planned.json", [PLANNED]))
    (row,) = town.ask("boris", "quotes", "exposure")["items"]
    assert (row["promised"], row["quotes"], row["to_anybody"]) == ("3", 1, 1)
    assert "example" in town.run("boris", "quotes", "exposure")
    assert len(town.ask("boris", "quotes", "list")["items"]) == 2


def test_under_one_key_a_change_is_made_once(town: Town) -> None:
    book, _ = town.school()
    town.publish(pack())
    command = ["--idempotency-key", "k1", "recognitions", "decide", book, "--pack", "example", "--programme", "degree"]
    assert town.ask("anna", *command)["id"] == town.ask("anna", *command)["id"]
    assert town.ask("anna", *command[2:])["id"] != town.ask("anna", *command)["id"]


def test_what_the_bank_refuses_is_told_with_its_code(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    book, _ = town.school()
    town.publish(pack())
    town.wallet(book)
    assert "[rule_pack_not_found]" in town.run("anna", "packs", "show", "nothing", "1", ends=3)
    assert "[administrators_only]" in town.run("mina", "quotes", "exposure", ends=3)
    bad = town.run("anna", "quotes", "ask", "--pack", "ex ample", "--programme", "degree", ends=3)
    assert "[invalid_request]" in bad
    assert "/pack_id: It does not have the right form." in bad
    assert "[client_needed]" in _told(town, "bank", "packs", "list")
    assert "[malformed_jwk]" in _told(
        town, "bank", "--client", "anna", "--key", str(town.folder / "anna-public.jwk"), "packs", "list"
    )
    assert "[invalid_client]" in _told(
        town, "bank", "--client", "anna", "--key", str(town.folder / "mina.jwk"), "packs", "list"
    )
    assert "[malformed_fact]" in town.run("anna", "appeals", "view", book, "--upheld", "--text", "x", "--fact", "x",
                                          ends=3)  # fmt: skip
    monkeypatch.setenv("CREDITBANK_BANK_URL", "http://bank.example")
    assert "[insecure_bank]" in town.run("anna", "packs", "list", ends=3)


def _told(town: Town, *arguments: str) -> str:
    assert main(list(arguments)) == 3
    return town.capture.readouterr().err


def test_what_a_bank_says_steers_no_terminal(town: Town) -> None:
    book, _ = town.school()
    town.earn(achievement="https://hanbit.example/x", name={"en": "A\u202eB [bold]C[/bold]"})
    told = town.run("anna", "learners", "record", book)
    assert "\u202e" not in told
    assert "[bold]C[/bold]" in told


LOCAL = """
[pack]
id = "hanbit-example"
version = "1"
title = { en = "Degree at Hanbit" }
[[reference]]
id = "L1"
title = "Hanbit's statutes"
standing = "confirmed"
[[override]]
id = "two-here"
title = { en = "Two credits do at Hanbit" }
of = "cap"
[[override.terms]]
from = 2020-01-01
value = 2
authority = "institution"
legal_basis = "statutes"
source = "L1"
confirmed = true
"""
CAP = """
[[limit]]
id = "cap"
title = { en = "At most six credits" }
at_most = 6
terms = [{ legal_basis = "example", source = "S0", confirmed = true }]
"""


def test_an_institution_departs_from_the_bank_s_pack(town: Town) -> None:
    book, _ = town.school()
    town.publish(pack(extra=CAP))
    departures = town.file("local.toml", LOCAL)
    over = ["--over", "example@1", "--scope", "hanbit"]
    assert "0 cases hold" in town.run("anna", "packs", "check", departures, *over)
    assert "base id: example" in town.run("anna", "packs", "propose", departures, *over, "--retroactive")
    town.run("boris", "packs", "approve", "hanbit-example", "1", "--retroactive")
    assert "example@1" in town.run("anna", "packs", "list")
    asked = ["recognitions", "decide", book, "--pack", "example", "--programme", "degree"]
    assert "under hanbit-example 1" in town.run("anna", *asked, "--institution", "hanbit", ends=1), (
        "3 are too many there"
    )
    assert "under example 1" in town.run("anna", *asked)


def test_tables_of_grades_are_published_from_the_same_command(town: Town) -> None:
    assert "ects-grades 2026.1: checked" in town.run("anna", "packs", "propose", "ects-grades")
    assert "published" in town.run("boris", "packs", "approve", "ects-grades", "2026.1")
    assert "grades" in town.run("anna", "packs", "list")

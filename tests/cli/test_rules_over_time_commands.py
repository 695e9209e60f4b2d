"""`creditbank rules replay | reevaluate | impact | coverage | quote`, as a person types them."""

import json
from pathlib import Path

import pytest

from credentials.keys import PrivateKey
from creditbank.cli import main
from creditbank.quotes import Quotes
from tests.bank_world import World, open_world
from tests.creditbank.recognised_learners import STRICTER, decided, publish, same_pack, stricter_pack


@pytest.fixture
def world(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A bank that the commands find by the environment, with two learners decided upon."""
    values = {
        "DATABASE_URL": database_url,
        "KEY_DIR": tmp_path / "keys",
        "CHECKPOINT_DIR": tmp_path / "checkpoints",
        "LOG_ORIGIN": "bank.example/log",
        "PUBLIC_URL": "https://bank.example",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"CREDITBANK_{name}", str(value))
    with open_world(database_url, tmp_path) as opened:
        school = opened.school()
        opened.publish_pack()
        decided(opened, school, 4)
        decided(opened, school, 1)
        return opened


def only_decision(world: World, courses: int = 1) -> str:
    from creditbank.store import population

    rows = world.bank.run(lambda tx: population.decisions(tx, population.START, 9))
    return str(next(row.recognition_id for row in rows if len(json.loads(row.outcome)["awards"]) == courses))


def test_the_past_decides_the_same_with_and_without_the_bank(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["rules", "replay"]) == 0
    assert "2 of 2 decisions come out as they were recorded." in capsys.readouterr().out
    bundle = tmp_path / "bundle.json"
    assert main(["rules", "replay", "--recognition", only_decision(world), "--export", str(bundle)]) == 0
    monkeypatch.setenv("CREDITBANK_DATABASE_URL", "postgresql://nobody@localhost:1/none")
    assert main(["rules", "replay", str(bundle)]) == 0
    assert "byte for byte" in capsys.readouterr().out
    document = json.loads(bundle.read_text())
    document["recognition"]["totals"]["counted"] = "30"
    bundle.write_text(json.dumps(document))
    assert main(["rules", "replay", str(bundle)]) == 1
    assert 'totals.counted: "30" recorded, "3" found' in capsys.readouterr().out
    bundle.write_text("{}")
    assert main(["rules", "replay", str(bundle)]) == 3
    assert "[bundle_malformed]" in capsys.readouterr().err


def test_a_draft_is_tried_on_everybody(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack.toml").write_text(stricter_pack(), "utf-8")
    assert main(["rules", "impact", str(tmp_path / "pack.toml"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(row["loses"], row["same"], row["credits_lost"]) for row in found["programmes"]] == [(1, 1, "3")]
    assert main(["rules", "impact", str(tmp_path / "pack.toml")]) == 0
    assert "LIMIT_PERIOD" in capsys.readouterr().out
    books = ["rules", "impact", str(tmp_path / "pack.toml"), "--books", "--programme", "bachelor"]
    assert main([*books, "--fact", "high_school_graduate=true", "--jobs", "1"]) == 0
    assert main([*books, "--fact", "nonsense"]) == 3


def test_the_past_is_decided_anew_only_when_two_people_said_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    from creditbank.reevaluation import Reevaluation
    from tests.bank_world import ANNA, BORIS

    publish(world, same_pack(), retroactive=False)
    name = f"kr-acbs@{STRICTER}"
    assert main(["rules", "reevaluate", "--pack", name]) == 3
    assert "[retroaction_not_approved]" in capsys.readouterr().err
    Reevaluation(world.bank).propose(ANNA, "kr-acbs", STRICTER, "too high")
    Reevaluation(world.bank).approve(BORIS, "kr-acbs", STRICTER)
    assert main(["rules", "reevaluate", "--pack", name]) == 0
    assert "2 learners: 0 decisions changed, 2 stayed." in capsys.readouterr().out
    publish(world, stricter_pack("2026.3"))
    assert main(["rules", "reevaluate", "--pack", "kr-acbs@2026.3"]) == 0
    assert "2 learners: 1 decisions changed, 1 stayed." in capsys.readouterr().out
    assert main(["rules", "reevaluate", "--pack", "kr-acbs"]) == 3


def test_what_no_rule_matches_is_listed(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "coverage", "kr-acbs"]) == 0
    types = tmp_path / "types.json"
    types.write_text('{"on": "2026-09-01", "types": [{"unit": "kr-credit", "source": "boot-camp", "outcomes": 7}]}')
    assert main(["rules", "coverage", "kr-acbs", "--file", str(types), "--json"]) == 1
    output = capsys.readouterr().out
    assert "boot-camp" in output


def test_a_quote_is_checked_offline(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quote = Quotes(world.bank).quote(world.request(), [])
    (tmp_path / "quote.jwt").write_text(quote.token)
    key = world.bank.office.vault.quote_key.public_key
    (tmp_path / "key.jwk").write_text(json.dumps(key.jwk()))
    command = ["rules", "quote", str(tmp_path / "quote.jwt"), "--key", str(tmp_path / "key.jwk")]
    assert main(command) == 0
    assert "https://bank.example promised this." in capsys.readouterr().out
    published = [{**other.jwk(), "kid": other.thumbprint()} for other in (PrivateKey.generate("EdDSA").public_key, key)]
    (tmp_path / "keys.json").write_text(json.dumps({"keys": published}))
    assert main([*command[:3], "--key", str(tmp_path / "keys.json")]) == 0
    (tmp_path / "keys.json").write_text(json.dumps({"keys": published[:1]}))
    assert main([*command[:3], "--key", str(tmp_path / "keys.json")]) == 3
    assert "[key_not_in_set]" in capsys.readouterr().err
    assert main([*command, "--at", "2199-01-01"]) == 2
    (tmp_path / "quote.jwt").write_text(quote.token[:-8] + "AAAAAAAA")
    assert main(command) == 1
    assert main([*command[:3], "--key", key.thumbprint()]) == 3

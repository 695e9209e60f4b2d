"""A draft pack over a whole population, on all cores: how long it takes and how much memory, at two sizes.

    ./run python -m benchmarks.impact [--outcomes 1000000]

The learners are made by the engine itself: some hundred kinds of learners with twenty awards each are decided under the
Korean pack with their whole trace; each stored learner is one of them with ids of her own. They are written straight
into PostgreSQL with COPY (books, deposits, events, decisions and their inputs, without the ledger's entries), because
this measures reading and deciding, not depositing. Each run is a process of its own, so that its memory is its own.
*A CPU second* counts learners by processor time of the run and its processes, starting them included, so that others
on the machine do not count.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from rich.console import Console
from rich.table import Table

from creditbank.caller import SCOPES, Caller
from creditbank.impact_run import ImpactRun
from creditbank.many_cores import cores
from creditbank.office import builtin_levels, builtin_units
from creditbank.opening import DATABASE, open_bank, prepare_database
from creditbank.postgres import running, url_for
from creditbank.replay import ReadTables
from creditbank.replay_inputs import Inputs, outcome_of
from creditbank.rule_packs import Proposal, RulePacks
from creditbank.settings import Settings
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.recognitions import apply
from recognition_rules.award import Award
from recognition_rules.canonical import canonical
from recognition_rules.credits import Credits
from recognition_rules.pack import parse
from recognition_rules.packs import builtin

ANNA, BORIS = (Caller(name, "administrator", SCOPES["administrator"]) for name in ("anna", "boris"))
EACH, KINDS, AT_ONCE = 20, 120, 500
CLASSES = ("major-required", "major-elective", "liberal", "general")
DAY = date(2026, 9, 1)
VERSION = parse(builtin("kr-acbs")).version


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of learner: texts with the ids of its awards, which every stored learner replaces by her own."""

    ids: tuple[str, ...]
    request: str
    inputs: str
    result: str
    outcome: str
    awards: tuple[str, ...]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outcomes", type=int, default=1_000_000)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        _measure(Path(chosen.measure))
        return
    learners = max(chosen.outcomes // EACH, 10)
    with tempfile.TemporaryDirectory() as folder:
        _all(Path(folder), [max(learners // 10, 1), learners])


def _all(folder: Path, sizes: list[int]) -> None:
    folder.chmod(0o711)
    settings = _settings(folder)
    table = Table(title=f"A draft of kr-acbs over all decisions, {cores()} cores, without traces", title_justify="left")
    for heading in (
        "outcomes",
        "learners",
        "loaded s",
        "run s",
        "learners/s",
        "a CPU second",
        "parent MiB",
        "worker MiB",
    ):
        table.add_column(heading, justify="right")
    with running(folder / "postgres") as address:
        prepare_database(settings)
        with open_bank(settings) as bank:
            packs = RulePacks(bank)
            row = packs.propose(ANNA, Proposal(builtin("kr-acbs")))
            packs.approve(BORIS, row.pack_id, row.version)
        kinds, stored = list(_kinds()), 0
        for size in sizes:
            start = time.perf_counter()
            _load(url_for(address, database=DATABASE), kinds, size - stored)
            loaded, stored = time.perf_counter() - start, size
            found = _in_a_process(folder)
            table.add_row(
                f"{size * EACH:,}", f"{size:,}", f"{loaded:.0f}", f"{found['seconds']:.1f}",
                f"{size / found['seconds']:,.0f}",
                f"{size / found['processor']:,.0f}", f"{found['parent']:.0f}", f"{found['worker']:.0f}",
            )  # fmt: skip
    Console(width=110).print(table)


def _settings(folder: Path) -> Settings:
    return Settings(data_dir=folder / "postgres", key_dir=folder / "keys", checkpoint_dir=folder / "checkpoints")


def _in_a_process(folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.impact", "--measure", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _measure(folder: Path) -> None:
    draft = (
        builtin("kr-acbs")
        .replace(f'version = "{VERSION}"', 'version = "draft"')
        .replace("at_most = 24", "at_most = 12")
    )
    with open_bank(_settings(folder)) as bank:
        start = time.perf_counter()
        ImpactRun(bank).run(draft, fresh=True)
        seconds = time.perf_counter() - start
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    processor = sum(used.ru_utime + used.ru_stime for used in (own, workers))
    found = {"seconds": seconds, "processor": processor, "parent": _peak()}
    sys.stdout.write(json.dumps({**found, "worker": workers.ru_maxrss / 1024}) + "\n")


def _peak() -> float:
    """This process's own peak in MiB; the operating system's other figure begins with that of whoever started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _kinds() -> Iterator[Kind]:
    """Learners of different speed, marks and mixtures of classes, decided by the engine with their whole trace."""
    chance, pack = random.Random(20260901), parse(builtin("kr-acbs"))
    tables = ReadTables(builtin_units(), builtin_levels())
    request = RecognitionRequest(pack.id, pack.version, "bachelor", DAY, learner={"high_school_graduate": True})
    for number in range(KINDS):
        awards = tuple(_award(chance, number, nth) for nth in range(EACH))
        found = apply(tables, pack, request, awards, ())
        inputs = canonical(Inputs(awards, ()).to_json()).decode()
        yield Kind(
            tuple(award.id for award in awards), json.dumps(request.to_json()), inputs,
            canonical(found.to_json()).decode(), json.dumps(outcome_of(found)),
            tuple(json.dumps(award.to_json(), ensure_ascii=False) for award in awards),
        )  # fmt: skip


def _award(chance: random.Random, number: int, nth: int) -> Award:
    ended = date(2019, 3, 20) + timedelta(days=chance.randrange(900 + 60 * (number % 20)))
    return Award(
        id=str(UUID(int=chance.getrandbits(128))),
        issuer=f"school-{chance.randrange(40)}",
        amount=Credits(Fraction(chance.choice((2, 3, 3, 3, 4))), "kr-credit"),
        title={"ko": f"과목 {number * EACH + nth}호"},
        achievement=f"https://school.example/courses/{chance.randrange(4000)}",
        source="accredited-course",
        course_class=chance.choice(CLASSES),
        score=Fraction(chance.randrange(45, 101)),
        attendance=Fraction(chance.randrange(70, 101), 100),
        ended_on=ended,
        issuer_accredited=True,
    )


def _load(address: str, kinds: list[Kind], learners: int) -> None:
    """Learners in groups, each group five COPY statements in one transaction."""
    tables = ReadTables(builtin_units(), builtin_levels())
    digests = (tables.units.digest, tables.levels.digest)
    with psycopg.connect(address) as connection:
        for start in range(0, learners, AT_ONCE):
            rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in _COLUMNS}
            for n in range(start, min(start + AT_ONCE, learners)):
                _learner(rows, kinds[n % len(kinds)], digests)
            for name, columns in _COLUMNS.items():
                _copy(connection, name, columns, rows[name])
            connection.commit()
        connection.execute("ANALYZE bank.recognition")
        connection.execute("ANALYZE bank.recognition_input")


_COLUMNS = {
    "book": "book_id, state",
    "deposit": "book_id, deposit_id, issuer_did, credential_id, version, content_digest, facts, key_thumbprint",
    "deposit_event": "book_id, deposit_id, sequence, state, reason, actor, award",
    "recognition": "book_id, recognition_id, programme, pack_id, pack_version, decided_on, request, result",
    "recognition_input": "book_id, recognition_id, content, units, levels, outcome",
}


def _learner(rows: dict[str, list[tuple[object, ...]]], kind: Kind, digests: tuple[str, str]) -> None:
    book, decision = uuid4(), uuid4()
    own = {old: str(uuid4()) for old in kind.ids}
    rows["book"].append((book, "unclaimed"))
    for old, award in zip(kind.ids, kind.awards, strict=True):
        deposit = own[old]
        rows["deposit"].append(
            (book, deposit, "did:web:school.example", f"urn:uuid:{deposit}", 1, b"\x00" * 32, "{}", "t" * 43)
        )
        text = award.replace(old, deposit)
        rows["deposit_event"].append((book, deposit, 1, "credited", "verified", "benchmark", text))
    inputs, result, outcome = (_with(text, own) for text in (kind.inputs, kind.result, kind.outcome))
    rows["recognition"].append((book, decision, "bachelor", "kr-acbs", VERSION, DAY, kind.request, result))
    packed = zlib.compress(inputs.encode(), 6)
    rows["recognition_input"].append((book, decision, packed, *digests, outcome))


def _with(text: str, own: dict[str, str]) -> str:
    for old, new in own.items():
        text = text.replace(old, new)
    return text


def _copy(
    connection: "psycopg.Connection[tuple[object, ...]]", table: str, columns: str, rows: list[tuple[object, ...]]
) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY bank.{table} ({columns}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


if __name__ == "__main__":
    main()

"""Issuing and verifying credentials, per core, beside what the machine's raw signature checks allow and what others do.

./run python -m benchmarks.credentials [--rounds 30] [--only basic]    (a minute or two for all three)
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ed25519
from rich.console import Console
from rich.table import Table

from benchmarks.badges import KEY, KINDS, Document
from benchmarks.peers import javascript, python_peers
from benchmarks.schemes import schemes

BATCH = 10
ROUNDS = {"basic": 30, "usual": 8, "complete": 3}  # larger badges take longer, and vary less
Step = Callable[[int], object]


@dataclass(frozen=True)
class Line:
    """One thing to measure: a call that takes the number of a document."""

    label: str
    what: str
    call: Step


def main() -> None:
    """Measure each kind of badge and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, help="of ten calls each; otherwise as many as suit the size")
    parser.add_argument("--only", choices=KINDS)
    asked = parser.parse_args()
    for name, make in KINDS.items():
        if asked.only in (None, name):
            documents = [make(number) for number in range(BATCH)]
            Console(width=110).print(measure(name, documents, asked.rounds or ROUNDS[name]))


def measure(name: str, documents: list[Document], rounds: int) -> Table:
    """The table of one kind of badge: medians of the rounds, in each of which every line has its turn."""
    lines = [*_ours(documents), *(Line(*peer) for peer in python_peers(documents))]
    raw: list[float] = []
    taken: dict[Line, list[float]] = {line: [] for line in lines}
    for _ in range(rounds):
        raw.append(_seconds(_raw_check))
        for line in lines:
            taken[line].append(_seconds(line.call))
    limit = statistics.median(raw)
    found = [(line.label, line.what, statistics.median(times)) for line, times in taken.items()]
    return _table(name, documents, limit, [*found, *javascript(documents, rounds)])


def _ours(documents: list[Document]) -> list[Line]:
    lines = []
    for scheme in schemes(documents):
        lines += [Line(scheme.name, "issue", scheme.issue), Line(scheme.name, "verify: proof", scheme.proof)]
        lines += [Line(scheme.name, "verify: whole report", scheme.report)]
    return lines


def _seconds(call: Step) -> float:
    """The processor's time for one call, from a batch over different documents: others on the machine do not count."""
    start = time.process_time()
    for number in range(BATCH):
        call(number)
    return (time.process_time() - start) / BATCH


_SIGNED = b"x" * 64
_HANDLE = ed25519.Ed25519PrivateKey.from_private_bytes(KEY.to_bytes()).public_key()
_SIGNATURE = KEY.sign(_SIGNED)


def _raw_check(_: int) -> None:
    _HANDLE.verify(_SIGNATURE, _SIGNED)


def _table(name: str, documents: list[Document], limit: float, found: list[tuple[str, str, float]]) -> Table:
    size = len(json.dumps(documents[0], ensure_ascii=False, separators=(",", ":")).encode())
    title = f"{name} badge, {size / 1000:.1f} kB unsigned, one core; raw Ed25519 verification {1 / limit:,.0f}/s"
    table = Table(title=title, title_justify="left")
    for heading in ("what", "step"):
        table.add_column(heading)
    for heading in ("median µs", "a second", "of raw Ed25519"):
        table.add_column(heading, justify="right")
    for label, what, seconds in found:
        table.add_row(label, what, f"{seconds * 1e6:,.0f}", f"{1 / seconds:,.0f}", f"{limit / seconds:.2f}")
    return table


if __name__ == "__main__":
    main()

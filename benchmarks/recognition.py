"""One recognition under the Korean pack: in order, with the whole trace and unverified counterfactuals.

./run python -m benchmarks.recognition
"""

import statistics
import time
from datetime import date, timedelta
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from credentials.keys import PrivateKey
from creditbank.office import builtin_levels, builtin_units
from recognition_rules.award import Award
from recognition_rules.credits import Credits
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from recognition_rules.recognise import recognise

CLASSES = ("major-required", "major-elective", "liberal", "general")
SIZES = (20, 300)
ROUNDS = 15


def main() -> None:
    """Measure and print."""
    pack, units, levels = parse(builtin("kr-acbs")), builtin_units(), builtin_levels()
    checks = _raw_checks()
    table = Table(title="One recognition, kr-acbs bachelor, in order, trace on", title_justify="left")
    for heading in ("awards", "median ms", "with JSON, ms", "learners/s a core", "Ed25519 checks in that time"):
        table.add_column(heading, justify="right")
    for size in SIZES:
        awards = [_award(number) for number in range(size)]
        decided, written = [], []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            result = recognise(awards, "bachelor", pack, None, date(2026, 9, 1), units=units, levels=levels)
            decided.append(time.perf_counter() - start)
            result.to_json()
            written.append(time.perf_counter() - start)
        middle = statistics.median(decided)
        table.add_row(
            str(size), f"{1000 * middle:.1f}", f"{1000 * statistics.median(written):.1f}", f"{1 / middle:,.0f}",
            f"{middle * checks:,.0f}",
        )  # fmt: skip
    Console(width=110).print(table)


def _award(number: int) -> Award:
    ended = date(2015, 3, 20) + timedelta(days=13 * number)
    return Award(
        id=f"a{number:03}",
        issuer=f"school-{number % 4}",
        amount=Credits(Fraction(3), "kr-credit"),
        title={"ko": f"과목 {number}호"},
        source="accredited-course",
        course_class=CLASSES[number % 4],
        score=Fraction(80),
        attendance=Fraction(1),
        ended_on=ended,
        issuer_accredited=True,
    )


def _raw_checks() -> float:
    key = PrivateKey.generate("EdDSA")
    signature = key.sign(b"x" * 2000)
    start = time.perf_counter()
    for _ in range(2000):
        key.public_key.verify(signature, b"x" * 2000)
    return 2000 / (time.perf_counter() - start)


if __name__ == "__main__":
    main()

"""One recognition, many learners, a large table: CPU time on one core, beside what nobody could do without.

./run python -m benchmarks.recognition

Every line says whether the choice is in order or best, whether the trace is written, and what becomes of the
counterfactuals. Impact over a whole population, on all cores, is measured by `benchmarks.impact`.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from benchmarks.learners import crowded, looked_up, regular, table_pack, usual
from credentials.keys import PrivateKey, PublicKey
from creditbank.office import builtin_levels, builtin_units
from recognition_rules.award import Award
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin
from recognition_rules.policy import Items, Policy
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition

ON = date(2026, 9, 1)
LEARNERS = 200
ROUNDS, PASSES = 5, 4
"""How often each thing is measured in each pass over all of them: a shared machine is slow for some ten seconds at a
time, which a pass later are over."""
_UNITS, _LEVELS = builtin_units(), builtin_levels()

Learners = Sequence[Sequence[Award]]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a recognition is run: chosen in order or best, with the trace or not, with counterfactuals verified."""

    items: Items
    trace: bool
    verified: bool = False

    @property
    def counterfactuals(self) -> str:
        """What becomes of them: they are part of the trace."""
        return "verified" if self.verified else "proposed" if self.trace else "none"


@dataclass(frozen=True, slots=True)
class Line:
    """What is measured, over whom, and what the project has set out to reach (outcomes a second; 0: nothing)."""

    name: str
    learners: Learners
    pack: Pack
    programme: str
    manner: Manner
    target: float = 0


QUICK, TOLD = Manner("in-order", trace=False), Manner("in-order", trace=True)
BEST, BEST_TOLD = Manner("best", trace=False), Manner("best", trace=True)


def main() -> None:
    """Measure and print, in several passes over all lines, of which each line keeps its best."""
    console = Console(width=150)
    table = Table(title="Recognition, CPU time on one core", title_justify="left")
    left = ("what", "choice", "counterfactuals", "proven how")
    for heading in ("what", "choice", "trace", "counterfactuals", *_FIGURES, "proven how"):
        table.add_column(heading, justify="left" if heading in left else "right")
    lines = _lines()
    passes = [[_timed(line) for line in lines] for _ in range(PASSES)]
    for line, timed in zip(lines, zip(*passes, strict=True), strict=True):
        table.add_row(*_measured(line, *map(min, zip(*timed, strict=True))))
    console.print(table)
    console.print(
        "target: 300 outcomes in 50 ms; 2,000 learners a second; of a table 20,000 outcomes a second, 8,000 told"
    )
    console.print(_raw())


_FIGURES = ("ms a learner", "learners/s", "outcomes/s", "of target", "× reading")


def _lines() -> list[Line]:
    korean, table = parse(builtin("kr-acbs")), table_pack()
    many = [usual(seed) for seed in range(LEARNERS)]
    full = [crowded(seed) for seed in range(LEARNERS // 4)]
    found = [looked_up(seed) for seed in range(LEARNERS)]
    large, small = [regular(300)], [regular(20)]
    verified = Manner("in-order", trace=True, verified=True)
    return [
        Line("300 outcomes", large, korean, "bachelor", QUICK),
        Line("300 outcomes", large, korean, "bachelor", TOLD, target=6_000),
        Line("300 outcomes", large, korean, "bachelor", BEST),
        Line("300 outcomes", large, korean, "bachelor", BEST_TOLD),
        Line("20 outcomes", small, korean, "bachelor", verified),
        Line("20 outcomes each, usual", many, korean, "bachelor", QUICK),
        Line("20 outcomes each, usual", many, korean, "bachelor", BEST, target=40_000),
        Line("20 outcomes each, usual", many, korean, "bachelor", BEST_TOLD),
        Line("5 to 60 outcomes, crowded", full, korean, "bachelor", QUICK),
        Line("5 to 60 outcomes, crowded", full, korean, "bachelor", BEST),
        Line("table of 5,000 rows", found, table, "degree", BEST, target=20_000),
        Line("table of 5,000 rows", found, table, "degree", BEST_TOLD, target=8_000),
    ]


def _timed(line: Line) -> tuple[float, float]:
    """The seconds that deciding takes, and reading."""
    return best_of(lambda: [_decided(awards, line) for awards in line.learners]), _reading(line.learners)


def _measured(line: Line, spent: float, reading: float) -> tuple[str, ...]:
    methods = Counter(_decided(awards, line).method for awards in line.learners)
    outcomes, manner = sum(map(len, line.learners)), line.manner
    reached = f"{outcomes / spent / line.target:.0%}" if line.target else ""
    shares = ", ".join(f"{name} {number / len(line.learners):.0%}" for name, number in methods.most_common())
    return (
        line.name,
        manner.items,
        "yes" if manner.trace else "no",
        manner.counterfactuals,
        f"{1000 * spent / len(line.learners):.2f}",
        f"{len(line.learners) / spent:,.0f}",
        f"{outcomes / spent:,.0f}",
        reached,
        f"{spent / reading:.2f}",
        shares,
    )


def _decided(awards: Sequence[Award], line: Line) -> Recognition:
    policy = Policy(line.manner.items, "best", line.pack.choose.order, line.pack.choose.objectives)
    return recognise(
        awards,
        line.programme,
        line.pack,
        policy,
        ON,
        units=_UNITS,
        levels=_LEVELS,
        trace=line.manner.trace,
        verify_counterfactuals=line.manner.verified,
    )


def best_of(work: Callable[[], object]) -> float:
    """The least CPU time in seconds of several rounds: what else the machine does can only add to it."""
    found = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def _reading(learners: Learners) -> float:
    """The raw limit: the same awards read from JSON, which a decision needs before anything else."""
    texts = [json.dumps(award.to_json(), ensure_ascii=False) for awards in learners for award in awards]
    return best_of(lambda: [Award.from_json(json.loads(text)) for text in texts])


def _raw() -> Table:
    """What this machine does in the least that there is: to know it by."""
    table = Table(title="Raw limits of the same run", title_justify="left")
    table.add_column("what", justify="left")
    table.add_column("a second", justify="right")
    amounts, key = [Fraction(number, 3) for number in range(1000)], PrivateKey.generate("EdDSA")
    signature = key.sign(b"x" * 2000)
    summing = best_of(lambda: [sum(amounts, Fraction(0)) for _ in range(10)])
    checking = best_of(lambda: _checked(key.public_key, signature))
    table.add_row("additions of fractions", f"{10_000 / summing:,.0f}")
    table.add_row("Ed25519 checks of 2 kB", f"{1000 / checking:,.0f}")
    return table


def _checked(key: PublicKey, signature: bytes) -> None:
    for _ in range(1000):
        key.verify(signature, b"x" * 2000)


if __name__ == "__main__":
    main()

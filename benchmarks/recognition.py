"""One recognition under the Korean pack: in order and best, with and without trace and verified counterfactuals.

./run python -m benchmarks.recognition
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from credentials.keys import PrivateKey
from creditbank.office import builtin_levels, builtin_units
from recognition_rules.award import Award
from recognition_rules.credits import Credits
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin
from recognition_rules.policy import Policy
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition

CLASSES = ("major-required", "major-elective", "liberal", "general")
TITLES = (
    "통계학",
    "경영학",
    "회계",
    "법학",
    "심리학",
    "철학",
    "사회학",
    "물리학",
    "화학",
    "음악",
    "미술",
    "역사",
    "지리",
    "영어",
)
LEARNERS = 200
ROUNDS = 15
ON = date(2026, 9, 1)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a recognition is run: chosen in order or best, with the trace or not, with counterfactuals verified."""

    name: str
    items: str
    trace: bool
    verified: bool = False
    sizes: tuple[int, ...] = (20, 300)


MANNERS = (
    Manner("in order, no trace", "in-order", trace=False),
    Manner("in order, trace and unverified counterfactuals", "in-order", trace=True),
    Manner("in order, trace and verified counterfactuals", "in-order", trace=True, verified=True, sizes=(20,)),
    Manner("best, no trace", "best", trace=False),
    Manner("best, trace and unverified counterfactuals", "best", trace=True),
)


def main() -> None:
    """Measure and print."""
    pack, console = parse(builtin("kr-acbs")), Console(width=130)
    console.print(_sizes(pack))
    console.print(_population(pack))


def _sizes(pack: Pack) -> Table:
    checks = _raw_checks()
    table = Table(title="One recognition, kr-acbs bachelor", title_justify="left")
    for heading in ("how", "awards", "median ms", "learners/s a core", "Ed25519 checks in that time", "method"):
        table.add_column(heading, justify="left" if heading == "how" else "right")
    for manner in MANNERS:
        for size in manner.sizes:
            awards = [_regular(number) for number in range(size)]
            middle, found = _measured(awards, pack, manner)
            row = (manner.name, str(size), f"{1000 * middle:.2f}", f"{1 / middle:,.0f}", f"{middle * checks:,.0f}")
            table.add_row(*row, found.method)
    return table


def _population(pack: Pack) -> Table:
    """Learners of 5 to 60 awards, of which some hit a cap: how many are proven best without a search."""
    learners = [_learner(random.Random(seed)) for seed in range(LEARNERS)]
    table = Table(title=f"{LEARNERS} learners of 5 to 60 awards, no trace", title_justify="left")
    for heading in ("how", "ms a learner", "slowest ms", "proven how", "some award without room"):
        table.add_column(heading, justify="left" if heading in ("how", "proven how") else "right")
    spent: dict[str, list[float]] = {}
    for manner in (each for each in MANNERS if not each.trace):
        methods: Counter[str] = Counter()
        capped = 0
        for awards in learners:
            start = time.perf_counter()
            found = _decide(awards, pack, manner)
            spent.setdefault(manner.name, []).append(time.perf_counter() - start)
            methods[found.method] += 1
            capped += any(each.reasons for each in found.decisions)
        times = spent[manner.name]
        share = ", ".join(f"{name} {number / LEARNERS:.0%}" for name, number in methods.most_common())
        mean, slowest = f"{1000 * statistics.mean(times):.2f}", f"{1000 * max(times):.1f}"
        table.add_row(manner.name, mean, slowest, share, f"{capped / LEARNERS:.0%}")
    ratio = sum(spent[MANNERS[3].name]) / sum(spent[MANNERS[0].name])
    table.caption = f"best costs {ratio:.2f} times what in order does"
    return table


def _measured(awards: Sequence[Award], pack: Pack, manner: Manner) -> tuple[float, Recognition]:
    found, spent = _decide(awards, pack, manner), []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        _decide(awards, pack, manner)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent), found


def _decide(awards: Sequence[Award], pack: Pack, manner: Manner) -> Recognition:
    policy = Policy("best" if manner.items == "best" else "in-order", "best", pack.choose.order, pack.choose.objectives)
    told = {"trace": manner.trace, "verify_counterfactuals": manner.verified}
    return recognise(awards, "bachelor", pack, policy, ON, units=_UNITS, levels=_LEVELS, **told)


_UNITS, _LEVELS = builtin_units(), builtin_levels()


def _regular(number: int) -> Award:
    """One course every 13 days: about twice as much as a year has room for."""
    ended = date(2015, 3, 20) + timedelta(days=13 * number)
    return _award(number, 3, CLASSES[number % 4], ended, f"school-{number % 4}")


def _learner(source: random.Random) -> list[Award]:
    """Up to nine courses a semester, mostly of 3 credits, at one to three schools."""
    awards: list[Award] = []
    semesters, schools = source.randint(2, 8), source.randint(1, 3)
    for semester in range(semesters):
        day = date(2021, 6, 20) + timedelta(days=183 * semester)
        for _ in range(source.randint(3, 9)):
            weighted = (3, 3, 3, 3, 2, 4)
            course_class = source.choice(CLASSES)
            school = f"school-{source.randrange(schools)}"
            awards.append(_award(len(awards), source.choice(weighted), course_class, day, school))
    return awards


def _award(number: int, amount: int, course_class: str, ended: date, school: str) -> Award:
    return Award(
        id=f"a{number:03}",
        issuer=school,
        amount=Credits(Fraction(amount), "kr-credit"),
        title={"ko": f"{TITLES[number % len(TITLES)]} 과목 {number}호"},
        source="accredited-course",
        course_class=course_class,
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

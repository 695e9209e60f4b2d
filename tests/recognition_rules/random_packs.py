"""Small packs and awards drawn at random, in a model of their own that knows nothing of the engine's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random

CLASSES, SOURCES, AREAS, SCHOOLS = ("major", "free", "liberal"), ("course", "exam"), ("arts", "law"), ("p", "q")
DAYS = tuple(map(date.fromisoformat, ("2024-02-29", "2025-02-28", "2025-03-01", "2025-08-31", "2025-09-01")))
TITLES = (("경영학개론", 0, 0), ("경영학 개론", 0, 0), ("경영학원론", 1, 0), ("통계학개론", 2, 1), ("통계학원론", 3, 1))
GOALS = (
    ("shortfall", "counted"),
    ("counted", "shortfall"),
    ("shortfall", "counted", "counted:major", "counted:free"),
    ("granted", "least-used"),
    ("counted",),
)


@dataclass(frozen=True)
class Drawn:
    """An award: twins share `core`, stand-ins `family`; of a `pair` both count or none."""

    id: str
    amount: Fraction
    traits: dict[str, str]
    day: date
    title: str
    core: object
    family: object
    paired: bool = False
    conditional: bool = False


@dataclass(frozen=True)
class Filter:
    """Awards of which a trait is among some values; without a key all."""

    key: str | None = None
    values: tuple[str, ...] = ()

    def holds(self, award: Drawn, course_class: str) -> bool:
        found = course_class if self.key == "class" else award.traits.get(self.key or "")
        return self.key is None or found in self.values


@dataclass(frozen=True)
class Cap:
    """A limit: a fixed bound, or a share of what counts or is registered in the same group."""

    id: str
    where: Filter
    items: bool
    bound: Fraction
    calendar: str | None
    key: str | None
    share_of: str | None = None


@dataclass(frozen=True)
class Need:
    """A leaf of the tree."""

    id: str
    slot: bool
    where: Filter
    least: Fraction
    share: bool = False
    items: bool = False
    surplus_to: str | None = None


@dataclass(frozen=True)
class Branch:
    """A group of leaves of which `least` must hold."""

    id: str
    least: int
    parts: tuple[Need, ...]


@dataclass(frozen=True)
class Drawing:
    """A pack and the awards of a learner."""

    awards: tuple[Drawn, ...]
    caps: tuple[Cap, ...]
    tree: tuple[Branch, ...]
    goals: tuple[str, ...]
    twins: str | None
    keepers: int | None
    split: Fraction | None
    slots: tuple[Need, ...] = field(default=())


def draw(seed: int, most: int = 5) -> Drawing:
    """The pack and awards of a seed; every feature is in about half of them."""
    chance = Random(seed)
    maybe: Callable[[], bool] = lambda: chance.random() < 0.5  # noqa: E731 - read as a word
    awards = [_award(chance, number) for number in range(chance.randint(2, most))]
    if maybe():
        awards[:2] = [_marked(each, paired=True) for each in awards[:2]]
    if maybe():
        awards[2:] = [_marked(each, conditional=chance.random() < 0.4) for each in awards[2:]]
    shares = [each for each, there in (("counted", maybe()), ("registered", maybe())) if there]
    caps = tuple(_cap(chance, number, shares) for number in range(chance.randint(1, 4)))
    tree = tuple(_branch(chance, number) for number in range(chance.randint(1, 3)))
    return Drawing(
        tuple(sorted(awards, key=lambda each: (each.day, each.id))),
        caps,
        tree,
        chance.choice(GOALS),
        chance.choice([None, "counted", "eligible"]),
        chance.choice([None, 1, 2]),
        chance.choice([None, Fraction(1), Fraction(1, 2)]),
        tuple(part for branch in tree for part in branch.parts if part.slot),
    )


def _marked(award: Drawn, *, paired: bool = False, conditional: bool = False) -> Drawn:
    told = {name: getattr(award, name) for name in ("id", "amount", "traits", "day", "title", "core", "family")}
    return Drawn(**told, paired=paired, conditional=conditional)


def _award(chance: Random, number: int) -> Drawn:
    title, core, family = chance.choice(TITLES)
    if chance.random() < 0.5:
        title, core, family = f"과목{'가나다라마바'[number]}", -1 - number, -1 - number
    traits = {
        "class": chance.choice(CLASSES),
        "source": chance.choice(SOURCES),
        "area": chance.choice(AREAS),
        "issuer": chance.choice(SCHOOLS),
    }
    amount = Fraction(chance.choice(["1", "2", "3", "4", "5", "3/2", "7/3"]))
    return Drawn(f"a{number}", amount, traits, chance.choice(DAYS), title, core, family)


def _filter(chance: Random) -> Filter:
    key, values = chance.choice([("class", CLASSES), ("source", SOURCES), ("area", AREAS), ("issuer", SCHOOLS)])
    return Filter(key, tuple(sorted(chance.sample(values, len(values) - 1))))


def _cap(chance: Random, number: int, shares: Sequence[str]) -> Cap:
    where = chance.choice([Filter(), _filter(chance), _filter(chance)])
    calendar, key = chance.choice([None, "year", "semester"]), chance.choice([None, None, "provider_root", "class"])
    if shares and chance.random() < 0.4:
        share = Fraction(chance.choice([25, 40, 50, 60]), 100)
        return Cap(f"l{number}", where, False, share, calendar, key, chance.choice(shares))
    items = chance.random() < 0.3
    bound = Fraction(chance.randint(1, 3)) if items else Fraction(chance.choice(["2", "4", "9/2", "6", "8", "10"]))
    return Cap(f"l{number}", where, items, bound, calendar, key)


def _branch(chance: Random, number: int) -> Branch:
    size = chance.randint(1, 3)
    parts = [_need(chance, f"{number}-{place}") for place in range(size)]
    if size > 1 and parts[0].slot and parts[1].slot and not parts[0].items and not parts[1].items:
        first = parts[0]
        parts[0] = Need(first.id, True, first.where, first.least, surplus_to=parts[1].id)
    return Branch(f"branch-{number}", chance.randint(1, size), tuple(parts))


def _need(chance: Random, name: str) -> Need:
    items = chance.random() < 0.2
    least = Fraction(chance.randint(1, 2) if items else chance.choice([3, 4, 5, 6, 8]))
    if chance.random() < 0.55:
        return Need(f"slot-{name}", True, _filter(chance), least, items=items)
    if chance.random() < 0.3:
        return Need(f"test-{name}", False, _filter(chance), Fraction(chance.choice([25, 50]), 100), share=True)
    return Need(f"test-{name}", False, chance.choice([Filter(), _filter(chance)]), least, items=items)

"""What a draft of a pack would change for a population: counted learner by learner, added up, in any process.

A tally holds counts and a few examples, never the learners; tallies add up in any grouping to the same sums, so that
memory is flat and a run can be split and resumed.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

from creditbank.errors import Refused
from creditbank.reevaluation_difference import NOTHING, Difference, difference, is_material
from creditbank.replay import ReadTables
from creditbank.replay_inputs import Inputs, Outcome, outcome_of, unpacked
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.recognitions import apply
from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award
from recognition_rules.errors import RuleError
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack
from recognition_rules.pack import parse as parse_pack
from recognition_rules.units_pack import parse as parse_units

EDGES: Final = (3, 6, 15, 30, 60)
"""Where the classes of the distribution end, in credits either way."""
EXAMPLES: Final = 5
"""How many of those who gain most, and of those who lose most, are kept."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What every process is told once: the draft, what stands for learners without a decision, and the tables."""

    draft: str
    current: str | None
    question: Mapping[str, Any] | None
    units: str
    levels: str


@dataclass(frozen=True, slots=True)
class Case:
    """One learner's decision, as it travels: the request and the outcome as texts, the inputs packed.

    Without a decision `request` and `outcome` are None, and `awards` are those that she holds, as texts.
    """

    book: str
    request: str | None
    content: bytes | None
    outcome: str | None
    awards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One learner, by her book: what counted before and would after."""

    book: str
    programme: str
    status: tuple[str, str]
    before: str
    after: str
    change: str

    def to_json(self) -> dict[str, Any]:
        """The example's shape."""
        return {
            "book": self.book,
            "programme": self.programme,
            "status": list(self.status),
            "before": self.before,
            "after": self.after,
            "change": self.change,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Example":
        """The example that `to_json` wrote."""
        return cls(**{**value, "status": tuple(value["status"])})


@dataclass(slots=True)
class Tally:
    """The sums. `moves` are (programme, status before, after); `reasons` are (code, rule, appears or goes);
    `credits` are exact sums of what is gained and lost, by programme and way.
    """

    learners: Counter[tuple[str, ...]] = field(default_factory=Counter)
    moves: Counter[tuple[str, ...]] = field(default_factory=Counter)
    distribution: Counter[tuple[str, ...]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, ...]] = field(default_factory=Counter)
    failed: Counter[tuple[str, ...]] = field(default_factory=Counter)
    credits: dict[tuple[str, ...], Fraction] = field(default_factory=dict)
    outcomes: int = 0
    gains: list[Example] = field(default_factory=list)
    losses: list[Example] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Learners' decisions looked at."""
        return sum(self.learners.values()) + sum(self.failed.values())

    def add(self, other: "Tally") -> None:
        """Add up."""
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for key, amount in other.credits.items():
            self.credits[key] = self.credits.get(key, Fraction(0)) + amount
        self.outcomes += other.outcomes
        self.gains = _most(self.gains + other.gains, -1)
        self.losses = _most(self.losses + other.losses, 1)

    def count(self, book: str, programme: str, found: Difference, material: bool) -> None:
        """Count one learner's difference."""
        change = Fraction(found["counted"]["change"])
        way = "gains" if change > 0 else "loses" if change < 0 else "otherwise" if material else "same"
        self.learners[programme, way] += 1
        self.distribution[(_class_of(change),)] += 1
        if not material:
            return
        before, after = found["status"]
        self.moves[programme, before, after] += before != after
        _count_reasons(self.reasons, found)
        if change:
            self.credits[programme, way] = self.credits.get((programme, way), Fraction(0)) + abs(change)
            self._keep(Example(book, programme, (before, after), **found["counted"]), change)

    def _keep(self, example: Example, change: Fraction) -> None:
        if change > 0:
            self.gains = _most([*self.gains, example], -1)
        else:
            self.losses = _most([*self.losses, example], 1)

    def to_json(self) -> dict[str, Any]:
        """The tally as it is saved between two runs."""
        counters = {name: [[*key, n] for key, n in sorted(getattr(self, name).items()) if n] for name in _COUNTERS}
        return {
            **counters,
            "credits": [[*key, text_of_amount(amount)] for key, amount in sorted(self.credits.items())],
            "outcomes": self.outcomes,
            "gains": [example.to_json() for example in self.gains],
            "losses": [example.to_json() for example in self.losses],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Tally":
        """The tally that `to_json` wrote."""
        counters = {name: Counter({tuple(row[:-1]): row[-1] for row in value[name]}) for name in _COUNTERS}
        return cls(
            **counters,
            credits={tuple(row[:-1]): Fraction(row[-1]) for row in value["credits"]},
            outcomes=value["outcomes"],
            gains=[Example.from_json(each) for each in value["gains"]],
            losses=[Example.from_json(each) for each in value["losses"]],
        )


_COUNTERS: Final = ("learners", "moves", "distribution", "reasons", "failed")


def _most(found: Sequence[Example], sign: int) -> list[Example]:
    return sorted(found, key=lambda each: (sign * Fraction(each.change), each.book, each.programme))[:EXAMPLES]


def _class_of(change: Fraction) -> str:
    """The class of the distribution: `0`, or a sign and the credits between which the change lies."""
    if not change:
        return "0"
    sign, size = ("+" if change > 0 else "-"), abs(change)
    upper = next((edge for edge in EDGES if size <= edge), None)
    if upper is None:
        return f"{sign} more than {EDGES[-1]}"
    lower = EDGES[EDGES.index(upper) - 1] if upper != EDGES[0] else 0
    return f"{sign} {lower} to {upper}"


def classes() -> list[str]:
    """The classes from the greatest loss to the greatest gain."""
    sizes = [Fraction(edge) for edge in EDGES] + [Fraction(EDGES[-1] + 1)]
    return [_class_of(-size) for size in reversed(sizes)] + ["0"] + [_class_of(size) for size in sizes]


def _count_reasons(reasons: Counter[tuple[str, ...]], found: Difference) -> None:
    """Which reasons come and go at awards of which something else counts than before."""
    for award in found["awards"]:
        if award["change"] == "0":
            continue
        before, after = ({(code, rule or "") for code, rule in side} for side in award["reasons"])
        reasons.update((code, rule, "appears") for code, rule in after - before)
        reasons.update((code, rule, "goes") for code, rule in before - after)


class Laboratory:
    """One process at work: the draft and the tables, read once."""

    def __init__(self, trial: Trial) -> None:
        self._tables = ReadTables(parse_units(trial.units), parse_levels(trial.levels))
        self._draft = parse_pack(trial.draft)
        self._current = None if trial.current is None else parse_pack(trial.current)
        self._question = trial.question

    def tally(self, cases: Sequence[Case]) -> Tally:
        """The cases decided under the draft and compared with what stands."""
        found = Tally()
        for case in cases:
            self._try(case, found)
        return found

    def _try(self, case: Case, tally: Tally) -> None:
        try:
            request, inputs, before = self._read(case)
            after = self._decide(self._draft, request, inputs)
        except (RuleError, Refused) as refused:
            tally.failed[(refused.code,)] += 1
            return
        tally.outcomes += len(inputs.awards)
        changed = difference(before, after)
        tally.count(case.book, request.programme, changed, is_material(changed))

    def _read(self, case: Case) -> tuple[RecognitionRequest, Inputs, Outcome]:
        if case.request is None:
            assert self._question is not None
            request = RecognitionRequest.from_json(self._question)
            inputs = Inputs(tuple(Award.from_json(json.loads(text)) for text in case.awards), ())
            current = self._current
            return request, inputs, NOTHING if current is None else self._decide(current, request, inputs)
        assert case.content is not None
        assert case.outcome is not None
        return RecognitionRequest.from_json(json.loads(case.request)), unpacked(case.content), json.loads(case.outcome)

    def _decide(self, pack: Pack, request: RecognitionRequest, inputs: Inputs) -> Outcome:
        asked = replace(request, pack_id=pack.id, pack_version=pack.version)
        return outcome_of(apply(self._tables, pack, asked, inputs.awards, inputs.used, trace=False))


_LABORATORY: Final[list[Laboratory]] = []


def begin(trial: Trial) -> None:
    """What a process does first. Raises PackInvalid."""
    _LABORATORY[:] = [Laboratory(trial)]


def try_page(page: tuple[Any, Sequence[Case]]) -> tuple[Any, Tally]:
    """A page's tally, with the mark of where the page ends."""
    mark, cases = page
    return mark, _LABORATORY[0].tally(cases)


def report(tally: Tally, pseudonym: Any) -> dict[str, Any]:
    """The tally as a report: nobody in it but by a pseudonym, which is a function of the book."""
    return {
        "decisions": tally.total,
        "outcomes": tally.outcomes,
        "programmes": list(_programmes(tally)),
        "status_changes": [
            {"programme": programme, "before": before, "after": after, "learners": n}
            for (programme, before, after), n in sorted(tally.moves.items())
            if n
        ],
        "distribution": [{"credits": name, "learners": tally.distribution[(name,)]} for name in classes()],
        "reasons": [
            {"code": code, "rule": rule or None, "way": way, "awards": n}
            for (code, rule, way), n in sorted(tally.reasons.items(), key=lambda row: (-row[1], row[0]))
        ],
        "not_decidable": {key[0]: n for key, n in sorted(tally.failed.items())},
        "examples": [
            {**{k: v for k, v in each.to_json().items() if k != "book"}, "learner": pseudonym(each.book)}
            for each in (*tally.gains, *tally.losses)
        ],
    }


def _programmes(tally: Tally) -> Iterator[dict[str, Any]]:
    for programme in sorted({key[0] for key in tally.learners}):
        counts = {way: tally.learners[programme, way] for way in ("gains", "loses", "otherwise", "same")}
        sums = {way: text_of_amount(tally.credits.get((programme, way), Fraction(0))) for way in ("gains", "loses")}
        yield {
            "programme": programme,
            "decisions": sum(counts.values()),
            **counts,
            "credits_gained": sums["gains"],
            "credits_lost": sums["loses"],
        }

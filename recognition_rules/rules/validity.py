"""How long a credit may be used: the earliest of several ends, seen from the target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import read_condition, read_filter
from recognition_rules.durations import ROLLOVERS, Duration, Rollover, of_years, parse_duration, read_duration
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head

STARTS = ("awarded_on", "ended_on", "started_on", "received_on")
"""The days of the award from which its life is reckoned."""

_KINDS = ("carried", "carried_day", "by_programme", "by_institution", "learner", "until")
_SELECTORS = ("award", "end", "start", "application", "enrolment", "decision")


@dataclass(frozen=True, slots=True)
class Life:
    """One limit on a life: whose, and how long.

    `own`: the rule's own length (its terms may replace it). `carried`: a length among the award's facts, that of its
    issuer; `carried_day`: a last day there. `by_programme` and `by_institution`: a length for each target; `learner`:
    a length among the facts of the request, that of whoever accepts. `until`: a fixed last day. `absent` says what a
    length that is not stated means: that there is none, or that nobody knows.
    """

    kind: Literal["own", "carried", "carried_day", "by_programme", "by_institution", "learner", "until"]
    duration: Duration | None = None
    fact: str = ""
    table: Mapping[str, Duration | None] | None = None
    day: date | None = None
    absent: Literal["none", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Validity:
    """One [[validity]]: for the awards `where` holds for the earliest end of `lives`, reckoned from `starts`.

    It is asked on the day `measured_on` (`decision`, `application`, or `learner:` and the name of a day in the
    learner's life). `inclusive` says whether the day on which a length runs out is still good. `never` are awards
    that do not run out. `evidence` overrides; without lives it is always needed. `asks` says whether evidence that is
    missing leaves the question open or refuses. `reason` is `EXPIRED` or `STALE`.
    """

    head: RuleHead
    where: Condition
    lives: tuple[Life, ...]
    starts: str
    measured_on: str
    inclusive: bool
    rollover: Rollover
    never: Condition | None
    evidence: Condition | None
    asks: bool
    reason: str


def read_validity(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Validity, ...]:
    """The [[validity]] tables; raises `PackInvalid`."""
    return tuple(_validity(node, vocabulary) for node in nodes)


def _validity(node: Node, vocabulary: Vocabulary) -> Validity:
    lives = tuple(map(_life, node.children("limits")))
    never, evidence = node.child_or_none("never_expires"), node.child_or_none("evidence")
    rollovers: dict[str, Rollover] = {each: each for each in ROLLOVERS}
    missing = node.choice("without_evidence", ("undetermined", "refused"), "undetermined")
    rule = Validity(
        head=read_head(node, vocabulary.references, selectors=_SELECTORS, value="amount"),
        where=read_filter(node, vocabulary, peers=False),
        lives=lives,
        starts=node.choice("starts", STARTS, "awarded_on"),
        measured_on=_measured_on(node),
        inclusive=node.choice("end_day", ("inclusive", "exclusive"), "inclusive") == "inclusive",
        rollover=rollovers[node.choice("leap_day", ROLLOVERS, "28-february")],
        never=read_condition(never, vocabulary, peers=False) if never else None,
        evidence=read_condition(evidence, vocabulary, peers=False) if evidence else None,
        asks=missing == "undetermined",
        reason=node.choice("reason", ("EXPIRED", "STALE"), "EXPIRED" if lives else "STALE"),
    )
    _check(node, rule)
    node.done()
    return rule


def _check(node: Node, rule: Validity) -> None:
    if not rule.lives and rule.evidence is None:
        raise node.fail("Say how long a credit is good (limits), or what evidence is always needed (evidence).")
    if rule.evidence is None and node.has("without_evidence"):
        raise node.fail("Without 'evidence' there is none that could be missing.", "without_evidence")
    own = any(life.kind == "own" for life in rule.lives)
    for terms in rule.head.terms:
        if terms.value is not None and (not own or of_years(terms.value) is None):
            raise node.fail("The value of terms is a number of years for the limit { years = … }.", "terms")


def _measured_on(node: Node) -> str:
    if not isinstance(node.raw("measured_on"), dict):
        return node.choice("measured_on", ("decision", "application"), "decision")
    child = node.child("measured_on")
    name = child.text("learner")
    child.done()
    return f"learner:{name}"


def _life(node: Node) -> Life:
    kinds = [key for key in _KINDS if node.has(key)]
    if len(kinds) > 1 or (kinds and any(node.has(key) for key in ("years", "months", "days"))):
        raise node.fail("One limit says one thing; write several limits.")
    life = _other_life(node, kinds[0]) if kinds else Life("own", read_duration(node))
    node.done()
    return life


def _other_life(node: Node, key: str) -> Life:
    if key == "until":
        return Life("until", day=node.day(key))
    # An award that states no life has none of its own; whoever accepts has one, stated or not.
    usual = "none" if key.startswith("carried") else "unknown"
    absent: Literal["none", "unknown"] = (
        "none" if node.choice("absent", ("none", "unknown"), usual) == "none" else "unknown"
    )
    if key in ("by_programme", "by_institution"):
        table = node.child(key)
        rows = {name: _length(table, name) for name in table.values}
        return Life("by_programme" if key == "by_programme" else "by_institution", table=rows, absent=absent)
    kinds: dict[str, Literal["carried", "carried_day", "learner"]] = {
        "carried": "carried", "carried_day": "carried_day", "learner": "learner",
    }  # fmt: skip
    return Life(kinds[key], fact=node.text(key), absent=absent)


def _length(node: Node, name: str) -> Duration | None:
    text = node.text(name)
    found = None if text == "none" else parse_duration(text)
    if found is None and text != "none":
        raise node.fail(f'\'{name}\' must be a length of time such as "5 years" or "18 months", or "none".', name)
    return found

"""The closed set of named conditions on one award: `all`, `any`, `not` over the atoms of `condition_readers`.

There is no expression language. Every atom is judged, none is skipped, so that all that fails is reported.
"""

from dataclasses import dataclass, replace
from types import UnionType

from recognition_rules.award import Award
from recognition_rules.conditions.atoms import Condition, FactAmong
from recognition_rules.conditions.dates import SamePeriod
from recognition_rules.conditions.history import HasOther, NoOther, read_history
from recognition_rules.conditions.readers import ATOMS
from recognition_rules.conditions.targets import ExcludedFrom, RecognisedAs
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.situation import Situation
from recognition_rules.truth import YES, Finding, Truth, Verdict, both, either

_HISTORY = ("no_earlier", "no_other", "has_other")


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds. `all = []` is refused by the parser: a filter that says nothing is a mistake."""

    parts: tuple[Condition, ...]

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """The least of the parts."""
        return both([part.judge(award, situation) for part in self.parts])


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """The greatest of the parts."""
        return either([part.judge(award, situation) for part in self.parts])


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; unknown stays unknown."""

    part: Condition

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """The opposite of the part."""
        verdict = self.part.judge(award, situation).negated()
        if verdict.truth is Truth.NO:
            return Verdict(Truth.NO, (Finding("SOURCE_NOT_ELIGIBLE", {"source": award.source}),), verdict.arithmetic)
        if verdict.truth is Truth.UNKNOWN:
            return Verdict(Truth.UNKNOWN, self._open(verdict, award, situation), verdict.arithmetic)
        return verdict

    def _open(self, verdict: Verdict, award: Award, situation: Situation) -> tuple[Finding, ...]:
        """What is missing: not *all* of them is one that does not hold, not *any* that none of them does."""
        if not isinstance(self.part, All | AnyOf):
            return tuple(map(_unanswered, verdict.findings))
        judged = (Not(part).judge(award, situation) for part in self.part.parts)
        unknown = [each for each in judged if each.truth is Truth.UNKNOWN]
        return (either if isinstance(self.part, All) else both)(unknown).findings


def _unanswered(finding: Finding) -> Finding:
    """The same fact is missing, but what would have satisfied the part is what must not be."""
    if finding.edit is None or not {"value", "answer"} & set(finding.edit.details):
        return finding
    kept = {name: value for name, value in finding.edit.details.items() if name not in ("value", "answer")}
    return replace(finding, edit=replace(finding.edit, details=kept))


@dataclass(frozen=True, slots=True)
class Everything:
    """Holds for every award: what a rule without a filter applies to."""

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """Always yes."""
        return YES


def read_condition(node: Node, vocabulary: Vocabulary, *, peers: bool = True) -> Condition:
    """A condition from its table; several keys in one table must all hold.

    `peers` says whether it may look at the learner's other awards, which eligibility may not. Raises
    `PackInvalid` on an empty table, an unknown key (`unknown_key`) or an empty list.
    """
    parts = tuple(_part(node, key, vocabulary) for key in node.values)
    if not parts:
        raise node.fail("A condition must say something; to mean every award, leave it out.")
    node.done()
    condition = parts[0] if len(parts) == 1 else All(parts)
    return condition if peers else _by_itself(condition, node)


def _by_itself(condition: Condition, node: Node) -> Condition:
    """The condition, which asks for nothing that is found out later (`PackInvalid`)."""
    if _holds(condition, RecognisedAs | ExcludedFrom):
        raise node.fail("What an award is recognised as is found out later: this rule cannot look at it yet.")
    if _holds(condition, SamePeriod):
        raise node.fail("Eligibility is decided award by award: it cannot look at the learner's other awards.")
    return condition


def read_filter(node: Node, vocabulary: Vocabulary, *, peers: bool = True) -> Condition:
    """The awards a rule applies to: `on` names a set, `where` spells a condition, neither means every award."""
    if node.has("on") and node.has("where"):
        raise node.fail("Give either 'on' or 'where', not both.", "where")
    if node.has("on"):
        found = vocabulary.sets[node.choice("on", vocabulary.sets)]
        return found if peers else _by_itself(found, node)
    where = node.child_or_none("where")
    return read_condition(where, vocabulary, peers=peers) if where else Everything()


def _part(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
    if key in ("all", "any"):
        parts = tuple(read_condition(child, vocabulary) for child in node.children(key))
        if not parts:
            raise node.fail(f"'{key}' must list at least one condition.", key)
        return All(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(read_condition(node.child(key), vocabulary))
    if key == "set":
        return vocabulary.sets[node.choice(key, vocabulary.sets)]
    if key in _HISTORY:
        child = node.child(key)
        where = child.child_or_none("where")
        condition = read_condition(where, vocabulary, peers=False) if where else Everything()
        if _holds(condition, HasOther | NoOther):
            raise child.fail("What is asked of another award cannot ask about others in turn.", "where")
        past = read_history(child, condition, earlier=key == "no_earlier")
        return HasOther(past) if key == "has_other" else NoOther(past)
    if key == "exists_same_period":
        return _same_period(node.child(key), vocabulary)
    if key not in ATOMS:
        known = ", ".join(sorted({*ATOMS, *_HISTORY, "all", "any", "not", "set", "exists_same_period"}))
        raise node.fail(f"'{key}' is not a condition; the conditions are: {known}.", key, "unknown_key")
    return ATOMS[key](node, key, vocabulary)


def _same_period(node: Node, vocabulary: Vocabulary) -> Condition:
    calendar = vocabulary.calendars[node.choice("calendar", vocabulary.calendars)]
    node.choice("among", ("eligible",), "eligible")
    sources = node.words("source", vocabulary.sources)
    node.done()
    return SamePeriod(calendar, frozenset(sources))


def facts_named(condition: Condition) -> tuple[str, ...]:
    """The facts of the award that a condition asks about, in the order of the pack."""
    if isinstance(condition, All | AnyOf):
        return tuple(dict.fromkeys(name for part in condition.parts for name in facts_named(part)))
    if isinstance(condition, Not):
        return facts_named(condition.part)
    return (condition.name,) if isinstance(condition, FactAmong) else ()


def atoms_of(condition: Condition) -> tuple[Condition, ...]:
    """Every atom anywhere in the condition, in the sets it names too."""
    if isinstance(condition, All | AnyOf):
        return tuple(atom for part in condition.parts for atom in atoms_of(part))
    return atoms_of(condition.part) if isinstance(condition, Not) else (condition,)


def _holds(condition: Condition, kind: UnionType | type[object]) -> bool:
    """Whether an atom of this kind stands anywhere in the condition, in the sets it names too."""
    return any(isinstance(atom, kind) for atom in atoms_of(condition))

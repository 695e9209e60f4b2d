"""The figure that each rule of a pack sets in its terms, in which direction it is stricter, and how to replace it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, TypeVar

from recognition_rules.conditions.figures import Figure, figures_of
from recognition_rules.programme import Group, Leaf, Programme, ProgrammeVersion, Requirement, leaves
from recognition_rules.rules.authority import Override, spliced
from recognition_rules.terms import RuleHead, Terms, ValueKind

if TYPE_CHECKING:
    from recognition_rules.pack import Eligibility, Pack


@dataclass(frozen=True, slots=True)
class Figured:
    """A rule that may be overridden: its terms, its own figure where they set none, and what makes it stricter.

    `kind` None: the rule has no single figure, so it can only be lifted; `can_lift` says whether that is possible.
    `figure` is that of a gate's condition, `several` says that it asks for more than one.
    """

    terms: tuple[Terms, ...]
    kind: ValueKind
    own: Fraction | None
    lower_is_stricter: bool
    can_lift: bool
    figure: Figure | None = None
    several: bool = False


class _Headed(Protocol):
    @property
    def head(self) -> RuleHead: ...


T = TypeVar("T", bound=_Headed)


def figured(pack: "Pack", rule: str) -> Figured | None:
    """What may be overridden under this name: the id of a rule, or `programme.requirement`; None for anything else."""
    for limit in pack.limits:
        if limit.head.id == rule:
            kind: ValueKind = None if limit.bound.table is not None else "share" if limit.bound.share_of else "amount"
            return Figured(limit.head.terms, kind, limit.bound.amount, lower_is_stricter=True, can_lift=True)
    for validity in pack.validity:
        if validity.head.id == rule:
            own = next((life.duration for life in validity.lives if life.kind == "own" and life.duration), None)
            years = None if own is None or own.days else Fraction(own.months, 12)
            value: ValueKind = None if years is None else "amount"
            return Figured(validity.head.terms, value, years, lower_is_stricter=True, can_lift=True)
    for milestone in pack.milestones:
        if milestone.head.id == rule:
            return Figured(milestone.head.terms, "amount", milestone.at_least, lower_is_stricter=False, can_lift=False)
    return _gated(pack, rule) or _requirement(pack, rule)


def _gated(pack: "Pack", rule: str) -> Figured | None:
    for gate in pack.eligibility:
        if gate.head.id == rule:
            return _gate(gate)
    for each in pack.compatibilities:
        if each.head.id == rule:
            return Figured(each.head.terms, None, None, lower_is_stricter=True, can_lift=True)
    return None


def _gate(gate: "Eligibility") -> Figured:
    """A gate whose condition asks for one figure, such as a pass mark, may have it replaced."""
    found = figures_of(gate.require)
    if len(found) != 1:
        several = len(found) > 1
        return Figured(gate.head.terms, None, None, lower_is_stricter=False, can_lift=True, several=several)
    [one] = found
    return Figured(gate.head.terms, one.kind, one.value, lower_is_stricter=False, can_lift=True, figure=one)


def _requirement(pack: "Pack", rule: str) -> Figured | None:
    programme, _, name = rule.partition(".")
    if programme not in pack.programmes:
        return None
    version = pack.programmes[programme].versions[-1]
    leaf = next((each for each in leaves(version.require) if each.id == name), None)
    if leaf is None or leaf.need.amount is None or leaf.need.from_syllabus or leaf.learner is not None:
        return None
    kind: ValueKind = "share" if leaf.need.share_of is not None else "amount"
    return Figured(leaf.terms or (version.terms,), kind, leaf.need.amount, lower_is_stricter=False, can_lift=False)


def with_overrides(pack: "Pack", overrides: Iterable[Override]) -> "Pack":
    """The pack as it is where these overrides hold, the highest authority's first; same identity, same digest."""
    for override in overrides:
        pack = _with(pack, override)
    return pack


def _with(pack: "Pack", override: Override) -> "Pack":
    programme, _, name = override.of.partition(".")
    if name and programme in pack.programmes:
        changed = _programme(pack.programmes[programme], name, override)
        return replace(pack, programmes={**pack.programmes, programme: changed})
    return replace(
        pack,
        limits=_rules(pack.limits, override),
        validity=_rules(pack.validity, override),
        milestones=_rules(pack.milestones, override),
        eligibility=_rules(pack.eligibility, override),
        compatibilities=_rules(pack.compatibilities, override),
    )


def _rules(rules: tuple[T, ...], override: Override) -> tuple[T, ...]:
    return tuple(_rule(each, override) if each.head.id == override.of else each for each in rules)


def _rule(rule: T, override: Override) -> T:
    head = replace(rule.head, terms=spliced(rule.head.terms, override))
    changed: T = replace(rule, head=head)  # type: ignore[type-var]  # every rule is a dataclass with a head
    return changed


def _programme(programme: Programme, name: str, override: Override) -> Programme:
    *former, current = programme.versions
    tree = _tree(current.require, name, current, override)
    assert isinstance(tree, Group)
    return replace(programme, versions=(*former, replace(current, require=tree)))


def _tree(requirement: Requirement, name: str, version: ProgrammeVersion, override: Override) -> Requirement:
    if isinstance(requirement, Leaf):
        if requirement.id != name:
            return requirement
        return replace(requirement, terms=spliced(requirement.terms or (version.terms,), override))
    return replace(requirement, parts=tuple(_tree(part, name, version, override) for part in requirement.parts))

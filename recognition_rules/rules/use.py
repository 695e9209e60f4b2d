"""One use a purpose, and the named exceptions to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from recognition_rules.award import Use
from recognition_rules.reading.pack_reader import Node
from recognition_rules.terms import RuleHead, read_head
from recognition_rules.truth import Truth

ExceptionKind = Literal["purpose", "dual-award", "upgrade"]
_KINDS: dict[str, ExceptionKind] = {"purpose": "purpose", "dual-award": "dual-award", "upgrade": "upgrade"}


@dataclass(frozen=True, slots=True)
class UseException:
    """Uses that do not stand in the way.

    `purpose`: those for one of `names`. `dual-award`: those in another programme of the approved `names`, of this pack
    or of partners. `upgrade`: those in a lower programme of the ladder `names`, which this one takes in.
    """

    head: RuleHead
    kind: ExceptionKind
    names: tuple[str, ...]

    def frees(self, use: Use, programme: str) -> Truth:
        """Whether the use does not stand in the way of this programme; unknown where its programme is not known."""
        if self.kind == "purpose":
            return Truth.YES if use.purpose in self.names else Truth.NO
        if programme not in self.names:
            return Truth.NO
        if use.programme is None:
            return Truth.UNKNOWN
        if use.programme not in self.names or use.programme == programme:
            return Truth.NO
        lower = self.names.index(use.programme) < self.names.index(programme)
        return Truth.YES if self.kind == "dual-award" or lower else Truth.NO


@dataclass(frozen=True, slots=True)
class UseRule:
    """How the one-use rule is meant: which purposes block, whether a rest is free, whether a use is ever undone.

    `surplus` by-amount: what an earlier use left of an award is free; by-award: an award is used as a whole.
    """

    purposes: tuple[str, ...]
    surplus: Literal["by-amount", "by-award"] = "by-amount"
    released: bool = True
    exceptions: tuple[UseException, ...] = ()


ONE_USE = UseRule(("degree",))
"""What holds where nothing else is said: once for a degree, and what is left of an award is free."""


def read_use(node: Node, references: frozenset[str]) -> tuple[RuleHead, str, UseRule]:
    """The [use] table: its head, the purpose that this pack uses credits for, and the rule; raises `PackInvalid`."""
    head = read_head(node, references, optional=False)
    purpose = node.text_or_none("purpose") or "degree"
    blocks = node.words("blocked_by") if node.has("blocked_by") else (purpose,)
    node.raw("blocked_by")
    exceptions = tuple(_exception(child, references) for child in node.children("exception"))
    surplus = node.choice("surplus", ("by-amount", "by-award"), "by-amount")
    rule = UseRule(
        purposes=blocks,
        surplus="by-award" if surplus == "by-award" else "by-amount",
        released=node.choice("released", ("on-annulment", "never"), "on-annulment") == "on-annulment",
        exceptions=exceptions,
    )
    node.done()
    return head, purpose, rule


def _exception(node: Node, references: frozenset[str]) -> UseException:
    kind = _KINDS[node.choice("kind", tuple(_KINDS))]
    key = "purposes" if kind == "purpose" else "programmes" if kind == "dual-award" else "ladder"
    names = node.words(key) + _partners(node, kind)
    if kind != "purpose" and len(set(names)) < 2:
        raise node.fail(f"'{key}' must name at least two programmes.", key)
    rule = UseException(read_head(node, references), kind, names)
    node.done()
    return rule


def _partners(node: Node, kind: ExceptionKind) -> tuple[str, ...]:
    """Programmes of other institutions that are approved as dual awards with those of this pack."""
    if kind != "dual-award" or not node.has("partners"):
        return ()
    return node.words("partners")


def relevant(used: Sequence[Use], rule: UseRule) -> dict[str, tuple[Use, ...]]:
    """The uses that this pack looks at, by award, in the order of the redemptions' names."""
    found: dict[str, tuple[Use, ...]] = {}
    for use in sorted(used, key=lambda each: (each.by, each.purpose)):
        if use.purpose in rule.purposes:
            found[use.award] = (*found.get(use.award, ()), use)
    return found

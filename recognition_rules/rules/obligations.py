"""What a decision obliges the learner to do: fill with other credits, sit an examination, supplement, make up."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import read_condition, read_filter
from recognition_rules.language import LanguageMap
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head

KINDS: Final = ("fill", "exam", "supplement", "make-up")
TRIGGERS: Final = ("recognised", "waived", "conditional", "counted", "not-counted", "undetermined")
AMOUNTS: Final = ("target", "missing", "counted")

Trigger = Literal["recognised", "waived", "conditional", "counted", "not-counted", "undetermined"]


@dataclass(frozen=True, slots=True)
class ObligationRule:
    """One [[obligation]]: opened by decisions of the kind `on` about awards `where` holds for.

    With `because` it is opened by reasons of these labels or codes only. `amount` credits are owed: a number, the
    `target` course's (or the award's worth), what is `missing` for those reasons, or what `counted`. Later awards
    that `discharged_by` holds for discharge it; without it only the condition of the kind does. `advice` is for the
    learner.
    """

    head: RuleHead
    kind: str
    on: str
    where: Condition
    because: frozenset[str]
    bucket: str
    amount: Fraction | str
    discharged_by: Condition | None
    advice: LanguageMap


def read_obligations(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[ObligationRule, ...]:
    """The [[obligation]] tables; raises `PackInvalid`."""
    return tuple(_obligation(node, vocabulary) for node in nodes)


def _obligation(node: Node, vocabulary: Vocabulary) -> ObligationRule:
    kind = node.choice("kind", KINDS)
    later = node.child_or_none("discharged_by")
    rule = ObligationRule(
        head=read_head(node, vocabulary.references),
        kind=kind,
        on=node.choice("when", TRIGGERS, "conditional" if kind == "exam" else "recognised"),
        where=read_filter(node, vocabulary),
        because=frozenset(node.words("because")) if node.has("because") else frozenset(),
        bucket=node.text("bucket"),
        amount=_amount(node),
        discharged_by=read_condition(later, vocabulary) if later else None,
        advice=node.language_map("advice", needed=False),
    )
    if rule.amount == "missing" and not rule.because and rule.on != "not-counted":
        raise node.fail("What is missing is known by its reason: give 'because' or when = \"not-counted\".", "amount")
    node.raw("because")
    node.done()
    return rule


def _amount(node: Node) -> Fraction | str:
    value = node.raw("amount")
    if isinstance(value, str) and value in AMOUNTS:
        return value
    if value is None:
        return "target"
    return node.number("amount")

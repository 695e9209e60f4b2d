"""A pack of issuance rules: elements that a credential must hold, and validators of its title, credits and level."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from recognition_rules.issuance.demands import Demand
from recognition_rules.issuance.places import Place
from recognition_rules.language import LanguageMap
from recognition_rules.reading.cited import Cited
from recognition_rules.terms import RuleHead

Weight = Literal["must", "should"]
WEIGHTS: tuple[Weight, ...] = ("must", "should")
"""What must be so or the credential is not issued; what should be, and is only reported."""


@dataclass(frozen=True, slots=True)
class Element:
    """Something that a credential holds at one of several places."""

    head: RuleHead
    weight: Weight
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Validator:
    """Where `when` holds (always, if there is none), `require` must."""

    head: RuleHead
    weight: Weight
    when: Demand | None
    require: Demand


@dataclass(frozen=True, slots=True)
class IssuancePack:
    """A pack, parsed. `unconfirmed` says whether rules that nobody confirmed are applied; `digest` is canonical."""

    id: str
    version: str
    title: LanguageMap
    digest: str
    unconfirmed: Literal["off", "on"]
    references: Mapping[str, Cited]
    elements: tuple[Element, ...]
    validators: tuple[Validator, ...]

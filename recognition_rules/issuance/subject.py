"""What the rules of issuance look at in a credential: its titles, its credits and unit, its levels, and the JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from recognition_rules.credits import is_id
from recognition_rules.errors import LevelMalformed
from recognition_rules.issuance.places import Place, exact_number, texts_of
from recognition_rules.levels import Level

ACHIEVEMENT = ("credentialSubject", "achievement")
TITLES = (
    Place(("name",), "text"),
    Place((*ACHIEVEMENT, "name"), "text"),
    Place((*ACHIEVEMENT, "related", "name"), "text"),
    Place(("credentialSubject", "hasClaim", "title"), "text"),
)
"""Where a title stands: the credential's, the achievement's with its translations, and that of a European claim."""
CREDITS = (
    Place(("credentialSubject", "creditsEarned"), "number"),
    Place((*ACHIEVEMENT, "creditsAvailable"), "number"),
)
"""Credits earned; where only those on offer are stated, these."""
UNIT = Place((*ACHIEVEMENT, "alignment", {"targetType": "ext:CreditUnit"}, "targetCode"), "text")
LEVELS = Place((*ACHIEVEMENT, "alignment", {"targetType": "ext:QualificationLevel"}), "text")


@dataclass(frozen=True, slots=True)
class Subject:
    """A credential as the rules see it. What is not stated, or not in its shape, is None or empty."""

    titles: tuple[str, ...]
    credits: Fraction | None = None
    unit: str | None = None
    levels: tuple[Level, ...] = ()
    document: Mapping[str, object] = field(default_factory=dict)


def subject_of(document: Mapping[str, object]) -> Subject:
    """The subject of an Open Badge or another credential of the W3C's data model, signed or not yet."""
    titles = dict.fromkeys(text for place in TITLES for value in place.values(document) for text in texts_of(value))
    units = {text for value in UNIT.values(document) for text in texts_of(value)}
    amounts = (exact_number(value) for place in CREDITS for value in place.values(document))
    return Subject(
        titles=tuple(titles),
        credits=next(amounts, None),
        unit=units.pop() if len(units) == 1 else None,
        levels=tuple(_levels(document)),
        document=document,
    )


def _levels(document: Mapping[str, object]) -> Iterator[Level]:
    for value in LEVELS.values(document):
        if not isinstance(value, Mapping):
            continue
        framework, code = value.get("targetFramework"), value.get("targetCode")
        if isinstance(framework, str) and is_id(framework) and isinstance(code, str):
            try:
                yield Level.parse(framework, code)
            except LevelMalformed:
                continue

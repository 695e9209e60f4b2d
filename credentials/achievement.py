"""Open Badges 3.0 documents as typed values: achievement, alignment, result, identity (1EdTech OB 3.0, appendix B)."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Self

from credentials.errors import MalformedCredential
from credentials.language import UNDETERMINED, LanguageMap, language_map, language_tag, merged
from credentials.members import Object, credits_amount, objects, of_type, required_text, single, text, texts, wrong

CREDIT_UNIT: Final = "ext:CreditUnit"
QUALIFICATION_LEVEL: Final = "ext:QualificationLevel"
SOURCE_TYPE: Final = "ext:SourceType"
COURSE_CLASS: Final = "ext:CourseClass"
SUBJECT_AREA: Final = "ext:SubjectArea"
GRADE_SCHEME: Final = "ext:GradeScheme"
ISSUANCE_RULES: Final = "ext:IssuanceRules"
LEARNING_OUTCOME: Final = "ext:LearningOutcome"
ASSESSMENT_TYPE: Final = "ext:AssessmentType"
PARTICIPATION_FORM: Final = "ext:ParticipationForm"
QUALITY_ASSURANCE: Final = "ext:QualityAssurance"

PERCENT: Final = "Percent"
LETTER_GRADE: Final = "LetterGrade"
ATTENDANCE: Final = "ext:Attendance"
LEARNING_HOURS: Final = "ext:LearningHours"
FACT: Final = "ext:Fact"

_NAMED: Final = (FACT, LEARNING_OUTCOME)
_HASH: Final = re.compile(r"sha256\$[0-9A-Fa-f]{64}|md5\$[0-9A-Fa-f]{32}", re.ASCII)
_DECIMAL: Final = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class IdentityObject:
    """One way to recognise the learner: an identifier of a type, in clear or as `sha256$` + hex(identifier ‖ salt).

    Open Badges allows `md5$` too: such a hash is kept, but nobody is recognised by it.
    """

    identity_hash: str
    identity_type: str
    hashed: bool
    salt: str | None = None

    @classmethod
    def hash_of(cls, identifier: str, identity_type: str, salt: str) -> Self:
        """The hashed identity of a plain identifier."""
        digest = hashlib.sha256((identifier + salt).encode()).hexdigest()
        return cls(f"sha256${digest}", identity_type, hashed=True, salt=salt)

    def matches(self, identifier: str) -> bool:
        """Whether this identity is that of the plain identifier; compared in constant time."""
        if not self.hashed:
            return hmac.compare_digest(self.identity_hash.encode(), identifier.encode())
        expected = self.hash_of(identifier, self.identity_type, self.salt or "")
        return hmac.compare_digest(self.identity_hash.encode(), expected.identity_hash.encode())


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where an achievement stands in somebody's framework; `type` is `targetType`, for instance `ext:CreditUnit`."""

    type: str | None
    name: str
    url: str | None = None
    framework: str | None = None
    code: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a learner. `type` is the `resultType` of its description, where that is part of the achievement."""

    type: str | None
    value: str | None
    status: str | None = None
    achieved_level: str | None = None
    description_id: str | None = None


@dataclass(frozen=True, slots=True)
class Achievement:
    """What was achieved. Texts are language maps, credits exact; `result_types` maps description id to result type,
    `described` those of facts and learning outcomes to type and name.
    """

    id: str
    types: tuple[str, ...]
    name: LanguageMap
    description: LanguageMap
    criteria: LanguageMap
    criteria_url: str | None = None
    credits_available: Fraction | None = None
    alignments: tuple[Alignment, ...] = ()
    result_types: Mapping[str, str] | None = None
    achievement_type: str | None = None
    human_code: str | None = None
    field_of_study: str | None = None
    described: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def codes(self, target_type: str) -> tuple[str, ...]:
        """The codes of all alignments of one target type, in their order."""
        return tuple(item.code for item in self.alignments if item.type == target_type and item.code)

    @property
    def unit(self) -> str | None:
        """The id of the credit unit, such as `ects`."""
        return next(iter(self.codes(CREDIT_UNIT)), None)

    @property
    def source_type(self) -> str | None:
        """What kind of learning it was, as the rules name it."""
        return next(iter(self.codes(SOURCE_TYPE)), None)

    @property
    def course_class(self) -> str | None:
        """The class or area the issuer puts the course in."""
        return next(iter(self.codes(COURSE_CLASS)), None)

    @property
    def subject_area(self) -> str | None:
        """The field of study that rules may ask for, by its code."""
        return next(iter(self.codes(SUBJECT_AREA)), None)

    @property
    def grade_scheme(self) -> str | None:
        """The scheme that the letter grade belongs to, such as `us-letter`."""
        return next(iter(self.codes(GRADE_SCHEME)), None)

    @property
    def levels(self) -> tuple[tuple[str, str], ...]:
        """Framework id and level code of each qualification level stated, such as `("eqf", "5")`."""
        found = (item for item in self.alignments if item.type == QUALIFICATION_LEVEL)
        return tuple((item.framework, item.code) for item in found if item.framework and item.code)


def achievement(source: Object) -> Achievement:
    """The typed view of an `Achievement`. Raises MalformedCredential: `malformed_credential`, `cardinality`, …"""
    language = language_tag(source["inLanguage"], "inLanguage") if "inLanguage" in source else UNDETERMINED
    criteria = of_type(single(source, "criteria") or {}, "Criteria")
    related = [of_type(item, "Related") for item in objects(source, "related")]
    found = Achievement(
        id=required_text(source, "id"),
        types=texts(source, "type"),
        name=_translated(source, related, "name", language),
        description=_translated(source, related, "description", language),
        criteria=_translated(criteria, related, "narrative", language),
        criteria_url=text(criteria, "id"),
        credits_available=credits_amount(source, "creditsAvailable"),
        alignments=tuple(map(alignment, objects(source, "alignment"))),
        result_types=_result_types(source),
        achievement_type=text(source, "achievementType"),
        human_code=text(source, "humanCode"),
        field_of_study=text(source, "fieldOfStudy"),
        described=_described(source),
    )
    return _checked(found)


def alignment(source: Object) -> Alignment:
    """The typed view of an `Alignment`."""
    of_type(source, "Alignment")
    return Alignment(
        type=text(source, "targetType"),
        name=required_text(source, "targetName"),
        url=text(source, "targetUrl"),
        framework=text(source, "targetFramework"),
        code=text(source, "targetCode"),
        description=text(source, "targetDescription"),
    )


def result(source: Object, result_types: Mapping[str, str]) -> Result:
    """The typed view of a `Result`, its type looked up among the achievement's result descriptions."""
    description_id = text(of_type(source, "Result"), "resultDescription")
    return Result(
        type=result_types.get(description_id or ""),
        value=text(source, "value"),
        status=text(source, "status"),
        achieved_level=text(source, "achievedLevel"),
        description_id=description_id,
    )


def identity(source: Object) -> IdentityObject:
    """The typed view of an `IdentityObject`; a hash, `sha256$` or `md5$` and hexadecimal digits, in lower case."""
    hashed = of_type(source, "IdentityObject").get("hashed")
    if not isinstance(hashed, bool):
        raise wrong("hashed", "is not true or false")
    value = required_text(source, "identityHash")
    if hashed and not _HASH.fullmatch(value):
        raise wrong("identityHash", "is not a hash")
    value = value.lower() if hashed else value
    return IdentityObject(value, required_text(source, "identityType"), hashed, text(source, "salt"))


def number_of(results: tuple[Result, ...], result_type: str) -> Fraction | None:
    """The value of the one result of a type as an exact number; None where there is none.

    `Percent` and `ext:Attendance` are out of 100, `ext:LearningHours` in hours. Raises MalformedCredential as
    `value_of`, and `malformed_credential` when the value is not a plain decimal.
    """
    value = value_of(results, result_type)
    return None if value is None else exact_decimal(value)


def exact_decimal(value: str) -> Fraction:
    """A plain decimal, at most six digits before and after the point; raises `malformed_credential`."""
    if not _DECIMAL.fullmatch(value):
        raise wrong("result", "has a value that is not a decimal number")
    whole, _, places = value.partition(".")
    return Fraction(int(whole + places), 10 ** len(places))  # thrice as fast as parsing the text once more


def value_of(results: tuple[Result, ...], result_type: str) -> str | None:
    """The value of the one result of a type; a result may also state a level or a status, and no value.

    Raises MalformedCredential `cardinality` when several results of the type have values.
    """
    values = [item.value for item in results if item.type == result_type and item.value is not None]
    if len(values) > 1:
        raise MalformedCredential("cardinality", pointer="result")
    return values[0] if values else None


def _translated(source: Object, related: Iterable[Object], member: str, language: str) -> dict[str, str]:
    """The member's texts, with the translations that stand in `related` entries with an `inLanguage`."""
    own = language_map(source[member], member, language) if member in source else {}
    translations = [item for item in related if member in item and "inLanguage" in item]
    others = [(language_tag(item["inLanguage"], member), required_text(item, member)) for item in translations]
    return merged([*own.items(), *others], member)


def _result_types(source: Object) -> dict[str, str]:
    descriptions = [of_type(item, "ResultDescription") for item in objects(source, "resultDescription")]
    pairs = [(required_text(item, "id"), required_text(item, "resultType")) for item in descriptions]
    return merged(pairs, "resultDescription")


def _described(source: Object) -> dict[str, tuple[str, str]]:
    """Type and name of each result description that is about a fact or a learning outcome."""
    described = [item for item in objects(source, "resultDescription") if item.get("resultType") in _NAMED]
    return {required_text(item, "id"): (item["resultType"], required_text(item, "name")) for item in described}


def _checked(found: Achievement) -> Achievement:
    if "Achievement" not in found.types:
        raise wrong("achievement.type", "does not name Achievement")
    if not found.name:
        raise wrong("achievement.name", "is missing")
    for target_type in (CREDIT_UNIT, SOURCE_TYPE, COURSE_CLASS, SUBJECT_AREA, GRADE_SCHEME):
        if len(set(found.codes(target_type))) > 1:
            raise MalformedCredential("cardinality", pointer="alignment")
    frameworks = [framework for framework, _ in found.levels]
    if len(set(found.levels)) != len(set(frameworks)):
        raise MalformedCredential("cardinality", pointer="alignment")
    return found

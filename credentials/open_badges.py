"""Open Badges 3.0: the door to its typed view, and the document that a plain learning outcome becomes.

What Open Badges has no member for travels as signed alignments and results with `ext:` types, which its extensible
vocabularies allow: credit unit, qualification level, source type, course class, subject area, scheme of the grade,
attendance, hours, named facts, learning outcomes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from credentials.achievement import (
    ASSESSMENT_TYPE,
    GRADE_SCHEME,
    ISSUANCE_RULES,
    LEARNING_OUTCOME,
    PARTICIPATION_FORM,
    QUALITY_ASSURANCE,
    SUBJECT_AREA,
)
from credentials.achievement import ATTENDANCE as ATTENDANCE
from credentials.achievement import COURSE_CLASS as COURSE_CLASS
from credentials.achievement import CREDIT_UNIT as CREDIT_UNIT
from credentials.achievement import LEARNING_HOURS as LEARNING_HOURS
from credentials.achievement import LETTER_GRADE as LETTER_GRADE
from credentials.achievement import PERCENT as PERCENT
from credentials.achievement import QUALIFICATION_LEVEL as QUALIFICATION_LEVEL
from credentials.achievement import SOURCE_TYPE as SOURCE_TYPE
from credentials.achievement import Achievement as Achievement
from credentials.achievement import Alignment as Alignment
from credentials.achievement import IdentityObject as IdentityObject
from credentials.achievement import Result as Result
from credentials.dates import timestamp
from credentials.errors import MalformedCredential
from credentials.language import UNDETERMINED, language_tag, primary
from credentials.language import LanguageMap as LanguageMap
from credentials.members import MAX_CREDITS, wrong
from credentials.stated_results import (
    NO_FACTS,
    FactValue,
    StatedOutcome,
    WrittenResult,
    decimal_text,
    written_results,
)
from credentials.status_entry import StatusEntry

CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
TYPES: Final = frozenset({"OpenBadgeCredential", "AchievementCredential"})

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDraft:
    """A plain learning outcome, as a school posts it, before it is signed.

    `credits` in `unit`; `hours` of learning; `score` out of 100; `attendance` a share between 0 and 1; `levels` are
    pairs of framework id and level code. `language` names the text that stands first; the others become translations.
    `issuance_rules` are the frameworks under whose rules it is issued, which then also names the issuer's country.
    `learning_outcomes` are in words; `outcomes` say what was reached in each. `facts` are what only some rules ask for.
    """

    achievement_id: str
    name: LanguageMap
    description: LanguageMap
    criteria: LanguageMap
    credits: Fraction
    unit: str
    subject_id: str | None = None
    identifiers: Sequence[IdentityObject] = ()
    levels: Sequence[tuple[str, str]] = ()
    source_type: str | None = None
    course_class: str | None = None
    hours: Fraction | None = None
    score: Fraction | None = None
    attendance: Fraction | None = None
    grade: str | None = None
    activity_start: date | None = None
    activity_end: date | None = None
    valid_until: datetime | None = None
    achievement_type: str | None = None
    human_code: str | None = None
    language: str | None = None
    learning_outcomes: Sequence[str] = ()
    assessment_type: str | None = None
    participation: str | None = None
    quality_assurance: str | None = None
    issuance_rules: Sequence[str] = ()
    area: str | None = None
    grade_scheme: str | None = None
    outcomes: Sequence[StatedOutcome] = ()
    facts: Mapping[str, FactValue] = field(default_factory=lambda: NO_FACTS)


def build(
    outcome: OutcomeDraft,
    *,
    issuer_id: str,
    issuer_name: LanguageMap,
    issuer_country: str | None = None,
    credential_id: str,
    valid_from: datetime,
    status_entries: Iterable[StatusEntry] = (),
) -> Document:
    """The unsigned Open Badges 3.0 document of an outcome.

    Raises MalformedCredential: `credits_out_of_range` unless 0 < credits <= 100,000 with at most three decimals,
    `malformed_credential` when the learner is not named, a text is missing or a result is no finite decimal,
    `malformed_language_tag`.
    """
    if outcome.subject_id is None and not outcome.identifiers:
        raise wrong("credentialSubject", "names neither an id nor an identifier")
    name = outcome.name[primary(_stated(outcome.name, "name"), outcome.language)]
    issuer = issuer_name[primary(_stated(issuer_name, "issuer.name"), outcome.language)]
    return _without_empty(
        {
            "@context": list(CONTEXTS),
            "id": credential_id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": name,
            "issuer": {"id": issuer_id, "type": ["Profile"], "name": issuer, **_address(issuer_country)},
            "validFrom": timestamp(valid_from),
            "validUntil": timestamp(outcome.valid_until) if outcome.valid_until else None,
            "credentialSubject": _subject(outcome),
            "credentialStatus": credential_status(status_entries),
        }
    )


def _address(country: str | None) -> Document:
    return {"address": {"type": ["Address"], "addressCountryCode": country}} if country else {}


def credential_status(entries: Iterable[StatusEntry]) -> Document | list[Document]:
    """One entry as the object that the JSON Schema of Open Badges 3.0 asks for (0..1), several as the array of VC Data
    Model 2.0 (4.10), which that schema refuses: a badge that must pass it carries one.
    """
    documents = [entry.document() for entry in entries]
    return documents[0] if len(documents) == 1 else documents


def credits_number(amount: Fraction) -> int | float:
    """Credits as the JSON number that reads back as exactly this amount; raises `credits_out_of_range`."""
    if not 0 < amount <= MAX_CREDITS or (amount * 1000).denominator != 1:
        raise MalformedCredential("credits_out_of_range")
    return int(amount) if amount.denominator == 1 else float(amount)


def _subject(outcome: OutcomeDraft) -> Document:
    results = _results(outcome)
    return _without_empty(
        {
            "id": outcome.subject_id,
            "type": ["AchievementSubject"],
            "identifier": [_identity(item) for item in outcome.identifiers],
            "achievement": _achievement(outcome, results),
            "creditsEarned": credits_number(outcome.credits),
            "result": [_result(outcome, each) for each in results],
            "activityStartDate": _midnight(outcome.activity_start),
            "activityEndDate": _midnight(outcome.activity_end),
        }
    )


def _achievement(outcome: OutcomeDraft, results: Iterable[WrittenResult]) -> Document:
    tag = primary(outcome.name, outcome.language)
    criteria = _stated(outcome.criteria, "criteria")
    description = _stated(outcome.description, "description")
    return _without_empty(
        {
            "id": outcome.achievement_id,
            "type": ["Achievement"],
            "name": outcome.name[tag],
            "description": description[primary(description, tag)],
            "criteria": {"narrative": criteria[primary(criteria, tag)]},
            "inLanguage": None if tag == UNDETERMINED else language_tag(tag, "name"),
            "achievementType": outcome.achievement_type,
            "humanCode": outcome.human_code,
            "alignment": _alignments(outcome),
            "resultDescription": [_result_description(outcome, each) for each in results],
            "related": _translations(outcome, tag),
        }
    )


def _translations(outcome: OutcomeDraft, primary_tag: str) -> list[Document]:
    """The texts in the other languages: `Related` versions of the achievement, each with its language."""
    tags = {*outcome.name, *outcome.description, *outcome.criteria} - {primary_tag, UNDETERMINED}
    return [
        _without_empty(
            {
                "id": _part_id(outcome, tag),
                "type": ["Related"],
                "inLanguage": language_tag(tag, "related"),
                "name": outcome.name.get(tag),
                "description": outcome.description.get(tag),
                "narrative": outcome.criteria.get(tag),
            }
        )
        for tag in sorted(tags)
    ]


def _alignments(outcome: OutcomeDraft) -> list[Document]:
    stated = [(CREDIT_UNIT, "unit", outcome.unit)]
    stated += [(SOURCE_TYPE, "source", outcome.source_type)] if outcome.source_type else []
    stated += [(COURSE_CLASS, "class", outcome.course_class)] if outcome.course_class else []
    stated += [(SUBJECT_AREA, "area", outcome.area)] if outcome.area else []
    stated += [(GRADE_SCHEME, "grade-scheme", outcome.grade_scheme)] if outcome.grade_scheme else []
    coded = [_alignment(type_, code, f"urn:creditbank:{kind}:{code}") for type_, kind, code in stated]
    return coded + [
        {**_alignment(QUALIFICATION_LEVEL, level, f"urn:creditbank:level:{framework}:{level}"),
         "targetName": f"{framework} {level}", "targetFramework": framework}
        for framework, level in outcome.levels
    ] + _stated_elements(outcome)  # fmt: skip


def _stated_elements(outcome: OutcomeDraft) -> list[Document]:
    """What a framework asks for and Open Badges has no member for, in words; and the frameworks themselves."""
    single = {
        ASSESSMENT_TYPE: outcome.assessment_type,
        PARTICIPATION_FORM: outcome.participation,
        QUALITY_ASSURANCE: outcome.quality_assurance,
    }
    worded = [(LEARNING_OUTCOME, text) for text in outcome.learning_outcomes]
    worded += [(type_, text) for type_, text in single.items() if text]
    elements = [
        {"type": ["Alignment"], "targetType": type_, "targetName": text,
         "targetUrl": _part_id(outcome, f"{type_.removeprefix('ext:')}-{number}")}
        for number, (type_, text) in enumerate(worded, 1)
    ]  # fmt: skip
    return elements + [
        _alignment(ISSUANCE_RULES, rules, f"urn:creditbank:issuance:{rules}") for rules in outcome.issuance_rules
    ]


def _alignment(target_type: str, code: str, url: str) -> Document:
    return {
        "type": ["Alignment"], "targetType": target_type, "targetName": code, "targetCode": code, "targetUrl": url
    }  # fmt: skip


def _results(outcome: OutcomeDraft) -> list[WrittenResult]:
    """Each result stated: the standard's types and those that stand once first, then outcomes and facts."""
    shares = {PERCENT: outcome.score, ATTENDANCE: outcome.attendance and outcome.attendance * 100}
    for type_, share in shares.items():
        if share is not None and not 0 <= share <= 100:
            raise wrong(type_, "is not between 0 and 100 in the hundred")
    numbers = {**shares, LEARNING_HOURS: outcome.hours}
    values = {type_: decimal_text(value, type_) for type_, value in numbers.items() if value is not None}
    values |= {LETTER_GRADE: outcome.grade} if outcome.grade else {}
    parts = [(type_, type_.removeprefix("ext:"), value) for type_, value in values.items()]
    once = [WrittenResult(type_, part, part, value) for type_, part, value in parts]
    return [*once, *written_results(outcome.facts, outcome.outcomes)]


def _result(outcome: OutcomeDraft, result: WrittenResult) -> Document:
    return _without_empty({
        "type": ["Result"], "resultDescription": _result_id(outcome, result), "value": result.value,
        "status": result.status,
    })  # fmt: skip


def _result_description(outcome: OutcomeDraft, result: WrittenResult) -> Document:
    bounded = result.type in (PERCENT, ATTENDANCE, LEARNING_OUTCOME)
    return {
        "id": _result_id(outcome, result), "type": ["ResultDescription"], "name": result.name,
        "resultType": result.type, **({"valueMin": "0", "valueMax": "100"} if bounded else {}),
    }  # fmt: skip


def _result_id(outcome: OutcomeDraft, result: WrittenResult) -> str:
    return _part_id(outcome, f"result-{result.part}")


def _part_id(outcome: OutcomeDraft, name: str) -> str:
    """An identifier inside the achievement's, so that JSON-LD never takes the part for the whole."""
    return f"{outcome.achievement_id}{'/' if '#' in outcome.achievement_id else '#'}{name}"


def _identity(item: IdentityObject) -> Document:
    return _without_empty({
        "type": "IdentityObject", "hashed": item.hashed, "identityHash": item.identity_hash,
        "identityType": item.identity_type, "salt": item.salt,
    })  # fmt: skip


def _midnight(moment: date | None) -> str | None:
    return f"{moment.isoformat()}T00:00:00Z" if moment else None


def _stated(texts: LanguageMap, member: str) -> LanguageMap:
    if not texts or not all(texts.values()):
        raise wrong(member, "is missing")
    return texts


def _without_empty(document: Mapping[str, Any]) -> Document:
    """The document without null and empty members, which JSON-LD would drop from what is signed."""
    return {name: value for name, value in document.items() if value is not None and value not in ([], {}, "")}

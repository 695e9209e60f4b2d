"""Badges to measure with: the basic example of Open Badges 3.0 (1 kB), one as this bank issues it (3 kB), and one that
fills what the standard offers (16 kB). No two of one kind are alike: each has its own id and learner.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from credentials.contexts import CREDENTIALS_V2, OPEN_BADGES
from credentials.keys import PrivateKey
from credentials.open_badges import IdentityObject, OutcomeDraft, build

Document = dict[str, Any]

KEY = PrivateKey.from_bytes("EdDSA", bytes([7]) * 32)
ISSUER = KEY.public_key.did_key()
METHOD = f"{ISSUER}#{KEY.public_key.multibase()}"
MADE = datetime(2026, 3, 1, 9, tzinfo=UTC)
_SITE = "https://college.example"


def basic(number: int) -> Document:
    """The members of the standard's basic example (Open Badges 3.0, A.1.1)."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": f"{_SITE}/credentials/{number}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Riverside College"},
        "validFrom": "2026-03-01T00:00:00Z",
        "name": "Riverside Teamwork Badge",
        "credentialSubject": {
            "id": f"did:example:learner-{number}",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": f"{_SITE}/achievements/teamwork",
                "type": ["Achievement"],
                "criteria": {"narrative": "Team members are nominated for this badge by their peers and recognised."},
                "description": "This badge recognises the development of the capacity to collaborate within a group.",
                "name": "Teamwork",
            },
        },
    }


def usual(number: int) -> Document:
    """A badge for a course with credits, score and hours, as `credentials.open_badges.build` writes it."""
    outcome = OutcomeDraft(
        achievement_id=f"{_SITE}/achievements/welding",
        name={"en": "Welding", "ko": "용접"},
        description={"en": "Welds in four positions", "ko": "네 가지 자세로 용접한다"},
        criteria={"en": "Four test pieces, each inspected"},
        credits=Fraction(9, 2),
        unit="ects",
        subject_id=f"did:example:learner-{number}",
        identifiers=(IdentityObject.hash_of(f"learner-{number}@college.example", "emailAddress", "salt"),),
        levels=(("eqf", "4"),),
        source_type="course",
        course_class="major",
        score=Fraction(175, 2),
        hours=Fraction(112),
        grade="B+",
        activity_start=date(2026, 2, 2),
        activity_end=date(2026, 2, 27),
    )
    name = {"en": "Riverside College"}
    return build(outcome, issuer_id=ISSUER, issuer_name=name, credential_id=f"urn:uuid:{number}", valid_from=MADE)


def complete(number: int) -> Document:
    """A badge with everything that its issuer can say: profile, framework, rubric, results, evidence."""
    document = basic(number)
    subject = document["credentialSubject"]
    document["issuer"] |= _profile()
    document |= {
        "description": "All that there is to say. " * 8,
        "validUntil": "2031-03-01T00:00:00Z",
        "evidence": _evidence(),
    }
    subject["achievement"] |= _achievement()
    subject |= {
        "activityStartDate": "2026-02-02",
        "activityEndDate": "2026-02-27",
        "creditsEarned": 4.5,
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": f"s-{number}", "identityType": "sourcedId"}
        ],
        "licenseNumber": "A-9320041",
        "result": [
            {"type": ["Result"], "resultDescription": f"{_SITE}/rubric/{row}", "value": str(60 + row)}
            for row in range(12)
        ],
        "role": "Team lead",
        "term": "Spring 2026",
    }
    return document


def _profile() -> Document:
    return {
        "url": _SITE,
        "phone": "1-222-333-4444",
        "description": "Riverside College teaches trades along the river. " * 3,
        "email": "registry@college.example",
        "address": {
            "type": ["Address"],
            "addressCountry": "USA",
            "addressCountryCode": "US",
            "addressRegion": "TX",
            "addressLocality": "Austin",
            "streetAddress": "123 First St",
            "postalCode": "12345",
            "geo": {"type": "GeoCoordinates", "latitude": 1.5, "longitude": 1.25},
        },
        "otherIdentifier": [_identifier("ncesLeaId", 1), _identifier("lisSourcedId", 2)],
        "image": {"id": f"{_SITE}/logo.png", "type": "Image", "caption": "Riverside College logo"},
    }


def _identifier(kind: str, number: int) -> Document:
    return {"type": "IdentifierEntry", "identifier": f"12345-{number}", "identifierType": kind}


def _evidence() -> list[Document]:
    text = "The team planned, divided and delivered a bridge over the creek in four weeks, and wrote of it. "
    return [
        {
            "id": f"{_SITE}/evidence/{number}",
            "type": ["Evidence"],
            "narrative": text,
            "name": f"Assignment {number}",
            "description": "Report of the team, with photographs and the marks of three assessors.",
            "genre": "assignment",
            "audience": "assessors",
        }
        for number in range(6)
    ]


def _achievement() -> Document:
    return {
        "achievementType": "Competency",
        "alignment": [_alignment(number) for number in range(10)],
        "creditsAvailable": 36,
        "fieldOfStudy": "Research",
        "humanCode": "R1",
        "image": {"id": f"{_SITE}/achievements/teamwork.png", "type": "Image", "caption": "Hands over a river"},
        "inLanguage": "en",
        "otherIdentifier": [_identifier("sourcedId", 3)],
        "resultDescription": [_rubric(row) for row in range(12)],
        "specialization": "Teamwork",
        "tag": ["team", "work", "research", "bridge"],
        "version": "1.0",
    }


def _alignment(number: int) -> Document:
    return {
        "type": ["Alignment"],
        "targetCode": f"code-{number}",
        "targetDescription": "What a graduate of this module can do alone, with others and under guidance.",
        "targetName": f"Outcome {number}",
        "targetFramework": "Framework of the region",
        "targetType": "CFItem",
        "targetUrl": f"{_SITE}/framework/{number}",
    }


def _rubric(row: int) -> Document:
    levels = [
        {
            "id": f"{_SITE}/rubric/{row}/{level}",
            "type": ["RubricCriterionLevel"],
            "level": level,
            "name": level.title(),
            "description": f"Performance of this criterion is {level}.",
            "points": str(points),
        }
        for points, level in enumerate(("unsatisfactory", "mastered"))
    ]
    return {
        "id": f"{_SITE}/rubric/{row}",
        "type": ["ResultDescription"],
        "name": f"Criterion {row}",
        "requiredValue": "50",
        "resultType": "RawScore",
        "rubricCriterionLevel": levels,
        "valueMax": "100",
        "valueMin": "0",
    }


KINDS: dict[str, Callable[[int], Document]] = {"basic": basic, "usual": usual, "complete": complete}

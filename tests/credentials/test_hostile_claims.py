"""What is read from a badge's members, however oddly they are written; and what no reading may depend on."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.achievement import IdentityObject
from credentials.contexts import PINNED
from credentials.dates import instant
from credentials.errors import CredentialError
from credentials.shape import contents
from credentials.subject import AchievementSubject
from tests.credential_samples import SCHOOL, changed, outcome, revocable, with_achievement, with_subject

BADGE = SCHOOL.badge()
SUBJECT = BADGE["credentialSubject"]


def said(document: dict[str, Any]) -> AchievementSubject:
    found = contents(document).subject
    assert found is not None
    return found


def refusal(document: dict[str, Any]) -> str:
    with pytest.raises(CredentialError) as refused:
        contents(document)
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-31T12:00:00Z", datetime(2026, 5, 31, 12, tzinfo=UTC)),
        ("2026-05-31T12:00:00+00:00", datetime(2026, 5, 31, 12, tzinfo=UTC)),
        ("2026-05-31T12:00:00-00:00", datetime(2026, 5, 31, 12, tzinfo=UTC)),
        ("2026-05-31T12:00:00+14:00", datetime(2026, 5, 30, 22, tzinfo=UTC)),
        ("2026-05-31T12:00:00-14:00", datetime(2026, 6, 1, 2, tzinfo=UTC)),
        ("2026-05-31T12:00:00+05:45", datetime(2026, 5, 31, 6, 15, tzinfo=UTC)),
        ("2026-05-31T12:00:00.999999999Z", datetime(2026, 5, 31, 12, 0, 0, 999_999, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2026-05-31T12:00:00+05:75", None),
        ("2026-05-31T12:00:00+14:01", None),
        ("2026-05-31T12:00:00+23:59", None),
        ("2026-05-31T12:00:00+24:00", None),
        ("2026-05-31T12:00:00+0545", None),
        ("2026-05-31T12:00:00+05", None),
        ("2026-05-31T12:00:00 +05:45", None),
        ("2026-05-31T12:00:00+05:45:30", None),
        ("2026-05-31T12:00:00z", None),
        ("2026-05-31t12:00:00Z", None),
        ("2026-05-31 12:00:00Z", None),
        ("2026-06-30T23:59:60Z", None),
        ("2026-05-31T24:00:00Z", None),
        ("2026-05-31T12:60:00Z", None),
        ("2026-05-31T12:00:00.Z", None),
        ("2026-05-31T12:00:00,5Z", None),
        ("2026-05-31T12:00:00.1234567890Z", None),
        ("2026-05-31T12:00Z", None),
        ("20260531T120000Z", None),
        ("2026-W22-7T12:00:00Z", None),
        ("2026-151T12:00:00Z", None),
        ("2025-02-29T00:00:00Z", None),
        ("2026-13-01T00:00:00Z", None),
        ("12026-05-31T12:00:00Z", None),
        ("-2026-05-31T12:00:00Z", None),
        ("\uff12026-05-31T12:00:00Z", None),
        (" 2026-05-31T12:00:00Z", None),
    ],
)
def test_a_moment_has_the_grammar_of_xml_schema(text: str, moment: datetime | None) -> None:
    if moment is not None:
        assert instant(text, "validFrom") == moment
        return
    with pytest.raises(CredentialError) as refused:
        instant(text, "validFrom")
    assert refused.value.code == "malformed_credential"


@pytest.mark.parametrize(
    ("member", "read"),
    [
        ({"name": "Welding"}, {"und": "Welding"}),
        ({"name": "Welding", "inLanguage": "en"}, {"en": "Welding"}),
        ({"name": "Welding", "inLanguage": "EN-gb"}, {"en-GB": "Welding"}),
        ({"name": {"@value": "용접", "@language": "KO"}, "inLanguage": "en"}, {"ko": "용접"}),
        ({"name": ["Welding"], "inLanguage": "zh-hant-tw"}, {"zh-Hant-TW": "Welding"}),
        ({"name": ["a", {"@value": "b", "@language": "de"}], "inLanguage": "en"}, {"en": "a", "de": "b"}),
        ({"name": "a", "related": [{"inLanguage": "de", "name": "b"}]}, {"und": "a", "de": "b"}),
        ({"name": "a", "related": {"inLanguage": "DE", "name": "b"}}, {"und": "a", "de": "b"}),
        ({"name": "a", "related": [{"name": "of another achievement"}]}, {"und": "a"}),
        ({"name": "a", "related": [{"id": "urn:x", "inLanguage": "de"}]}, {"und": "a"}),
        ({"name": ["a", "b"]}, "cardinality"),
        ({"name": [{"@value": "a", "@language": "de"}, {"@value": "b", "@language": "DE"}]}, "cardinality"),
        ({"name": "a", "inLanguage": "de", "related": [{"inLanguage": "de", "name": "b"}]}, "cardinality"),
        ({"name": []}, "malformed_credential"),
        ({"name": [["a"]]}, "malformed_credential"),
        ({"name": {"de": "a"}}, "malformed_credential"),
        ({"name": {"@value": 5, "@language": "de"}}, "malformed_credential"),
        ({"name": {"@value": "a", "@language": "de", "@type": "x"}}, "malformed_credential"),
        ({"name": {"@value": "a", "@language": ""}}, "malformed_language_tag"),
        ({"name": "a", "inLanguage": ["de"]}, "malformed_language_tag"),
        ({"name": "a", "inLanguage": "de\n"}, "malformed_language_tag"),
        ({"name": "a", "inLanguage": "d\u0435"}, "malformed_language_tag"),
        ({"name": "a", "related": [{"inLanguage": "de", "name": ["b"]}]}, "malformed_credential"),
    ],
)
def test_a_name_is_read_in_its_languages(member: dict[str, Any], read: dict[str, str] | str) -> None:
    document = with_achievement(with_achievement(BADGE, related=None, inLanguage=None), **member)
    if isinstance(read, str):
        assert refusal(document) == read
    else:
        assert said(document).achievement.name == read


def test_the_criteria_are_those_of_the_criteria_only() -> None:
    """The narrative of the achievement, which Open Badges does not know, is not taken for them."""
    bare = with_achievement(BADGE, related=None, narrative="Anything", criteria={"id": "https://college.example/c"})
    achieved = said(bare).achievement
    assert (achieved.criteria, achieved.criteria_url) == ({}, "https://college.example/c")


HASHED = SUBJECT["identifier"][0]
DIGEST = HASHED["identityHash"].removeprefix("sha256$")


@pytest.mark.parametrize(
    ("hash_", "recognised"),
    [
        (f"sha256${DIGEST}", True),
        (f"sha256${DIGEST.upper()}", True),
        ("md5$" + "0b" * 16, False),
        ("md5$" + "0B" * 16, False),
        (f"SHA256${DIGEST}", None),
        (f"sha256${DIGEST}0", None),
        (f"sha256${DIGEST}\n", None),
        (f"sha512${DIGEST * 2}", None),
        (DIGEST, None),
        ("anna@learners.example", None),
        ("", None),
    ],
)
def test_an_identity_hash_is_one_that_open_badges_knows(hash_: str, recognised: bool | None) -> None:
    """Upper and lower case are both allowed (IdentityHash); MD5 is read and recognises nobody."""
    document = with_subject(BADGE, identifier={**HASHED, "identityHash": hash_})
    if recognised is None:
        assert refusal(document) == "malformed_credential"
        return
    (identity,) = said(document).identifiers
    assert identity.identity_hash == hash_.lower()
    assert identity.matches("anna@learners.example") is recognised


def test_an_identifier_in_clear_keeps_its_capitals() -> None:
    clear = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Anna@X.example",
        "identityType": "emailAddress",
    }
    assert said(with_subject(BADGE, identifier=clear)).identifiers == (
        IdentityObject("Anna@X.example", "emailAddress", hashed=False),
    )


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({"value": "0"}, (0, None)),
        ({"value": "100"}, (100, None)),
        ({"value": "87.500000"}, (87.5, None)),
        ({"value": "100.000001"}, (None, "out_of_range")),
        ({"value": "-1"}, (None, "malformed_credential")),
        ({"value": "8_7"}, (None, "malformed_credential")),
        ({"value": "1e1"}, (None, "malformed_credential")),
        ({"value": ".5"}, (None, "malformed_credential")),
        ({"value": "\uff18\uff17"}, (None, "malformed_credential")),
        ({"value": None}, (None, None)),
        ({"value": None, "status": "Completed"}, (None, None)),
        ({"value": ""}, (None, "malformed_credential")),
        ({"resultDescription": "https://elsewhere.example/description"}, (None, None)),
        ({"resultDescription": None}, (None, None)),
    ],
)
def test_a_score_is_a_plain_decimal_under_the_badges_own_description(
    changes: dict[str, Any], facts: tuple[float | None, str | None]
) -> None:
    score, code = facts
    document = with_subject(BADGE, result=[changed(SUBJECT["result"][0], **changes)])
    if code:
        assert refusal(document) == code
    else:
        assert said(document).score == score


def test_a_result_may_state_a_level_or_a_status_beside_the_one_with_the_value() -> None:
    """The complete example of Open Badges 3.0 has three results of one description."""
    graded = SUBJECT["result"][3]
    others = [changed(graded, value=None, achievedLevel="urn:level:1"), changed(graded, value=None, status="Completed")]
    found = said(with_subject(BADGE, result=[graded, *others]))
    assert (found.grade, [item.status for item in found.results]) == ("B+", [None, None, "Completed"])
    assert refusal(with_subject(BADGE, result=[graded, {**graded, "value": "C"}])) == "cardinality"


def test_a_badge_with_one_status_has_it_as_open_badges_asks() -> None:
    """`credentialStatus` is one object in Open Badges' schema; the array for two is VC Data Model 2.0's (4.10)."""
    assert SCHOOL.badge(status_entries=[revocable()])["credentialStatus"] == revocable().document()
    both = [revocable(), revocable("suspension")]
    assert SCHOOL.badge(status_entries=both)["credentialStatus"] == [entry.document() for entry in both]
    assert "credentialStatus" not in SCHOOL.badge()


EXTENSION = re.compile(r"ext:[A-Za-z0-9._-]+")
LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def test_our_own_words_keep_to_the_extension_rules_of_open_badges() -> None:
    """OB 3.0, B: AlignmentTargetType, ResultType (extended by `ext:`) and LanguageCode."""
    names = {"EN-gb": "Welding", "zh-hant": "焊接", "es-419": "Soldadura"}
    badge = SCHOOL.badge(outcome(name=names, description=names, criteria=names, language="EN-gb"))
    achieved = badge["credentialSubject"]["achievement"]
    assert all(EXTENSION.fullmatch(item["targetType"]) for item in achieved["alignment"])
    types = {item["resultType"] for item in achieved["resultDescription"]}
    assert {item for item in types if not EXTENSION.fullmatch(item)} == {"Percent", "LetterGrade"}
    tags = [achieved["inLanguage"], *(item["inLanguage"] for item in achieved["related"])]
    assert (tags, all(LANGUAGE.fullmatch(tag) for tag in tags)) == (["en-GB", "es-419", "zh-Hant"], True)
    with pytest.raises(CredentialError) as refused:
        SCHOOL.badge(outcome(name={"not a tag": "Welding"}))
    assert refused.value.code == "malformed_language_tag"


def terms(context: Any) -> Iterator[tuple[str, str]]:
    """Every term of a context, scoped ones included, with the address it stands for."""
    for part in context if isinstance(context, list) else [context]:
        for term, meaning in part.items() if isinstance(part, dict) else ():
            if term.startswith("@"):
                continue
            yield term, str(meaning.get("@id", term) if isinstance(meaning, dict) else meaning)
            if isinstance(meaning, dict):
                yield from terms(meaning.get("@context", {}))


def test_no_two_members_that_are_read_mean_the_same_in_rdf() -> None:
    """Otherwise a holder could rename one into the other under a signature over RDF."""
    names = defaultdict(set)
    for document in PINNED.documents.values():
        for term, address in terms(document["@context"]):
            names[address].add(term)
    twins = {frozenset(found) for found in names.values() if len(found) > 1}
    aliases = {frozenset({"id"}), frozenset({"type"})}
    as_class_and_property = {frozenset({"criteria", "Criteria"}), frozenset({"image", "Image"})}
    assert twins - aliases <= as_class_and_property | {frozenset({"geo", "GeoCoordinates"})}

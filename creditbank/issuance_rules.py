"""Credentials under a framework's rules: at issuance a defect stops the badge, elsewhere it is told and stops nothing.

The rules are the packs of issuance rules that the bank has published, else the built-in ones. A badge issued under them
says so in a signed alignment of the type `ext:IssuanceRules`, so whoever gets it can hold it against the same rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from credentials.achievement import ISSUANCE_RULES, Achievement
from credentials.claims import SecuredClaims
from creditbank.errors import Refused
from recognition_rules.issuance.reader import parse
from recognition_rules.issuance.rules import IssuancePack
from recognition_rules.issuance.sentences import sentence
from recognition_rules.issuance.subject import subject_of
from recognition_rules.issuance.validation import Validation, validate
from recognition_rules.language import pick
from recognition_rules.levels import LevelTable
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin, builtin_ids

FLAGS = "flags"
"""The member of a deposit's facts that holds what such rules find in it; absent where they find nothing."""


Published = Mapping[str, IssuancePack]
"""The packs that the bank has published, by name, as they are in force on the day."""


def pack_of(name: str, published: Published) -> IssuancePack:
    """A pack of issuance rules: one that the bank has published, else a built-in one.

    Raises Refused `issuance_rules_unknown`.
    """
    if name in published:
        return published[name]
    known = builtin_ids("issuance")
    if name not in known:
        says = f"A credential can be held against the rules of: {', '.join(known)}."
        raise Refused("issuance_rules_unknown", says, known=known)
    return _built_in(name)


@cache
def _built_in(name: str) -> IssuancePack:
    return parse(builtin(name), name=f"{name}/pack.toml")


@cache
def _levels() -> LevelTable:
    return parse_levels(builtin("levels"))


MOST_STATED = 20


def stated(achievement: Achievement | None) -> tuple[str, ...]:
    """Under whose rules a credential says that it was issued, whoever they are known to."""
    return tuple(achievement.codes(ISSUANCE_RULES))[:MOST_STATED] if achievement else ()


def claimed(achievement: Achievement | None, published: Published) -> tuple[str, ...]:
    """The packs known here under whose rules a credential says that it was issued; sorted."""
    named = stated(achievement)
    return tuple(sorted({*builtin_ids("issuance"), *published} & set(named))) if named else ()


def validations(names: Iterable[str], document: Mapping[str, Any], on: date, published: Published) -> list[Validation]:
    """The credential under each of the packs, once each; signatures are not looked at. Raises Refused as `pack_of`."""
    packs = [pack_of(name, published) for name in dict.fromkeys(names)]
    if not packs:
        return []
    subject = subject_of(document)
    return [validate(pack, subject, on, _levels()) for pack in packs]


def hold_to(names: Sequence[str], document: Mapping[str, Any], on: date, published: Published) -> None:
    """Refuse what breaks the rules, or of which that cannot be said; every defect is named, none echoes the input.

    Raises Refused `issuance_rules_unknown`, `issuance_rule_broken`, `issuance_rule_undetermined`.
    """
    found = validations(names, document, on, published)
    defects = [each for one in found for each in told(one) if each["standing"] in ("broken", "undetermined")]
    if any(one.status == "broken" for one in found):
        raise Refused("issuance_rule_broken", f"Not issued: {_first(defects, 'broken')}", findings=defects)
    if defects:
        says = f"Not issued, since it cannot be said whether it may be: {_first(defects, 'undetermined')}"
        raise Refused("issuance_rule_undetermined", says, findings=defects)


def flags(claims: SecuredClaims, published: Published) -> dict[str, Any]:
    """What a deposited credential breaks of the rules that it names itself, as a member of its facts.

    They are those of the day it was issued. A flag is told and logged, and holds nothing back.
    """
    names = claimed(claims.achievement, published)
    if not names:
        return {}
    found = [
        {
            "pack": one.pack.id,
            "version": one.pack.version,
            "rule": finding.head.id,
            "label": finding.head.label,
            "standing": finding.standing,
            "codes": [reason.code for reason in finding.reasons],
        }
        for one in validations(names, claims.document, claims.valid_from.date(), published)
        for finding in one.findings
        if finding.standing in ("broken", "undetermined")
    ]
    return {FLAGS: found} if found else {}


def told(found: Validation, language: str = "en") -> list[dict[str, Any]]:
    """The findings as JSON, each reason with its sentence in a language."""
    return [
        {
            "pack": found.pack.id,
            **finding.to_json(),
            "message": f"{pick(finding.head.title, language)}. "
            + " ".join(sentence(reason, language) for reason in finding.reasons),
        }
        for finding in found.findings
    ]


def _first(defects: Sequence[Mapping[str, Any]], standing: str) -> str:
    return next(str(each["message"]) for each in defects if each["standing"] == standing)

"""Which of the facts that a badge states an award takes: all but those that only the registry or the engine says.

An issuer signs what it knows of its own course and learner. Whether it was accredited, what the credits were before a
recognition, and what they stand for in somebody's programme, it does not get to say.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from credentials.claims import SecuredClaims
from credentials.stated_results import FactValue
from creditbank.errors import Refused
from recognition_rules.award import LearningOutcome

CERTIFICATE: Final = "certificate"
"""The fact that a badge states as its achievement's `humanCode`."""
RESERVED: Final = ("issuer_accredited", "target.", "original_", "passed_exam:")
"""How the names begin of facts that no issuer states: the registry's, the engine's, a decision's, a judgement's."""
NOT_TAKEN: Final = "facts_not_taken"
"""The member of a deposit's facts that names them; absent where there are none."""


def reserved(names: Iterable[str]) -> list[str]:
    """The names among these that an issuer does not get to state; sorted."""
    return sorted(name for name in names if name.startswith(RESERVED))


def check_facts(facts: Mapping[str, FactValue], human_code: str | None) -> None:
    """What is about to be signed could be taken as it stands. Raises Refused `fact_reserved`, `fact_contradicted`."""
    if reserved(facts):
        says = "A fact whose name begins so is stated by the registry or found by a decision, never by an institution."
        raise Refused("fact_reserved", says, begins=RESERVED)
    if human_code and str(facts.get(CERTIFICATE, human_code)) != human_code:
        says = "The fact 'certificate' is what 'human_code' says; state it once."
        raise Refused("fact_contradicted", says, fact=CERTIFICATE)


def taken(claims: SecuredClaims) -> Mapping[str, FactValue] | None:
    """The award's facts; None where the badge contradicts itself about its certificate."""
    stated, code = claims.stated.facts, claims.achievement.human_code
    facts = {name: value for name, value in stated.items() if not name.startswith(RESERVED)}
    if not code:
        return facts
    return None if str(facts.get(CERTIFICATE, code)) != code else {**facts, CERTIFICATE: code}


def outcomes(claims: SecuredClaims) -> tuple[LearningOutcome, ...]:
    """Each learning outcome; of one that is described without a result neither score nor pass is known."""
    return tuple(LearningOutcome(each.id, each.score, each.passed) for each in claims.stated.outcomes)


def not_taken(claims: SecuredClaims) -> dict[str, Any]:
    """The names of facts that were stated and not taken, as a member of a deposit's facts."""
    found = reserved(claims.stated.facts)
    return {NOT_TAKEN: found} if found else {}

"""What a recognition is asked: from the caller to the decision, and kept beside it for deciding again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from creditbank.errors import Refused
from creditbank.store.rows import Recognition as RecognitionRow
from recognition_rules.credits import parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.judgement import Judgement
from recognition_rules.policy import Policy
from recognition_rules.programme import Syllabus
from recognition_rules.situation import LearnerFact

_LATER = ("policy", "judgements", "institution", "exit_award", "verify", "by", "quote")
"""Members that came later: written only where they are used."""


@dataclass(frozen=True, slots=True)
class RecognitionRequest:
    """What is asked: under which published pack, towards which programme, on which day, with which facts.

    `learner` holds facts about the learner; those whose name ends in `_on` are days. `granted` and `held` say what an
    earlier decision gave, so that its loss shows. `policy` says what is to be chosen otherwise than the pack does,
    `judgements` are people's signed answers, `institution` is the body that awards the qualification, `exit_award` the
    award sought on the way; with `verify` every proposed change was tried. `by` is who asked for the decision,
    `quote` the promise that it honours, by its id.
    """

    pack_id: str
    pack_version: str
    programme: str
    on: date
    session: str | None = None
    learner: Mapping[str, str | int | bool] = field(default_factory=dict)
    syllabus: Mapping[str, Any] | None = None
    granted: bool = False
    held: tuple[str, ...] = ()
    policy: Mapping[str, Any] | None = None
    judgements: tuple[Mapping[str, Any], ...] = ()
    institution: str | None = None
    exit_award: str | None = None
    verify: bool = False
    by: str | None = None
    quote: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The request as it is kept beside the decision, so that it can be decided again."""
        later = {name: value for name in _LATER if (value := getattr(self, name))}
        return {
            "pack_id": self.pack_id,
            "pack_version": self.pack_version,
            "programme": self.programme,
            "on": self.on.isoformat(),
            "session": self.session,
            "learner": dict(self.learner),
            "syllabus": dict(self.syllabus) if self.syllabus else None,
            "granted": self.granted,
            "held": list(self.held),
            **later,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "RecognitionRequest":
        """The request kept beside a decision."""
        judgements = tuple(value.get("judgements", ()))
        changed = {"on": date.fromisoformat(value["on"]), "held": tuple(value["held"]), "judgements": judgements}
        return cls(**{**value, **changed})

    def after(self, earlier: RecognitionRow) -> "RecognitionRequest":
        """The same question, asked anew after an earlier decision: what that one gave may now be lost."""
        held = {found["id"] for found in earlier.result["entitlements"] if found["status"] == "open"}
        granted = self.granted or earlier.result["status"] == "granted"
        return replace(self, granted=granted, held=tuple(sorted(held | set(self.held))))

    def facts(self) -> dict[str, LearnerFact]:
        """The learner's facts as the rules read them. Raises Refused `malformed_fact` for a day that is none."""
        return {name: _fact(name, value) for name, value in self.learner.items()}

    def policy_over(self, pack: Policy) -> Policy | None:
        """The pack's policy with what was asked instead; None for the pack's own. Raises PolicyInvalid."""
        if not self.policy:
            return None
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in self.policy.items()
        }
        return replace(pack, **given)

    def signed_answers(self) -> tuple[Judgement, ...]:
        """The judgements as the rules read them."""
        return tuple(judgement_of(value) for value in self.judgements)

    def syllabus_of(self) -> Syllabus | None:
        """The standard syllabus of the learner's subject, if one was named. Raises Refused `malformed_fact`."""
        if self.syllabus is None:
            return None
        found = self.syllabus
        try:
            required = found.get("required_credits")
            amount = None if required is None else parse_amount(required)
            subjects = tuple(dict(subject) for subject in found["required_subjects"])
            return Syllabus(found["id"], found["version"], subjects, amount)
        except (KeyError, TypeError, ValueError, RuleError) as error:
            raise Refused("malformed_fact", "The syllabus needs id, version and required_subjects.") from error


def judgement_of(value: Mapping[str, Any]) -> Judgement:
    """A judgement from the shape that `Judgement.to_json` writes. Raises Refused `malformed_judgement`."""
    try:
        until = value["valid_until"]
        return Judgement(
            question=value["question"],
            award=value["award"],
            answer=parse_amount(value["answer"]) if value["answer_is_number"] else value["answer"],
            signer=value["signer"],
            signed_on=date.fromisoformat(value["signed_on"]),
            valid_until=date.fromisoformat(until) if until else None,
            target=value["target"],
            evidence=value["evidence"],
        )
    except (KeyError, TypeError, ValueError, RuleError) as error:
        raise Refused("malformed_judgement", "A judgement has a question, an answer, a signer and a day.") from error


def _fact(name: str, value: str | int | bool) -> LearnerFact:
    if not name.endswith("_on"):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Refused("malformed_fact", f"The fact {name} is a day, as in 2026-02-28.", fact=name) from error

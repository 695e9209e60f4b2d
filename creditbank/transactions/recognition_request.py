"""What is asked of the rules, in a form that is kept beside the decision and can be asked again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from creditbank.errors import Refused
from creditbank.store.rows import Recognition as RecognitionRow
from recognition_rules.credits import parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.programme import Syllabus
from recognition_rules.situation import LearnerFact


@dataclass(frozen=True, slots=True)
class RecognitionRequest:
    """What is asked: under which published pack, towards which programme, on which day, with which facts.

    `learner` holds facts about the learner; those whose name ends in `_on` are days. `granted` and `held` say what an
    earlier decision gave, so that its loss shows.
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

    def to_json(self) -> dict[str, Any]:
        """The request as it is kept beside the decision, so that it can be decided again."""
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
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "RecognitionRequest":
        """The request kept beside a decision."""
        return cls(**{**value, "on": date.fromisoformat(value["on"]), "held": tuple(value["held"])})

    def after(self, earlier: RecognitionRow) -> "RecognitionRequest":
        """The same question, asked anew after an earlier decision: what that one gave may now be lost."""
        held = {found["id"] for found in earlier.result["entitlements"] if found["status"] == "open"}
        granted = self.granted or earlier.result["status"] == "granted"
        return replace(self, granted=granted, held=tuple(sorted(held | set(self.held))))

    def facts(self) -> dict[str, LearnerFact]:
        """The learner's facts as the rules read them. Raises Refused `malformed_fact` for a day that is none."""
        return {name: _fact(name, value) for name, value in self.learner.items()}

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


def _fact(name: str, value: str | int | bool) -> LearnerFact:
    if not name.endswith("_on"):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Refused("malformed_fact", f"The fact {name} is a day, as in 2026-02-28.", fact=name) from error

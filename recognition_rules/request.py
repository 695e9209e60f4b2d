"""Step 0: everything a recognition is asked to look at, fixed and digested before anything is decided."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award, Use
from recognition_rules.canonical import Digested, Json, canonical
from recognition_rules.input_errors import AwardConflict, UnknownProgramme
from recognition_rules.judgement import Judgement
from recognition_rules.levels import LevelTable
from recognition_rules.pack import Pack
from recognition_rules.policy import Policy
from recognition_rules.programme import Programme, Syllabus
from recognition_rules.recognition import Inputs
from recognition_rules.situation import LearnerFact, fact_json
from recognition_rules.units import UnitTable


@dataclass(frozen=True, slots=True)
class Request:
    """The inputs of one recognition, awards by id. `held` are entitlements given earlier, `granted` says that the
    award itself was. What is `given_up` for trial is not offered any more, and has happened all the same."""

    awards: Mapping[str, Award]
    programme: Programme
    pack: Pack
    policy: Policy
    on: date
    units: UnitTable
    levels: LevelTable | None
    used: Mapping[str, tuple[Use, ...]]
    session: str | None
    learner: Mapping[str, LearnerFact]
    syllabus: Syllabus | None
    granted: bool
    held: frozenset[str]
    exit_award: str | None
    judgements: tuple[Judgement, ...] = ()
    institution: str | None = None
    telling: bool = True
    given_up: tuple[Award, ...] = ()

    def version_day(self) -> date | None:
        """The day that picks the version of the programme; None where the learner's fact that says so is not known."""
        name = self.programme.versions_fact
        value = self.on if name is None else self.learner.get(name)
        return value if isinstance(value, date) else None

    def enrolled_on(self) -> date | None:
        """The day on which the learner enrolled, where it is known."""
        value = self.learner.get("enrolled_on")
        return value if isinstance(value, date) else None

    def inputs(self) -> Inputs:
        """The inputs as a recognition names them; the digest covers every award and fact."""
        return Inputs(
            digested=Digested(self._digested),
            on=self.on.isoformat(),
            programme=self.programme.id,
            exit_award=self.exit_award,
            session=self.session,
            policy=self.policy,
        )

    def _digested(self) -> dict[str, Json]:
        return {
            "awards": [self.awards[award].to_json() for award in sorted(self.awards)],
            "used": [use.to_json() for award in sorted(self.used) for use in self.used[award]],
            "learner": {name: fact_json(value) for name, value in self.learner.items()},
            "syllabus": None if self.syllabus is None else _syllabus(self.syllabus),
            "units": self.units.digest,
            "levels": None if self.levels is None else self.levels.digest,
            "granted": self.granted,
            "held": sorted(self.held),
            **self._later(),
        }

    def _later(self) -> dict[str, Json]:
        """Inputs that came later: named only where they are used, so that earlier decisions keep their digest."""
        found: dict[str, Json] = {}
        if self.judgements:
            found["judgements"] = sorted((each.to_json() for each in self.judgements), key=canonical)
        return found if self.institution is None else {**found, "institution": self.institution}


def _syllabus(syllabus: Syllabus) -> dict[str, Json]:
    credits_ = syllabus.required_credits
    return {
        "id": syllabus.id,
        "version": syllabus.version,
        "required_subjects": [dict(title) for title in syllabus.required_subjects],
        "required_credits": None if credits_ is None else text_of_amount(credits_),
    }


def by_id(awards: Collection[Award]) -> dict[str, Award]:
    """The awards by id; the same award twice is one, two different ones of one id raise `AwardConflict`."""
    found: dict[str, Award] = {}
    for award in awards:
        known = found.setdefault(award.id, award)
        if known is not award and known != award:
            raise AwardConflict
    return found


def programme_of(pack: Pack, programme: str) -> Programme:
    """The programme; raises `UnknownProgramme`."""
    if programme not in pack.programmes:
        raise UnknownProgramme(pack=pack.id, known=", ".join(sorted(pack.programmes)))
    return pack.programmes[programme]

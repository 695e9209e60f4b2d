"""What can be wrong with what a recognition is asked to look at. A refusal to recognise is not among these."""

from recognition_rules.errors import RuleError


class AwardMalformed(RuleError):
    """An award, or its JSON, whose field `field` is not what the rules may look at."""

    code = "award_malformed"
    sentence = "The award's {field} is not acceptable: {problem}."


class AwardConflict(RuleError):
    """Two awards carry one id and differ in content."""

    code = "award_conflict"
    sentence = "Two different awards carry the same id."


class UnknownProgramme(RuleError):
    """The pack has no programme of this id; `known` lists those it has."""

    code = "unknown_programme"
    sentence = "The pack {pack} has no such programme; it has: {known}."


class UnknownExitAward(RuleError):
    """The programme has no exit award of this id; `known` lists those it has."""

    code = "unknown_exit_award"
    sentence = "There is no such exit award; there are: {known}."


class UnknownSession(RuleError):
    """An award session that is not a month in which the programme makes awards."""

    code = "unknown_session"
    sentence = "An award session is written as in 2027-02, in one of these months: {months}."


class PolicyInvalid(RuleError):
    """A policy of choice that the engine does not carry out."""

    code = "policy_invalid"
    sentence = "The policy of choice cannot be carried out: {problem}."


class OptimumNotProven(RuleError):
    """The best choice could not be proven `within` the effort allowed; there is no silent second-best."""

    code = "optimum_not_proven"
    sentence = "The best choice could not be proven within {within}."


class CasesInvalid(RuleError):
    """A cases file that cannot be run as written."""

    code = "cases_invalid"
    sentence = "The cases cannot be run: {problem}."

"""What a verification answers: named checks, each with its outcome, and the verdict that follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal, Self

from credentials.claims import SecuredClaims
from credentials.errors import CredentialError, Fact
from credentials.verification_material import VerificationMaterial

Verdict = Literal["valid", "invalid", "indeterminate"]

NOT_VERIFIED: Final = "not_verified"
NOT_REACHED: Final = "not_reached"
_NO_FACTS: Final[Mapping[str, Fact]] = MappingProxyType({})


class Outcome(StrEnum):
    """How one check ended. `could_not_be_checked` is never shown or counted as passed."""

    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    COULD_NOT_BE_CHECKED = "could_not_be_checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One named test. `code` is stable for machines and None where the check passed; `message` is for people."""

    number: int
    name: str
    outcome: Outcome
    code: str | None = None
    message: str = ""
    facts: Mapping[str, Fact] = field(default_factory=lambda: _NO_FACTS)

    @classmethod
    def passed(cls, name: str, message: str = "") -> "Check":
        """A check that passed; its number is given by the verification it is added to."""
        return _passed(0, name, message)

    @classmethod
    def warning(cls, name: str, code: str, **facts: Fact) -> Self:
        """A check that found something worth knowing, which leaves the verdict as it is; the code has its sentence."""
        return cls.from_error(name, CredentialError(code, None, **facts), Outcome.WARNING)

    @classmethod
    def from_error(cls, name: str, error: CredentialError, outcome: Outcome = Outcome.FAILED) -> Self:
        """The check that an error answers."""
        return cls(0, name, outcome, error.code, error.message, error.facts)

    def numbered(self, number: int) -> "Check":
        """The same check under its number."""
        if self.outcome is Outcome.PASSED and self.code is None and not self.facts:
            return _passed(number, self.name, self.message)
        return Check(number, self.name, self.outcome, self.code, self.message, self.facts)

    @classmethod
    def not_reached(cls, name: str) -> Self:
        """A check that an earlier failure left undone."""
        return cls(0, name, Outcome.COULD_NOT_BE_CHECKED, NOT_REACHED, "An earlier check ended the verification.")


@lru_cache(maxsize=1024)
def _passed(number: int, name: str, message: str) -> Check:
    """A check that passed says little: the same few are in every verification, and kept."""
    return Check(number, name, Outcome.PASSED, None, message)


@dataclass(frozen=True, slots=True)
class Part:
    """A credential inside another one, verified for itself: of a learner record, or an endorsement."""

    kind: Literal["credential", "endorsement"]
    id: str | None
    verification: "Verification"


@dataclass(frozen=True, slots=True)
class Verification:
    """Every check by name, in order, and what the signature covers (only where it holds and is the issuer's).

    `claims` stand also beside a verdict that is not `valid`, for instance for a revoked credential or one whose status
    could not be had: they say what was signed, the verdict whether to rely on it. `parts` are the ones inside it.
    `material` is what it was verified with, where whoever gathered that says so.
    """

    checks: tuple[Check, ...] = ()
    claims: SecuredClaims | None = None
    parts: tuple[Part, ...] = ()
    material: VerificationMaterial | None = field(default=None, repr=False, compare=False)

    @property
    def verdict(self) -> Verdict:
        """`invalid` if any check failed, else `indeterminate` if any could not be made or none was, else `valid`."""
        outcomes = {check.outcome for check in self.checks}
        if Outcome.FAILED in outcomes:
            return "invalid"
        if Outcome.COULD_NOT_BE_CHECKED in outcomes or Outcome.PASSED not in outcomes:
            return "indeterminate"
        return "valid"

    @property
    def code(self) -> str | None:
        """The code of the check that decided the verdict; None where the verdict is `valid`."""
        if self.verdict == "valid":
            return None
        decisive = Outcome.FAILED if self.verdict == "invalid" else Outcome.COULD_NOT_BE_CHECKED
        return next((check.code for check in self.checks if check.outcome is decisive), NOT_VERIFIED)

    def check(self, name: str) -> Check:
        """The first check of this name. Raises KeyError where there is none."""
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)

    def with_check(self, check: Check) -> Self:
        """The verification with one more check, numbered after the others."""
        return self.with_checks((check,))

    def with_checks(self, checks: Iterable[Check]) -> Self:
        """The verification with more checks, numbered after the others."""
        numbered = tuple(check.numbered(number) for number, check in enumerate(checks, len(self.checks) + 1))
        return type(self)(self.checks + numbered, self.claims, self.parts, self.material)

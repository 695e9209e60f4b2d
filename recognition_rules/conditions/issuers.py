"""Atoms about the issuer: accredited on the days that matter, the institution itself, or a member beside it."""

from dataclasses import dataclass

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import missing
from recognition_rules.conditions.attributes import DAYS, day_fact, day_of
from recognition_rules.conditions.lists import on_list
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Register, Vocabulary
from recognition_rules.situation import Situation
from recognition_rules.truth import YES, Edit, Finding, Truth, Verdict, both

ACCREDITED_FACTS = {
    "started_on": "issuer_accredited_at_start",
    "awarded_on": "issuer_accredited_at_award",
    "received_on": "issuer_accredited_at_deposit",
    "decision": "issuer_accredited_now",
    "since-deposit": "issuer_accredited_since_deposit",
}
"""Where the registry's answers as at other days than the end of the course stand: facts of the award, yes or no."""

REMOVED_LATER = ("stays", "asks-again", "lapses")


@dataclass(frozen=True, slots=True)
class AccreditedOn:
    """The registry says that the issuer was accredited on each of the days; `since-deposit` means all days since."""

    days: tuple[str, ...]

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Each day that fails or is unknown is named."""
        return both([self._on(day, award, situation) for day in self.days])

    def _on(self, day: str, award: Award, situation: Situation) -> Verdict:
        if day == "ended_on":
            name, answer = "issuer_accredited", award.issuer_accredited
        else:
            name, found = ACCREDITED_FACTS[day], award.facts.get(ACCREDITED_FACTS[day])
            answer = found if isinstance(found, bool) else None
        if answer is True:
            return YES
        facts: dict[str, Json] = {"issuer": award.issuer, "as_at": _as_at(day, award, situation)}
        if answer is None:
            edit = Edit("supply", {"fact": name, "value": True})
            return Verdict(Truth.UNKNOWN, (Finding("ISSUER_STATUS_UNKNOWN", facts, edit),))
        return Verdict(Truth.NO, (Finding("ISSUER_NOT_ELIGIBLE", facts),))


@dataclass(frozen=True, slots=True)
class OwnIssuer:
    """The award is the institution's own: by the institution that awards, or by a member of the same list.

    `members` is a dated list of issuers; it is asked on `as_at`, and only where the institution is on it too.
    """

    members: Register | None
    as_at: str

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Unknown where it is not known which institution awards."""
        institution = situation.institution
        if institution is None:
            return missing("institution")
        if institution in (award.issuer, award.provider):
            return YES
        if self.members is not None:
            return self._beside(award, institution, situation)
        return self._other(award, institution)

    def _beside(self, award: Award, institution: str, situation: Situation) -> Verdict:
        assert self.members is not None
        day = day_of(self.as_at, award, situation)
        if day is None:
            return missing(day_fact(self.as_at))
        own = on_list(self.members, institution, day, ("ISSUER_STATUS_UNKNOWN", "ISSUER_NOT_ELIGIBLE"))
        if own.truth is Truth.NO:
            return self._other(award, institution)
        codes = ("ISSUER_STATUS_UNKNOWN", "ISSUER_NOT_ELIGIBLE")
        return both(
            [own, min((on_list(self.members, each, day, codes) for each in (award.issuer, award.provider)), key=_least)]
        )

    def _other(self, award: Award, institution: str) -> Verdict:
        return Verdict(
            Truth.NO, (Finding("ISSUER_NOT_ELIGIBLE", {"issuer": award.issuer, "institution": institution}),)
        )


def read_accredited(node: Node, key: str, vocabulary: Vocabulary) -> AccreditedOn:  # noqa: ARG001 - shape of a reader
    """`issuer_accredited = { as_at = "received_on", removed_later = "asks-again" }`; raises `PackInvalid`.

    An issuer that is removed from the registry after the deposit: the credit `stays`, redemption `asks-again`, or it
    `lapses` for good. Where the deposit is asked about, redemption asks again unless the rule says otherwise.
    """
    child = node.child(key)
    days = _days(child)
    default = "asks-again" if "received_on" in days else "stays"
    later = child.choice("removed_later", REMOVED_LATER, default)
    child.done()
    extra = {"stays": (), "asks-again": ("decision",), "lapses": ("since-deposit",)}[later]
    return AccreditedOn(tuple(dict.fromkeys((*days, *extra))))


def _days(node: Node) -> tuple[str, ...]:
    known = tuple(day for day in DAYS if day != "enrolment")
    if isinstance(node.values.get("as_at"), list):
        return node.words("as_at", known)
    return (node.choice("as_at", known),)


def read_issuer(node: Node, key: str, vocabulary: Vocabulary) -> OwnIssuer:
    """`issuer = "self"`, or `{ self_or = "consortium", as_at = "ended_on" }` with a [[register]] of members."""
    if node.raw(key) == "self":
        return OwnIssuer(None, "ended_on")
    if not isinstance(node.raw(key), dict):
        raise node.fail('\'issuer\' is "self", a list of issuers, or { self_or = "list of members" }.', key)
    child = node.child(key)
    register = vocabulary.registers[child.choice("self_or", vocabulary.registers)]
    own = OwnIssuer(register, child.choice("as_at", DAYS, "ended_on"))
    child.done()
    return own


def _least(verdict: Verdict) -> int:
    """The better of two answers comes first: an issuer that was merged is known by either name."""
    return -verdict.truth


def _as_at(day: str, award: Award, situation: Situation) -> str | None:
    found = day_of("received_on" if day == "since-deposit" else day, award, situation)
    return None if found is None else found.isoformat()

"""What an explanation says of one award: whether it counts, why, with which arithmetic, and what would change it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from string import Formatter

from recognition_rules.amount_text import text_of_amount
from recognition_rules.canonical import Json
from recognition_rules.credits import parse_amount
from recognition_rules.decision import Counterfactual, Decision, Reason, Step
from recognition_rules.explain_names import Names
from recognition_rules.recognition import Recognition
from recognition_rules.truth import Edit


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One row of a table of awards: ids and titles, amounts as people say them, and `why`, a line for each reason."""

    award: str
    title: str
    given: str
    counted: str
    status: str
    slot: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AwardTeller:
    """Puts the decisions of one recognition into one language."""

    recognition: Recognition
    names: Names

    def line(self, decision: Decision) -> AwardLine:
        """The row of one award."""
        names, unit = self.names, self.recognition.unit
        slot = names.rule(decision.slot) if decision.slot else ""
        facts = {
            "counted": self._counted(decision),
            "amount": names.credits(decision.amount, unit),
            "slot": names.say("slot", {"slot": slot}) if slot else "",
        }
        given = decision.source_amount
        return AwardLine(
            award=decision.award,
            title=names.award(decision.award),
            given=names.credits(given.amount, given.unit),
            counted=names.shown(decision.counted),
            status=names.say(decision.status, facts),
            slot=slot,
            why=tuple(self._why(decision)),
        )

    def _counted(self, decision: Decision) -> str:
        """With its unit, unless the whole that it is a part of is told beside it."""
        if decision.status == "partly":
            return self.names.shown(decision.counted)
        return self.names.credits(decision.counted, self.recognition.unit)

    def _why(self, decision: Decision) -> Iterator[str]:
        yield from self._conversions(decision)
        yield from self._checks(decision)
        for reason in decision.reasons:
            yield self._reason(decision, reason)
        if decision.counterfactual:
            yield self._counterfactual(decision.counterfactual)

    def _conversions(self, decision: Decision) -> Iterator[str]:
        """Rules that valued a counted award: the arithmetic is owed even where nothing was lost."""
        for step in self._steps(decision):
            if (step.stage, step.result) in (("amount", "passed"), ("articulate", "matched")) and step.arithmetic:
                yield f"{self.names.sum(step.arithmetic)} [{self._basis(step)}]"

    def _checks(self, decision: Decision) -> Iterator[str]:
        """For a counted award, in one line: what was asked of it, and the room it found."""
        passed = [
            step for step in self._steps(decision) if step.result in ("passed", "room") and step.stage != "amount"
        ]
        checks = [f"{self._title(step)}: {self.names.sum(step.arithmetic)}" for step in passed if step.arithmetic]
        if decision.counted and checks:
            yield " · ".join(checks)

    def _title(self, step: Step) -> str:
        return self.names.rule(step.rule)

    def _reason(self, decision: Decision, reason: Reason) -> str:
        facts = {name: self.names.value(name, value) for name, value in reason.facts.items()}
        sentence = self.names.say(self._key(reason), facts).rstrip()
        steps = [step for step in self._steps(decision) if step.rule == reason.rule]
        step = next((each for each in reversed(steps) if each.result not in ("passed", "room")), None)
        if step is None:
            return f"{sentence} [{reason.label}]"
        arithmetic = f" ({self.names.sum(step.arithmetic)})" if step.arithmetic else ""
        return f"{sentence}{arithmetic} [{self._basis(step, reason.label)}]"

    def _key(self, reason: Reason) -> str:
        """The sentence for which the reason has the facts; rules that give one code may look at different things."""
        if {"question", "answer", "needed"} <= reason.facts.keys():
            return "judged"
        words = self.names.words
        otherwise = f"{reason.code}.otherwise"
        if otherwise not in words:
            return reason.code
        wanted = {name for _, name, _, _ in Formatter().parse(words[reason.code]) if name}
        told = {name for name, value in reason.facts.items() if value is not None}
        return reason.code if wanted <= told else otherwise

    def _basis(self, step: Step, label: str = "") -> str:
        """Title, legal basis, source and dates of the rule that spoke; its label last, for letters and appeals."""
        names, parts = self.names, [self._title(step)]
        if step.terms is not None:
            terms = step.terms
            parts += [names.text(terms.legal_basis), terms.source]
            parts.append(names.say("since", {"from": names.day(terms.start.isoformat())}) if terms.start else "")
            parts.append(names.say("until", {"until": names.day(terms.until.isoformat())}) if terms.until else "")
            parts.append("" if terms.confirmed else names.say("unconfirmed", {}))
        return "; ".join(dict.fromkeys(part for part in (*parts, label) if part))

    def _counterfactual(self, found: Counterfactual) -> str:
        names = self.names
        if found.none:
            return names.say("NO_SMALL_CHANGE", {})
        edits = [names.say(_sentence(edit), self._details(edit.details)) for edit in found.edits]
        facts = {
            "edits": reduce(lambda first, last: names.say("and", {"first": first, "last": last}), edits),
            "gain": self._gain(found),
            "displaced": self._displaced(found),
            "verified": names.say("verified", {}) if found.verified else "",
        }
        return names.say("would_count", facts)

    def _details(self, details: Mapping[str, Json]) -> dict[str, str]:
        """The details of an edit in words; a share in percent, a level with its framework, an outcome by number."""
        said = {name: self.names.value(name, value) for name, value in details.items()}
        fact, value = details.get("fact"), details.get("value", "")
        if fact == "attendance":
            said["value"] = f"{text_of_amount(parse_amount(str(value)) * 100)} %"
        if "framework" in details:
            said["value"] = self.names.value("level", f"{details['framework']} {value}")
        if "outcome" in details:
            said["fact"] = self.names.say("fact.outcome", {"number": str(details["outcome"])})
        if fact == "judgement" and "question" in said:
            said["fact"] = said["question"]
        return said

    def _gain(self, found: Counterfactual) -> str:
        kind = "same" if not found.gain else "more" if found.gain > 0 else "less"
        return self.names.say(f"gain.{kind}", {"amount": self.names.credits(abs(found.gain), self.recognition.unit)})

    def _displaced(self, found: Counterfactual) -> str:
        """The awards that would give way, but for those whose giving up is the change itself."""
        given_up = {edit.details.get("award") for edit in found.edits if edit.do == "give_up"}
        others = [self.names.award(award) for award in found.displaces if award not in given_up]
        return self.names.say("displaced", {"awards": ", ".join(others)}) if others else ""

    def _steps(self, decision: Decision) -> Iterator[Step]:
        return (self.recognition.steps[number] for number in decision.steps)


def _sentence(edit: Edit) -> str:
    """The key of an edit's sentence; what is to be supplied is told with its value where that is known."""
    if edit.do == "reach" and str(edit.details.get("fact")).endswith("_on"):
        return "edit.reach_day"
    if edit.do != "supply":
        return f"edit.{edit.do}"
    named = next((name for name in ("answer", "value") if name in edit.details), None)
    return "edit.supply" if named is None else f"edit.supply_{named}"

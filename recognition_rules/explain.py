"""A recognition in sentences: why each award counts or not, with the arithmetic, the rule, its dates and its basis.

Only what the recognition recorded is told; the pack and the awards, where given, lend their titles.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from string import Formatter

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.credits import display
from recognition_rules.decision import Counterfactual, Decision, Reason, Step
from recognition_rules.explain_words import words
from recognition_rules.language import LanguageMap, pick
from recognition_rules.pack import Pack
from recognition_rules.programme import Requirement
from recognition_rules.recognition import Entitlement, MeasureResult, Recognition, RequirementResult
from recognition_rules.rules.roundings import display_rounding
from recognition_rules.truth import Edit

_INDENT = "    "


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One row of a table of awards: ids and titles, amounts as exact text, and `why`, a line for each reason."""

    award: str
    title: str
    given: str
    counted: str
    status: str
    slot: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One row of a table of requirements; `satisfied` is yes, no or undetermined, amounts are exact text."""

    id: str
    title: str
    satisfied: str
    needed: str
    have: str
    shortfall: str
    text: str


def explain(
    recognition: Recognition, language: str = "en", *, pack: Pack | None = None, awards: Collection[Award] = ()
) -> list[str]:
    """The recognition as lines of text; a language without sentences falls back to English."""
    teller = _Teller(recognition, language, pack, {award.id: award.title for award in awards})
    lines = [teller.headline()]
    lines += [line.text for line in teller.requirements()]
    lines += list(teller.entitlements())
    lines += [*teller.courses(), *teller.obligations()]
    for row in teller.awards():
        lines.append(f"{row.title} ({row.given}): {row.status}")
        lines += [_INDENT + why for why in row.why]
    return lines


def award_lines(
    recognition: Recognition, language: str = "en", *, pack: Pack | None = None, awards: Collection[Award] = ()
) -> tuple[AwardLine, ...]:
    """The rows of a table of awards, in the order in which they were offered room."""
    titles = {award.id: award.title for award in awards}
    return tuple(_Teller(recognition, language, pack, titles).awards())


def requirement_lines(
    recognition: Recognition, language: str = "en", *, pack: Pack | None = None
) -> tuple[RequirementLine, ...]:
    """The rows of a table of requirements, in the order of the pack."""
    return tuple(_Teller(recognition, language, pack, {}).requirements())


class _Facts(dict[str, str]):
    """Facts of a sentence; one that is missing reads as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


class _Teller:
    """Puts one recognition into one language."""

    def __init__(
        self, recognition: Recognition, language: str, pack: Pack | None, titles: Mapping[str, LanguageMap]
    ) -> None:
        self.recognition = recognition
        self.language = language
        self.pack = pack
        self.titles = titles
        self.words = words(language)
        self.rules = _titles_of_rules(pack, recognition.inputs.programme) if pack else {}
        self.display = display_rounding(pack, recognition.inputs.programme) if pack else None

    def say(self, key: str, facts: Mapping[str, str]) -> str:
        """A sentence with its facts filled in."""
        return self.words.get(key, key).format_map(_Facts(facts))

    def _shown(self, amount: Fraction) -> str:
        """The exact text, and a rounded one beside it where nobody reads a fraction at a glance."""
        text = text_of_amount(amount)
        if self.display is not None:
            rounded = text_of_amount(self.display.apply(amount))
            return text if rounded == text else f"{text} (≈{rounded})"
        return f"{text} (≈{display(amount)})" if "/" in text else text

    def headline(self) -> str:
        found = self.recognition
        programme = found.inputs.programme
        title = self.pack.programmes[programme].title if self.pack else {}
        facts = {
            "programme": pick(title, self.language, programme),
            "status": self.say(found.status, {}),
            "counted": self._shown(found.totals["counted"]),
            "submitted": self._shown(found.totals["submitted"]),
            "unit": found.unit,
            "on": found.inputs.on,
            "pack": str(found.pack["id"]),
            "version": str(found.pack["version"]),
        }
        return self.say("headline", facts)

    def requirements(self) -> Iterator[RequirementLine]:
        for result in self.recognition.requirements:
            yield self._requirement(result)

    def _requirement(self, result: RequirementResult) -> RequirementLine:
        title = self._rule(result.id)
        facts = {
            "title": title,
            "needed": self._shown(result.needed),
            "have": self._shown(result.have),
            "shortfall": self._shown(result.shortfall),
        }
        over = self.say("surplus", {"surplus": self._shown(result.surplus)}) if result.surplus else ""
        key = "unknown" if result.satisfied == "undetermined" and not result.needed else result.satisfied
        text = self.say(f"requirement.{key}", {**facts, "surplus": over})
        return RequirementLine(
            result.id, title, result.satisfied, facts["needed"], facts["have"], facts["shortfall"], text
        )

    def entitlements(self) -> Iterator[str]:
        for each in self.recognition.entitlements:
            yield self._entitlement(each)
        for exit_award in self.recognition.exits:
            facts = {"title": self._rule(exit_award.id), "total": self._shown(exit_award.total)}
            yield self.say(f"exit.{exit_award.status}", facts)
        for measure in self.recognition.measures:
            yield self._measure(measure)

    def _measure(self, measure: MeasureResult) -> str:
        title = self._rule(measure.id)
        if measure.amount is not None:
            return self.say("measure", {"title": title, "amount": self._shown(measure.amount)})
        lacking = ", ".join(map(self._title, measure.lacking))
        return self.say("measure.unknown", {"title": title, "lacking": lacking})

    def _entitlement(self, each: Entitlement) -> str:
        needed, have = self._shown(each.needed), self._shown(each.have)
        return self.say(f"entitlement.{each.status}", {"title": self._rule(each.id), "needed": needed, "have": have})

    def courses(self) -> Iterator[str]:
        """The courses of the target for which awards stand: satisfied or not, and apart from that their units."""
        for each in self.recognition.courses:
            facts = {
                "title": pick(self.pack.courses[each.id].title if self.pack else {}, self.language, each.id),
                "recorded": self._shown(each.recorded),
                "credits": self._shown(each.credits),
            }
            key = "waived" if each.waived else each.satisfied
            yield self.say(f"course.{key}", facts)

    def obligations(self) -> Iterator[str]:
        """What is owed, and what was."""
        for each in self.recognition.obligations:
            facts = {
                "title": self._rule(each.rule),
                "amount": self._shown(each.amount),
                "bucket": each.bucket,
                "award": self._title(each.because),
            }
            yield self.say("obligation.discharged" if each.discharged else "obligation.open", facts)

    def awards(self) -> Iterator[AwardLine]:
        for decision in self.recognition.decisions:
            yield self._award(decision)

    def _award(self, decision: Decision) -> AwardLine:
        slot = self._rule(decision.slot) if decision.slot else ""
        facts = {
            "counted": self._shown(decision.counted),
            "amount": self._shown(decision.amount),
            "unit": self.recognition.unit,
            "slot": self.say("slot", {"slot": slot}) if slot else "",
        }
        why = [*self._conversions(decision), *self._checks(decision)]
        why += [self._reason(decision, each) for each in decision.reasons]
        if decision.counterfactual:
            why.append(self._counterfactual(decision.counterfactual))
        return AwardLine(
            award=decision.award,
            title=self._title(decision.award),
            given=str(decision.source_amount),
            counted=facts["counted"],
            status=self.say(decision.status, facts),
            slot=slot,
            why=tuple(why),
        )

    def _conversions(self, decision: Decision) -> Iterator[str]:
        """Rules that valued a counted award: the arithmetic is owed even where nothing was lost."""
        for step in self._steps(decision):
            if (step.stage, step.result) in (("amount", "passed"), ("articulate", "matched")) and step.arithmetic:
                yield f"{step.arithmetic} [{self._basis(step, step.rule or '')}]"

    def _checks(self, decision: Decision) -> Iterator[str]:
        """For a counted award, in one line: what was asked of it, and the room it found."""
        passed = [step for step in self._steps(decision) if step.result in ("passed", "room") and step.arithmetic]
        checks = [f"{step.rule}: {step.arithmetic}" for step in passed if step.stage != "amount"]
        if decision.counted and checks:
            yield " · ".join(checks)

    def _reason(self, decision: Decision, reason: Reason) -> str:
        facts = {name: self._fact(name, value) for name, value in reason.facts.items()}
        sentence = self.say(self._key(reason), facts).rstrip()
        steps = [step for step in self._steps(decision) if step.rule == reason.rule]
        step = next((each for each in reversed(steps) if each.result not in ("passed", "room")), None)
        if step is None:
            return f"{sentence} [{reason.label}]"
        arithmetic = f" ({step.arithmetic})" if step.arithmetic else ""
        return f"{sentence}{arithmetic} [{self._basis(step, reason.label)}]"

    def _key(self, reason: Reason) -> str:
        """The sentence for which the reason has the facts; rules that give one code may look at different things."""
        if {"question", "answer", "needed"} <= reason.facts.keys():
            return "judged"
        otherwise = f"{reason.code}.otherwise"
        if otherwise not in self.words:
            return reason.code
        wanted = {name for _, name, _, _ in Formatter().parse(self.words[reason.code]) if name}
        return reason.code if wanted <= reason.facts.keys() else otherwise

    def _basis(self, step: Step, label: str) -> str:
        """Label, title, legal basis, source and dates of the rule that spoke."""
        parts = [label, self._rule(step.rule) if step.rule in self.rules else ""]
        if step.terms is not None:
            terms = step.terms
            parts += [terms.legal_basis, terms.source]
            parts.append(self.say("since", {"from": terms.start.isoformat()}) if terms.start else "")
            parts.append(self.say("until", {"until": terms.until.isoformat()}) if terms.until else "")
            parts.append("" if terms.confirmed else self.say("unconfirmed", {}))
        return "; ".join(part for part in parts if part)

    def _counterfactual(self, found: Counterfactual) -> str:
        if found.none:
            return self.say("NO_SMALL_CHANGE", {})
        edits = [
            self.say(_sentence(edit), {name: self._fact(name, value) for name, value in edit.details.items()})
            for edit in found.edits
        ]
        facts = {
            "edits": ", ".join(edits),
            "gain": self._shown(found.gain),
            "displaced": self._displaced(found),
            "verified": self.say("verified", {}) if found.verified else "",
        }
        return self.say("would_count", facts)

    def _displaced(self, found: Counterfactual) -> str:
        """The awards that would give way, but for those whose giving up is the change itself."""
        given_up = {edit.details.get("award") for edit in found.edits if edit.do == "give_up"}
        others = [self._title(award) for award in found.displaces if award not in given_up]
        return self.say("displaced", {"awards": ", ".join(others)}) if others else ""

    def _fact(self, name: str, value: Json) -> str:
        if isinstance(value, list):
            return ", ".join(self._title(str(each)) if name == "with" else str(each) for each in value)
        if value is None:
            return "–"
        return self._title(str(value)) if name == "award" else self._word(value)

    def _word(self, value: Json) -> str:
        """Yes, no and *at least* in the reader's language; anything else as it stands."""
        text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        if text.startswith("at least "):
            return self.say("word.at_least", {"value": text.removeprefix("at least ")})
        return self.words.get(f"word.{text}", text)

    def _steps(self, decision: Decision) -> Iterator[Step]:
        return (self.recognition.steps[number] for number in decision.steps)

    def _title(self, award: str) -> str:
        return pick(self.titles.get(award, {}), self.language, award)

    def _rule(self, rule: str | None) -> str:
        return pick(self.rules.get(rule or "", {}), self.language, rule or "")


def _titles_of_rules(pack: Pack, programme_id: str) -> dict[str, LanguageMap]:
    titles = {rule: head.title for rule, head in pack.rules().items()}
    programme = pack.programmes[programme_id]
    if programme.window:
        titles[programme.window.head.id] = programme.window.head.title
    for version in programme.versions:
        titles |= dict(_requirement_titles(version.require))
    return titles


def _requirement_titles(requirement: Requirement) -> Iterator[tuple[str, LanguageMap]]:
    yield requirement.id, requirement.title
    for part in getattr(requirement, "parts", ()):
        yield from _requirement_titles(part)


def _sentence(edit: Edit) -> str:
    """The key of an edit's sentence; what is to be supplied is told with its value where that is known."""
    if edit.do != "supply":
        return f"edit.{edit.do}"
    named = next((name for name in ("answer", "value") if name in edit.details), None)
    return "edit.supply" if named is None else f"edit.supply_{named}"

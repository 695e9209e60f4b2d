"""A recognition in sentences: why each award counts or not, with the arithmetic, the rule, its dates and its basis.

Only what the recognition recorded is told; the pack and the awards, where given, lend their titles.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.explain_awards import AwardLine, AwardTeller
from recognition_rules.explain_names import Names
from recognition_rules.language import LanguageMap
from recognition_rules.pack import Pack
from recognition_rules.programme import leaves
from recognition_rules.recognition import Entitlement, MeasureResult, Recognition, RequirementResult

_INDENT = "    "

__all__ = ["AwardLine", "RequirementLine", "award_lines", "explain", "requirement_lines"]


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
    teller = _Teller(recognition, language, pack, awards)
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
    return tuple(_Teller(recognition, language, pack, awards).awards())


def requirement_lines(
    recognition: Recognition, language: str = "en", *, pack: Pack | None = None
) -> tuple[RequirementLine, ...]:
    """The rows of a table of requirements, in the order of the pack."""
    return tuple(_Teller(recognition, language, pack, ()).requirements())


class _Teller:
    """Puts one recognition into one language."""

    def __init__(self, recognition: Recognition, language: str, pack: Pack | None, awards: Collection[Award]) -> None:
        programme = recognition.inputs.programme
        titles = {award.id: award.title for award in awards}
        self.recognition = recognition
        self.pack = pack
        self.names = Names(language, pack, programme, titles)
        self.flags = frozenset(_flags(pack, programme)) if pack else frozenset()

    def headline(self) -> str:
        found, names, unit = self.recognition, self.names, self.recognition.unit
        programme = found.inputs.programme
        title: LanguageMap = self.pack.programmes[programme].title if self.pack else {}
        facts = {
            "programme": names.pick(title, programme),
            "status": names.say(found.status, {}),
            "counted": names.shown(found.totals["counted"]),
            "submitted": names.credits(found.totals["submitted"], unit),
            "on": names.day(found.inputs.on),
            "pack": names.pick(self.pack.title if self.pack else {}, str(found.pack["id"])),
            "version": str(found.pack["version"]),
        }
        return names.say("headline", facts)

    def requirements(self) -> Iterator[RequirementLine]:
        for result in self.recognition.requirements:
            yield self._requirement(result)

    def _requirement(self, result: RequirementResult) -> RequirementLine:
        names = self.names
        facts = {
            "title": names.rule(result.id),
            "needed": names.shown(result.needed),
            "have": names.shown(result.have),
            "shortfall": names.shown(result.shortfall),
            "surplus": names.say("surplus", {"surplus": names.shown(result.surplus)}) if result.surplus else "",
            "fact": self._lacking(result.id),
            "open": self._open(result.id),
        }
        text = names.say(f"requirement.{self._form(result, facts)}", facts)
        shown = facts["needed"], facts["have"], facts["shortfall"]
        return RequirementLine(result.id, facts["title"], result.satisfied, *shown, text)

    def _form(self, result: RequirementResult, facts: Mapping[str, str]) -> str:
        """Which sentence fits: a yes or no needs no figures, and where nothing is needed there is no `of`."""
        if result.satisfied == "undetermined" and result.id not in self.flags and (facts["fact"] or facts["open"]):
            return "unknown" if facts["fact"] else "open"
        if result.kind == "any" or result.id in self.flags:
            return f"flag.{result.satisfied}"
        return "free" if result.satisfied == "yes" and not result.needed else result.satisfied

    def _lacking(self, requirement: str) -> str:
        """The fact for want of which a requirement is open."""
        steps = (step for step in self.recognition.steps if step.rule == requirement and step.award is None)
        missing = next((step.inputs["missing"] for step in steps if "missing" in step.inputs), None)
        return "" if missing is None else self.names.value("fact", missing)

    def _open(self, requirement: str) -> str:
        """The awards on whose open questions a requirement hangs, each with what is missing of it."""
        steps = (step for step in self.recognition.steps if step.rule == requirement and step.award is None)
        awards = next((step.inputs["open"] for step in steps if "open" in step.inputs), None)
        return ", ".join(self._asked(*each) for each in awards.items()) if isinstance(awards, dict) else ""

    def _asked(self, award: str, missing: Json) -> str:
        """An award and the facts or questions that are open; a reason's code says nothing to a reader."""
        named = [name for name in missing if not str(name).isupper()] if isinstance(missing, list) else []
        told = f" ({self.names.value('fact', named)})" if named else ""
        return f"{self.names.award(award)}{told}"

    def entitlements(self) -> Iterator[str]:
        names = self.names
        for each in self.recognition.entitlements:
            yield self._entitlement(each)
        for exit_award in self.recognition.exits:
            facts = {"title": names.rule(exit_award.id), "total": names.shown(exit_award.total)}
            yield names.say(f"exit.{exit_award.status}", facts)
        for measure in self.recognition.measures:
            yield self._measure(measure)

    def _measure(self, measure: MeasureResult) -> str:
        names, title = self.names, self.names.rule(measure.id)
        if measure.amount is not None:
            return names.say("measure", {"title": title, "amount": names.shown(measure.amount)})
        return names.say("measure.unknown", {"title": title, "lacking": ", ".join(map(names.award, measure.lacking))})

    def _entitlement(self, each: Entitlement) -> str:
        names = self.names
        facts = {"title": names.rule(each.id), "needed": names.shown(each.needed), "have": names.shown(each.have)}
        return names.say(f"entitlement.{each.status}", facts)

    def courses(self) -> Iterator[str]:
        """The courses of the target for which awards stand: satisfied or not, and apart from that their units."""
        for each in self.recognition.courses:
            facts = {
                "title": self.names.pick(self.pack.courses[each.id].title if self.pack else {}, each.id),
                "recorded": self.names.shown(each.recorded),
                "credits": self.names.shown(each.credits),
            }
            key = "waived" if each.waived else each.satisfied
            yield self.names.say(f"course.{key}", facts)

    def obligations(self) -> Iterator[str]:
        """What is owed, and what was."""
        for each in self.recognition.obligations:
            facts = {
                "title": self.names.rule(each.rule),
                "amount": self.names.credits(each.amount, self.recognition.unit),
                "bucket": self.names.code(each.bucket),
                "award": self.names.award(each.because),
            }
            yield self.names.say("obligation.discharged" if each.discharged else "obligation.open", facts)

    def awards(self) -> Iterator[AwardLine]:
        return map(AwardTeller(self.recognition, self.names).line, self.recognition.decisions)


def _flags(pack: Pack, programme: str) -> Iterator[str]:
    """The requirements that are a fact about the learner: there or not."""
    for version in pack.programmes[programme].versions:
        yield from (leaf.id for leaf in leaves(version.require) if leaf.form == "learner")

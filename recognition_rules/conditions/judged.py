"""Atoms that rest on a person's signed answer: unsigned, missing or out of time is unknown, never no.

Of several answers to one question the latest signed one holds, and if it has run out no older one comes back to life.
Answers of one day that differ settle nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.judgement import Answer, Judgement
from recognition_rules.reading.pack_reader import Node, exact
from recognition_rules.situation import Situation
from recognition_rules.truth import Edit, Finding, Truth, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer to a question about the award reaches `at_least`, or is one of `among`.

    `signers` None takes anybody whose signature the bank has accepted; `about_learner` asks for an answer about the
    learner instead; `target` for the comparison with that course. Where a `share` is asked for ("80%"), a number above
    1 is another kind of answer: 85 is not 85 %. Shares are compared exactly: 79.5 % is not 80 %.
    What is `presumed` holds as long as nobody has answered at all.
    """

    question: str
    at_least: Fraction | None = None
    among: tuple[bool | str, ...] = ()
    signers: frozenset[str] | None = None
    about_learner: bool = False
    target: str | None = None
    presumed: bool = False
    share: bool = False

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Unknown carries `JUDGEMENT_NEEDED` with the question."""
        return self.judge_pair(award, self.target, situation)

    def judge_pair(self, award: Award, target: str | None, situation: Situation) -> Verdict:
        """The same for one course of the target, of which there may be an answer of its own."""
        found = self._answers(award, target, situation)
        latest = max((each.signed_on for each in found), default=None)
        last = [each for each in found if each.signed_on == latest]
        why = self._unsettled(last, situation)
        if why == "missing" and self.presumed:
            return Verdict(Truth.YES, (), (f"{self.question}: nobody has answered, so it is taken to hold",))
        if why is not None:
            return self._needed(why, target)
        return self._compared(last[0])

    def _answers(self, award: Award, target: str | None, situation: Situation) -> list[Judgement]:
        """The answers that count, signed by the day; one that names a course speaks of that course only."""
        about = None if self.about_learner else award.id
        mine = [
            each
            for each in situation.judgements
            if each.question == self.question
            and each.award == about
            and each.signed_on <= situation.on
            and (self.signers is None or each.signer in self.signers)
        ]
        return [each for each in mine if each.target == target] or [each for each in mine if each.target is None]

    def _unsettled(self, last: Sequence[Judgement], situation: Situation) -> str | None:
        """Why the latest answers settle nothing, or None where they do."""
        if not last:
            return "missing"
        if not all(each.good_on(situation.on) for each in last):
            return "expired"
        if len({_form(each.answer) for each in last}) > 1:
            return "contradictory"
        return None if self._is_of_kind(last[0].answer) else "another kind of answer"

    def _is_of_kind(self, answer: Answer) -> bool:
        if self.at_least is not None:
            return isinstance(answer, Fraction) and not (self.share and answer > 1)
        return any(type(answer) is type(each) for each in self.among)

    def _compared(self, judgement: Judgement) -> Verdict:
        answer = judgement.answer
        good = (
            answer >= self.at_least
            if isinstance(answer, Fraction) and self.at_least is not None
            else answer in self.among
        )
        words = f"{self.question}: {_text(answer)}, {self._needed_text()} is asked (signed on {judgement.signed_on})"
        if good:
            return Verdict(Truth.YES, (), (words,))
        facts: dict[str, Json] = {
            "question": self.question,
            "answer": _text(answer),
            "needed": self._needed_text(),
            "signed_on": judgement.signed_on.isoformat(),
        }
        finding = Finding("SOURCE_NOT_ELIGIBLE", facts, self._edit(judgement.target))
        return Verdict(Truth.NO, (finding,), (words,))

    def _needed(self, why: str, target: str | None) -> Verdict:
        facts: dict[str, Json] = {"question": self.question, "because": why}
        if target is not None:
            facts["target"] = target
        return Verdict(Truth.UNKNOWN, (Finding("JUDGEMENT_NEEDED", facts, self._edit(target)),))

    def _edit(self, target: str | None) -> Edit:
        """The signed answer that would do, in the words of the catalogue of edits."""
        number = self.at_least is not None
        answer: Json = self._figure(self.at_least) if self.at_least is not None else self.among[0]
        details: dict[str, Json] = {"fact": "judgement", "question": self.question, "answer": answer}
        details |= {"answer_is_number": True} if number else {}
        details |= {"target": target} if target is not None else {}
        details |= {"signer": min(self.signers)} if self.signers else {}
        return Edit("supply", details | ({"of": "learner"} if self.about_learner else {}))

    def _figure(self, number: Fraction) -> str:
        return f"{text_of_amount(number * 100)}%" if self.share else text_of_amount(number)

    def _needed_text(self) -> str:
        if self.at_least is not None:
            return f"at least {_text(self.at_least)}"
        return " or ".join(map(_text, self.among))


def read_judged(node: Node) -> Judged:
    """`{ question = "overlap", at_least = "80%" }`, `{ question = "level-match", is = true }`; raises `PackInvalid`.

    `unanswered = "holds"` presumes what is asked until somebody has answered; usually the question stays open.
    """
    judged = Judged(
        question=node.text("question"),
        at_least=_number(node) if node.has("at_least") else None,
        among=_among(node),
        signers=frozenset(node.words("signers")) if node.has("signers") else None,
        about_learner=node.choice("about", ("award", "learner"), "award") == "learner",
        target=node.text_or_none("target"),
        presumed=node.choice("unanswered", ("open", "holds"), "open") == "holds",
        share=str(node.values.get("at_least")).endswith("%"),
    )
    if (judged.at_least is None) is (not judged.among):
        raise node.fail("Say what the answer must be: either 'at_least', or 'is', or 'among'.")
    node.done()
    return judged


def _number(node: Node) -> Fraction:
    value = node.values["at_least"]
    return node.share("at_least") if isinstance(value, str) and value.endswith("%") else node.number("at_least")


def _among(node: Node) -> tuple[bool | str, ...]:
    single, several = node.raw("is"), node.raw("among")
    node.raw("at_least")
    node.raw("signers")
    values = several if isinstance(several, list) else [] if several is None else [several]
    values = [*([] if single is None else [single]), *values]
    if any(not isinstance(each, bool | str) or exact(each) is not None for each in values):
        raise node.fail("'is' and 'among' are true, false, or words; for a figure write 'at_least'.")
    return tuple(values)


def _form(answer: Answer) -> tuple[str, str]:
    return type(answer).__name__, _text(answer)


def _text(answer: Answer) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, Fraction):
        return f"{text_of_amount(answer * 100)} %" if answer <= 1 else text_of_amount(answer)
    return answer

"""What the rules can be asked, and how a decision is objected to: everything here is computed, signed and checked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from credentials.jws import read_compact, verify_compact
from credentials.keys import PrivateKey
from creditbank import display
from creditbank.appeal_words import sentence
from creditbank.appealing import Appealing, Objection, View
from creditbank.caller import SCOPES, Caller
from creditbank.demo.cast import CHAN, HAN, HANBIT, KIM, ODUYA
from creditbank.demo.narrator import Narrator
from creditbank.demo.stage import Stage
from creditbank.demo.told import Told
from creditbank.impact_run import ImpactRun, Population
from creditbank.quotes import Quote, Quotes
from creditbank.recognising import Recognising
from creditbank.replay import decided_again, pack_of, read_bundle, replay
from creditbank.store import rows
from creditbank.transactions.appeals import Case
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.award import Award
from recognition_rules.credits import Credits
from recognition_rules.explain import award_lines
from recognition_rules.packs import builtin

GRADUATE = {"high_school_graduate": True}
_PLANNED = (("Care Ethics", 4), ("Dementia Care", 12), ("Running a Care Home", 12))
"""What Kim thinks of taking in one semester: titles and credits, in the order in which the courses end."""
_ATTENDANCE = ('attendance_at_least = "80%"', 'attendance_at_least = "75%"')
_INDIA = """
[[eligibility]]
id = "draft-agreement"
title = { en = "Indian credits wait for an agreement" }
require = { not = { issuer = ["disha"] } }
terms = [{ legal_basis = "a draft", source = "S8", confirmed = true }]
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """The learner's decision of record, and the question that it answered."""

    stage: Stage
    tell: Narrator
    told: Told
    decision: rows.Recognition

    @property
    def request(self) -> RecognitionRequest:
        """The question, as it was asked."""
        return RecognitionRequest.from_json(self.decision.request)


def check_decisions(stage: Stage, tell: Narrator, told: Told, decision: rows.Recognition) -> None:
    """Replay, what would have counted, a promise, a draft, an objection."""
    tell.act("A decision that anybody can check, and ask")
    act = Rules(stage, tell, told, decision)
    _replay(act)
    _say_what_would_count(act)
    _quote_before_enrolling(act)
    _try_a_draft(act)
    _appeal(act)


def _replay(act: Rules) -> None:
    """The decision with all that it rests on is one file; whoever has it makes the decision again."""
    path = act.stage.folder / "decision.json"
    bundle = Recognising(act.stage.bank).bundle(act.decision.recognition_id)
    path.write_text(json.dumps(bundle.to_json(), ensure_ascii=False), encoding="utf-8")
    found = replay(read_bundle(path.read_bytes()))
    act.told.replay_agrees = found.agrees
    act.tell.good(f"Made again from one file, without the bank: the same, byte for byte ({found.recorded[:12]}…).")
    act.tell.address(str(path))


def _say_what_would_count(act: Rules) -> None:
    """For each award that did not count: the smallest change after which it does, tried by deciding again."""
    bundle = Recognising(act.stage.bank).bundle(act.decision.recognition_id)
    tried = replace(bundle, request={**bundle.request, "verify": True})
    found, pack = decided_again(tried), pack_of(bundle)
    lines = award_lines(found, "en", pack=pack, awards=bundle.inputs.awards)
    act.told.verified = [each.award for each in found.decisions if each.counterfactual and each.counterfactual.verified]
    act.tell.say("What would have counted it, each change tried:", "bold")
    for line in lines:
        if line.award in act.told.verified:
            act.tell.lines([f"{line.title}: {line.why[-1]}"])


def _quote_before_enrolling(act: Rules) -> None:
    """Three courses of next autumn, in order and as a best choice; the bank signs what it promises."""
    first, best = (_quoted(act, policy) for policy in (None, {"items": "best"}))
    act.told.promised = _gain(act, first), _gain(act, best)
    act.tell.say("Before enrolling she asks what three courses in one semester would count:", "bold")
    found = display.table("in order", "best", "outcome", right=("in order", "best"))
    pairs = zip(_outcomes(first), _outcomes(best), strict=True)
    for one, other in pairs:
        found.add_row(
            display.exact(one["counts"]), display.exact(other["counts"]), f"{one['title']['en']}, {one['amount']}"
        )
    act.tell.show(found)
    limit = "At most 24 credits count in a semester. In order the first course takes the room of a larger one;"
    act.tell.say(f"{limit} the best choice of all is proven, not guessed.")
    act.tell.good(
        f"Signed, and kept until {best.valid_until:%Y-%m-%d} under {_pack(best)}, whatever is published since."
    )


def _quoted(act: Rules, policy: dict[str, Any] | None) -> Quote:
    start = date(act.stage.today.year + 1, 9, 1)
    awards = [_planned(n, title, amount, start) for n, (title, amount) in enumerate(_PLANNED)]
    request = replace(act.request, policy=policy, on=start + timedelta(days=170))
    return Quotes(act.stage.bank).quote(request, awards, act.told.books[KIM.id])


def _planned(number: int, title: str, amount: int, start: date) -> Award:
    return Award(
        id=f"plan-{number}",
        issuer=HANBIT.id,
        country=HANBIT.country,
        amount=Credits(Fraction(amount), "kr-credit"),
        title={"en": title},
        source="accredited-course",
        course_class="major-elective",
        score=Fraction(85),
        attendance=Fraction(1),
        started_on=start,
        ended_on=start + timedelta(days=100 + number),
        issuer_accredited=True,
    )


def _outcomes(quote: Quote) -> Sequence[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = read_compact(quote.token).payload["promise"]["outcomes"]
    return found


def _gain(act: Rules, quote: Quote) -> Fraction:
    return Fraction(quote.recognition["totals"]["counted"]) - Fraction(act.decision.result["totals"]["counted"])


def _pack(quote: Quote) -> str:
    pack = quote.recognition["pack"]
    return f"{pack['id']} {pack['version']}"


def _try_a_draft(act: Rules) -> None:
    """A draft of the rules, tried on everybody in the bank before anybody votes on it; nothing is booked."""
    text = builtin("kr-acbs").replace('version = "2026.2"', 'version = "2027.1"').replace(*_ATTENDANCE) + _INDIA
    whom = Population(act.decision.programme, books=True, facts=GRADUATE)
    report = ImpactRun(act.stage.bank).run(text, whom, jobs_at_once=1)
    (found,) = report["programmes"]
    act.told.impact = found
    act.tell.say("A draft for 2027: 75 % attendance is enough; Indian credits wait for an agreement.", "bold")
    gains, loses = (
        f"{found[way]} of {found['decisions']} learners, by {display.exact(found[name])} credits" for way, name in _WAYS
    )
    act.tell.lines(
        [f"gain: {gains}", f"lose: {loses}", f"otherwise or as before: {found['otherwise'] + found['same']}"]
    )
    for each in report["examples"]:
        act.tell.lines(
            [f"    {each['learner']}: {each['before']} before, {display.exact(each['after'])} under the draft"]
        )


_WAYS = (("gains", "credits_gained"), ("loses", "credits_lost"))


def _appeal(act: Rules) -> None:
    """A clerk wrote down something wrong; the learner objects to that step, and two others look at it."""
    before = _decided_wrongly(act)
    step = next(each for each in before.result["steps"] if each["rule"] == "high-school")
    act.tell.say(f"{CHAN.english} was refused: a clerk had noted that she did not finish school.", "bold")
    words = f"{step['rule']}: {step['arithmetic']}; {step['terms']['legal_basis']}"
    act.tell.bad(f"Step {step['n']} of {len(before.result['steps'])} ({words})")
    case = _judged_by_two(act, before, step["n"])
    claims = _checked_outcome(act, case)
    after = Recognising(act.stage.bank).recognition(UUID(claims["new_recognition"]))
    act.told.appeal = case.state, before.result["status"], after.result["status"]
    act.tell.good(f"{' and '.join(claims['reviewers'])}, who had no part in it: {case.state}. {sentence(case)}")
    act.tell.say(
        f"“{before.result['status']}” became “{after.result['status']}”; the outcome is signed, its digest in the log."
    )


def _decided_wrongly(act: Rules) -> rows.Recognition:
    facts = {"high_school_graduate": False}
    request = replace(act.request, programme="associate-2", learner=facts, by="enrolment-desk")
    return Recognising(act.stage.bank).recognise(act.told.books[CHAN.id], request)


def _judged_by_two(act: Rules, decision: rows.Recognition, step: int) -> Case:
    appealing, wallet = Appealing(act.stage.bank), _wallet(decision.book_id)
    _register(act.stage, HAN)
    case = appealing.open(wallet, Objection(decision.recognition_id, step, "My school certificate is attached."))
    name = case.appeal.appeal_id
    appealing.assign(ODUYA, name, HAN.client_id)
    appealing.propose(HAN, name, View(upheld=True, text="The certificate is genuine.", learner_facts=dict(GRADUATE)))
    return appealing.agree(ODUYA, name, "I have seen it, too.")


def _wallet(book: UUID) -> Caller:
    return Caller("chan-wallet", "learner", SCOPES["learner"], book_id=book)


def _register(stage: Stage, person: Caller) -> None:
    """Who is to judge first must be known to the bank as a reviewer."""
    key = PrivateKey.generate("EdDSA").public_key.jwk()
    scopes = ["appeals:review"]
    row = rows.Client(
        client_id=person.client_id, name=person.client_id, role=person.role, issuer_id=None, public_jwk=key,
        scopes=scopes, registered_at=stage.now,
    )  # fmt: skip
    stage.administration.register_client(ODUYA, row)


def _checked_outcome(act: Rules, case: Case) -> dict[str, Any]:
    """What was signed, after its signature was checked with the bank's public key."""
    token = read_compact(case.events[-1].facts["token"])
    verify_compact(token, act.stage.bank.office.vault.statement_key.public_key)
    return dict(token.payload)

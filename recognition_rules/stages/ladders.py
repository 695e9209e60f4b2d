"""Of one certificate the highest level stands; the lower ones are superseded."""

from collections.abc import Sequence

from recognition_rules.canonical import Json
from recognition_rules.rules.ladders import CertificateLadder
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.terms import Terms
from recognition_rules.truth import Edit, Finding, Truth


def supersede(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Refuses every eligible award of which a higher level is eligible too."""
    for ladder in frame.pack.ladders.values():
        terms = ladder.head.on(frame.situation.on)
        if terms is not None and ladder.head.concerns(frame.programme.id):
            _supersede(candidates, ladder, terms, frame)


def _supersede(candidates: Sequence[Candidate], ladder: CertificateLadder, terms: Terms, frame: Frame) -> None:
    standing = [(each, ladder.rung(each.award)) for each in candidates if each.is_open]
    highest: dict[str, tuple[int, str]] = {}
    for candidate, place in standing:
        if place is not None and place[1] > highest.get(place[0], (-1, ""))[0]:
            highest[place[0]] = (place[1], candidate.award.id)
    for candidate, place in standing:
        if place is not None and place[1] < highest[place[0]][0]:
            _refuse(candidate, ladder, terms, highest[place[0]][1], frame)


def _refuse(candidate: Candidate, ladder: CertificateLadder, terms: Terms, higher: str, frame: Frame) -> None:
    facts: dict[str, Json] = {"with": [higher], "level": candidate.award.facts[ladder.level]}
    finding = Finding("DUPLICATE_OF", facts, Edit("give_up", {"award": higher}))
    candidate.hold(Truth.NO, (finding,), ladder.head.label, ladder.head.id)
    step = frame.trace.add(
        "articulate", "superseded", award=candidate.award.id, rule=ladder.head.id, terms=terms, inputs=facts
    )
    candidate.steps.append(step)

"""Step 8, best: writing the selection into the awards, and telling each that is not in it what stands in its way.

Those that count take their room in order. Then each of the others is held against what is full in the end: its twin
that counts, the innermost limit without room and who holds it, or nothing at all: then it is not needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from recognition_rules.decision import Reason
from recognition_rules.stages.choice import Walk, share_fate
from recognition_rules.stages.contest import limits_share_what_counts
from recognition_rules.stages.drafts import Told
from recognition_rules.stages.equivalence import Class
from recognition_rules.stages.frame import Candidate
from recognition_rules.truth import Finding, Truth

ZERO = Fraction(0)
NOT_NEEDED = "NOT_NEEDED"

Selected = Mapping[str, Told | None]
"""By the candidate's key, what of it counts; None where nothing does. Who was kept out of the choice is not in it."""


@dataclass(slots=True)
class Settling:
    """Settles one selection; `found` are rooms and twins in which only what was used earlier stands so far."""

    candidates: Sequence[Candidate]
    selected: Selected
    found: Walk
    keepers: dict[Class, list[str]] = field(default_factory=dict)

    def settle(self) -> None:
        """Writes down everybody's part, in order: who is kept out, who counts, who does not."""
        for each in self.candidates:
            if not self.found.twins.refuse_duplicate(each):
                self.found.limits.hold_unknown(each)
        self._keep_out_together()
        counting = [(each, told) for each in self.candidates if (told := self.selected.get(each.key)) is not None]
        self._bases(counting)
        for each, told in counting:
            self._keep(each, told)
        for each, told in counting:
            self._count(each, told)
        for each, told in counting:
            self._cut(each, told)
        refused = [each for each in self.candidates if each.is_open and self.selected.get(each.key) is None]
        for each in refused:
            if each.together is None:
                self._refuse(each)
        for name in dict.fromkeys(each.together for each in refused if each.together is not None):
            self._refuse_together([each for each in refused if each.together == name])

    def _keep_out_together(self) -> None:
        """Who counts only together with one that is kept out has that one's reason."""
        out = {each.together: each for each in reversed(self.candidates) if each.together and not each.is_open}
        for each in self.candidates:
            if each.is_open and each.together in out:
                share_fate(each, out[each.together])

    def _bases(self, counting: Sequence[tuple[Candidate, Told]]) -> None:
        """What counts where a limit is a share of it."""
        if not limits_share_what_counts(self.found.limits.frame):
            return
        for each, told in counting:
            if not each.on_condition:
                self.found.limits.enlarge(told.form.award, told.amount)

    def _keep(self, candidate: Candidate, told: Told) -> None:
        for rule, twins in self.found.twins.classes("substitute", told.form.award):
            if told.form.award.course_class == rule.keeps_class:
                self.keepers.setdefault(twins, []).append(candidate.award.id)

    def _count(self, candidate: Candidate, told: Told) -> None:
        rule = told.form.rule
        if rule is not None:
            own = self.found.twins.classes("substitute", candidate.award)
            twins = next(twins for each, twins in own if each is rule)
            self.found.twins.move(candidate, rule, self.keepers.get(twins, []))
        if self.found.limits.frame.trace.telling:
            self.found.limits.tell_room(candidate, told.amount)
        self.found.limits.take(candidate, told.amount)
        candidate.grant(told.amount)
        self.found.twins.counted(candidate)

    def _cut(self, candidate: Candidate, told: Told) -> None:
        """What of an award does not count, charged to the limits from the inside out; the rest is not needed."""
        if told.amount == candidate.offered:
            return
        self.found.limits.take_back(candidate, told.amount)
        left = self.found.limits.charge(candidate, told.amount)
        self.found.limits.take(candidate, told.amount)
        if left:
            candidate.charged.append(Reason(NOT_NEEDED, NOT_NEEDED, None, left, {}))

    def _refuse(self, candidate: Candidate) -> None:
        if self.found.twins.refuse_duplicate(candidate):
            return
        self.found.twins.move_substitute(candidate)
        fits = self.found.limits.offer(candidate)
        if candidate.is_open:
            self.found.limits.take_back(candidate, fits)
            candidate.charged = [each for each in candidate.charged if not each.code.startswith("LIMIT_")]
            _not_needed(candidate)

    def _refuse_together(self, members: Sequence[Candidate]) -> None:
        """Offers room to all of them at once; where one finds none, that is the reason of all."""
        taken: list[tuple[Candidate, Fraction]] = []
        for member in members:
            if not self.found.twins.refuse_duplicate(member):
                fits = self.found.limits.offer(member)
                taken += [(member, fits)] if member.is_open else []
        for member, fits in reversed(taken):
            self.found.limits.take_back(member, fits)
        refused = next((each for each in members if not each.is_open), None)
        for member, _ in taken:
            if refused is None:
                _not_needed(member)
            else:
                share_fate(member, refused)


def _not_needed(candidate: Candidate) -> None:
    candidate.hold(Truth.NO, (Finding(NOT_NEEDED),), NOT_NEEDED, None)

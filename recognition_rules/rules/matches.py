"""Articulations: which awards stand together for which courses of the target, and what is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from recognition_rules.award import Award
from recognition_rules.conditions.atoms import Among, Condition, FactAmong
from recognition_rules.conditions.compound import All, Everything, read_condition, read_filter
from recognition_rules.normalisers import equivalence_key, title_key
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.rules.courses import Course
from recognition_rules.rules.ladders import CertificateLadder, at_least_on
from recognition_rules.situation import Situation
from recognition_rules.terms import RuleHead, read_head
from recognition_rules.truth import YES, Finding, Truth, Verdict, both

Record = Literal["target", "source", "minimum"]
BY: Final = ("named", "table", "title", "title-core", "title-family", "achievement", "judgement")
QUESTION: Final = "matches"
"""The question of a judgement by which somebody says that an award stands for the course `target`."""


@dataclass(frozen=True, slots=True)
class TitleIs:
    """The award's title is the same as this one, as the normaliser reads titles."""

    key: str
    by: str = "title-core"

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """Unknown never: a title is always there."""
        return YES if equivalence_key(award, self.by) == self.key else Verdict(Truth.NO)


@dataclass(frozen=True, slots=True)
class Match:
    """One [[match]] of a pack.

    `by` named: one award for each of `needs`, all of them, stands for all courses of `to`. By anything else each award
    that `where` holds for stands for the course that the table, the title, the achievement, a judgement or a fact
    (`fact:name`) names; `index` holds the courses by title or achievement. `record` says whose credits are recorded,
    the target's, the source's, or the smaller of both; `source_amount` and `source_level` that the source must reach
    the target's. What the source has beyond what is recorded goes to the class `surplus_to`. `otherwise` refused:
    an award that finds no course does not count at all.
    """

    head: RuleHead
    by: str
    needs: tuple[Condition, ...]
    to: tuple[str, ...]
    where: Condition
    record: Record
    source_amount: bool
    source_level: bool
    kind: str | None
    surplus_to: str | None
    refuses_others: bool
    index: Mapping[str, tuple[str, ...]]


def read_matches(
    nodes: Sequence[Node],
    vocabulary: Vocabulary,
    courses: Mapping[str, Course],
    ladders: Mapping[str, CertificateLadder],
) -> tuple[Match, ...]:
    """The [[match]] tables; raises `PackInvalid`."""
    return tuple(_match(node, vocabulary, courses, ladders) for node in nodes)


def _match(
    node: Node, vocabulary: Vocabulary, courses: Mapping[str, Course], ladders: Mapping[str, CertificateLadder]
) -> Match:
    by = _by(node)
    require = node.child_or_none("require")
    match = Match(
        head=read_head(node, vocabulary.references),
        by=by,
        needs=tuple(_need(each, vocabulary, ladders) for each in node.children("from")),
        to=node.words("to", vocabulary.courses) if by == "named" else (),
        where=read_filter(node, vocabulary, peers=False) if by != "named" else Everything(),
        record=_record(node),
        source_amount=require is not None and _reaches(require, "source_amount_at_least"),
        source_level=require is not None and _reaches(require, "source_level_at_least"),
        kind=node.choice("kind", vocabulary.kinds) if node.has("kind") else None,
        surplus_to=_surplus(node, vocabulary),
        refuses_others=node.choice("otherwise", ("as-credit", "refused"), "as-credit") == "refused",
        index=_index(by, courses),
    )
    _finish(node, require, match)
    return match


def _finish(node: Node, require: Node | None, match: Match) -> None:
    if match.by == "named" and not match.needs:
        raise node.fail("A named articulation says which awards it needs: from = [{ … }].", "from")
    if match.by != "named" and match.needs:
        raise node.fail("Only a named articulation lists its awards; use 'where' or 'on' here.", "from")
    if len(set(match.to)) != len(match.to):
        raise node.fail("A course is there twice.", "to")
    if require:
        require.done()
    node.raw("kind")
    node.done()


def _by(node: Node) -> str:
    by = node.text("by") if node.has("by") else "named"
    node.raw("by")
    name = by.removeprefix("fact:")
    if by not in BY and not (by.startswith("fact:") and name and not name.startswith("target.")):
        raise node.fail(f"'by' must be one of: {', '.join(BY)}, fact:<name>.", "by")
    return by


def _record(node: Node) -> Record:
    word = node.choice("record", ("target", "source", "minimum"), "target")
    return "source" if word == "source" else "minimum" if word == "minimum" else "target"


def _reaches(require: Node, key: str) -> bool:
    return require.has(key) and bool(require.choice(key, ("target",)))


def _surplus(node: Node, vocabulary: Vocabulary) -> str | None:
    child = node.child_or_none("surplus_to")
    if child is None:
        return None
    name = child.choice("class", vocabulary.classes)
    child.done()
    return name


def _index(by: str, courses: Mapping[str, Course]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for course in courses.values():
        keys = course.achievements if by == "achievement" else ()
        if by.startswith("title"):
            keys = tuple({title_key({tag: text}, by) or "" for tag, text in course.title.items()} - {""})
        for key in keys:
            found[key] = (*found.get(key, ()), course.id)
    return found


def _need(node: Node, vocabulary: Vocabulary, ladders: Mapping[str, CertificateLadder]) -> Condition:
    """One award that is needed: achievement, issuer, code, certificate with its level, title, or any condition."""
    own, facts = ("achievement", "issuer"), ("code", "certificate")
    parts: list[Condition] = [Among(key, key, frozenset((node.text(key),))) for key in own if node.has(key)]
    parts += [FactAmong(key, (node.text(key),)) for key in facts if node.has(key)]
    if node.has("title"):
        parts.append(TitleIs(_title(node, vocabulary.title_keys[0]), vocabulary.title_keys[0]))
    if node.has("level"):
        parts.append(_level(node, ladders))
    if node.has("where"):
        parts.append(read_condition(node.child("where"), vocabulary, peers=False))
    if not parts:
        raise node.fail("Say which award is needed: achievement, issuer, code, certificate, level, title or where.")
    node.done()
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def half_known(need: Condition, award: Award, situation: Situation) -> tuple[Finding, ...]:
    """What is missing of an award that an articulation names, where that decides whether it is the one that is needed.

    What is not named at all is another award: who states no code does not leave it open which course it is.
    """
    parts = need.parts if isinstance(need, All) else (need,)
    verdicts = [part.judge(award, situation) for part in parts]
    named = any(each.truth is Truth.YES and _names(part) for part, each in zip(parts, verdicts, strict=True))
    whole = both(verdicts)
    return whole.findings if named and whole.truth is Truth.UNKNOWN else ()


def _names(part: Condition) -> bool:
    if isinstance(part, Among):
        return part.attribute == "achievement"
    return isinstance(part, TitleIs) or (isinstance(part, FactAmong) and part.name in _NAMING)


_NAMING = ("code", "certificate")


def _title(node: Node, by: str) -> str:
    key = title_key({"und": node.text("title")}, by)
    if key is None:
        raise node.fail("This title has no letters to compare.", "title")
    return key


def _level(node: Node, ladders: Mapping[str, CertificateLadder]) -> Condition:
    """A rung: `{ ladder = "x-certificates", at_least = "intermediate" }`, or `is` for that rung alone."""
    child = node.child("level")
    ladder = ladders[child.choice("ladder", ladders)]
    key = "is" if child.has("is") else "at_least"
    rung = child.choice(key, ladder.order)
    child.done()
    rungs = (rung,) if key == "is" else at_least_on(ladder, rung)
    return FactAmong(ladder.level, rungs)

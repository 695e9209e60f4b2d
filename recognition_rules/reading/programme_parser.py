"""Reading programmes and their requirement trees."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import Everything, read_filter
from recognition_rules.programme import (
    AttachWindow,
    Group,
    Leaf,
    LearnerTest,
    Need,
    Programme,
    ProgrammeVersion,
    Requirement,
    slots,
)
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import ValueKind, read_head, read_terms

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_KEYS = ("title-core", "title-family")


def read_programme(node: Node, vocabulary: Vocabulary) -> Programme:
    """A programme; raises `PackInvalid` on trees that would be ambiguous."""
    window = node.child_or_none("attach_window")
    parts = _parts(node)
    former = tuple(_version(child, vocabulary, parts) for child in node.children("former"))
    programme = Programme(
        id=node.text("id"),
        title=node.language_map("title"),
        parts=parts,
        window=_window(window, vocabulary) if window else None,
        versions=(*former, _version(node, vocabulary, parts, former=False)),
    )
    _check_sequence(node, programme)
    node.done()
    return programme


def _parts(node: Node) -> dict[str, Fraction]:
    totals = node.child_or_none("parts")
    if totals is None:
        return {}
    found = {f"programme.{name}": totals.number(name) for name in totals.values}
    totals.done()
    return found


def _version(
    node: Node, vocabulary: Vocabulary, parts: dict[str, Fraction], *, former: bool = True
) -> ProgrammeVersion:
    terms = read_terms(node, vocabulary.references)
    if len(terms) != 1:
        raise node.fail("A version of a programme has exactly one entry in terms; older ones go under 'former'.")
    tree = _group(node.child("require"), vocabulary, parts, root=True)
    _check_tree(node, tree)
    kept = former and node.choice("keep", ("criteria-met", "no"), "no") == "criteria-met"
    if kept and terms[0].until is None:
        raise node.fail("Requirements can be kept only by a last day: give 'until' in terms.", "keep")
    if former:
        node.done()
    return ProgrammeVersion(terms[0], tree, kept)


def _check_sequence(node: Node, programme: Programme) -> None:
    versions = tuple(
        replace(version, terms=replace(version.terms, version=str(number)))
        for number, version in enumerate(programme.versions, 1)
    )
    object.__setattr__(programme, "versions", versions)
    for before, after in pairwise(versions):
        until, start = before.terms.until, after.terms.start
        if until is None or start != until + timedelta(days=1):
            raise node.fail("Versions of a programme must follow one another without gap or overlap.")


def _check_tree(node: Node, tree: Group) -> None:
    rests = [leaf for leaf in slots(tree) if leaf.rest]
    ids = [requirement.id for requirement in _all(tree)]
    if len(rests) > 1:
        raise node.fail("Only one slot can take the rest.", "require")
    if len(set(ids)) != len(ids):
        raise node.fail("Two requirements have the same name.", "require", "duplicate_id")


def _all(requirement: Requirement) -> list[Requirement]:
    if isinstance(requirement, Leaf):
        return [requirement]
    return [requirement, *(below for part in requirement.parts for below in _all(part))]


def _requirement(node: Node, vocabulary: Vocabulary, parts: dict[str, Fraction]) -> Requirement:
    if node.has("slot") or node.has("test"):
        return _leaf(node, vocabulary, parts)
    return _group(node, vocabulary, parts)


def _group(node: Node, vocabulary: Vocabulary, parts: dict[str, Fraction], *, root: bool = False) -> Group:
    key = next((key for key in ("all", "any", "of") if node.has(key)), None)
    if key is None:
        raise node.fail("A requirement is a slot, a test, or a group with 'all', 'any' or 'of'.")
    members = tuple(_requirement(child, vocabulary, parts) for child in node.children(key))
    if not members:
        raise node.fail(f"'{key}' must list at least one requirement.", key)
    least = {"all": len(members), "any": 1}.get(key) or node.whole("at_least")
    if not 1 <= least <= len(members):
        raise node.fail("'at_least' must lie between 1 and the number of requirements.", "at_least")
    group = Group(
        id="" if root else node.text("id"),
        kind="n-of" if key == "of" else "all" if key == "all" else "any",
        title=node.language_map("title", needed=not root),
        at_least=least,
        parts=members,
    )
    node.done()
    return group


def _leaf(node: Node, vocabulary: Vocabulary, parts: dict[str, Fraction]) -> Leaf:
    slot = node.has("slot")
    rest = slot and node.flag("rest", default=False)
    need = _need(node, parts, rest=rest)
    leaf = Leaf(
        id=node.text("slot" if slot else "test"),
        kind="slot" if slot else "test",
        title=node.language_map("title"),
        where=_where(node, vocabulary, rest=rest),
        rest=rest,
        measure="items" if node.choice("measure", ("credits", "items"), "credits") == "items" else "credits",
        need=need,
        subjects_by=_subjects(node),
        learner=_learner(node),
        terms=read_terms(node, vocabulary.references, value=_value_kind(node, need)),
    )
    node.done()
    return leaf


def _where(node: Node, vocabulary: Vocabulary, *, rest: bool) -> Condition:
    if rest and (node.has("where") or node.has("on")):
        raise node.fail("A slot that takes the rest has no filter of its own.", "rest")
    if not rest and node.has("slot") and not (node.has("where") or node.has("on")):
        raise node.fail("A slot needs 'where' or 'on', or rest = true.", "slot")
    return Everything() if rest else read_filter(node, vocabulary)


def _need(node: Node, parts: dict[str, Fraction], *, rest: bool) -> Need:
    if rest or node.has("learner") or node.has("all_of"):
        return Need(Fraction(0) if rest and not node.has("at_least") else _amount(node))
    value = node.raw("at_least")
    if value == "from-syllabus":
        return Need(from_syllabus=True)
    if not isinstance(value, dict):
        return Need(node.number("at_least"))
    child = node.child("at_least")
    reference = "ref" if child.has("ref") else "of"
    bases = (*parts, "counted") if reference == "of" else tuple(parts)
    need = Need(Fraction(1) if reference == "ref" else child.share("share"), child.choice(reference, bases))
    child.done()
    return need


def _value_kind(node: Node, need: Need) -> ValueKind:
    """What terms may set: nothing where the need is a fact, a list of subjects, or another body's figure."""
    if need.from_syllabus or node.has("learner") or node.has("all_of"):
        return None
    return "share" if need.share_of is not None else "amount"


def _amount(node: Node) -> Fraction | None:
    return node.number("at_least") if node.has("at_least") else None


def _subjects(node: Node) -> str | None:
    if not node.has("all_of"):
        return None
    node.choice("all_of", ("syllabus:required",))
    return node.choice("subjects_by", _KEYS, "title-family")


def _learner(node: Node) -> LearnerTest | None:
    child = node.child_or_none("learner")
    if child is None:
        return None
    value = child.raw("is")
    if not isinstance(value, str | int):
        raise child.fail("'is' must be a text, a whole number, true or false.", "is")
    test = LearnerTest(child.text("fact"), value)
    child.done()
    return test


def _window(node: Node, vocabulary: Vocabulary) -> AttachWindow:
    node.choice("date", ("ended_on",))
    node.choice("by", ("award_session",))
    until = node.child("until")
    months = {_MONTHS.index(name) + 1: _month_day(until, name) for name in _known_months(until)}
    if not months:
        raise until.fail('A window needs a last day for at least one month: until = { february = "01-15" }.')
    until.done()
    window = AttachWindow(read_head(node, vocabulary.references), months)
    node.done()
    return window


def _known_months(node: Node) -> list[str]:
    for name in node.values:
        if name not in _MONTHS:
            raise node.fail(f"'{name}' is not a month in English, such as february.", name)
    return sorted(node.values)


def _month_day(node: Node, name: str) -> tuple[int, int]:
    text = node.text(name)
    try:
        day = date.fromisoformat(f"2025-{text}")
    except ValueError:
        raise node.fail(f"'{name}' must be a month and day of every year, such as \"01-15\".", name) from None
    return day.month, day.day

"""Reading the requirements of a programme, an exit award or a milestone: groups, slots and tests."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import Everything, read_filter
from recognition_rules.conditions.numbers import read_bounds
from recognition_rules.language import LanguageMap
from recognition_rules.policy import ORDER_KEYS
from recognition_rules.programme import Group, Leaf, LearnerTest, Measure, Need, Requirement, Window, slots
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import ValueKind, read_terms

_OF_AWARDS = ("registered", "counted")
_NO_AMOUNT = ("learner", "all_of", "subjects", "courses")

Parts = Mapping[str, Fraction]


def read_tree(node: Node, vocabulary: Vocabulary, parts: Parts, *, tests_only: bool = False) -> Group:
    """A whole tree; `parts` are the totals that shares may name. Raises `PackInvalid` on trees that are ambiguous."""
    tree = read_group(node, vocabulary, parts, root=True)
    ids = [requirement.id for requirement in _all(tree)]
    if len(set(ids)) != len(ids):
        raise node.fail("Two requirements have the same name.", code="duplicate_id")
    if tests_only and slots(tree):
        raise node.fail("Only tests can stand here: credits sit in the slots of a programme or an exit award.")
    _check_slots(node, slots(tree))
    return tree


def _all(requirement: Requirement) -> Iterator[Requirement]:
    yield requirement
    if isinstance(requirement, Group):
        for part in requirement.parts:
            yield from _all(part)


def _check_slots(node: Node, found: tuple[Leaf, ...]) -> None:
    if sum(leaf.rest for leaf in found) > 1:
        raise node.fail("Only one slot can take the rest.")
    by_id = {leaf.id: leaf for leaf in found}
    for leaf in found:
        target = leaf.surplus_to
        if target is not None and (target not in by_id or {leaf.measure, by_id[target].measure} != {"credits"}):
            raise node.fail(f"The surplus of '{leaf.id}' must go to another slot that holds credits.")
        if _leads_back(leaf, by_id):
            raise node.fail(f"The surplus of '{leaf.id}' leads back to it.")


def _leads_back(leaf: Leaf, by_id: Mapping[str, Leaf]) -> bool:
    at: str | None = leaf.surplus_to
    for _ in by_id:
        if at == leaf.id:
            return True
        at = by_id[at].surplus_to if at is not None and at in by_id else None
    return False


def read_group(node: Node, vocabulary: Vocabulary, parts: Parts, *, root: bool = False) -> Group:
    """`all`, `any`, or `at_least` n `of`; members that are switched off are read, checked and left out."""
    key = next((key for key in ("all", "any", "of") if node.has(key)), None)
    if key is None:
        raise node.fail("A requirement is a slot, a test, or a group with 'all', 'any' or 'of'.")
    if not root and not node.has("id"):
        raise node.fail(f"A group within another needs an 'id' and a 'title' of its own, beside its '{key}'.", "id")
    read = [(_is_on(child), _requirement(child, vocabulary, parts)) for child in node.children(key)]
    members = tuple(member for on, member in read if on)
    if not members:
        raise node.fail(f"'{key}' must list at least one requirement that is switched on.", key)
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


def _is_on(node: Node) -> bool:
    return node.flag("enabled", default=True)


def _requirement(node: Node, vocabulary: Vocabulary, parts: Parts) -> Requirement:
    if node.has("slot") or node.has("test"):
        return _leaf(node, vocabulary, parts)
    return read_group(node, vocabulary, parts)


def _leaf(node: Node, vocabulary: Vocabulary, parts: Parts) -> Leaf:
    slot = node.has("slot")
    rest = slot and node.flag("rest", default=False)
    _check_form(node, slot=slot)
    need = _need(node, vocabulary, parts, rest=rest)
    subjects, by = _subjects(node, vocabulary)
    leaf = Leaf(
        id=node.text("slot" if slot else "test"),
        kind="slot" if slot else "test",
        title=node.language_map("title"),
        where=_where(node, vocabulary, rest=rest),
        rest=rest,
        measure=_measure(node),
        need=need,
        subjects_by=by,
        learner=_learner(node),
        terms=read_terms(node, vocabulary.references, value=_value_kind(node, need)),
        window=_window(node, vocabulary),
        subjects=subjects,
        courses=node.words("courses") if node.has("courses") else (),
        named=_named(node),
        surplus_to=node.text_or_none("surplus_to") if slot else None,
    )
    if leaf.window and _exceeds(leaf, leaf.window):
        raise node.fail("More is asked for than the window holds.", "at_least")
    node.done()
    return leaf


def _exceeds(leaf: Leaf, window: Window) -> bool:
    """Whether no learner could reach the need in the window; an award on the edge that is in it whole widens it."""
    if leaf.need.amount is None or leaf.need.share_of or leaf.measure != window.measure:
        return False
    return window.straddling != "whole" and leaf.need.amount > window.size


def _check_form(node: Node, *, slot: bool) -> None:
    asked = [key for key in (*_NO_AMOUNT, "window") if node.has(key)]
    if slot and asked:
        raise node.fail(f"'{asked[0]}' is asked by a test; a slot holds credits.", asked[0])
    if len(asked) > 1:
        raise node.fail(f"A test asks for one thing: '{asked[0]}' or '{asked[1]}', in two tests.", asked[1])


def _where(node: Node, vocabulary: Vocabulary, *, rest: bool) -> Condition:
    if rest and (node.has("where") or node.has("on")):
        raise node.fail("A slot that takes the rest has no filter of its own.", "rest")
    if not rest and node.has("slot") and not (node.has("where") or node.has("on")):
        raise node.fail("A slot needs 'where' or 'on', or rest = true.", "slot")
    return Everything() if rest else read_filter(node, vocabulary)


def _measure(node: Node) -> Measure:
    measure = node.choice("measure", ("credits", "items", "courses"), "credits")
    return "items" if measure == "items" else "courses" if measure == "courses" else "credits"


def _need(node: Node, vocabulary: Vocabulary, parts: Parts, *, rest: bool) -> Need:
    if any(map(node.has, _NO_AMOUNT)):
        return Need()
    if rest and not node.has("at_least"):
        return Need(Fraction(0))
    value = node.raw("at_least")
    if value == "from-syllabus":
        return Need(from_syllabus=True)
    return _share(node.child("at_least"), vocabulary, parts) if isinstance(value, dict) else Need(_number(node))


def _number(node: Node) -> Fraction:
    return node.number("at_least")


def _share(node: Node, vocabulary: Vocabulary, parts: Parts) -> Need:
    """`{ ref = "programme.total" }`, or a share `of` a part, of what is registered or of what counted."""
    totals = tuple(dict.fromkeys((*parts, "exit_award.total")))
    if node.has("ref"):
        need = Need(Fraction(1), node.choice("ref", totals))
    else:
        base = node.choice("of", (*totals, *_OF_AWARDS))
        need = Need(node.share("share"), base, among=read_among(node, vocabulary, base))
    node.done()
    return need


def read_among(node: Node, vocabulary: Vocabulary, base: str) -> Condition | None:
    """The awards that a base adds up: `on` a set or `where` a condition holds, for bases made of awards only."""
    if not node.has("on") and not node.has("where"):
        return None
    if base not in _OF_AWARDS:
        raise node.fail(f"'{base}' is a total of its own; only 'registered' and 'counted' are added up of awards.")
    return read_filter(node, vocabulary)


def _value_kind(node: Node, need: Need) -> ValueKind:
    """What terms may set: nothing where the need is a fact, a list of names, or another body's figure."""
    if need.from_syllabus or any(map(node.has, _NO_AMOUNT)):
        return None
    return "share" if need.share_of is not None else "amount"


def _subjects(node: Node, vocabulary: Vocabulary) -> tuple[tuple[LanguageMap, ...], str | None]:
    """The subjects that are listed here (none: the syllabus's), and the key that tells whether two are the same."""
    key = next((key for key in ("all_of", "subjects") if node.has(key)), None)
    if key is None:
        return (), None
    by = node.choice("subjects_by", vocabulary.title_keys, vocabulary.title_keys[-1])
    if isinstance(node.raw(key), str):
        node.choice(key, ("syllabus:required",))
        return (), by
    count = len(node.children(key))
    if not count:
        raise node.fail(f"'{key}' must name at least one subject, or be \"syllabus:required\".", key)
    return tuple(_title(node, key, number) for number in range(count)), by


def _title(node: Node, key: str, number: int) -> LanguageMap:
    """One subject of the list, a text by language."""
    listed = Node({key: node.children(key)[number].values}, node.path, node.source)
    return listed.language_map(key)


def _named(node: Node) -> int | None:
    """How many of the listed subjects or courses are asked for; None: all of them."""
    key = next((key for key in ("subjects", "courses") if node.has(key)), None)
    if key is None or not node.has("at_least"):
        return None
    least, value = node.whole("at_least"), node.raw(key)
    if least < 1 or (isinstance(value, list) and least > len(value)):
        raise node.fail(f"'at_least' must lie between 1 and the number of {key}.", "at_least")
    return least


def _learner(node: Node) -> LearnerTest | None:
    child = node.child_or_none("learner")
    if child is None:
        return None
    if child.has("at_least") or child.has("at_most"):
        numeric = LearnerTest(child.text("fact"), None, read_bounds(child))
        child.done()
        return numeric
    value = child.raw("is")
    if not isinstance(value, str | int):
        raise child.fail("'is' must be a text, a whole number, true or false.", "is")
    test = LearnerTest(child.text("fact"), value)
    child.done()
    return test


def _window(node: Node, vocabulary: Vocabulary) -> Window | None:
    """`{ last = 60, by = ["ended_on", "award_id"], among = "eligible", straddling = "whole" }`."""
    child = node.child_or_none("window")
    if child is None:
        return None
    straddling = child.choice("straddling", ("whole", "pro-rata", "excluded"))
    child.choice("among", ("eligible",), "eligible")
    by = child.words("by", ORDER_KEYS)
    if by[-1] != "award_id" or len(set(by)) != len(by):
        raise child.fail("'by' names each key once and ends in one that no two awards share: award_id.", "by")
    window = Window(
        size=child.number("last"),
        measure="items" if child.choice("measure", ("credits", "items"), "credits") == "items" else "credits",
        by=by,
        where=read_filter(child, vocabulary),
        straddling="whole" if straddling == "whole" else "pro-rata" if straddling == "pro-rata" else "excluded",
    )
    if not window.size:
        raise child.fail("'last' must be above zero.", "last")
    child.done()
    return window

"""From the TOML of a pack to a `Pack`: names first, then rules, then programmes.

1. Read strict TOML: exact numbers, local dates, nothing deeper or larger than a pack can honestly be.
2. Put the value of each named parameter where the pack refers to it.
3. Read references, sources, classes, calendars, registers and sets: the words of the rules.
4. Read the rules and the programmes; every key is known or refused with its line.
5. Digest the canonical JSON of the parsed form.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from recognition_rules.calendars import read_calendar
from recognition_rules.canonical import Json, digest
from recognition_rules.conditions.compound import read_condition
from recognition_rules.credits import Unit
from recognition_rules.language import LanguageMap
from recognition_rules.normalisers import NORMALISERS
from recognition_rules.pack import Pack, Parameter, Reference
from recognition_rules.programme import leaves
from recognition_rules.reading.authority import read_authority
from recognition_rules.reading.choice_parser import read_choice
from recognition_rules.reading.cited import read_id
from recognition_rules.reading.limit_reader import Names, read_limits
from recognition_rules.reading.own_words import read_frameworks, read_units
from recognition_rules.reading.pack_parameters import read_parameters, substitute
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.pack_rules import (
    read_conversion,
    read_eligibility,
    read_equivalences,
    read_milestone,
)
from recognition_rules.reading.pack_source import Document, Source, inside, refuse_hidden
from recognition_rules.reading.pack_text import read_text
from recognition_rules.reading.programme_parser import read_programme
from recognition_rules.reading.toml_lines import Path
from recognition_rules.reading.vocabulary import Vocabulary, read_grade_scheme, read_register
from recognition_rules.rules.compatibility import read_compatibilities
from recognition_rules.rules.courses import read_courses
from recognition_rules.rules.exits import read_exits
from recognition_rules.rules.floors import read_floors
from recognition_rules.rules.kinds import read_kinds
from recognition_rules.rules.ladders import read_ladders
from recognition_rules.rules.matches import read_matches
from recognition_rules.rules.measures import read_measures
from recognition_rules.rules.obligations import read_obligations
from recognition_rules.rules.outcomes import read_outcomes
from recognition_rules.rules.ratios import read_contact_hours, read_ratios
from recognition_rules.rules.roundings import read_roundings
from recognition_rules.rules.tables import read_tables
from recognition_rules.rules.use import read_use
from recognition_rules.rules.validity import read_validity
from recognition_rules.terms import RuleHead, read_head

T = TypeVar("T")

_GATES = ("validity", "compatibility", "override")


def parse_pack(text: str, *, name: str, parameters: Mapping[str, object]) -> Pack:
    """The pack; raises `PackInvalid`. `parameters` replace the values of the pack's named points of silence."""
    return parse_document(read_text(text, name=name), parameters)


def parse_document(document: Document, parameters: Mapping[str, object]) -> Pack:
    """The pack of a document, whatever form it was read from; raises `PackInvalid`."""
    raw, source = document.raw, document.source
    _refuse_depth(raw, source)
    refuse_hidden(raw, source)
    chosen = read_parameters(Node(raw, (), source), parameters)
    root = Node(substitute(raw, chosen, source), (), source)
    root.raw("parameter")
    read_frameworks(root.children("framework"))
    read_units(root.children("unit"))
    vocabulary = _vocabulary(root)
    pack = _pack(root, vocabulary, chosen, digest(_canonical_form(raw, chosen)))
    root.done()
    return pack


def _pack(root: Node, vocabulary: Vocabulary, chosen: Mapping[str, Parameter], digested: str) -> Pack:
    head, gates = root.child("pack"), vocabulary.references
    programmes = _by_id(root, "programme", [read_programme(each, vocabulary) for each in root.children("programme")])
    if not programmes:
        raise root.fail("A pack needs at least one [[programme]].")
    exits = read_exits(root.children("exit"), vocabulary, programmes)
    recognition, redemption, splits = read_choice(root.child("choose"), vocabulary)
    use, purpose, uses = read_use(root.child("use"), gates)
    pack = Pack(
        id=read_id(head),
        version=head.version(),
        unit=head.checked("unit", Unit),
        title=head.language_map("title"),
        digest=digested,
        source_name=root.source.name,
        text=root.source.text,
        splits=splits,
        choose=recognition,
        redeem=redemption,
        sets=dict(vocabulary.sets),
        words=_texts(root, "words") if root.has("words") else {},
        references=_references(root),
        parameters=chosen,
        sources=_texts(root, "sources"),
        classes=_texts(root, "classes"),
        classification=_gate(root, "classification", gates),
        revocation=_gate(root, "revocation", gates),
        use=use,
        purpose=purpose,
        uses=uses,
        normaliser=head.choice("normaliser", NORMALISERS),
        eligibility=tuple(read_eligibility(each, vocabulary) for each in root.children("eligibility")),
        equivalences=read_equivalences(root.children("equivalence"), vocabulary),
        conversions=tuple(read_conversion(each, vocabulary) for each in root.children("conversion")),
        limits=read_limits(root.children("limit"), vocabulary, Names(programmes, exits, recognition.items)),
        programmes=programmes,
        milestones=tuple(read_milestone(each, vocabulary) for each in root.children("milestone")),
        validity=read_validity(root.children("validity"), vocabulary),
        compatibilities=read_compatibilities(root.children("compatibility"), vocabulary),
        measures=read_measures(root.children("measure"), vocabulary),
        exits=exits,
    )
    pack = _with_amounts(root, vocabulary, pack)
    pack = replace(pack, authority=read_authority(root.children("override"), vocabulary, pack))
    head.language_map("description", needed=False)
    head.done()
    _check_rules(root, pack)
    _check_courses(root, pack)
    return pack


def _with_amounts(root: Node, vocabulary: Vocabulary, pack: Pack) -> Pack:
    """The rules that say what an award stands for and what it is worth."""
    courses = read_courses(root.children("course"), vocabulary)
    ladders = read_ladders(root.children("certificate_ladder"), vocabulary)
    beatable = {rule.head.id for rules in (pack.eligibility, pack.limits) for rule in rules}
    return replace(
        pack,
        tables=read_tables(root.children("table"), vocabulary),
        courses=courses,
        ladders=ladders,
        matches=read_matches(root.children("match"), vocabulary, courses, ladders),
        kinds=read_kinds(root.children("kind"), vocabulary),
        floors=read_floors(root.children("floor"), vocabulary, beatable),
        ratios=read_ratios(root.children("ratio"), vocabulary),
        contact_hours=read_contact_hours(root.children("contact_hours"), vocabulary),
        obligations=read_obligations(root.children("obligation"), vocabulary),
        outcomes=read_outcomes(root.children("outcome"), vocabulary),
        roundings=read_roundings(root.children("rounding"), vocabulary),
    )


def _vocabulary(root: Node) -> Vocabulary:
    vocabulary = Vocabulary(
        sources=_texts(root, "sources"),
        classes=_texts(root, "classes"),
        references=frozenset(_references(root)),
        courses=frozenset(node.text("id") for node in root.children("course")),
        kinds=frozenset(node.text("id") for node in root.children("kind")),
        normaliser=root.child("pack").choice("normaliser", NORMALISERS),
    )
    for node in root.children("calendar"):
        vocabulary.calendars[_new(node, vocabulary.calendars)] = read_calendar(node)
    for node in root.children("register"):
        name = _new(node, vocabulary.registers)
        vocabulary.registers[name] = read_register(node, vocabulary.references)
    for node in root.children("grade_scheme"):
        vocabulary.grade_schemes[_new(node, vocabulary.grade_schemes)] = read_grade_scheme(node)
    for node in root.children("set"):
        vocabulary.sets[_new(node, vocabulary.sets)] = read_condition(node.child("where"), vocabulary)
        node.language_map("title", needed=False)
        node.done()
    return vocabulary


def _new(node: Node, known: Collection[str]) -> str:
    """The id of a table, which none before it has."""
    name = node.text("id")
    if name in known:
        raise node.fail(f"'{name}' is there twice.", "id", "duplicate_id")
    return name


def _references(root: Node) -> dict[str, Reference]:
    return _by_id(root, "reference", [_reference(node) for node in root.children("reference")])


def _reference(node: Node) -> Reference:
    standing = node.choice("standing", ("confirmed", "weak", "memory", "policy"))
    reference = Reference(node.text("id"), node.text("title"), standing)  # type: ignore[arg-type]  # choice checks
    node.done()
    return reference


def _texts(root: Node, key: str) -> dict[str, LanguageMap]:
    node = root.child(key)
    return {each: node.language_map(each) for each in node.values}


def _gate(root: Node, key: str, references: frozenset[str]) -> RuleHead:
    node = root.child(key)
    head = read_head(node, references, optional=False)
    node.done()
    return head


def _by_id(root: Node, key: str, things: Sequence[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for index, thing in enumerate(things):
        thing_id: str = thing.id  # type: ignore[attr-defined]  # only things with an id are passed
        if thing_id in found:
            raise root.source.invalid((key, index), f"'{thing_id}' is there twice.", "duplicate_id")
        found[thing_id] = thing
    return found


_AMOUNTS = (
    *("table", "match", "kind", "floor", "outcome", "rounding"),
    *("certificate_ladder", "ratio", "contact_hours", "obligation"),
)


def _check_rules(root: Node, pack: Pack) -> None:
    """Every rule has an id of its own and names programmes that there are."""
    gates = [root.child(key) for key in ("classification", "revocation", "use")]
    kinds = ("eligibility", "equivalence", "conversion", "limit", "milestone", "measure", "exit", *_GATES, *_AMOUNTS)
    seen: set[str] = set()
    heads = pack.rules()
    exceptions = gates[-1].children("exception")
    for node in (*gates, *exceptions, *(node for key in kinds for node in root.children(key))):
        rule_id = _new(node, seen)
        seen.add(rule_id)
        unknown = sorted((heads[rule_id].programmes or frozenset()) - set(pack.programmes))
        if unknown:
            raise node.fail(f"There is no programme '{unknown[0]}'.", "programmes")


def _check_courses(root: Node, pack: Pack) -> None:
    """A requirement that asks for courses names such as the pack has."""
    trees = [version.require for each in pack.programmes.values() for version in each.versions]
    trees += [each.require for each in pack.exits] + [each.require for each in pack.milestones if each.require]
    for leaf in (leaf for tree in trees for leaf in leaves(tree)):
        unknown = sorted(set(leaf.courses) - set(pack.courses))
        if unknown:
            raise root.fail(
                f"The test '{leaf.id}' asks for the course '{unknown[0]}', which is not there.", "programme"
            )


def _refuse_depth(raw: object, source: Source) -> None:
    layer: list[tuple[Path, object]] = [((), raw)]
    for _ in range(32):
        layer = [((*path, key), inner) for path, value in layer for key, inner in inside(value)]
    if layer:
        raise source.invalid(layer[0][0], "The pack nests deeper than 32 levels.", "too_deep")


def _canonical_form(raw: Mapping[str, object], chosen: Mapping[str, Parameter]) -> Json:
    """The parsed form with the parameters' values as they are in force; days as ISO text."""
    values = {parameter.id: parameter.value for parameter in chosen.values()}
    return _plain({"pack": raw, "parameters": values})


def _plain(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    assert value is None or isinstance(value, str | int)
    return value

"""Reading a pack of issuance rules: TOML to `IssuancePack`, with complaints that name the file and the line."""

from collections.abc import Mapping, Sequence

from recognition_rules.issuance.demands import read_demand
from recognition_rules.issuance.places import FORMS, Form, Place, Step
from recognition_rules.issuance.rules import WEIGHTS, Element, IssuancePack, Validator, Weight
from recognition_rules.reading.cited import read_cited, read_id
from recognition_rules.reading.pack_reader import Node, Source
from recognition_rules.reading.pack_source import refuse_hidden
from recognition_rules.reading.strict_toml import loads
from recognition_rules.terms import RuleHead, read_head
from recognition_rules.units_pack import digest_of


def parse(text: str, *, name: str = "issuance/pack.toml") -> IssuancePack:
    """The pack of a TOML text; raises `PackInvalid`."""
    values = loads(text, name=name)
    root = Node(values, (), Source(name, text))
    refuse_hidden(values, root.source)
    head, cited = root.child("pack"), read_cited(root)
    elements = [(node, _element(node, frozenset(cited))) for node in root.children("element")]
    validators = [(node, _validator(node, frozenset(cited))) for node in root.children("validator")]
    if not elements and not validators:
        raise root.fail("A pack of issuance rules has [[element]] or [[validator]] tables.")
    _refuse_twins([(node, rule.head) for node, rule in elements] + [(node, rule.head) for node, rule in validators])
    pack = IssuancePack(
        id=read_id(head),
        version=head.text("version"),
        title=head.language_map("title"),
        digest=digest_of(values),
        unconfirmed="on" if head.choice("unconfirmed", ("off", "on"), "off") == "on" else "off",
        references=cited,
        elements=tuple(element for _, element in elements),
        validators=tuple(validator for _, validator in validators),
    )
    head.language_map("description", needed=False)
    head.done()
    root.done()
    return pack


def _refuse_twins(heads: Sequence[tuple[Node, RuleHead]]) -> None:
    seen: set[str] = set()
    for node, head in heads:
        if head.id in seen:
            raise node.fail(f"'{head.id}' is there twice.", "id", "duplicate_id")
        seen.add(head.id)


def _head(node: Node, cited: frozenset[str]) -> RuleHead:
    return read_head(node, cited, selectors=("award",), optional=False)


def _weight(node: Node) -> Weight:
    return "should" if node.choice("weight", WEIGHTS, "must") == "should" else "must"


def _validator(node: Node, cited: frozenset[str]) -> Validator:
    when = node.child_or_none("when")
    validator = Validator(
        head=_head(node, cited),
        weight=_weight(node),
        when=None if when is None else read_demand(when),
        require=read_demand(node.child("require")),
    )
    node.done()
    return validator


def _element(node: Node, cited: frozenset[str]) -> Element:
    places = tuple(_place(child) for child in node.children("at"))
    if not places:
        raise node.fail('An element stands at = [{ path = ["issuer", "name"] }] or one of several such places.', "at")
    element = Element(_head(node, cited), _weight(node), places)
    node.done()
    return element


def _place(node: Node) -> Place:
    word = node.choice("form", FORMS, "text")
    form: Form = next(each for each in FORMS if each == word)
    path = node.raw("path")
    if not isinstance(path, list) or not path or not all(map(_is_step, path)):
        example = '["issuer", "address", { type = "Address" }, "addressCountry"]'
        raise node.fail(f"'path' must be a list of member names, with filters between them, such as {example}.", "path")
    node.done()
    steps: tuple[Step, ...] = tuple(path)
    return Place(steps, form)


def _is_step(step: object) -> bool:
    if isinstance(step, Mapping):
        return bool(step) and all(isinstance(value, str) and value for value in step.values())
    return isinstance(step, str) and bool(step)

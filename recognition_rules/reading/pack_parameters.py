"""Points on which the law is silent: each has a name, a value, the other values it may have, and a reason.

Elsewhere in the pack `{ parameter = "id" }` stands for the value, so that a registrar changes it in one place.
"""

from collections.abc import Mapping

from recognition_rules.pack import Parameter
from recognition_rules.reading.pack_reader import Node, Source
from recognition_rules.reading.toml_lines import Path


def read_parameters(root: Node, replaced: Mapping[str, object]) -> dict[str, Parameter]:
    """The parameters by id, with the values that the caller chose; raises `PackInvalid` on one not on offer."""
    found: dict[str, Parameter] = {}
    for node in root.children("parameter"):
        parameter = _parameter(node)
        if parameter.id in found:
            raise node.fail(f"'{parameter.id}' is there twice.", "id", "duplicate_id")
        found[parameter.id] = parameter
    for name, value in replaced.items():
        if name not in found:
            raise root.fail(f"The pack has no parameter '{name[:60]}'.", code="unknown_parameter")
        found[name] = _with(root, found[name], value)
    return found


def _parameter(node: Node) -> Parameter:
    others = node.raw("others")
    if not isinstance(others, list) or not node.has("value"):
        raise node.fail("A parameter has a value and a list of others.")
    parameter = Parameter(node.text("id"), node.raw("value"), tuple(others), node.language_map("title"))
    node.done()
    return parameter


def _with(root: Node, parameter: Parameter, value: object) -> Parameter:
    if value not in (parameter.value, *parameter.others):
        raise root.fail(f"The parameter '{parameter.id}' cannot have this value.", code="unknown_parameter_value")
    others = tuple(each for each in (parameter.value, *parameter.others) if each != value)
    return Parameter(parameter.id, value, others, parameter.title)


def substitute(raw: Mapping[str, object], parameters: Mapping[str, Parameter], source: Source) -> dict[str, object]:
    """The parsed form with each reference to a parameter replaced by its value."""
    return {
        key: value if key == "parameter" else _replaced(value, (key,), parameters, source) for key, value in raw.items()
    }


def _replaced(value: object, path: Path, parameters: Mapping[str, Parameter], source: Source) -> object:
    if isinstance(value, list):
        return [_replaced(each, (*path, n), parameters, source) for n, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if set(value) != {"parameter"}:
        return {key: _replaced(each, (*path, key), parameters, source) for key, each in value.items()}
    name = value["parameter"]
    if not isinstance(name, str) or name not in parameters:
        raise source.invalid((*path, "parameter"), "There is no parameter of this name.", "unknown_parameter")
    return parameters[name].value

"""A pack as one text: TOML, or JSON where the text begins with an opening brace, which TOML never does."""

from recognition_rules.reading import strict_json, strict_toml
from recognition_rules.reading.pack_source import Document, Source

_MARK = "\ufeff"


def read_text(text: str, *, name: str) -> Document:
    """The parsed form of a pack; raises `PackInvalid` with file, line and a sentence. Nothing is understood yet."""
    text = text.removeprefix(_MARK)
    if is_json(text) or name.endswith(".json"):
        return Document(strict_json.loads(text, name=name), Source(name, text, "json"))
    return Document(strict_toml.loads(text, name=name), Source(name, text))


def is_json(text: str) -> bool:
    """Whether the text is meant as JSON."""
    return text.removeprefix(_MARK).lstrip().startswith("{")

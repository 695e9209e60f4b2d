"""Documents at random over the vocabulary of the pinned contexts: mostly right, now and then wrong in every way known.

From one seed always comes the same document.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from credentials.contexts import PINNED

BASES = [url for url, family in PINNED.families.items() if family == "base"]
OTHERS = [url for url, family in PINNED.families.items() if family != "base"]
IRIS = [
    "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
    "did:web:college.example#key-1",
    "https://college.example/a?b=c#d",
    "https://college.example/%C3%A9",
    "https://例え.example/テスト",
    "urn:uuid:0f4e9d2c-5a0e-4a39-9f44-6a1c1d3c7a10",
    "mailto:anna@learners.example",
    "data:image/png;base64,iVBORw0KGgo=",
    "xsd:dateTime",
    "sec:proof",
    "obi:Achievement",
    "cred:x",
]
TEXTS = [
    "", "Welding", "용접 \u2028\U0001f525", 'quotes " and \\', "tab\t line\n return\r bell\x07 delete\x7f nul-free",
    "e\u0301", "\u00a0", "5", "true", "2026-03-01T09:00:00Z", "id", "@id", "assertionMethod", "authentication", "a:b",
    *IRIS,
]  # fmt: skip
NUMBERS = [
    0,
    1,
    -1,
    5,
    5.0,
    4.5,
    0.1,
    -0.0,
    1e21,
    1e20,
    1e-7,
    2**53 - 1,
    1.5e300,
    0.30000000000000004,
    87.5,
    True,
    False,
]
LANGUAGES = ["en", "EN-gb", "ko", "zh-Hant-TW", "x-a1", "en_US", "", "123456789", "e n"]
NASTY: list[Any] = [
    None, [], {}, [[]], [{}], [None], [["a"]], ["a", "a"], [5, 5.0], [5, "5"], [True, 1], {"a": {"b": "c"}},
    {"id": "relative"}, {"id": 5}, {"id": None}, {"id": "_:b0"}, {"id": "urn:x y"}, {"id": "urn:x:1"}, {"id": "did:a:"},
    {"type": "Profile"}, {"type": []}, {"type": None}, {"type": 5}, {"type": ["Profile", "Profile"]}, {"type": "a b"},
    {"type": [{"id": "urn:x"}]}, {"type": "@id"}, {"type": "@json", "@value": 1}, {"@value": "a"}, {"@value": None},
    {"@value": "a", "@language": 5}, {"@value": 5, "@language": "en"}, {"@value": "a", "@type": "xsd:string"},
    {"@value": "a", "@language": "en", "id": "urn:x:1"}, {"@list": ["a"]}, {"@set": ["a"]}, {"@id": "urn:x:1"},
    {"@type": "Profile"}, {"@graph": []}, {"@context": []}, {"@context": BASES[0]}, {"@context": None},
    {"@context": [BASES[0]], "name": "x"}, {"@context": [BASES[0], "https://evil.example"]}, {"@context": [{}]},
    {"__proto__": 1}, {"unknown": 1}, {"https://schema.org/name": "x"}, {"id": "urn:x:1", "unknown": 1}, "relative",
    "a b",    " ", "_:b0", "did:", "urn:", "https://a.example/\n", 1e-320, 10**30, float("inf"), float("nan"), "\ud800",
]  # fmt: skip


def _definitions(context: Mapping[str, Any]) -> dict[str, Any]:
    """The terms that one context object defines, keywords and aliases aside."""
    return {name: value for name, value in context.items() if not name.startswith("@") and name not in ("id", "type")}


def _scoped(definition: Any) -> Mapping[str, Any]:
    return (definition.get("@context") or {}) if isinstance(definition, dict) else {}


class _Vocabulary:
    """The types of a list of contexts, and the members that are known everywhere or under a type."""

    def __init__(self, urls: list[str]) -> None:
        self.common: dict[str, Any] = {}
        for url in urls:
            if url in PINNED.documents:
                self.common |= _definitions(PINNED.documents[url]["@context"])
        self.types = sorted(name for name in self.common if name[:1].isupper() or name[:1].isdigit())
        self.members = {name: value for name, value in self.common.items() if name not in self.types}


class Documents:
    """The documents of one seed."""

    def __init__(self, seed: int, wrong: float = 0.01) -> None:
        self.random = Random(seed)
        self.wrong = wrong if self.random.random() < 0.5 else 0.0

    def document(self) -> dict[str, Any]:
        """One document, with a `@context` that is nearly always allowed."""
        urls = self.contexts()
        known = _Vocabulary(urls)
        node = self.node(known, known.members, 3)
        types = node.get("type")
        if self.random.random() < 0.7:
            node["type"] = ["VerifiableCredential", *(types if isinstance(types, list) else [])]
            node |= self.members(known, _scoped(known.common.get("VerifiableCredential")), 3)
        return {"@context": urls, **node}

    def contexts(self) -> list[str]:
        chosen = [self.random.choice(BASES)]
        families = {"base"}
        for url in self.random.sample(OTHERS, self.random.randint(0, 4)):
            if PINNED.families[url] not in families or self.random.random() < 0.02:
                families.add(PINNED.families[url])
                chosen.append(url)
        return chosen

    def node(self, known: _Vocabulary, inherited: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """An object with an id perhaps, types mostly, and members that its types and its place know."""
        node: dict[str, Any] = {}
        if self.random.random() < 0.4:
            node["id"] = self.random.choice(IRIS[:8]) + (str(self.random.randint(0, 99)) if self.chance(0.7) else "")
        members = dict(inherited)
        if known.types and self.chance(0.85):
            types = self.random.sample(known.types, min(len(known.types), self.random.choice((1, 1, 1, 2))))
            types += ["https://a.example/Type"] if self.chance(0.1) else []
            node["type"] = types[0] if len(types) == 1 and self.chance(0.3) else types
            for name in types:
                members |= _definitions(_scoped(known.common.get(name)))
        return node | self.members(known, members, depth)

    def members(self, known: _Vocabulary, terms: Mapping[str, Any], depth: int) -> dict[str, Any]:
        names = sorted(_definitions(terms))
        chosen = self.random.sample(names, min(len(names), self.random.randint(0, 4)))
        return {name: self.member(known, terms[name], depth) for name in chosen}

    def member(self, known: _Vocabulary, definition: Any, depth: int) -> Any:
        if self.chance(0.25):
            return [self.value(known, definition, depth) for _ in range(self.random.randint(1, 3))]
        return self.value(known, definition, depth)

    def value(self, known: _Vocabulary, definition: Any, depth: int) -> Any:
        """A value such as the definition asks for; or any other."""
        if self.chance(self.wrong):
            return self.random.choice(NASTY)
        coerced = definition.get("@type") if isinstance(definition, dict) else None
        container = definition.get("@container") if isinstance(definition, dict) else None
        wants_node = coerced == "@id" or coerced is None
        if depth and (container == "@graph" or (wants_node and self.chance(0.5))):
            return self.node(known, {**known.members, **_definitions(_scoped(definition))}, depth - 1)
        if coerced == "@id" and self.chance(0.95):
            return self.random.choice(IRIS) if self.chance(0.8) else {"id": self.random.choice(IRIS)}
        if self.chance(0.1):
            return {"@value": self.random.choice(TEXTS), "@language": self.random.choice(LANGUAGES[:5])}
        if coerced == "@vocab":
            return self.random.choice(["assertionMethod", "authentication", *IRIS])
        return self.random.choice(NUMBERS[:-4] if self.chance(0.1) else TEXTS)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

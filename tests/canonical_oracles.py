"""Second opinions on canonical forms: our general path, Oxigraph, and jsonld.js with rdf-canonize. For a long run:

./run python -m tests.canonical_oracles --seconds 600 [--from 1000000]
"""

import argparse
import time
from collections import Counter
from typing import Any

import pyoxigraph

from credentials.compiled_check import is_compiled
from credentials.compiled_quads import compiled_quads
from credentials.contexts import PINNED
from credentials.errors import CredentialError
from credentials.expansion import expanded_quads
from credentials.rdf_canonicalization import canonicalize
from tests.interop.javascript import ask, is_there
from tests.random_documents import Documents

HAS_JSONLD = is_there()


def expanded_form(document: dict[str, Any]) -> str:
    """The canonical form by the general path, or the code of its refusal."""
    try:
        return canonicalize(expanded_quads(document, PINNED)).nquads
    except CredentialError as refusal:
        return refusal.code


def compiled_form(document: dict[str, Any]) -> str | None:
    """The canonical form by the compiled path; None where it leaves the document to the general one."""
    quads = compiled_quads(document, PINNED)
    try:
        return None if quads is None else canonicalize(quads).nquads
    except CredentialError as refusal:
        return refusal.code


def oxigraph_form(nquads: str) -> str:
    """What Oxigraph makes of a dataset."""
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(nquads.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    written = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS).decode()
    return "".join(sorted(written.splitlines(keepends=True)))


def javascript_forms(documents: list[dict[str, Any]]) -> list[Any]:
    """What jsonld.js makes of documents in its safe mode: each one's canonical form, or an error."""
    return list(ask("canonize", documents=documents))


def has_tiny_number(value: Any) -> bool:
    """Whether jsonld.js would write 0 for a small number: one that is printed with an exponent and no point."""
    if isinstance(value, dict | list):
        return any(map(has_tiny_number, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float) and "e-" in repr(value) and "." not in repr(value)


def is_known_fault(answer: Any) -> bool:
    """Whether jsonld.js answers as it does to what it takes differently.

    It refuses empty objects in its safe mode; and of values that become one literal, such as 5 and "5" under one
    datatype, it keeps both statements, though a dataset is a set (RDF 1.1 Concepts, 4).
    """
    if isinstance(answer, dict):
        return (answer["details"] or {}).get("code") == "empty object"
    lines = answer.splitlines()
    return len(set(lines)) < len(lines)


def disagreements(seeds: range, *, ask_javascript: bool) -> tuple[Counter[str], list[str]]:
    """How often the paths went which way over these documents, and what they do not agree on."""
    counted, found, accepted = Counter[str](), list[str](), list[tuple[int, dict[str, Any], str]]()
    for seed in seeds:
        document = Documents(seed).document()
        general, quick = expanded_form(document), compiled_form(document)
        counted[
            "refused" if not general.endswith("\n") else "left to the general path" if quick is None else "both"
        ] += 1
        if quick is not None and quick != general:
            found.append(f"seed {seed}: the compiled path disagrees with the general one")
        if is_compiled(document, PINNED) and quick is None:
            found.append(f"seed {seed}: the check accepts what has no compiled form")
        if general.endswith("\n") and not has_tiny_number(document):
            accepted.append((seed, document, general))
    answers = javascript_forms([document for _, document, _ in accepted]) if ask_javascript else []
    for (seed, _, ours), theirs in zip(accepted, answers, strict=False):
        if theirs != ours and not is_known_fault(theirs):
            found.append(f"seed {seed}: jsonld.js disagrees: {str(theirs)[:300]}")
    return counted, found


def main() -> None:
    """Compare for as long as is asked; ends with 1 at the first batch with a disagreement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--from", type=int, default=0, dest="first")
    asked = parser.parse_args()
    until, total, seed = time.monotonic() + asked.seconds, Counter[str](), asked.first
    while time.monotonic() < until:
        counted, found = disagreements(range(seed, seed + 200), ask_javascript=HAS_JSONLD)
        total, seed = total + counted, seed + 200
        for line in found:
            print(line)
        if found:
            raise SystemExit(1)
    print(
        f"{seed - asked.first} documents, no disagreement: {dict(total)};",
        f"jsonld.js {'asked' if HAS_JSONLD else 'absent'}",
    )


if __name__ == "__main__":
    main()

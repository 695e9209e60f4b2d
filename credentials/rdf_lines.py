"""A dataset as lines of canonical N-Quads that lack nothing but the labels of their blank nodes (RDFC-1.0, 4.6 and 5).

Each quad is formatted once: the same text, with `_:a` and `_:z` for blank nodes, is hashed, and then, with their
canonical labels, serialised.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from credentials.rdf import Quad


@dataclass(slots=True)
class MaskedLines:
    """The lines of a dataset by where their blank nodes stand.

    `ground` lines have none; `tails` follow a blank subject, `heads` precede a blank object (both without their end or
    start); `tangled` quads have several, or one as their graph. `masked` are the lines of each blank node's quads,
    itself as `_:a`, every other as `_:z` (4.6, step 3).
    """

    ground: list[str] = field(default_factory=list)
    tails: list[tuple[str, str]] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)
    tangled: list[Quad] = field(default_factory=list)
    masked: dict[str, list[str]] = field(default_factory=dict)

    def labelled(self, issued: Mapping[str, str]) -> str:
        """The canonical document under these labels (4.4.3, steps 6 and 7): sorted by code point."""
        lines = self.ground
        lines += [f"_:{issued[node]}{tail}" for node, tail in self.tails]
        lines += [f"{head}_:{issued[node]} .\n" for node, head in self.heads]
        lines += [
            Quad(*(f"_:{issued[term]}" if term in issued else term for term in quad)).line() for quad in self.tangled
        ]
        lines.sort()
        return "".join(lines)


def masked_lines(quads: Iterable[Quad]) -> MaskedLines:
    """The lines of a dataset, with their masks."""
    found = MaskedLines()
    masked = found.masked
    for quad in quads:
        subject, predicate, value, graph = quad
        if graph or (subject[0] == "_" and value[0] == "_"):
            _add_tangled(found, quad)
        elif subject[0] == "_":
            tail = f" {predicate} {value} .\n"
            found.tails.append((subject, tail))
            masked.setdefault(subject, []).append("_:a" + tail)
        elif value[0] == "_":
            head = f"{subject} {predicate} "
            found.heads.append((value, head))
            masked.setdefault(value, []).append(head + "_:a .\n")
        else:
            found.ground.append(f"{subject} {predicate} {value} .\n")
    return found


def _add_tangled(found: MaskedLines, quad: Quad) -> None:
    blank = {term for term in quad if term.startswith("_:")}
    if not blank:
        found.ground.append(quad.line())
        return
    found.tangled.append(quad)
    for node in blank:
        line = Quad(*(("_:a" if term == node else "_:z") if term in blank else term for term in quad)).line()
        found.masked.setdefault(node, []).append(line)

"""The difference between two versions of a pack, rule by rule, and whether it reaches into days that are past.

Published terms never change. What a rule said on a day stays; a new figure is a new entry of terms, and all that may
happen to an old entry is that it ends, on a day that is not past yet. Everything else is `published_term_changed`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from recognition_rules.authoring import diff_words as words
from recognition_rules.authoring.diff_programmes import leaves_of, versions_of
from recognition_rules.canonical import Json, canonical

Table: TypeAlias = Mapping[str, object]
Kind: TypeAlias = Literal["new", "gone", "changed"]

_TEXTS = ("title", "description", "code")
_WORDS = ("sources", "classes", "words")
_SINGLE = ("pack", "choose")
_OWN = ("terms", "id", "rows", "former", "require", "attach_window")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the table it is in (`limit`), the rule, a sentence; `past` where it changes what held before."""

    kind: Kind
    table: str
    rule: str
    sentence: str
    past: bool = False

    @property
    def code(self) -> str | None:
        """`published_term_changed` where the change reaches into the past."""
        return "published_term_changed" if self.past else None

    def to_json(self) -> dict[str, Json]:
        """The shape for programs."""
        return {
            "kind": self.kind,
            "table": self.table,
            "rule": self.rule,
            "sentence": self.sentence,
            "code": self.code,
        }


def difference(old: Table, new: Table, *, on: date) -> tuple[Change, ...]:
    """The changes from one parsed form to another, in the order of the new one; empty where both say the same.

    `on` is the day of publication: what changes from that day on is new law, what changes before it is the past.
    """
    before, after = words.plain(old), words.plain(new)
    kinds = list(dict.fromkeys((*after, *before)))
    return tuple(change for kind in kinds for change in _kind(kind, before.get(kind), after.get(kind), on.isoformat()))


def touches_the_past(changes: Sequence[Change]) -> bool:
    """Whether a published term would change."""
    return any(change.past for change in changes)


def _kind(kind: str, old: object, new: object, on: str) -> Iterator[Change]:
    if kind in _WORDS:
        yield from _names(kind, _table(old), _table(new))
    elif isinstance(old, list) or isinstance(new, list):
        yield from _many(kind, _by_id(old), _by_id(new), on)
    else:
        name = str(_table(new or old).get("id") or kind) if kind not in _SINGLE else kind
        yield from _one(kind, name, _table(old), _table(new), on)


def _table(value: object) -> Table:
    return value if isinstance(value, Mapping) else {}


def _by_id(value: object) -> dict[str, Table]:
    tables = [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
    return {str(each.get("id", number)): each for number, each in enumerate(tables, 1)}


def _names(kind: str, old: Table, new: Table) -> Iterator[Change]:
    called = {"sources": "kind of learning", "classes": "class", "words": "word for"}[kind]
    for name in new:
        if name not in old:
            yield Change("new", kind, name, f"The {called} '{name}' is new.")
    for name in old:
        if name not in new:
            yield Change("gone", kind, name, f"The {called} '{name}' is gone.", past=kind != "words")


def _many(kind: str, old: Mapping[str, Table], new: Mapping[str, Table], on: str) -> Iterator[Change]:
    for name, table in new.items():
        if name in old:
            yield from _one(kind, name, old[name], table, on)
        else:
            yield _appeared(kind, name, table, on)
    for name, table in old.items():
        if name not in new:
            told = f"{words.called(kind, name, table)} is gone."
            yield Change("gone", kind, name, told, past=kind != "reference")


def _appeared(kind: str, name: str, table: Table, on: str) -> Change:
    start = words.first_day(table)
    past = "terms" in table and (start is None or start < on)
    since = "for all days, past ones too" if start is None else f"from {words.day(start)}"
    told = f"{words.called(kind, name, table)} is new{f', {since}' if 'terms' in table else ''}."
    return Change("new", kind, name, told, past=past)


def _one(kind: str, name: str, old: Table, new: Table, on: str) -> Iterator[Change]:
    if canonical(old) == canonical(new):  # type: ignore[arg-type]  # plain has made it JSON
        return
    if kind == "programme":
        yield from _programme(name, old, new, on)
    else:
        yield from _terms(kind, name, old, new, on)
    for key in dict.fromkeys((*new, *old)):
        if key not in _OWN and old.get(key) != new.get(key):
            yield _key(kind, name, key, old, new)
    if old.get("rows") != new.get("rows"):
        yield _rows(kind, name, old, new)
    if kind != "programme" and old.get("require") != new.get("require"):
        yield _key(kind, name, "require", old, new)


def _key(kind: str, name: str, key: str, old: Table, new: Table) -> Change:
    told = words.changed_key(kind, name, key, old, new)
    harmless = key in _TEXTS or kind in ("pack", "reference") or (key == "others" and kind == "parameter")
    return Change("changed", kind, name, told, past=not harmless)


def _rows(kind: str, name: str, old: Table, new: Table) -> Change:
    before, after = words.rows_of(old), words.rows_of(new)
    added, gone = len(after - before), len(before - after)
    moved = "" if added or gone else " The order of the rows changes."
    told = f"{words.called(kind, name, new)}: {added} rows are new, {gone} are gone.{moved}"
    return Change("changed", kind, name, told, past=True)


def _terms(kind: str, name: str, old: Table, new: Table, on: str) -> Iterator[Change]:
    before = {str(each.get("from")): each for each in words.terms_of(old)}
    after = {str(each.get("from")): each for each in words.terms_of(new)}
    for start, each in after.items():
        if start not in before:
            told = words.new_terms(kind, name, old, new, each)
            yield Change("changed", kind, name, told, past=each.get("from") is None or str(each["from"]) < on)
        else:
            yield from _kept(kind, name, before[start], each, new, on)
    for start, each in before.items():
        if start not in after:
            told = f"{words.called(kind, name, new)}: the terms {words.span(each)} are gone."
            yield Change("gone", kind, name, told, past=True)


def _kept(kind: str, name: str, old: Table, new: Table, rule: Table, on: str) -> Iterator[Change]:
    """Terms that begin on the same day: they may end, in time; nothing else of them may change."""
    for key in dict.fromkeys((*new, *old)):
        if old.get(key) != new.get(key):
            told = words.changed_terms(kind, name, key, old, new, rule)
            yield Change("changed", kind, name, told, past=_past(key, old, new, on))


def _past(key: str, old: Table, new: Table, on: str) -> bool:
    if key == "until":
        ends = [str(each["until"]) for each in (old, new) if each.get("until") is not None]
        return min(ends) < on and min(ends) != _day_before(on)
    return key not in ("confirmed", "legal_basis", "source")


def _day_before(on: str) -> str:
    return date.fromordinal(date.fromisoformat(on).toordinal() - 1).isoformat()


def _programme(name: str, old: Table, new: Table, on: str) -> Iterator[Change]:
    before, after = versions_of(old), versions_of(new)
    for start, version in after.items():
        if start in before:
            yield from _version(name, before[start], version, on)
        else:
            told = words.new_version(name, new, list(before.values())[-1:], version)
            first = words.first_day(version)
            yield Change("changed", "programme", name, told, past=first is None or first < on)
    for start, version in before.items():
        if start not in after:
            told = f"The requirements of '{name}' {words.span(words.terms_of(version)[0])} are gone."
            yield Change("gone", "programme", name, told, past=True)


def _version(name: str, old: Table, new: Table, on: str) -> Iterator[Change]:
    yield from _terms("programme", name, old, new, on)
    if old.get("attach_window") != new.get("attach_window"):
        yield _key("programme", name, "attach_window", old, new)
    if old.get("require") == new.get("require"):
        return
    told = list(words.changed_leaves(leaves_of(old.get("require")), leaves_of(new.get("require"))))
    for sentence in told or ["How the requirements are joined changes."]:
        yield Change("changed", "programme", name, f"'{name}': {sentence}", past=True)

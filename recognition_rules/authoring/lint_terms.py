"""Checks of dated terms: gaps, overlaps, sources, and what nobody has confirmed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from recognition_rules.authoring.lint_draft import Check, Draft, Found, day_of, walk
from recognition_rules.reading.toml_lines import Path

Terms = Sequence[Mapping[str, object]]
DAY = timedelta(days=1)


def all_terms(draft: Draft) -> Iterator[tuple[Path, Mapping[str, object], Terms]]:
    """Every table with terms: its path, the table, its terms."""
    for path, table in walk(draft.raw):
        terms = table.get("terms", table.get("edition"))
        if isinstance(terms, list) and terms and all(isinstance(each, dict) for each in terms):
            yield (*path, "terms" if "terms" in table else "edition"), table, terms


def named(table: Mapping[str, object]) -> str:
    """What a table is called in a sentence."""
    return str(next((table[key] for key in ("id", "slot", "test", "code") if key in table), "this rule"))


def _pairs(draft: Draft) -> Iterator[tuple[Path, str, date | None, date | None]]:
    for path, table, terms in all_terms(draft):
        for number, (before, after) in enumerate(pairwise(terms), 1):
            yield (*path, number), named(table), day_of(before.get("until")), day_of(after.get("from"))


def _gaps(draft: Draft) -> Iterator[Found]:
    for path, name, until, start in _pairs(draft):
        if until and start and start > until + DAY:
            first, last = until + DAY, start - DAY
            told = f"on {first}" if first == last else f"from {first} until {last}"
            yield path, f"No terms of '{name}' are in force {told}."


def _overlaps(draft: Draft) -> Iterator[Found]:
    for path, name, until, start in _pairs(draft):
        if until is None or start is None or start <= until:
            yield path, f"Two terms of '{name}' are in force on the same day."


def _backwards(draft: Draft) -> Iterator[Found]:
    for path, table, terms in all_terms(draft):
        for number, each in enumerate(terms):
            start, until = day_of(each.get("from")), day_of(each.get("until"))
            if start and until and until < start:
                yield (*path, number), f"Terms of '{named(table)}' end on {until}, before they begin on {start}."


def _expired(draft: Draft) -> Iterator[Found]:
    for path, table, terms in all_terms(draft):
        if draft.on is None or "former" in path or path[-1] == "edition":
            continue
        until, start = day_of(terms[-1].get("until")), day_of(terms[0].get("from"))
        if until and until < draft.on:
            yield path, f"The last terms of '{named(table)}' ended on {until}: none is in force on {draft.on}."
        elif start and start > draft.on:
            yield path, f"The first terms of '{named(table)}' begin on {start}: none is in force on {draft.on}."


def _unconfirmed(draft: Draft) -> Iterator[Found]:
    for path, table, terms in all_terms(draft):
        for number, each in enumerate(terms):
            if each.get("confirmed") is False and _is_on(table, draft):
                yield (*path, number), f"Nobody has confirmed these terms of '{named(table)}', and they are applied."


def _is_on(table: Mapping[str, object], draft: Draft) -> bool:
    """Whether the rule is applied; a parameter may be what switches it off."""
    switch = table.get("enabled")
    if isinstance(switch, Mapping):
        name = switch.get("parameter")
        switch = next((each.get("value") for _, each in draft.tables("parameter") if each.get("id") == name), True)
    return switch is not False


def _listed(draft: Draft) -> set[str]:
    return {str(each.get("id")) for _, each in draft.tables("reference")}


def _without_source(draft: Draft) -> Iterator[Found]:
    for path, table, terms in all_terms(draft):
        for number, each in enumerate(terms):
            if not each.get("source"):
                yield (*path, number), f"Terms of '{named(table)}' name no source."


def _unlisted(draft: Draft) -> Iterator[Found]:
    listed = _listed(draft)
    for path, table, terms in all_terms(draft):
        for number, each in enumerate(terms):
            missing = sorted(set(_sources(each)) - listed)
            if missing:
                yield (*path, number, "source"), f"'{missing[0]}', the source of '{named(table)}', is not listed."


def _sources(terms: Mapping[str, object]) -> list[str]:
    source = terms.get("source")
    return [each.strip() for each in source.split(",")] if isinstance(source, str) else []


def _unused_references(draft: Draft) -> Iterator[Found]:
    used = {name for _, table in walk(draft.raw) for name in _sources(table)}
    for path, each in draft.tables("reference"):
        if each.get("id") not in used:
            yield path, f"No terms rest on the source '{each.get('id')}'."


CHECKS = (
    Check("terms_gap", "error", "days on which no terms of a rule are in force",
          "Let each entry of terms begin on the day after the one before it ends.", _gaps),
    Check("terms_overlap", "error", "days on which two terms of a rule are in force",
          "Give all but the last entry an 'until', and let the next begin on the day after.", _overlaps),
    Check("terms_backwards", "error", "terms that end before they begin", "Put 'from' before 'until'.", _backwards),
    Check("term_expired", "warning", "rules of which no terms are in force on the day asked for",
          "Add the terms that hold now, or switch the rule off.", _expired),
    Check("term_unconfirmed", "warning", "unconfirmed terms that are applied",
          "Check them against the text of the rule, or set enabled = false until somebody has.", _unconfirmed),
    Check("source_missing", "error", "terms without a source", "Name the source they were read in.", _without_source),
    Check("source_unlisted", "error", "sources that no [[reference]] lists",
          "Add a [[reference]] with this id, its title and how well it was read.", _unlisted),
    Check("reference_unused", "note", "listed sources on which nothing rests", "Leave it out, or name it where it was "
          "read.", _unused_references),
)  # fmt: skip

"""The sentences of a difference, as a registrar would say them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from recognition_rules.authoring.diff_programmes import leaves_of
from recognition_rules.authoring.toml_form import inline
from recognition_rules.canonical import canonical
from recognition_rules.language import pick
from recognition_rules.reading.pack_reader import exact

Table: TypeAlias = Mapping[str, object]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_KINDS = {
    "limit": "The limit", "eligibility": "The condition", "equivalence": "The rule on equal courses",
    "conversion": "The conversion", "programme": "The programme", "milestone": "The milestone", "set": "The set",
    "calendar": "The calendar", "register": "The list", "reference": "The source", "parameter": "The point of silence",
    "table": "The table", "course": "The course", "match": "The articulation", "pack": "The pack",
    "choose": "The choice",
}  # fmt: skip
_KEYS = {
    "where": "the awards it concerns", "on": "the awards it concerns", "when": "when it applies",
    "require": "what it requires", "within": "the limit it stands within", "per": "what it is counted by",
    "enabled": "whether it is applied", "programmes": "the programmes it concerns", "order": "the order of awards",
    "title": "the title", "code": "the label", "value": "the value chosen", "others": "the other values on offer",
    "attach_window": "the last day for an award", "version": "the version", "at_most": "the most that counts",
    "at_least": "the least that is needed", "parts": "the totals",
}  # fmt: skip
_FIGURES = ("at_most", "at_least", "value")
_LONGEST = 160


def plain(value: Any) -> Any:
    """The parsed form with days as ISO texts, so that all forms of a pack compare alike."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def day(iso: str) -> str:
    """1 March 2027."""
    found = date.fromisoformat(iso)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def terms_of(table: Table) -> list[Table]:
    """The entries of terms (or the editions of a dated list)."""
    found = table.get("terms", table.get("edition"))
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def first_day(table: Table) -> str | None:
    """The first day of a table's terms, None where they have no beginning."""
    terms = terms_of(table)
    return str(terms[0]["from"]) if terms and terms[0].get("from") is not None else None


def span(terms: Table) -> str:
    """From one day until another, in words."""
    start, until = terms.get("from"), terms.get("until")
    first = f"from {day(str(start))}" if start else "from the beginning"
    return f"{first} until {day(str(until))}" if until else f"{first} on"


def called(kind: str, name: str, table: Table) -> str:
    """The rule by its kind, its title and its id."""
    title = table.get("title")
    text = pick(title, "en") if isinstance(title, Mapping) and title else ""
    return f"{_KINDS.get(kind, kind.capitalize())} '{text}' ({name})" if text else f"{_KINDS.get(kind, kind)} '{name}'"


def shown(value: object) -> str:
    """A value as it stands in a pack, cut where it is long."""
    text = "nothing" if value is None else value if isinstance(value, str) else inline(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def amount(value: object, rule: Table) -> str:
    """A figure with what it counts: 24 credits, 3 awards, 25% of the programme's total."""
    if isinstance(value, Mapping) and "share" in value:
        return f"{value['share']} of {value.get('of', 'the total')}"
    if isinstance(value, str) and value.endswith("%"):
        return value
    return f"{shown(value)} {'awards' if rule.get('measure') == 'items' else 'credits'}"


def _moves(old: object, new: object) -> str:
    before, after = _number(old), _number(new)
    if before is None or after is None or before == after:
        return "changes"
    return "rises" if after > before else "falls"


def _number(value: object) -> Fraction | None:
    if isinstance(value, Mapping):
        value = value.get("share")
    return exact(value.removesuffix("%")) if isinstance(value, str) else exact(value)


def figure(rule: Table, terms: Table | None) -> object:
    """The figure of a rule under some terms: their own value, else that of the rule."""
    own = terms.get("value") if terms else None
    return own if own is not None else next((rule[key] for key in ("at_most", "at_least") if key in rule), None)


def new_terms(kind: str, name: str, old: Table, new: Table, terms: Table) -> str:
    """From 1 March 2027 the limit 'At most 24 …' (R03) rises from 24 to 27 credits (source S5)."""
    entries = terms_of(new)
    at = entries.index(terms)
    before = figure(new, entries[at - 1]) if at else figure(old, next(iter(terms_of(old)), None))
    after = figure(new, terms)
    source = f" (source {terms['source']})" if terms.get("source") else ""
    start = f"From {day(str(terms['from']))}" if terms.get("from") else "For all days"
    rule = _lower(called(kind, name, new))
    if before is None or after is None or before == after:
        return f"{start} {rule} has new terms: {shown(terms.get('legal_basis'))}{source}."
    return f"{start} {rule} {_moves(before, after)} from {_bare(before)} to {amount(after, new)}{source}."


def _bare(value: object) -> str:
    return str(value.get("share")) if isinstance(value, Mapping) else shown(value)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def changed_terms(kind: str, name: str, key: str, old: Table, new: Table, rule: Table) -> str:
    """What changes within terms that began on the same day."""
    who = called(kind, name, rule)
    if key == "until":
        ends = f"end on {day(str(new['until']))}" if new.get("until") else "no longer end"
        return f"{who}: the terms {span(old)} {ends}."
    if key == "confirmed":
        return f"{who}: the terms {span(new)} are {'now' if new.get(key) else 'no longer'} confirmed."
    if key == "value":
        told = f"{_moves(old.get(key), new.get(key))} from {shown(old.get(key))} to {shown(new.get(key))}"
        return f"{who}: the figure {span(new)} {told}."
    return f"{who}: '{key}' of the terms {span(new)} changes from {shown(old.get(key))} to {shown(new.get(key))}."


def changed_key(kind: str, name: str, key: str, old: Table, new: Table) -> str:
    """What changes in a rule for all its days."""
    who, before, after = called(kind, name, new or old), old.get(key), new.get(key)
    if key in _FIGURES and kind != "parameter" and before is not None and after is not None:
        return f"{who} {_moves(before, after)} from {_bare(before)} to {amount(after, new)}, for all its days."
    if key == "enabled":
        return f"{who} is {'switched off' if after is False else 'applied'} now."
    return f"{who}: {_KEYS.get(key, repr(key))} changes from {shown(before)} to {shown(after)}."


def new_version(name: str, programme: Table, before: Sequence[Table], version: Table) -> str:
    """A programme gets new requirements from a day on."""
    terms = terms_of(version)
    since = f"From {day(str(terms[0]['from']))}" if terms and terms[0].get("from") else "For all days"
    told = (
        []
        if not before
        else list(changed_leaves(leaves_of(before[0].get("require")), leaves_of(version.get("require"))))
    )
    return f"{since} {_lower(called('programme', name, programme))} has new requirements. {' '.join(told)}".rstrip()


def changed_leaves(old: Mapping[str, Table], new: Mapping[str, Table]) -> Iterator[str]:
    """Requirement by requirement."""
    for name, leaf in new.items():
        if name not in old:
            yield f"The requirement '{name}' is new ({amount(leaf.get('at_least', 0), leaf)})."
        elif old[name].get("at_least") != leaf.get("at_least"):
            before = _bare(old[name].get("at_least"))
            yield f"'{name}' needs {amount(leaf.get('at_least'), leaf)} instead of {before}."
        elif _matter(old[name]) != _matter(leaf):
            yield f"'{name}' takes other awards or is read in another way."
    yield from (f"The requirement '{name}' is gone." for name in old if name not in new)


def _matter(leaf: Table) -> Table:
    return {key: value for key, value in leaf.items() if key not in ("title", "at_least")}


def rows_of(table: Table) -> set[bytes]:
    """The rows of a table, as what can be compared."""
    rows = table.get("rows")
    return {canonical(row) for row in rows} if isinstance(rows, list) else set()

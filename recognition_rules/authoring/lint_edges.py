"""A case on both sides of every date: which days of a pack its cases do not try."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from recognition_rules.authoring.lint_draft import Check, Draft, Found, day_of
from recognition_rules.authoring.lint_terms import all_terms, named
from recognition_rules.reading.toml_lines import Path
from recognition_rules.terms import RuleHead

DAY = timedelta(days=1)


def edges(draft: Draft) -> Iterator[tuple[Path, str, date]]:
    """Each day on which something begins: the place, what changes, the first day of the new."""
    seen: set[tuple[str, date]] = set()
    for path, name, first in _beginnings(draft):
        if first is not None and (name, first) not in seen:
            seen.add((name, first))
            yield path, name, first


def _beginnings(draft: Draft) -> Iterator[tuple[Path, str, date | None]]:
    for path, table, terms in all_terms(draft):
        name = _name(draft, path, table)
        for number, each in enumerate(terms):
            until = day_of(each.get("until"))
            yield (*path, number), name, day_of(each.get("from"))
            yield (*path, number), name, until + DAY if until else None


def _name(draft: Draft, path: Path, table: Mapping[str, object]) -> str:
    """What changes on that day; a former version of a programme is the programme."""
    programmes = dict(draft.tables("programme"))
    owner = programmes.get(path[:2], table)
    return named(owner if "former" in path else table)


def _untried(draft: Draft) -> Iterator[Found]:
    if draft.cases is None:
        return
    programmes = {str(each.get("id")) for _, each in draft.tables("programme")}
    heads = draft.pack.rules() if draft.pack else None
    for path, name, first in edges(draft):
        concerned = [case for case in _cases(draft.cases) if name not in programmes or case.get("programme") == name]
        cases = [(day_of(case.get("on")), frozenset(_days(case))) for case in concerned]
        by_decision = _selector(draft, heads, name) in ("decision", None)
        days = [{on} if by_decision and on else others or {on} for on, others in cases]
        before = any(day < first for each in days for day in each if day)
        after = any(day >= first for each in days for day in each if day)
        missing = [told for told, tried in ((f"before {first}", before), (f"from {first}", after)) if not tried]
        if missing:
            yield path, f"'{name}' changes on {first}, and no case lies {' or '.join(missing)}."


def _selector(draft: Draft, heads: Mapping[str, RuleHead] | None, name: str) -> str | None:
    if draft.pack is None or heads is None:
        return "unknown"
    if name in draft.pack.programmes:
        return draft.pack.programmes[name].versions_by
    head = heads.get(name)
    in_register = any(each.get("id") == name for _, each in draft.tables("register"))
    return "award" if in_register else head.selector if head else None


def _cases(cases: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = cases.get("case")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _days(case: Mapping[str, object]) -> Iterator[date]:
    """The days of the case's awards, and those on which the learner enrolled and applied."""
    learner = case.get("learner")
    own = [learner.get(name) for name in ("enrolled_on", "applied_on")] if isinstance(learner, dict) else []
    yield from (day for day in own if isinstance(day, date))
    awards = case.get("awards")
    for award in (case.get("each"), *(awards if isinstance(awards, list) else ())):
        if isinstance(award, dict):
            yield from (value for value in award.values() if isinstance(value, date))


CHECKS = (
    Check("edge_without_case", "warning", "days on which a rule changes that no case tries on both sides",
          "Add a case whose decisive day is the last of the old terms, and one on the first of the new.", _untried),
)  # fmt: skip

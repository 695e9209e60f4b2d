"""Checks of names: what is declared and never used, labels that two rules share, titles that lack a language."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from recognition_rules.authoring.lint_draft import Check, Draft, Found, walk, words_in
from recognition_rules.language import is_tag

Search: TypeAlias = Callable[[Draft], Iterator[Found]]


def _unused_tables(key: str, called: str) -> Search:
    def find(draft: Draft) -> Iterator[Found]:
        used = set(words_in(draft.raw))
        for path, each in draft.tables(key):
            if each.get("id") not in used:
                yield path, f"The {called} '{each.get('id')}' is used nowhere."

    return find


def _unused_names(key: str, called: str) -> Search:
    def find(draft: Draft) -> Iterator[Found]:
        declared = draft.raw.get(key)
        others = {name: value for name, value in draft.raw.items() if name != key}
        used = set(words_in(others))
        for name in declared if isinstance(declared, Mapping) else ():
            if name not in used:
                yield (key, name), f"No rule speaks of the {called} '{name}'."

    return find


def _languages(draft: Draft) -> Iterator[Found]:
    pack = draft.raw.get("pack")
    title = pack.get("title") if isinstance(pack, Mapping) else None
    wanted = set(title) if isinstance(title, Mapping) else set()
    for path, table in walk(draft.raw):
        is_map = bool(table) and all(is_tag(key) and isinstance(text, str) for key, text in table.items())
        named = is_map and bool(path) and (path[-1] in ("title", "description") or path[0] in ("sources", "classes"))
        missing = sorted(wanted - set(table)) if named and len(path) > 1 else []
        if missing:
            yield path, f"This text is missing in: {', '.join(missing)}."


def _labels(draft: Draft) -> Iterator[Found]:
    owners: dict[str, str] = {}
    for path, table in walk(draft.raw):
        label, rule = table.get("code"), table.get("id")
        if not isinstance(label, str) or not isinstance(rule, str) or "terms" not in table:
            continue
        if owners.setdefault(label, rule) != rule:
            yield (*path, "code"), f"The label '{label}' is that of '{owners[label]}' too."


CHECKS = (
    Check("set_unused", "warning", "sets that no rule uses", "Use it, or leave it out.",
          _unused_tables("set", "set")),
    Check("calendar_unused", "warning", "calendars that no rule uses", "Use it, or leave it out.",
          _unused_tables("calendar", "calendar")),
    Check("register_unused", "warning", "dated lists that no rule looks into", "Use it, or leave it out.",
          _unused_tables("register", "list")),
    Check("parameter_unused", "warning", "points of silence whose value nothing takes",
          'Write { parameter = "…" } where the value belongs, or leave it out.',
          _unused_tables("parameter", "parameter")),
    Check("class_unused", "note", "classes of which no rule speaks", "Leave it out, unless awards carry it for people.",
          _unused_names("classes", "class")),
    Check("source_word_unused", "note", "kinds of learning of which no rule speaks",
          "Leave it out, unless awards of it count like any other.", _unused_names("sources", "kind of learning")),
    Check("language_missing", "warning", "texts that lack a language of the pack's own title", "Add the translation.",
          _languages),
    Check("label_repeated", "warning", "labels that two rules share",
          "Give each rule a code of its own: learners see it as the reason.", _labels),
)  # fmt: skip

"""The grade tables of this bank, for whoever asks what a grade is elsewhere; without its own those of the program."""

from collections.abc import Mapping
from functools import cache

from creditbank.errors import Refused
from recognition_rules.grading.reader import parse
from recognition_rules.grading.tables import GradePack
from recognition_rules.packs import builtin, builtin_ids


def grade_pack(name: str, published: Mapping[str, GradePack]) -> GradePack:
    """A pack of grade tables that the bank has `published`, or a built-in one. Raises Refused `grade_pack_unknown`."""
    if name in published:
        return published[name]
    known = builtin_ids("grades")
    if name not in known:
        raise Refused("grade_pack_unknown", f"There are grade tables in: {', '.join(known)}.", known=known)
    return _built_in(name)


@cache
def _built_in(name: str) -> GradePack:
    return parse(builtin(name), name=f"{name}/pack.toml")

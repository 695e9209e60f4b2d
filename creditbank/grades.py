"""The grade tables that come with the program, for whoever asks what a grade is elsewhere."""

from functools import cache

from creditbank.errors import Refused
from recognition_rules.grading.reader import parse
from recognition_rules.grading.tables import GradePack
from recognition_rules.packs import builtin, builtin_ids


@cache
def grade_pack(name: str) -> GradePack:
    """A built-in pack of grade tables. Raises Refused `grade_pack_unknown`."""
    known = builtin_ids("grades")
    if name not in known:
        raise Refused("grade_pack_unknown", f"There are grade tables in: {', '.join(known)}.", known=known)
    return parse(builtin(name), name=f"{name}/pack.toml")

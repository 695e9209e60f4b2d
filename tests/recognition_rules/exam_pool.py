"""A pool of examinations with a pool of one kind inside it, and how tests read why an award did not count."""

from fractions import Fraction

from recognition_rules.recognition import Recognition

POOL = """
[[limit]]
id = "exam-pool"
code = "CAP_EXAM_POOL_30"
title = { en = "Exam pool" }
where = { source = ["exam"] }
at_most = 30
TERMS
[[limit]]
id = "exam-ib"
code = "CAP_IB_24"
title = { en = "IB" }
where = { source = ["exam"], area = ["ib"] }
at_most = 24
within = "exam-pool"
TERMS
"""


def reasons(found: Recognition, award: str) -> list[tuple[str, str, Fraction]]:
    return [(each.code, each.label, each.amount) for each in found.decision(award).reasons]

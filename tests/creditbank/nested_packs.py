"""A certificate and a diploma that takes it in, in a pack as small as can be; and learners for it."""

from fractions import Fraction
from uuid import UUID

from credentials.keys import PrivateKey
from creditbank.caller import Caller
from creditbank.recognising import Recognising
from creditbank.rule_packs import Proposal
from creditbank.store import rows
from creditbank.transactions.recognition_request import RecognitionRequest
from tests.bank_world import ANNA, BORIS, World

TERMS = 'terms = [{ legal_basis = "example", source = "S0", confirmed = true }]'
GATES = "".join(
    f'[{name}]\nid = "{name}"\ntitle = {{ en = "{name}" }}\n{TERMS}\n' for name in ("classification", "revocation")
)
HALF = f"""
[[limit]]
id = "half"
title = {{ en = "At most four credits" }}
programmes = ["certificate"]
at_most = 4
{TERMS}
"""


def nested_pack(use: str = "", extra: str = "", pack_id: str = "nested", names: tuple[str, ...] = ()) -> str:
    """A certificate and a diploma, three credits each, with what the test says of uses."""
    programmes = "".join(
        f'[[programme]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\nparts = {{ total = 6 }}\n{TERMS}\n'
        f'require.all = [{{ test = "total", title = {{ en = "Total" }}, at_least = 3 }}]\n'
        for name in names or ("certificate", "diploma")
    )
    return f"""
[pack]
id = "{pack_id}"
version = "1"
unit = "kr-credit"
normaliser = "kr-title"
title = {{ en = "Nested awards" }}
[[reference]]
id = "S0"
title = "an example"
standing = "confirmed"
[choose]
items = "in-order"
slots = "best"
order = ["ended_on", "award_id"]
objectives = ["shortfall", "counted", "canonical"]
split = [{{ step = 1, where = {{ source = ["accredited-course"] }} }}]
[sources]
accredited-course = {{ en = "course" }}
[classes]
major-elective = {{ en = "major" }}
{GATES}
[use]
id = "use"
title = {{ en = "One use" }}
{TERMS}
{use}
{extra}
{programmes}
"""


def exception(kind: str, names: str) -> str:
    return f'[[use.exception]]\nid = "free"\ntitle = {{ en = "Free" }}\nkind = "{kind}"\n{names}\n{TERMS}\n'


UPGRADE = exception("upgrade", 'ladder = ["certificate", "diploma"]')


def learner(world: World, school: Caller, *amounts: int) -> UUID:
    """A learner with one course of each amount."""
    did = PrivateKey.generate("EdDSA").public_key.did_key()
    return [world.deposit(school, subject_id=did, credits=Fraction(each)).book_id for each in amounts][-1]


def decide(world: World, book: UUID, programme: str, pack_id: str = "nested") -> rows.Recognition:
    request = RecognitionRequest(pack_id, "1", programme, world.now.date())
    return Recognising(world.bank).recognise(book, request)


def counted(row: rows.Recognition) -> str:
    return str(row.result["totals"]["counted"])


def offer(world: World, text: str) -> rows.RulePack:
    """A pack proposed by one administrator and published by another."""
    row = world.rule_packs.propose(ANNA, Proposal(text))
    return world.rule_packs.approve(BORIS, row.pack_id, row.version)

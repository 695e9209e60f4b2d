"""Learners with decisions on record, and the Korean pack in a stricter version."""

from datetime import timedelta
from uuid import UUID

from credentials.keys import PrivateKey
from creditbank.caller import Caller
from creditbank.recognising import Recognising
from creditbank.rule_packs import Proposal
from creditbank.store import deposits, rows
from creditbank.store.deposits import StoredDeposit
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from tests.bank_world import ANNA, BORIS, World

SHIPPED = parse(builtin("kr-acbs")).version
"""The version of the Korean pack that the bank ships."""
STRICTER = "2026.8"


def stricter_pack(version: str = STRICTER) -> str:
    """The Korean pack with nine credits a semester instead of twenty-four."""
    text = builtin("kr-acbs")
    assert text.count("at_most = 24") == 1
    return text.replace(f'version = "{SHIPPED}"', f'version = "{version}"').replace("at_most = 24", "at_most = 9")


def same_pack(version: str = STRICTER) -> str:
    """The Korean pack under another version's number."""
    return builtin("kr-acbs").replace(f'version = "{SHIPPED}"', f'version = "{version}"')


def publish(world: World, text: str, *, retroactive: bool = True) -> rows.RulePack:
    """A pack proposed by one administrator and published by another, later than what is published already."""
    world.now += timedelta(seconds=1)
    row = world.rule_packs.propose(ANNA, Proposal(text, retroactive=retroactive))
    return world.rule_packs.approve(BORIS, row.pack_id, row.version, retroactive=retroactive)


def learner(world: World, school: Caller, courses: int) -> UUID:
    """A learner of her own with courses of three credits in one semester."""
    did = PrivateKey.generate("EdDSA").public_key.did_key()
    return [world.deposit(school, subject_id=did).book_id for _ in range(courses)][-1]


def decided(world: World, school: Caller, courses: int) -> rows.Recognition:
    """A learner's decision of record."""
    return Recognising(world.bank).recognise(learner(world, school, courses), world.request())


def standing(world: World, book: UUID) -> StoredDeposit:
    """The first deposit of a book."""
    return world.bank.run(lambda tx: deposits.in_books(tx, [book]))[0]

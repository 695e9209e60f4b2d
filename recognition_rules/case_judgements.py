"""The judgements of a case: answers of people, as if the bank had checked their signatures."""

from fractions import Fraction

from recognition_rules.judgement import Answer, Judgement
from recognition_rules.reading.pack_reader import Node, exact


def read_judgements(node: Node) -> tuple[Judgement, ...]:
    """`judgements = [{ question = "overlap", award = "a1", answer = "4/5", signer = "dean", signed_on = 2026-03-01 }]`.

    An answer is true or false, a word, or an exact number; a share may be written "80%". Raises `PackInvalid`.
    """
    return tuple(map(_judgement, node.children("judgements")))


def _judgement(node: Node) -> Judgement:
    signed_on = node.day("signed_on")
    if signed_on is None:
        raise node.fail("A judgement needs the day on which it was signed.", "signed_on")
    judgement = Judgement(
        question=node.text("question"),
        award=node.text_or_none("award"),
        answer=_answer(node),
        signer=node.text("signer"),
        signed_on=signed_on,
        valid_until=node.day("valid_until"),
        target=node.text_or_none("target"),
        evidence=node.text_or_none("evidence"),
    )
    node.done()
    return judgement


def _answer(node: Node) -> Answer:
    value = node.raw("answer")
    if isinstance(value, bool):
        return value
    percent = isinstance(value, str) and value.endswith("%")
    number = exact(value.removesuffix("%")) if isinstance(value, str) else exact(value)
    if number is not None:
        return number / Fraction(100) if percent else number
    if not isinstance(value, str):
        raise node.fail("'answer' is true, false, a word, or an exact number.", "answer")
    return value

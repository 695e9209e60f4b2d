"""A recognition of record decided once more from what is on record, so that it can be explained in words."""

from dataclasses import dataclass

from creditbank.bank import Bank
from creditbank.learners import Learners
from creditbank.store import rows
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.recognitions import awards_of
from recognition_rules.award import Award
from recognition_rules.pack import Pack
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition


@dataclass(frozen=True, slots=True)
class Replayed:
    """The recognition as a value, with the awards and the pack that it rests on."""

    recognition: Recognition
    awards: tuple[Award, ...]
    pack: Pack

    def same_as(self, row: rows.Recognition) -> bool:
        """Is it, by its digest, the decision that stands on record?"""
        return bool(self.recognition.id == row.result["id"])


def replay(bank: Bank, row: rows.Recognition, content: str) -> Replayed:
    """Decide again, under the pack's text `content`, over the learner's awards as they stand now."""
    request = RecognitionRequest.from_json(row.request)
    awards = tuple(awards_of(Learners(bank).record(row.book_id)))
    pack = bank.office.pack(str(row.result["pack"]["digest"]), content)
    recognition = recognise(
        awards,
        request.programme,
        pack,
        None,
        request.on,
        units=bank.office.units,
        levels=bank.office.levels,
        session=request.session,
        learner=request.learner or {},
    )
    return Replayed(recognition, awards, pack)

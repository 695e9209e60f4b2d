"""Grades of one institution as grades of another, for anybody."""

from dataclasses import replace

from fastapi import APIRouter

from api.door import StrictRoute
from api.schemas.grades import GradeConversionRequest, GradeConversionResult
from api.services import Desk
from creditbank.grades import grade_pack
from creditbank.pack_kinds import GRADES
from creditbank.table_packs import published
from recognition_rules.grading.conversion import GradeQuestion, convert_grade

router = APIRouter(route_class=StrictRoute, tags=["Recognitions"])


@router.post("/grade-conversions", operation_id="convertGrade", summary="What a grade is at another institution")
def convert(body: GradeConversionRequest, desk: Desk) -> GradeConversionResult:
    """By the grade distributions of both. No account is needed, nothing is kept; an unknown grade is undetermined."""
    on = body.on or desk.bank.office.clock().date()
    pack = grade_pack(body.pack, desk.bank.run(lambda tx: published(tx, GRADES, [body.pack], on)))
    asked = GradeQuestion(body.grade, body.source, body.target, body.field, body.cycle, on)
    policy = pack.policy if body.overlap is None else replace(pack.policy, overlap=body.overlap)
    told = convert_grade(pack, asked, policy).to_json()
    identity = {"id": pack.id, "version": pack.version, "digest": pack.digest}
    return GradeConversionResult.model_validate({**told, "pack": identity})

"""How two outcomes of one question differ: in numbers, and in sentences for the learner whose record it is."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from creditbank.replay_inputs import Outcome
from recognition_rules.amount_text import text_of_amount

Difference = dict[str, Any]
"""Pairs are [before, after]; `awards`, `requirements` and the other lists hold only what changed."""

NOTHING: Final[Outcome] = {
    "status": "absent", "unit": "", "counted": "0", "awards": [], "requirements": [], "entitlements": [],
    "obligations": [], "measures": [], "exits": [],
}  # fmt: skip
"""What stood before where nothing had been decided."""

_NO_AWARD: Final = ["", "absent", "0", []]
_NO_REQUIREMENT: Final = ["", "absent", "0"]
_NO_ENTITLEMENT: Final = ["", "absent"]
_NO_OBLIGATION: Final = ["", "absent", "0"]
_NO_MEASURE: Final = ["", None]


def difference(before: Outcome, after: Outcome) -> Difference:
    """What changed from one outcome to the other; amounts are exact text, in the programme's unit."""
    return {
        "status": [before["status"], after["status"]],
        "unit": after["unit"],
        "counted": _amounts(before["counted"], after["counted"]),
        "awards": [
            {"award": award, **_amounts(old[2], new[2]), "status": [old[1], new[1]], "reasons": [old[3], new[3]]}
            for award, old, new in _changed(before["awards"], after["awards"], _NO_AWARD)
        ],
        "requirements": [
            {"id": name, "satisfied": [old[1], new[1]], "shortfall": [old[2], new[2]]}
            for name, old, new in _changed(before["requirements"], after["requirements"], _NO_REQUIREMENT)
        ],
        "entitlements": [
            {"id": name, "status": [old[1], new[1]]}
            for name, old, new in _changed(before["entitlements"], after["entitlements"], _NO_ENTITLEMENT)
        ],
        "obligations": [
            {"id": name, "discharged": [old[1], new[1]], "amount": [old[2], new[2]]}
            for name, old, new in _told_of_both(before, after, "obligations", _NO_OBLIGATION)
        ],
        "measures": [
            {"id": name, "amount": [old[1], new[1]]}
            for name, old, new in _told_of_both(before, after, "measures", _NO_MEASURE)
        ],
        "exits": [
            {"id": name, "status": [old[1], new[1]]}
            for name, old, new in _told_of_both(before, after, "exits", _NO_ENTITLEMENT)
        ],
    }


def _told_of_both(
    before: Outcome, after: Outcome, part: str, absent: list[Any]
) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """What changed in a part that outcomes kept long ago do not tell of: of those nothing is said."""
    if part not in before or part not in after:
        return iter(())
    return _changed(before[part], after[part], absent)


def is_material(found: Difference) -> bool:
    """Whether anything changed that a learner could rest on: status, amounts, what is met, open, owed or summed.

    A difference that was kept long ago may lack the last three parts.
    """
    same_status = found["status"][0] == found["status"][1]
    amounts = any(award["change"] != "0" for award in found["awards"])
    return not same_status or amounts or any(found.get(part) for part in _PARTS)


_PARTS: Final = ("requirements", "entitlements", "obligations", "measures", "exits")


def _amounts(before: str, after: str) -> dict[str, str]:
    return {"before": before, "after": after, "change": text_of_amount(Fraction(after) - Fraction(before))}


def _changed(before: Any, after: Any, absent: list[Any]) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Rows by their first member, where they are not the same in both."""
    old, new = ({row[0]: row for row in rows} for rows in (before, after))
    for name in sorted({*old, *new}):
        one, other = old.get(name, absent), new.get(name, absent)
        if list(one[1:]) != list(other[1:]):
            yield name, one, other


_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "more": "{after} {unit} count now instead of {before}: {change} more.",
        "less": "{after} {unit} count now instead of {before}: {change} less.",
        "same": "As many credits count as before: {after} {unit}.",
        "status": "The outcome was “{old}” and is now “{new}”.",
        "award": "Award {award}: {after} {unit} count now instead of {before}.",
        "requirement": "Requirement {id}: {old} before, {new} now; missing {short_old} before, {short_new} now.",
        "entitlement": "Entitlement {id}: {old} before, {new} now.",
        "obligation": "Obligation {id}: {owed_old} {unit} ({old}) before, {owed_new} ({new}) now.",
        "measure": "Measure {id}: {old} before, {new} now.",
        "exit": "Exit award {id}: {old} before, {new} now.",
    },
    "zh": {
        "more": "现在计入 {after} {unit}（原为 {before}），增加 {change}。",
        "less": "现在计入 {after} {unit}（原为 {before}），减少 {change}。",
        "same": "计入的学分不变：{after} {unit}。",
        "status": "结果由“{old}”变为“{new}”。",
        "award": "成果 {award}：现在计入 {after} {unit}，原为 {before}。",
        "requirement": "要求 {id}：原为 {old}，现为 {new}；原缺 {short_old}，现缺 {short_new}。",
        "entitlement": "资格 {id}：原为 {old}，现为 {new}。",
        "obligation": "义务 {id}：原为 {owed_old} {unit}（{old}），现为 {owed_new}（{new}）。",
        "measure": "量度 {id}：原为 {old}，现为 {new}。",
        "exit": "中途资历 {id}：原为 {old}，现为 {new}。",
    },
    "ko": {
        "more": "이제 {after} {unit}이(가) 인정됩니다(이전 {before}): {change} 증가.",
        "less": "이제 {after} {unit}이(가) 인정됩니다(이전 {before}): {change} 감소.",
        "same": "인정되는 학점은 이전과 같습니다: {after} {unit}.",
        "status": "결과가 “{old}”에서 “{new}”(으)로 바뀌었습니다.",
        "award": "학습 결과 {award}: 이전 {before} 대신 {after} {unit}이(가) 인정됩니다.",
        "requirement": "요건 {id}: 이전 {old}, 현재 {new}; 부족분 이전 {short_old}, 현재 {short_new}.",
        "entitlement": "자격 {id}: 이전 {old}, 현재 {new}.",
        "obligation": "의무 {id}: 이전 {owed_old} {unit} ({old}), 현재 {owed_new} ({new}).",
        "measure": "측정값 {id}: 이전 {old}, 현재 {new}.",
        "exit": "중간 수여 {id}: 이전 {old}, 현재 {new}.",
    },
    "hi": {
        "more": "अब {before} के स्थान पर {after} {unit} गिने जाते हैं: {change} अधिक।",
        "less": "अब {before} के स्थान पर {after} {unit} गिने जाते हैं: {change} कम।",
        "same": "पहले जितने ही क्रेडिट गिने जाते हैं: {after} {unit}।",
        "status": "परिणाम “{old}” था, अब “{new}” है।",
        "award": "उपलब्धि {award}: अब {before} के स्थान पर {after} {unit} गिने जाते हैं।",
        "requirement": "शर्त {id}: पहले {old}, अब {new}; कमी पहले {short_old}, अब {short_new}।",
        "entitlement": "पात्रता {id}: पहले {old}, अब {new}।",
        "obligation": "दायित्व {id}: पहले {owed_old} {unit} ({old}), अब {owed_new} ({new})।",
        "measure": "माप {id}: पहले {old}, अब {new}।",
        "exit": "निर्गम उपाधि {id}: पहले {old}, अब {new}।",
    },
}
_STATUS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "granted": "granted", "short": "not yet complete", "undetermined": "not decided", "refused": "refused",
        "at_risk": "granted and now at risk", "yes": "met", "no": "not met", "open": "open", "not_open": "not open",
        "lost": "lost", "absent": "not there", "owed": "owed", "discharged": "discharged", "withdrawn": "withdrawn",
    },
    "zh": {
        "granted": "已授予", "short": "尚未达到", "undetermined": "未定", "refused": "拒绝", "at_risk": "已授予但存疑",
        "yes": "满足", "no": "未满足", "open": "开放", "not_open": "未开放", "lost": "失去", "absent": "无",
        "owed": "未履行", "discharged": "已履行", "withdrawn": "已撤回",
    },
    "ko": {
        "granted": "수여", "short": "미충족", "undetermined": "미결정", "refused": "거부", "at_risk": "수여 유지 위험",
        "yes": "충족", "no": "미충족", "open": "가능", "not_open": "불가", "lost": "상실", "absent": "없음",
        "owed": "미이행", "discharged": "이행", "withdrawn": "철회",
    },
    "hi": {
        "granted": "प्रदत्त", "short": "अपूर्ण", "undetermined": "अनिर्णीत", "refused": "अस्वीकृत",
        "at_risk": "प्रदत्त, अब जोखिम में", "yes": "पूरी", "no": "अपूर्ण", "open": "खुली", "not_open": "बंद",
        "lost": "समाप्त", "absent": "नहीं", "owed": "बकाया", "discharged": "पूर्ण", "withdrawn": "वापस लिया",
    },
}  # fmt: skip


def sentences(found: Difference, language: str = "en") -> list[str]:
    """The difference in words; a language without sentences falls back to English."""
    tongue = language.partition("-")[0]
    words, named = _WORDS.get(tongue, _WORDS["en"]), _STATUS.get(tongue, _STATUS["en"])
    return list(_told(found, words, named))


def _told(found: Difference, words: Mapping[str, str], named: Mapping[str, str]) -> Iterator[str]:
    counted, unit = found["counted"], found["unit"]
    change = Fraction(counted["change"])
    kind = "same" if change == 0 else "more" if change > 0 else "less"
    yield words[kind].format(unit=unit, **{**counted, "change": text_of_amount(abs(change))})
    if found["status"][0] != found["status"][1]:
        yield words["status"].format(**_pair(found["status"], named))
    for award in found["awards"]:
        if award["change"] != "0":
            yield words["award"].format(unit=unit, **award)
    for each in found["requirements"]:
        short = {"short_old": each["shortfall"][0], "short_new": each["shortfall"][1]}
        yield words["requirement"].format(id=each["id"], **short, **_pair(each["satisfied"], named))
    for each in found["entitlements"]:
        yield words["entitlement"].format(id=each["id"], **_pair(each["status"], named))
    yield from _told_of_the_rest(found, words, named)


def _told_of_the_rest(found: Difference, words: Mapping[str, str], named: Mapping[str, str]) -> Iterator[str]:
    for each in found.get("obligations", ()):
        owed = {"owed_old": each["amount"][0], "owed_new": each["amount"][1]}
        met = [_DISCHARGED.get(value, value) for value in each["discharged"]]
        yield words["obligation"].format(id=each["id"], unit=found["unit"], **owed, **_pair(met, named))
    for each in found.get("measures", ()):
        known = [named["undetermined"] if value is None else value for value in each["amount"]]
        yield words["measure"].format(id=each["id"], old=known[0], new=known[1])
    for each in found.get("exits", ()):
        yield words["exit"].format(id=each["id"], **_pair(each["status"], named))


_DISCHARGED: Final[Mapping[str, str]] = {"yes": "discharged", "no": "owed"}


def _pair(values: list[str], named: Mapping[str, str]) -> dict[str, str]:
    return {"old": named.get(values[0], values[0]), "new": named.get(values[1], values[1])}

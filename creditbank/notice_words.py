"""How two outcomes of one question differ, in sentences for the learner: English, Chinese, Korean, Hindi."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from recognition_rules.explain_names import Names
from recognition_rules.korean_particles import with_particles

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "more": "{after} count now instead of {before}: {change} more.",
        "less": "{after} count now instead of {before}: {change} less.",
        "same": "As many credits count as before: {after}.",
        "status": "The outcome was “{old}” and is now “{new}”.",
        "award": "“{award}”: {after} count now instead of {before}.",
        "requirement": "Requirement “{id}”: {old} before, {new} now; missing {short_old} before, {short_new} now.",
        "entitlement": "Entitlement “{id}”: {old} before, {new} now.",
        "obligation": "Obligation “{id}”: {owed_old} ({old}) before, {owed_new} ({new}) now.",
        "measure": "“{id}”: {old} before, {new} now.",
        "exit": "Exit award “{id}”: {old} before, {new} now.",
    },
    "zh": {
        "more": "现在计入{after}（原为 {before}），增加 {change}。",
        "less": "现在计入{after}（原为 {before}），减少 {change}。",
        "same": "计入的学分不变：{after}。",
        "status": "结果由“{old}”变为“{new}”。",
        "award": "“{award}”：现在计入{after}，原为 {before}。",
        "requirement": "要求“{id}”：原为{old}，现为{new}；原缺 {short_old}，现缺 {short_new}。",
        "entitlement": "资格“{id}”：原为{old}，现为{new}。",
        "obligation": "义务“{id}”：原为{owed_old}（{old}），现为{owed_new}（{new}）。",
        "measure": "“{id}”：原为 {old}，现为 {new}。",
        "exit": "中途资历“{id}”：原为{old}，现为{new}。",
    },
    "ko": {
        "more": "이제 {after}이(가) 인정됩니다(이전 {before}, {change} 증가).",
        "less": "이제 {after}이(가) 인정됩니다(이전 {before}, {change} 감소).",
        "same": "인정되는 학점은 이전과 같습니다: {after}.",
        "status": "결과가 ‘{old}’에서 ‘{new}’(으)로 바뀌었습니다.",
        "award": "‘{award}’: 이전 {before} 대신 이제 {after}이(가) 인정됩니다.",
        "requirement": "요건 ‘{id}’: 이전 {old}, 현재 {new}; 부족분 이전 {short_old}, 현재 {short_new}.",
        "entitlement": "자격 ‘{id}’: 이전 {old}, 현재 {new}.",
        "obligation": "의무 ‘{id}’: 이전 {owed_old}({old}), 현재 {owed_new}({new}).",
        "measure": "‘{id}’: 이전 {old}, 현재 {new}.",
        "exit": "중간 수여 ‘{id}’: 이전 {old}, 현재 {new}.",
    },
    "hi": {
        "more": "अब {before} के स्थान पर {after} गिने जाते हैं: {change} अधिक।",
        "less": "अब {before} के स्थान पर {after} गिने जाते हैं: {change} कम।",
        "same": "पहले जितने ही क्रेडिट गिने जाते हैं: {after}।",
        "status": "परिणाम “{old}” था, अब “{new}” है।",
        "award": "“{award}”: अब {before} के स्थान पर {after} गिने जाते हैं।",
        "requirement": "शर्त “{id}”: पहले {old}, अब {new}; कमी पहले {short_old}, अब {short_new}।",
        "entitlement": "पात्रता “{id}”: पहले {old}, अब {new}।",
        "obligation": "दायित्व “{id}”: पहले {owed_old} ({old}), अब {owed_new} ({new})।",
        "measure": "“{id}”: पहले {old}, अब {new}।",
        "exit": "निर्गम उपाधि “{id}”: पहले {old}, अब {new}।",
    },
}
_STATUS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "granted": "complete", "short": "not yet complete", "undetermined": "not decided", "refused": "refused",
        "at_risk": "complete before and now at risk", "yes": "met", "no": "not met", "open": "open",
        "not_open": "not open", "lost": "lost", "absent": "not there", "owed": "owed", "discharged": "done",
        "withdrawn": "withdrawn",
    },
    "zh": {
        "granted": "已满足条件", "short": "尚未完成", "undetermined": "未定", "refused": "不予认定",
        "at_risk": "以前满足，现有风险", "yes": "满足", "no": "未满足", "open": "开放", "not_open": "未开放",
        "lost": "失去", "absent": "无", "owed": "未完成", "discharged": "已完成", "withdrawn": "已撤回",
    },
    "ko": {
        "granted": "요건 충족", "short": "요건 부족", "undetermined": "미정", "refused": "불가",
        "at_risk": "취소 위험", "yes": "충족", "no": "미충족", "open": "가능", "not_open": "불가", "lost": "상실",
        "absent": "없음", "owed": "미이행", "discharged": "이행", "withdrawn": "철회",
    },
    "hi": {
        "granted": "पूर्ण", "short": "अपूर्ण", "undetermined": "अनिर्णीत", "refused": "अस्वीकृत",
        "at_risk": "पहले पूर्ण, अब जोखिम में", "yes": "पूरी", "no": "अपूर्ण", "open": "खुली", "not_open": "बंद",
        "lost": "समाप्त", "absent": "नहीं", "owed": "बकाया", "discharged": "पूर्ण", "withdrawn": "वापस लिया",
    },
}  # fmt: skip
_DISCHARGED: Final[Mapping[str, str]] = {"yes": "discharged", "no": "owed"}


@dataclass(frozen=True, slots=True)
class NoticeTeller:
    """Puts one difference into one language; ids and units are called what `names` calls them."""

    found: Mapping[str, Any]
    language: str
    names: Names

    def lines(self) -> Iterator[str]:
        """What counts now, then each award and requirement that changed."""
        found, counted = self.found, self.found["counted"]
        change = Fraction(counted["change"])
        kind = "same" if change == 0 else "more" if change > 0 else "less"
        shown = {"before": counted["before"], "after": self._credits(counted["after"])}
        yield self._say(kind, {**shown, "change": self.names.shown(abs(change))})
        if found["status"][0] != found["status"][1]:
            yield self._say("status", self._pair(found["status"]))
        for award in found["awards"]:
            if award["change"] != "0":
                shown = {"before": award["before"], "after": self._credits(award["after"])}
                yield self._say("award", {**shown, "award": self.names.award(award["award"])})
        yield from self._requirements()
        yield from self._rest()

    def _requirements(self) -> Iterator[str]:
        for each in self.found["requirements"]:
            short = {"short_old": each["shortfall"][0], "short_new": each["shortfall"][1]}
            yield self._say("requirement", {**self._rule(each), **short, **self._pair(each["satisfied"])})
        for each in self.found["entitlements"]:
            yield self._say("entitlement", {**self._rule(each), **self._pair(each["status"])})

    def _rest(self) -> Iterator[str]:
        """The parts that outcomes kept long ago may lack."""
        for each in self.found.get("obligations", ()):
            owed = {"owed_old": self._credits(each["amount"][0]), "owed_new": self._credits(each["amount"][1])}
            met = self._pair([_DISCHARGED.get(value, value) for value in each["discharged"]])
            yield self._say("obligation", {**self._rule(each), **owed, **met})
        for each in self.found.get("measures", ()):
            known = self._pair(["undetermined" if value is None else value for value in each["amount"]])
            yield self._say("measure", {**self._rule(each), **known})
        for each in self.found.get("exits", ()):
            yield self._say("exit", {**self._rule(each), **self._pair(each["status"])})

    def _say(self, key: str, facts: Mapping[str, str]) -> str:
        said = _of(_WORDS, self.language)[key].format_map(facts)
        return with_particles(said) if self.language.startswith("ko") else said

    def _credits(self, amount: str) -> str:
        return self.names.credits(Fraction(amount), self.found["unit"])

    def _rule(self, each: Mapping[str, Any]) -> dict[str, str]:
        return {"id": self.names.rule(each["id"])}

    def _pair(self, values: list[str]) -> dict[str, str]:
        named = _of(_STATUS, self.language)
        return {"old": named.get(values[0], values[0]), "new": named.get(values[1], values[1])}


def _of(texts: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    """The texts of a language tag; English where there are none."""
    return texts.get(language.partition("-")[0], texts["en"])

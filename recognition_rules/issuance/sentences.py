"""The reasons of an issuance rule as sentences for people, in English, Chinese, Korean and Hindi."""

from collections.abc import Mapping

from recognition_rules.language import pick
from recognition_rules.truth import Finding

_EN = {
    "TITLE_BLOCKED": "The title may not be used as it stands: {words}.",
    "CREDITS_BELOW": "At least {at_least} credits ({unit}) are asked, {have} are stated.",
    "CREDITS_ABOVE": "At most {at_most} credits ({unit}) are allowed, {have} are stated.",
    "LEVEL_OUTSIDE": "Levels {from} to {to} of {framework} are allowed, {have} is stated.",
    "LEVEL_STRADDLES": "The level may be {have} of {framework}; {from} to {to} are allowed.",
    "ELEMENT_MISSING": "Missing: {element} ({places}).",
    "ELEMENT_MALFORMED": "Not in its form: {element} ({places}).",
    "FACT_MISSING": "Not stated, so nothing can be said: {fact}.",
    "TERM_UNCONFIRMED": "Nobody has confirmed this rule yet (source {source}), so it is not applied.",
}
_ZH = {
    "TITLE_BLOCKED": "名称不能这样使用：{words}。",
    "CREDITS_BELOW": "至少需要 {at_least} 学分（{unit}），所述为 {have}。",
    "CREDITS_ABOVE": "最多允许 {at_most} 学分（{unit}），所述为 {have}。",
    "LEVEL_OUTSIDE": "允许 {framework} 第 {from} 至 {to} 级，所述为 {have}。",
    "LEVEL_STRADDLES": "级别可能是 {framework} {have}；允许 {from} 至 {to} 级。",
    "ELEMENT_MISSING": "缺少：{element}（{places}）。",
    "ELEMENT_MALFORMED": "格式不符：{element}（{places}）。",
    "FACT_MISSING": "未说明，因此无法判断：{fact}。",
    "TERM_UNCONFIRMED": "此规则尚未得到确认（来源 {source}），因此不适用。",
}
_KO = {
    "TITLE_BLOCKED": "이 명칭은 그대로 쓸 수 없습니다: {words}.",
    "CREDITS_BELOW": "{at_least}학점({unit}) 이상이어야 하나 {have}학점으로 기재되었습니다.",
    "CREDITS_ABOVE": "{at_most}학점({unit}) 이하여야 하나 {have}학점으로 기재되었습니다.",
    "LEVEL_OUTSIDE": "{framework} {from}~{to}수준이어야 하나 {have}수준으로 기재되었습니다.",
    "LEVEL_STRADDLES": "수준이 {framework} {have}일 수 있으며 {from}~{to}수준이어야 합니다.",
    "ELEMENT_MISSING": "누락: {element} ({places}).",
    "ELEMENT_MALFORMED": "형식이 맞지 않음: {element} ({places}).",
    "FACT_MISSING": "기재되지 않아 판단할 수 없습니다: {fact}.",
    "TERM_UNCONFIRMED": "아직 확인되지 않은 규칙이므로(출처 {source}) 적용하지 않습니다.",
}
_HI = {
    "TITLE_BLOCKED": "शीर्षक इस रूप में नहीं चल सकता: {words}।",
    "CREDITS_BELOW": "कम से कम {at_least} क्रेडिट ({unit}) चाहिए, {have} बताए गए हैं।",
    "CREDITS_ABOVE": "अधिक से अधिक {at_most} क्रेडिट ({unit}) हो सकते हैं, {have} बताए गए हैं।",
    "LEVEL_OUTSIDE": "{framework} के स्तर {from} से {to} हो सकते हैं, {have} बताया गया है।",
    "LEVEL_STRADDLES": "स्तर {framework} {have} हो सकता है; {from} से {to} हो सकते हैं।",
    "ELEMENT_MISSING": "अनुपस्थित: {element} ({places})।",
    "ELEMENT_MALFORMED": "सही रूप में नहीं: {element} ({places})।",
    "FACT_MISSING": "बताया नहीं गया, इसलिए कुछ कहा नहीं जा सकता: {fact}।",
    "TERM_UNCONFIRMED": "इस नियम की पुष्टि नहीं हुई है (स्रोत {source}), इसलिए यह लागू नहीं है।",
}
SENTENCES: Mapping[str, Mapping[str, str]] = {"en": _EN, "zh": _ZH, "ko": _KO, "hi": _HI}
"""By language and reason code; the codes are all that a validation can give."""


def sentence(reason: Finding, language: str = "en") -> str:
    """The reason in a language, English where there is no other; facts are shown as the engine has them."""
    texts = {tag: words[reason.code] for tag, words in SENTENCES.items()}
    facts = {key: ", ".join(map(str, fact)) if isinstance(fact, list) else fact for key, fact in reason.facts.items()}
    return pick(texts, language, texts["en"]).format(**facts)

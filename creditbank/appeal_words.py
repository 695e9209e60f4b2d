"""How an appeal stands, in sentences for the learner: English, Chinese, Korean, Hindi."""

from collections.abc import Mapping
from typing import Final

from creditbank.transactions.appeals import Case
from recognition_rules.explain_names import Names
from recognition_rules.explain_words import primary

ENGLISH: Final = "en"
STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "opened": "Your objection has arrived. It is to be decided by {due}.",
        "assigned": "Somebody who had no part in the decision is looking at your objection. It is due by {due}.",
        "proposed": "A first reviewer has given a view; a second one is looking at it. It is due by {due}.",
        "disagreed": "The two reviewers do not agree: others will look at your objection. It is due by {due}.",
        "upheld": "You were right: a new decision stands in the place of the old one.",
        "rejected": "Two people who had no part in the decision looked at your objection; the decision stands.",
        "withdrawn": "The objection was withdrawn.",
    },
    "zh-Hans": {
        "opened": "您的申诉已收到，将于 {due} 前作出决定。",
        "assigned": "一位未参与原决定的人员正在审查您的申诉，期限为 {due}。",
        "proposed": "第一位审查人已提出意见，第二位正在复核，期限为 {due}。",
        "disagreed": "两位审查人意见不一致，将由他人重新审查，期限为 {due}。",
        "upheld": "您的申诉成立：新的决定已取代原决定。",
        "rejected": "两位未参与原决定的人员审查了您的申诉；原决定维持不变。",
        "withdrawn": "申诉已撤回。",
    },
    "ko": {
        "opened": "이의 신청이 접수되었습니다. {due}까지 결정됩니다.",
        "assigned": "원결정에 관여하지 않은 사람이 이의 신청을 심사하고 있습니다. 기한은 {due}입니다.",
        "proposed": "첫 번째 심사자가 의견을 냈고, 두 번째 심사자가 검토하고 있습니다. 기한은 {due}입니다.",
        "disagreed": "두 심사자의 의견이 달라 다른 사람이 다시 심사합니다. 기한은 {due}입니다.",
        "upheld": "이의 신청이 받아들여져 새 결정이 원결정을 대신합니다.",
        "rejected": "원결정에 관여하지 않은 두 사람이 심사하였으며, 원결정이 유지됩니다.",
        "withdrawn": "이의 신청이 취하되었습니다.",
    },
    "hi": {
        "opened": "आपकी आपत्ति मिल गई है। इस पर {due} तक निर्णय होगा।",
        "assigned": "मूल निर्णय में शामिल न रहा कोई व्यक्ति आपकी आपत्ति देख रहा है। अंतिम तिथि {due} है।",
        "proposed": "पहले समीक्षक ने राय दी है; दूसरा उसे देख रहा है। अंतिम तिथि {due} है।",
        "disagreed": "दोनों समीक्षक सहमत नहीं हैं: दूसरे लोग आपत्ति देखेंगे। अंतिम तिथि {due} है।",
        "upheld": "आपकी आपत्ति सही थी: पुराने निर्णय की जगह नया निर्णय लागू है।",
        "rejected": "निर्णय में शामिल न रहे दो लोगों ने आपकी आपत्ति देखी; निर्णय बना रहता है।",
        "withdrawn": "आपत्ति वापस ले ली गई।",
    },
}
"""A sentence for each state, by language."""


def sentence(found: Case, language: str = ENGLISH) -> str:
    """How the appeal stands; a language without sentences falls back to English."""
    kin = (tag for tag in STATES if primary(tag) == primary(language))
    due = Names(language, None, "", {}).day(found.appeal.due_on.isoformat())
    return STATES[next(kin, ENGLISH)][found.state].format(due=due)

"""How a deposit stands on the record, in a sentence for the learner: English, Chinese, Korean, Hindi."""

from collections.abc import Mapping
from typing import Final

from credentials.report_sentences import choose_language, sentences

_STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "credited": "It is on your record with its credits.",
        "held": "It is on your record, without credits for now. {why} {next}",
        "reversed": "Its credits were taken back: {why}",
        "suspended": "The institution has suspended it; its credits do not count meanwhile.",
        "revoked": "The institution has withdrawn it; its credits no longer count.",
        "superseded": "A newer version of it has taken its place.",
        "moved": "It stands in your other book, into which this one was merged.",
    },
    "zh-Hans": {
        "credited": "已记入您的记录，并计学分。",
        "held": "已记入您的记录，但暂不计学分。{why}{next}",
        "reversed": "其学分已被收回：{why}",
        "suspended": "颁发机构已将其暂停，期间不计学分。",
        "revoked": "颁发机构已将其撤销，学分不再有效。",
        "superseded": "已由较新的版本取代。",
        "moved": "此账簿已并入您的另一账簿，记录在那里。",
    },
    "ko": {
        "credited": "기록에 올라 있으며 학점이 인정됩니다.",
        "held": "기록에 올라 있으나 아직 학점은 인정되지 않습니다. {why} {next}",
        "reversed": "학점이 취소되었습니다: {why}",
        "suspended": "발급 기관이 효력을 정지하여 그동안 학점이 인정되지 않습니다.",
        "revoked": "발급 기관이 철회하여 학점이 더 이상 인정되지 않습니다.",
        "superseded": "새로운 판으로 대체되었습니다.",
        "moved": "이 장부는 다른 장부와 합쳐졌으며, 기록은 그 장부에 있습니다.",
    },
    "hi": {
        "credited": "यह आपके अभिलेख में अपने क्रेडिट के साथ दर्ज है।",
        "held": "यह आपके अभिलेख में दर्ज है, पर अभी बिना क्रेडिट के। {why} {next}",
        "reversed": "इसके क्रेडिट वापस लिए गए: {why}",
        "suspended": "संस्था ने इसे रोक रखा है; तब तक इसके क्रेडिट नहीं गिने जाते।",
        "revoked": "संस्था ने इसे रद्द कर दिया है; इसके क्रेडिट अब नहीं गिने जाते।",
        "superseded": "इसका नया संस्करण इसकी जगह ले चुका है।",
        "moved": "यह बही आपकी दूसरी बही में मिला दी गई है; अभिलेख वहाँ है।",
    },
}
_REASONS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "issuer_not_accredited": (
        "The institution is not accredited for this.",
        "该机构没有颁发此项的认可资格。",
        "발급 기관이 이 과정에 대해 인가를 받지 않았습니다.",
        "संस्था को इसके लिए मान्यता प्राप्त नहीं है।",
    ),
    "issuer_unknown": (
        "The institution is not registered with this bank.",
        "该机构未在本银行登记。",
        "발급 기관이 이 은행에 등록되어 있지 않습니다.",
        "संस्था इस बैंक में पंजीकृत नहीं है।",
    ),
    "credits_not_disclosed": (
        "It does not show how many credits were earned.",
        "其中没有显示获得了多少学分。",
        "취득한 학점 수가 나타나 있지 않습니다.",
        "इसमें यह नहीं दिखता कि कितने क्रेडिट मिले।",
    ),
    "results_not_disclosed": (
        "It does not show everything that it lists.",
        "其中列出的内容没有全部显示。",
        "적혀 있는 내용 가운데 일부가 나타나 있지 않습니다.",
        "इसमें जो सूचीबद्ध है वह सब नहीं दिखता।",
    ),
    "not_disclosed": (
        "Something that is needed is not shown.",
        "没有显示所需的内容。",
        "필요한 내용이 나타나 있지 않습니다.",
        "जो आवश्यक है वह नहीं दिखाया गया।",
    ),
    "credit_unit_unknown": (
        "It does not say in which unit its credits are counted.",
        "其中没有说明学分的单位。",
        "학점의 단위가 적혀 있지 않습니다.",
        "इसमें क्रेडिट की इकाई नहीं बताई गई।",
    ),
    "award_unreadable": (
        "What it says of level, hours or results cannot be read.",
        "其中关于级别、学时或成绩的内容无法读取。",
        "수준, 시간 또는 성적에 관한 내용을 읽을 수 없습니다.",
        "स्तर, घंटे या परिणाम के बारे में जो लिखा है वह पढ़ा नहीं जा सकता।",
    ),
    "not_yet_earned": (
        "The credits are earned only on a day to come.",
        "学分要到将来的日期才取得。",
        "학점을 취득하는 날이 아직 오지 않았습니다.",
        "क्रेडिट आने वाले दिन को ही मिलेंगे।",
    ),
    "subject_ambiguous": (
        "It is not clear in which of several books it belongs.",
        "不清楚它属于哪一个账簿。",
        "어느 장부에 속하는지 분명하지 않습니다.",
        "यह स्पष्ट नहीं कि यह किस बही का है।",
    ),
}
_NEXT: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "shown": (
        "Deposit it again with all of it shown.",
        "请重新提交，并显示全部内容。",
        "모든 내용을 표시하여 다시 제출하십시오.",
        "पूरी जानकारी दिखाते हुए इसे फिर जमा करें।",
    ),
    "corrected": (
        "Ask the institution for a corrected one.",
        "请向颁发机构索取更正后的版本。",
        "발급 기관에 정정된 것을 요청하십시오.",
        "संस्था से सुधारा हुआ प्रमाणपत्र माँगें।",
    ),
    "bank": (
        "Ask the bank to join the books.",
        "请联系银行合并账簿。",
        "은행에 장부 통합을 요청하십시오.",
        "बैंक से बहियाँ मिलाने को कहें।",
    ),
    "wait": (
        "You need do nothing: the bank looks at it again when this changes.",
        "您无需做任何事：情况改变后，银行会重新审查。",
        "따로 하실 일은 없습니다. 사정이 바뀌면 은행이 다시 검토합니다.",
        "आपको कुछ नहीं करना है: स्थिति बदलने पर बैंक इसे फिर देखेगा।",
    ),
    "again": (
        "When this has changed, ask for it to be looked at again.",
        "情况改变后，可以请求重新审查。",
        "사정이 바뀌면 다시 검토해 달라고 요청하십시오.",
        "स्थिति बदलने पर इसे फिर से देखने का अनुरोध करें।",
    ),
}
_WHAT_NEXT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("credits_not_disclosed", "results_not_disclosed", "not_disclosed"), "shown"),
    **dict.fromkeys(("credit_unit_unknown", "award_unreadable"), "corrected"),
    **dict.fromkeys(("issuer_not_accredited", "issuer_unknown"), "wait"),
    "subject_ambiguous": "bank",
}
_PLACE: Final = ("en", "zh-Hans", "ko", "hi")


def standing(state: str, reason: str, language: str = "en") -> str:
    """How a deposit stands and why; for what is held also what to do. Other languages are answered in English."""
    tag = choose_language([language])
    said = _STATES[tag].get(state, "")
    place = _PLACE.index(tag)
    known = _REASONS.get(reason)
    why = known[place] if known else sentences(tag).of_code(reason)
    return said.format(why=why, next=_NEXT[_WHAT_NEXT.get(reason, "again")][place])

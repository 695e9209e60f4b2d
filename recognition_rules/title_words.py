"""The curated words of the Korean title normaliser: data that a registrar reviews, by version.

Source: R08, criteria for duplicate and substitute subjects of the Academic Credit Bank System [S6]. Words that
merely look like a word with a particle are ours; each guards a trap that a test names.
"""

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VERSION: Final = "kr-titles-2026.1"
"""Changes with every change of these words or of the steps in `titles.py`; a recognition records it."""

LISTING_WORDS: Final = frozenset({"및", "와", "과", "and", "&"})
"""Words that only list: 상담 및 치료 = 상담·치료."""

GENITIVE_NOUNS: Final = frozenset(
    _words(
        "강의 거의 결의 경의 고의 논의 동의 명의 모의 문의 본의 사의 상의 선의 성의 수의 신의 심의 악의 열의 예의 "
        "유의 의의 이의 임의 전의 정의 제의 주의 질의 창의 토의 편의 하의 한의 합의 협의 호의 회의 "
        "국제회의 화상회의 사회정의"
    )
)
"""Nouns that end in 의 and carry no genitive particle, as whole words."""

ISMS: Final = _words(
    "개인주의 고전주의 공동체주의 공리주의 공산주의 구성주의 구조주의 군국주의 급진주의 기능주의 낭만주의 다문화주의 "
    "다원주의 마르크스주의 무정부주의 민족주의 민주주의 보수주의 사실주의 사회주의 상징주의 "
    "실용주의 실존주의 실증주의 여성주의 인문주의 인상주의 인종주의 입체주의 자본주의 자연주의 자유주의 전체주의 "
    "제국주의 초현실주의 표현주의 합리주의 행동주의 현실주의 환경주의"
)
"""Isms: words that end in one of these keep their 의, also behind a prefix (신자유주의)."""

UNSPACED_GENITIVES: Final = {
    f"{noun}의이해": f"{noun}이해"
    for noun in _words(
        "인터넷 컴퓨터 경영 경제 행정 교육 심리 심리학 사회복지 사회 현대사회 인간관계 가족 문학 문화 대중문화 "
        "예술 음악 미술 영화 연극 무용 사진 디자인 종교 철학 역사 한국사 세계사 과학 생명과학 환경 법 정치 언론"
    )
}
"""Whole titles written without spaces in which 의 is the particle; without a list, 강의이해 would lose its letter."""

LISTING_NOUNS: Final = frozenset(
    _words("학과 결과 성과 경과 통과 안과 산과 문과 인과 백과 한과 전과 간과 열과 기와 병과 분과 약과 일과")
)
"""Nouns that end like the particles 과 and 와, as whole words."""

ABBREVIATIONS: Final = {"클라이언트서버": "cs", "프리스트레스트": "ps"}
"""Long forms that stand for their abbreviation wherever they occur: C/S 프로그래밍, PS 콘크리트."""

FAMILY_ENDINGS: Final = {
    **dict.fromkeys(("이해", "개론", "입문", "총론", "원론"), "개론"),
    **dict.fromkeys(("실험", "실습"), "실습"),
    **dict.fromkeys(("연구", "탐구"), "연구"),
}
"""Endings of one meaning: ~이해 ≒ ~개론 ≒ ~입문 ≒ ~총론 ≒ ~원론; ~실험 ≒ ~실습; ~연구 ≒ ~탐구."""

FAMILY_BEGINNINGS: Final = {
    **dict.fromkeys(("컴퓨터", "pc"), "컴퓨터"),
    **dict.fromkeys(("스포츠", "운동", "체육"), "체육"),
    **dict.fromkeys(("글로벌", "국제", "세계"), "국제"),
}
"""Beginnings of one meaning: 컴퓨터~ ≒ PC~; 스포츠~ ≒ 운동~ ≒ 체육~; 글로벌~ ≒ 국제~ ≒ 세계~."""

FAMILY_TITLES: Final = {"전자상거래": "전자상거래", "ebusiness": "전자상거래"}
"""Whole titles of one meaning: 전자상거래 ≒ E-BUSINESS."""

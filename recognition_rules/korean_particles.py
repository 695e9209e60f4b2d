"""Korean particles that depend on how the word before them ends: 이(가), 을(를), 은(는), 와(과), (으)로, (이)어야.

A sentence is written with both forms; here the right one is kept. After a word whose sound is not known, such as a
Latin name, both stay.
"""

import re
from typing import Final

_FORMS: Final = {
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "은(는)": ("은", "는"),
    "와(과)": ("과", "와"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)어야": ("이어야", "여야"),
}
"""Each pair of forms: after a final consonant, and after a vowel."""

_PAIR = re.compile("(?P<before>.)(?P<close>[’”)」]*)(?P<pair>" + "|".join(map(re.escape, _FORMS)) + ")")
_FINAL_OF_DIGIT: Final = dict(zip("0123456789", "ㅇㄹ ㅁ  ㄱㄹㄹ ", strict=True))
_SYLLABLES: Final = range(0xAC00, 0xD7A4)
_FINALS: Final = 28
_RIEUL: Final = 8


def with_particles(sentence: str) -> str:
    """The sentence with one form of each particle, where the word before it tells which."""
    return _PAIR.sub(_chosen, sentence)


def _chosen(found: re.Match[str]) -> str:
    final = _final(found["before"])
    pair = found["pair"]
    if final is None:
        return found[0]
    after_consonant, after_vowel = _FORMS[pair]
    light = final == "" or (pair == "(으)로" and final == "ㄹ")
    return found["before"] + found["close"] + (after_vowel if light else after_consonant)


def _final(sign: str) -> str | None:
    """The final consonant of a syllable or digit: ㄹ, another one, or none; None where the sound is not known."""
    if sign in _FINAL_OF_DIGIT:
        return _FINAL_OF_DIGIT[sign].strip()
    if ord(sign) not in _SYLLABLES:
        return None
    number = (ord(sign) - _SYLLABLES.start) % _FINALS
    return "ㄹ" if number == _RIEUL else "ㅇ" if number else ""

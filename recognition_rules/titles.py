"""Titles of Korean subjects as keys: which two are the same subject, which two may stand for each other (R08).

`title_core` is the key of duplicates (한국 근·현대사 = 한국근현대사; 전공실기 = 전공실기1 = 전공실기 Ⅰ), of which one
counts. `title_family` is the coarser key of substitutes (경영학개론 ≒ 경영학원론), which all count. The family is
computed from the core, so equal cores always have equal families.

Steps of `title_core`: number signs (Ⅱ, ②, ２) to digits; Unicode NFKC and case; the last number, if it is an ordinal,
set aside, and forgotten if it is the first; listing words and particles; punctuation and spaces; abbreviations.
"""

import re
import unicodedata
from functools import lru_cache

from recognition_rules.title_words import (
    ABBREVIATIONS,
    FAMILY_BEGINNINGS,
    FAMILY_ENDINGS,
    FAMILY_TITLES,
    GENITIVE_NOUNS,
    ISMS,
    LISTING_NOUNS,
    LISTING_WORDS,
    UNSPACED_GENITIVES,
    VERSION,
)

__all__ = ["VERSION", "title_core", "title_family"]

_ORDINAL_MARK = "~"
_ARAEA_DOTS = str.maketrans(dict.fromkeys("ㆍᆞ", "·"))
_ROMAN_SIGNS = re.compile("([\u2160-\u217f]+)")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ROMAN = r"(?:x{0,3})(?:ix|iv|v?i{0,3})"
_LAST_DIGITS = re.compile(r"(?P<stem>.*[^0-9])(?P<number>[0-9]{1,4})", re.DOTALL)
_LAST_ROMAN = re.compile(rf"(?P<stem>.*[^a-z0-9])(?P<number>(?=[ivx]){_ROMAN})", re.DOTALL)
_CODE_BEFORE_NUMBER = re.compile(r"(?:.*[^a-z])?[a-z]", re.DOTALL)
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\W_]+(?=[0-9])")
_FINAL_CONSONANTS = 28


@lru_cache(maxsize=65_536)
def title_core(title: str) -> str:
    """The duplicate key of a title: equal keys mean the same subject; a title of signs only stays itself."""
    text = _folded(title)
    stem, ordinal = _split_ordinal(text)
    compact = _compact(_without_particles(stem))
    key = _abbreviated(UNSPACED_GENITIVES.get(compact, compact))
    if not key:
        return " ".join(text.split())
    return key if ordinal in (None, 1) else f"{key}{_ORDINAL_MARK}{ordinal}"


@lru_cache(maxsize=65_536)
def title_family(title: str) -> str:
    """The substitute key of a title: equal keys mean subjects that stand for each other; ordinals still divide."""
    stem, mark, ordinal = title_core(title).partition(_ORDINAL_MARK)
    stem = FAMILY_TITLES.get(stem, stem)
    return f"{_family_ending(_family_beginning(stem))}{mark}{ordinal}"


def _folded(title: str) -> str:
    """Number signs to digits first: NFKC alone would make Ⅱ two letters I, of which one could be taken for first."""
    numbered = "".join(_roman_sign(part) for part in _ROMAN_SIGNS.split(title))
    folded = unicodedata.normalize("NFKC", numbered.translate(_ARAEA_DOTS)).casefold()
    return unicodedata.normalize("NFKC", folded.translate(_ARAEA_DOTS)).strip()


def _roman_sign(part: str) -> str:
    """A run of Roman number signs as a number between spaces; any other text unchanged."""
    if not _ROMAN_SIGNS.fullmatch(part):
        return part
    number = _roman_value(unicodedata.normalize("NFKC", part).casefold())
    return part if number is None else f" {number} "


def _roman_value(letters: str) -> int | None:
    if not all(letter in _ROMAN_VALUES for letter in letters):
        return None
    values = [_ROMAN_VALUES[letter] for letter in letters]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def _split_ordinal(text: str) -> tuple[str, int | None]:
    """The title without its last number, and that number where it is an ordinal; else the title and None."""
    bare = _stripped_end(text)
    found = _LAST_DIGITS.fullmatch(bare)
    if found and not _is_code(found["stem"]):
        return found["stem"], int(found["number"])
    found = _LAST_ROMAN.fullmatch(bare)
    if found and _stripped_end(found["stem"]):
        return found["stem"], _roman_value(found["number"])
    return text, None


def _is_code(stem: str) -> bool:
    """Is what stands before a number no name of its own: 2.0, 3·1, a code such as A1 or V5, or nothing at all?"""
    name = _stripped_end(stem)
    return not name or name[-1].isdigit() or bool(_CODE_BEFORE_NUMBER.fullmatch(name))


def _stripped_end(text: str) -> str:
    """The text without spaces and punctuation at its end; C++ and C# keep theirs."""
    end = len(text)
    while end and not _is_kept(text[end - 1]):
        end -= 1
    return text[:end]


def _is_kept(character: str) -> bool:
    """Letters, digits and the marks that belong to them, and the signs that tell C, C++ and C# apart."""
    return unicodedata.category(character)[0] in "LNM" or character in "+#"


def _without_particles(text: str) -> str:
    words = text.replace("및", " 및 ").split()
    kept = [_without_particle(word, is_last=number == len(words)) for number, word in enumerate(words, 1)]
    return " ".join(kept)


def _without_particle(word: str, *, is_last: bool) -> str:
    """A spaced word without its particle 의, 와 or 과; a title's last word has none."""
    bare = _stripped_end(word)
    if word in LISTING_WORDS:
        return ""
    if is_last or not bare:
        return word
    if bare.endswith("의") and bare not in GENITIVE_NOUNS and not bare.endswith(ISMS):
        return bare[:-1]
    return bare[:-1] if _is_listing(bare) else word


def _is_listing(word: str) -> bool:
    """Does the word end in 와 after a vowel, or in 과 after a final consonant, and is it no noun of that form?"""
    if len(word) < 2 or word in LISTING_NOUNS or not "가" <= word[-2] <= "힣":
        return False
    closed = (ord(word[-2]) - ord("가")) % _FINAL_CONSONANTS != 0
    return word[-1] == ("과" if closed else "와")


def _compact(text: str) -> str:
    """Letters and digits only; between two digits one point stays, so that 1 1 is not 11 and 3·1 not 31."""
    return ".".join("".join(filter(_is_kept, part)) for part in _BETWEEN_DIGITS.split(text))


def _abbreviated(key: str) -> str:
    for long_form, short_form in ABBREVIATIONS.items():
        key = key.replace(long_form, short_form)
    return key


def _family_ending(stem: str) -> str:
    for ending, common in FAMILY_ENDINGS.items():
        if stem.endswith(ending) and stem != ending:
            return stem.removesuffix(ending) + common
    return stem


def _family_beginning(stem: str) -> str:
    for beginning, common in FAMILY_BEGINNINGS.items():
        rest = stem.removeprefix(beginning)
        # A Latin beginning ends where its word does: PC is not the beginning of PCR.
        if rest not in (stem, "") and not (beginning.isascii() and rest[0].isascii()):
            return common + rest
    return stem

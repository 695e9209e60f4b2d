"""Words in titles, matched as words: in any case, any script, and never inside another word.

Letters with their marks make a word, digits another; all else divides, hyphens and apostrophes too (*micro-degree* has
the word *degree*, *nationality* has not *national*). Scripts that write no spaces (Han, Kana, Thai …) have no words to
compare, so there a term is found wherever its signs stand. No endings are guessed: *diplomas* is a word of its own.
"""

import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


@lru_cache(maxsize=16_384)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, compatible forms and cases made one; a run of a script without spaces is one word."""
    found, before = [""], ""
    for character in _folded(text):
        kind = _kind(character)
        if kind not in ("mark", before):
            found.append("")
        if kind:
            found[-1] += character
        before = before if kind == "mark" else kind
    return tuple(word for word in found if word)


def words_in(text: str, terms: Sequence[str], until: Collection[str] = ()) -> tuple[str, ...]:
    """The terms that stand in the text, as they were given. A term of several words stands there in their order.

    `until` names words that end the part looked at: with `in`, only *Diploma* is looked at in *Diploma in Professional
    Cookery*.
    """
    words = words_of(text)
    ends = {word for each in until for word in words_of(each)}
    head = words[: next((place for place, word in enumerate(words) if word in ends), len(words))]
    return tuple(term for term in terms if _stands(words_of(term), head))


def _stands(term: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if len(term) == 1 and _kind(term[0][0]) == "unspaced":
        return any(term[0] in word for word in words)
    return bool(term) and any(words[at : at + len(term)] == term for at in range(len(words)))


def _folded(text: str) -> str:
    """NFKC and casefold; signs that are not seen, such as soft hyphens and joiners, are dropped."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in folded if unicodedata.category(character) != "Cf")


@lru_cache(maxsize=16_384)
def _kind(character: str) -> str:
    """What a sign belongs to: `letter`, `digit`, `unspaced`, `mark` (the sign before it), or nothing."""
    category = unicodedata.category(character)[0]
    if category == "L":
        return "unspaced" if unicodedata.name(character, "").startswith(_UNSPACED) else "letter"
    return {"M": "mark", "N": "digit"}.get(category, "")

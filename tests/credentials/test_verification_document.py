"""docs/verification.md says what the program says: every check and every code, with its English sentence."""

from pathlib import Path

from credentials.report_sentences import LANGUAGES, sentences
from credentials.verify import NAMES

PAGE = (Path(__file__).parents[2] / "docs/verification.md").read_text(encoding="utf-8")
ENGLISH = sentences("en")


def checks_table() -> list[str]:
    """One line a check: those of every credential in the order in which they are made, then the others."""
    ordered = ["form", *NAMES, *(name for name in ENGLISH.checks if name not in ("form", *NAMES))]
    return [f"| `{name}` | {ENGLISH.checks[name].passed} |" for name in ordered]


def codes_table() -> list[str]:
    return [f"| `{code}` | {text} |" for code, text in sorted(ENGLISH.codes.items())]


def test_every_check_stands_in_the_document_in_order() -> None:
    expected = "\n".join(checks_table())
    assert expected in PAGE, f"write into docs/verification.md:\n{expected}"


def test_every_code_stands_in_the_document() -> None:
    expected = "\n".join(codes_table())
    assert expected in PAGE, f"write into docs/verification.md:\n{expected}"


def test_every_verdict_and_language_is_named() -> None:
    for verdict in ("valid", "invalid", "indeterminate"):
        assert ENGLISH.headlines[verdict].format(reason="…") in PAGE
    assert [
        language for language in LANGUAGES if language not in ("en", "ko", "hi") and f"`{language}`" not in PAGE
    ] == []

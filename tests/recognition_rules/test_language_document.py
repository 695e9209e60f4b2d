"""The page about the language names every construct and every reason code, and points at files and pages that exist."""

import re
from pathlib import Path

from recognition_rules.explain_words import words

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/rules/README.md"
TEXT = PAGE.read_text("utf-8")
ROWS = [line for line in TEXT.splitlines() if re.fullmatch(r"\| K\d+ \|.*", line)]
CODES = {key: sentence for key, sentence in words("en").items() if key.replace("_", "").isupper()}


def test_every_construct_has_its_row() -> None:
    assert [row.split("|")[1].strip() for row in ROWS] == [f"K{number}" for number in range(1, 36)]


def test_every_file_named_is_there() -> None:
    for row in ROWS:
        named = re.findall(r"`([^`]+)`", row.split("|")[4])
        assert named
        assert all((ROOT / "recognition_rules" / name).is_file() for name in named), row


def test_every_page_and_heading_named_is_there() -> None:
    for target, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", TEXT):
        page = (PAGE.parent / target).resolve() if target else PAGE
        assert page.is_file(), target
        assert not anchor or anchor in _anchors(page), f"{target}#{anchor}"


def test_every_reason_code_is_listed_with_its_sentence() -> None:
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", TEXT, re.MULTILINE))
    assert listed == CODES


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}

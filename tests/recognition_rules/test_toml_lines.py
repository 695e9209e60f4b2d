"""The line of every key is found, whatever way of writing TOML was used."""

from recognition_rules.reading.toml_lines import lines

TEXT = '''# a comment with [brackets] and "quotes"
[pack]
id = "x" # not = here
title = { en = "a, b = { c", ko = 'd"]' }

[[limit]]
at_most = 24
[[limit]]
rows = [
  { a = 1 }, # first
  { a = 2, b = [3,
     4] },
]
long = """
[[limit]]
at_most = 1
"""
[[limit.inner]]
"quoted key" = 1
dotted.key = "\\\\"
[[limit.inner]]
last = 2020-01-01'''


def test_every_key_and_element_is_found_on_its_line() -> None:
    found = lines(TEXT)
    assert found["pack",] == 2
    assert found["pack", "id"] == 3
    assert found["pack", "title", "ko"] == 4
    assert found["limit", 0, "at_most"] == 7
    assert found["limit", 1] == 8
    assert found["limit", 1, "rows", 0, "a"] == 10
    assert found["limit", 1, "rows", 1, "b", 1] == 12
    assert found["limit", 1, "inner", 0, "quoted key"] == 19
    assert found["limit", 1, "inner", 0, "dotted", "key"] == 20
    assert found["limit", 1, "inner", 1, "last"] == 22
    assert ("limit", 1, "at_most") not in found

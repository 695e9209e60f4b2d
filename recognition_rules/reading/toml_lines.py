"""Where in a TOML text each key and each element stands, so that a complaint can name the line.

`tomllib` gives no positions. This scan assumes a text that `tomllib` has accepted; it understands headers, keys,
inline tables, arrays, the four kinds of string and comments, and evaluates nothing.
"""

from bisect import bisect_left
from collections.abc import Mapping
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_BLANK = " \t\r\n"
_KEY_END = " \t=.]"


def lines(text: str) -> Mapping[Path, int]:
    """The line (from 1) of each path: `("limit", 0, "per", "calendar")` is that key of the first `[[limit]]`."""
    scan = _Scan(text)
    scan.document()
    return scan.found


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._breaks = [at for at, character in enumerate(text) if character == "\n"]

    def document(self) -> None:
        """The whole text: headers, and the keys below each."""
        prefix: Path = ()
        self._skip()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                prefix = self._header()
            else:
                self._pair(prefix)
            self._skip()

    def _header(self) -> Path:
        start, many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path = self._below_last(self._keys("]"))
        self.at += 2 if many else 1
        if many:
            index = self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, index)
        self._note(path, start)
        return path

    def _below_last(self, keys: Path) -> Path:
        """`[[programme.former]]` belongs to the last `[[programme]]`: put its index in between."""
        path: Path = ()
        for key in keys[:-1]:
            path = (*path, key)
            path = (*path, self._counts[path]) if path in self._counts else path
        return (*path, keys[-1])

    def _pair(self, prefix: Path) -> None:
        start = self.at
        path = (*prefix, *self._keys("="))
        for length in range(len(prefix) + 1, len(path) + 1):
            self._note(path[:length], start)
        self.at += 1
        self._value(path)

    def _keys(self, end: str) -> Path:
        keys: list[str] = []
        self._skip()
        while self.text[self.at] != end:
            if self.text[self.at] == ".":
                self.at += 1
            else:
                keys.append(self._key())
            self._skip()
        return tuple(keys)

    def _key(self) -> str:
        start = self.at
        if self.text[self.at] in "\"'":
            self._string()
            return self.text[start + 1 : self.at - 1]
        while self.text[self.at] not in _KEY_END:
            self.at += 1
        return self.text[start : self.at]

    def _value(self, path: Path) -> None:
        self._skip()
        self._note(path, self.at)
        first = self.text[self.at]
        if first == "{":
            self._members(path, "}")
        elif first == "[":
            self._members(path, "]")
        elif first in "\"'":
            self._string()
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def _members(self, path: Path, end: str) -> None:
        self.at += 1
        index = 0
        self._skip(",")
        while self.text[self.at] != end:
            if end == "}":
                self._pair(path)
            else:
                self._value((*path, index))
            index += 1
            self._skip(",")
        self.at += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(mark)
        while not self.text.startswith(mark, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += len(mark)
        while len(mark) == 3 and self.text.startswith(quote, self.at):
            self.at += 1

    def _skip(self, more: str = "") -> None:
        while self.at < len(self.text) and self.text[self.at] in _BLANK + more + "#":
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                self.at += 1

    def _note(self, path: Path, position: int) -> None:
        self.found.setdefault(path, bisect_left(self._breaks, position) + 1)

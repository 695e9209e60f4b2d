"""Style is a unit test: each rule of the house is one function from a source file to its breaches.

A failure names file:line and the rule. The rules for documents and other files stand in test_tidy_project.py.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
CORE = ("creditbank", "credentials", "issuers", "recognition_rules")
PURE = ("credentials", "recognition_rules", "creditbank/ledger", "creditbank/log", "creditbank/claim.py")
TESTS = ("tests", "benchmarks")
FOR_PEOPLE = ("creditbank/cli.py", "creditbank/cli", "creditbank/demo.py", "creditbank/demo", "tools", *TESTS)
SPEAK_HTTP = ("issuers/fetch.py", "issuers/client.py")
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match, ast.AsyncFor, ast.AsyncWith)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
NOT_GIVEN = {"now", "utcnow", "today", "uuid1", "uuid4", "uuid7"}
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|(CREATE|ALTER|DROP)\s+(TABLE|ROLE)\s)"
    r".*",
    re.DOTALL | re.IGNORECASE,
)
Breaches = Iterator[tuple[int, str]]


@dataclass(frozen=True)
class Source:
    """One tracked Python file."""

    path: str

    @cached_property
    def text(self) -> str:
        return (PROJECT / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    def within(self, *places: str) -> bool:
        return any(self.path == place or self.path.startswith(place + "/") for place in places)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[tuple[int, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            if isinstance(node, ast.ImportFrom):
                yield node.lineno, node.module or ""

    def literals(self) -> Iterator[ast.Constant]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Constant))


def files_are_at_most_350_lines(source: Source) -> Breaches:
    lines = source.text.count("\n")
    if lines > 350:
        yield 350, f"the file has {lines} lines"


def functions_are_at_most_50_lines(source: Source) -> Breaches:
    """A migration is a list of tables read from top to bottom, not logic: there the file's length is the limit."""
    if source.within("migrations/versions"):
        return
    for function in source.functions():
        lines = (function.end_lineno or 0) - function.lineno + 1 - _docstring_lines(function)
        if lines > 50:
            yield function.lineno, f"{function.name} has {lines} lines"


def _docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    return (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) is not None else 0


def nesting_is_at_most_three_deep(source: Source) -> Breaches:
    for function in source.functions():
        depth = max((_depth(node) for node in function.body), default=0)
        if depth > 3:
            yield function.lineno, f"{function.name} nests {depth} deep"


def _depth(node: ast.AST) -> int:
    if isinstance(node, FUNCTIONS):
        return 0
    deepest = max((_depth(child) for child in ast.iter_child_nodes(node) if not _is_elif(node, child)), default=0)
    elifs = max((_depth(child) - 1 for child in ast.iter_child_nodes(node) if _is_elif(node, child)), default=0)
    return max(deepest, elifs) + isinstance(node, BLOCKS)


def _is_elif(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]


def names_say_what_a_thing_is(source: Source) -> Breaches:
    """No Manager, no Helper, no Util: such a name says only that its author found no word."""
    named = [(1, Path(source.path).stem)]
    named += [
        (node.lineno, node.name) for node in ast.walk(source.tree) if isinstance(node, (*FUNCTIONS, ast.ClassDef))
    ]
    for line, name in named:
        if re.fullmatch(r".*(manager|helper|utils?(?![a-z])).*", name, re.IGNORECASE):
            yield line, f"the name {name}"


def regular_expressions_match_whole_strings(source: Source) -> Breaches:
    if source.within("tests", "benchmarks"):
        return
    for call in source.calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("match", "search"):
            yield call.lineno, f".{call.func.attr}( instead of fullmatch"


def only_the_command_line_prints(source: Source) -> Breaches:
    if source.within(*FOR_PEOPLE):
        return
    for call in source.calls():
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            yield call.lineno, "print("


def pure_packages_are_given_clock_and_ids(source: Source) -> Breaches:
    if not source.within(*PURE):
        return
    for call in source.calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in NOT_GIVEN or ast.unparse(call.func) == "time.time":
            yield call.lineno, f"{ast.unparse(call.func)}("


def only_the_bank_opens_transactions(source: Source) -> Breaches:
    """The store's `Database.transaction` is what the bank opens them with."""
    if source.within("creditbank/bank.py", "creditbank/store/database.py", "migrations", "tools", *TESTS):
        return
    for call in source.calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name in ("transaction", "begin", "begin_nested", "commit"):
            yield call.lineno, f".{name}( outside creditbank/bank.py"


def only_the_store_speaks_sql(source: Source) -> Breaches:
    if source.within("creditbank/store", "migrations", *TESTS):
        return
    for literal in source.literals():
        if isinstance(literal.value, str) and SQL.fullmatch(literal.value):
            yield literal.lineno, "SQL outside creditbank/store"


def only_one_door_speaks_http_outwards(source: Source) -> Breaches:
    if source.within(*SPEAK_HTTP, *TESTS):
        return
    for line, module in source.imports():
        if module.partition(".")[0] in ("httpx", "httpx2", "requests", "aiohttp", "urllib3"):
            yield line, f"{module} outside {' and '.join(SPEAK_HTTP)}"


def only_problems_knows_refusing_status_codes(source: Source) -> Breaches:
    if not source.within("api") or source.within("api/problems.py"):
        return
    for literal in source.literals():
        if type(literal.value) is int and 400 <= literal.value <= 599:
            yield literal.lineno, f"{literal.value} outside api/problems.py"


def what_is_public_says_what_it_is(source: Source) -> Breaches:
    if not source.within(*CORE):
        return
    if source.text.strip() and not ast.get_docstring(source.tree):
        yield 1, "the module has no docstring"
    for node in _public(source.tree):
        if not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"


def _public(scope: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in scope.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_") and not _overload(node):
            yield node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public(node)


def _overload(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return any(ast.unparse(decorator) in ("overload", "typing.overload") for decorator in node.decorator_list)


def exceptions_to_the_gates_name_their_code(source: Source) -> Breaches:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if re.fullmatch(r".*#\s*(noqa(?!: [A-Z]+\d)|type: ignore(?!\[)).*", line) and "r" + '".*#' not in line:
            yield number, "noqa or type: ignore without a code"


RULES: tuple[Callable[[Source], Breaches], ...] = (
    files_are_at_most_350_lines,
    functions_are_at_most_50_lines,
    nesting_is_at_most_three_deep,
    names_say_what_a_thing_is,
    regular_expressions_match_whole_strings,
    only_the_command_line_prints,
    pure_packages_are_given_clock_and_ids,
    only_the_bank_opens_transactions,
    only_the_store_speaks_sql,
    only_one_door_speaks_http_outwards,
    only_problems_knows_refusing_status_codes,
    what_is_public_says_what_it_is,
    exceptions_to_the_gates_name_their_code,
)


@pytest.fixture(scope="module")
def sources(tracked_files: list[str]) -> list[Source]:
    return [Source(path) for path in tracked_files if path.endswith(".py")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_source_file_keeps_the_rule(rule: Callable[[Source], Breaches], sources: list[Source]) -> None:
    found = [f"{source.path}:{line}: {what}" for source in sources for line, what in rule(source)]
    assert not found, f"{rule.__name__.replace('_', ' ')}:\n" + "\n".join(found)


CASES = {
    files_are_at_most_350_lines: "\n" * 351,
    functions_are_at_most_50_lines: "def f():\n" + "    pass\n" * 50,
    nesting_is_at_most_three_deep: "def f():\n if a:\n  for b in c:\n   with d:\n    try: e\n    finally: f",
    names_say_what_a_thing_is: "class KeyManager: ...",
    regular_expressions_match_whole_strings: "re.compile('a').match(b)",
    only_the_command_line_prints: "print(1)",
    pure_packages_are_given_clock_and_ids: "datetime.now(UTC)",
    only_the_bank_opens_transactions: "with engine.begin() as c: ...",
    only_the_store_speaks_sql: "q = 'SELECT a FROM b'",
    only_one_door_speaks_http_outwards: "from httpx import get",
    only_problems_knows_refusing_status_codes: "code = 404",
    what_is_public_says_what_it_is: "'Doc.'\ndef f(): ...",
    exceptions_to_the_gates_name_their_code: "import os  # " + "noqa",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_bites(rule: Callable[[Source], Breaches]) -> None:
    source = Source("api/routes.py" if rule is only_problems_knows_refusing_status_codes else "credentials/example.py")
    source.__dict__["text"] = CASES[rule]
    assert list(rule(source)), f"{rule.__name__} does not find its own example"


@pytest.mark.parametrize(
    ("code", "depth"),
    [
        ("if a: pass\nelif b: pass\nelif c: pass\nelif d: pass\nelse: pass", 1),
        ("for a in b:\n    if c: pass", 2),
        ("if a: pass\nelse:\n    for b in c: pass", 2),
    ],
)
def test_a_chain_of_elif_is_one_level(code: str, depth: int) -> None:
    assert max(_depth(node) for node in ast.parse(code).body) == depth

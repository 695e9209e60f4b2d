"""The implementations in JavaScript: one node process a test process, asked over pipes."""

import atexit
import json
import shutil
import subprocess
import threading
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from credentials.contexts import CONTEXTS

HERE = Path(__file__).parent / "node"
NODE = shutil.which("node")
SECONDS = 120
FILES = {url: str(resources.files("credentials") / "context_data" / one.file) for url, one in CONTEXTS.items()}


class Refusal(Exception):
    """What an implementation said when it did not do what it was asked."""


def is_there() -> bool:
    """Whether node and every package that package.json names are installed."""
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return NODE is not None and all((HERE / "node_modules" / name).is_dir() for name in wanted)


needs_node = pytest.mark.skipif(
    not is_there(), reason="node or its packages are not installed: npm ci --prefix tests/interop/node"
)


def ask(door: str, **question: Any) -> Any:
    """What a door answers; it knows the pinned contexts and no others. Raises Refusal with what it said instead."""
    process = _oracle()
    assert process.stdin is not None
    assert process.stdout is not None
    watch = threading.Timer(SECONDS, process.kill)
    watch.start()
    try:
        process.stdin.write(json.dumps({"door": door, "files": FILES, **question}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    finally:
        watch.cancel()
    assert line, f"node ended; it had {SECONDS} seconds"
    said = json.loads(line)
    if "error" in said:
        raise Refusal(said["error"])
    return said.get("answer")


@cache
def _oracle() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [str(NODE), "oracle.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    atexit.register(process.kill)
    return process

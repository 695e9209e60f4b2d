"""`creditbank serve` as a process of its own: it answers, and it stops when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

COMMAND = "import sys; from creditbank.cli import main; sys.exit(main(['serve']))"
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
        return port


def answer(url: str, process: subprocess.Popen[bytes]) -> int:
    """The status of the first answer; gives up when the process has ended, or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=5) as response:
                return int(response.status)
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"no answer; the process ended with {process.poll()}")


def test_the_service_answers_until_it_is_stopped(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "CREDITBANK_DATABASE_URL": database_url,
        "CREDITBANK_KEY_DIR": str(tmp_path / "keys"),
        "CREDITBANK_CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
        "CREDITBANK_PORT": str(port),
    }
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND], env=os.environ | settings, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            assert answer(f"http://127.0.0.1:{port}/health/ready", process) == 200
        finally:
            process.send_signal(signal.SIGTERM)
            ended = process.wait(PATIENCE)
    said = (tmp_path / "output").read_text(encoding="utf-8")
    assert ended == 0, said
    assert "Traceback" not in said
    assert f"http://127.0.0.1:{port}/docs" in said

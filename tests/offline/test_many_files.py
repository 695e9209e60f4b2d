"""Many files: in order, on several processes, each for itself."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from creditbank.errors import Refused
from creditbank.offline import many
from creditbank.offline.items import Item
from creditbank.offline.many import FEW, Judged, Task, judge_all
from tests.credential_samples import NOW
from tests.offline.offline_world import PIN, badge, bundle, forged

TASK = Task(bundle(), PIN, NOW, "ko")


def mixed(folder: Path, number: int) -> list[Item]:
    """Genuine, forged and missing files in turn."""
    (folder / "good.json").write_bytes(badge())
    kinds = (
        lambda n: Item(f"{n}", path=folder / "good.json"),
        lambda n: Item(f"{n}", data=forged()),
        lambda n: Item(f"{n}", path=folder / "missing.json"),
    )
    return [kinds[n % 3](n) for n in range(number)]


def outcomes(found: Iterator[Judged]) -> list[tuple[str, str]]:
    return [(one.name, one.report.verdict if one.report else one.trouble.code if one.trouble else "") for one in found]


EXPECTED = ("valid", "invalid", "file_unreadable")


def test_every_file_is_answered_in_its_place(tmp_path: Path) -> None:
    found = outcomes(judge_all(mixed(tmp_path, 12), TASK))
    assert found == [(str(n), EXPECTED[n % 3]) for n in range(12)]


def test_on_several_processes_too_and_no_further_ahead_than_needed(tmp_path: Path) -> None:
    asked = 0

    def counted() -> Iterator[Item]:
        nonlocal asked
        for item in mixed(tmp_path, FEW + 40):
            asked += 1
            yield item

    judged = judge_all(counted(), TASK, jobs=2)
    first = next(judged)
    assert (first.report and first.report.language, asked <= FEW + 10) == ("ko", True)
    found = [("0", "valid"), *outcomes(judged)]
    assert found == [(str(n), EXPECTED[n % 3]) for n in range(FEW + 40)]


def test_a_process_that_dies_costs_no_other_file_its_answer(tmp_path: Path) -> None:
    crew = many._Crew(TASK, 2)
    try:
        work = [(item, crew.submit(item)) for item in mixed(tmp_path, 3)]
        for process in list(crew._pool._processes.values()):
            os.kill(process.pid or 0, signal.SIGKILL)
        assert outcomes(crew.result(*one) for one in work) == [(str(n), EXPECTED[n]) for n in range(3)]
        later = mixed(tmp_path, 1)[0]
        assert outcomes(iter([crew.result(later, crew.submit(later))])) == [("0", "valid")]
    finally:
        crew.dismiss()


def test_a_fault_of_the_program_is_one_files_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("creditbank.offline.judging.verify", fail)
    assert outcomes(judge_all([Item("a", data=badge())], TASK)) == [("a", "internal_error")]


def test_a_bundle_that_is_not_believed_stops_before_the_first_file() -> None:
    with pytest.raises(Refused, match="trust_key_mismatch"):
        next(judge_all([Item("a", data=badge())], Task(bundle(), "A" * 43)))

"""A long campaign of the fuzz, in one process:

./run python -m tests.fuzz --minutes 10 [--from 1000000] [--only documents|datasets|inputs]
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable

from tests import canonical_oracles
from tests.fuzz import datasets, readers
from tests.interop.javascript import is_there

Batch = Callable[[range], tuple[Counter[str], list[str]]]
SIZE = 200
AT_MOST = 50


def campaigns() -> dict[str, Batch]:
    """What is tried by turns, a batch of seeds at a time."""
    there = is_there()
    return {
        "documents": lambda seeds: canonical_oracles.disagreements(seeds, ask_javascript=there),
        "datasets": lambda seeds: datasets.disagreements(seeds, ask_javascript=there),
        "inputs": readers.failures,
    }


def main() -> None:
    """Try for as long as is asked, tell every failure by its seed, and end with 1 if there was one."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--only", choices=campaigns())
    asked = parser.parse_args()
    batches = {name: batch for name, batch in campaigns().items() if asked.only in (None, name)}
    until, seed, failed = time.monotonic() + 60 * asked.minutes, asked.first, 0
    total = {name: Counter[str]() for name in batches}
    while time.monotonic() < until and failed < AT_MOST:
        for name, batch in batches.items():
            counted, found = batch(range(seed, seed + SIZE))
            total[name] += counted
            failed += len(found)
            for line in found:
                print(line, flush=True)
        seed += SIZE
    for name, counted in total.items():
        print(f"{name}: {seed - asked.first} tried from seed {asked.first}: {dict(sorted(counted.items()))}")
    print(f"{failed} failures; JavaScript {'asked' if is_there() else 'absent'}")
    raise SystemExit(failed > 0)


if __name__ == "__main__":
    main()

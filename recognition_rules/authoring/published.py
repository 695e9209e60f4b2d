"""Published versions are locked: a file names the digest of each, and nothing may change under it."""

from collections.abc import Mapping
from importlib.resources import files

from recognition_rules.errors import PackInvalid
from recognition_rules.reading.strict_toml import loads, table_line

Lock = Mapping[str, Mapping[str, str]]
"""Digests of published versions: by pack, by version."""


def read_lock(text: str, *, name: str = "published.toml") -> Lock:
    """The locked digests: `[kr-acbs]` with lines such as `"2026.1" = "sha256:…"`; raises `PackInvalid`."""
    lock: dict[str, dict[str, str]] = {}
    for pack, versions in loads(text, name=name).items():
        if not isinstance(versions, dict) or not all(isinstance(each, str) for each in versions.values()):
            problem = 'Below a pack stand its versions with their digests: "2026.1" = "sha256:…".'
            raise PackInvalid(file=name, line=table_line(text, pack), problem=problem)
        lock[pack] = {version: str(digest) for version, digest in versions.items()}
    return lock


def shipped_lock() -> Lock:
    """The locked digests of the packs that come with the program."""
    name = "packs/published.toml"
    return read_lock((files("recognition_rules") / "packs" / "published.toml").read_text("utf-8"), name=name)


def check_lock(pack: str, version: str, digest: str, lock: Lock, *, file: str = "pack.toml") -> None:
    """Raises `PackInvalid` (`published_term_changed`) where this version was published with another digest."""
    published = lock.get(pack, {}).get(version)
    if published is not None and published != digest:
        problem = (
            f"Version {version} of {pack} is published as {published} and reads as {digest} now: published terms "
            "never change. Give what changed a new version."
        )
        raise PackInvalid(file=file, line=None, problem=problem, problem_code="published_term_changed")

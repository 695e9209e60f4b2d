"""Published versions are locked: a file beside a pack names the digest of each, and nothing may change under it."""

from collections.abc import Mapping

from recognition_rules.errors import PackInvalid, RuleError
from recognition_rules.pack import Pack
from recognition_rules.reading.strict_toml import loads


class PublishedTermChanged(RuleError):
    """A version that is published has another digest: facts are `pack`, `version`, `published` and `found`."""

    code = "published_term_changed"
    sentence = (
        "Version {version} of {pack} is published as {published}, but reads as {found} now: published terms never "
        "change. Give what changed a new version."
    )


def read_lock(text: str, *, name: str = "published.toml") -> Mapping[str, str]:
    """The digests by version: `[published]` with lines such as `"2026.1" = "sha256:…"`; raises `PackInvalid`."""
    found = loads(text, name=name).get("published")
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise PackInvalid(file=name, line=1, problem='[published] names digests: "2026.1" = "sha256:…".')
    return {version: str(digest) for version, digest in found.items()}


def check_lock(pack: Pack, lock: Mapping[str, str]) -> None:
    """Raises `PublishedTermChanged` where this version was published with another digest."""
    published = lock.get(pack.version)
    if published is not None and published != pack.digest:
        raise PublishedTermChanged(pack=pack.id, version=pack.version, published=published, found=pack.digest)

"""The only outbound HTTP of the bank: DID documents, JWKS and status lists of others.

httpcore, the engine of httpx, is used directly: it follows no redirect, reads no proxy from the environment, keeps no
cookie, inflates nothing, and lets ``issuers.network`` choose the address of every connection.
"""

import re
import ssl
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpcore

from issuers.addresses import is_address_spelling, is_host_name
from issuers.errors import FetchError
from issuers.network import Deadline, PinnedBackend, Resolver, checked_addresses, system_resolver

MAX_URL = 2048
"""Characters of a URL."""
_MAX_CACHED = 1024
_PATH = r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*"
_URL = re.compile(rf"(https?)://(\[[^/?#@\\\s]*\]|[^/?#@:\\\s]+)(?::([1-9][0-9]{{0,4}}))?(/{_PATH})?(\?{_PATH})?")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The body of an answer after its content encoding, its media type without parameters, and when it came."""

    body: bytes
    media_type: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class _Target:
    url: str
    host: str
    port: int


class Fetcher:
    """Fetches small documents from listed hosts, under one limit of time and size, with a cache.

    ``allowed_hosts`` holds ``host`` (port 443) or ``host:port`` and may be a live view of the registry. ``clock``
    gives the time that answers are stamped with and by which they age (``max_age``). ``resolver``, ``ssl_context``
    and ``network`` are seams for tests and unusual networks; the guards apply whatever they are. Thread-safe.
    """

    def __init__(
        self,
        allowed_hosts: Container[str],
        *,
        clock: Callable[[], datetime],
        resolver: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
        network: httpcore.NetworkBackend | None = None,
        seconds: float = 5.0,
        max_age: timedelta = timedelta(minutes=5),
    ) -> None:
        self._allowed = allowed_hosts
        self._clock = clock
        self._resolver = resolver
        self._ssl = ssl_context or ssl.create_default_context()
        self._network = network or httpcore.SyncBackend()
        self._seconds = seconds
        self._max_age = max_age
        self._cache: OrderedDict[tuple[str, tuple[str, ...]], Fetched] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self,
        url: str,
        *,
        max_bytes: int = 256 * 1024,
        accept: Sequence[str] = ("application/json",),
        fresh: bool = False,
    ) -> Fetched:
        """The document at ``url``, at most ``max_bytes`` long, of one of the ``accept`` media types.

        1. The URL's grammar, its host's spelling and the allow-list, before any packet.
        2. The cache, unless ``fresh``. 3. Every resolved address is public. 4. One request to such an address,
        all within ``seconds``. 5. Status 200, the media type, the content encoding, the size.
        Raises ``FetchError`` with one of its codes, and nothing else.
        """
        target = self._admit(url)
        key = (target.url, tuple(accept))
        cached = None if fresh else self._cached(key)
        if cached is not None and len(cached.body) <= max_bytes:
            return cached
        fetched = self._exchange(target, max_bytes, accept)
        self._remember(key, fetched)
        return fetched

    def now(self) -> datetime:
        """The fetcher's clock, for an answer that brings no document: that there is none."""
        return self._clock()

    def _admit(self, url: str) -> _Target:
        target = _parse_url(url)
        name = target.host if target.port == 443 else f"{target.host}:{target.port}"
        if name not in self._allowed:
            raise FetchError("host_not_allowed", host=target.host)
        return target

    def _cached(self, key: tuple[str, tuple[str, ...]]) -> Fetched | None:
        now = self._clock()
        with self._lock:
            found = self._cache.get(key)
        # A clock that was set back makes every answer look young; an answer from the future is not trusted.
        if found is None or not found.fetched_at <= now < found.fetched_at + self._max_age:
            return None
        return found

    def _remember(self, key: tuple[str, tuple[str, ...]], fetched: Fetched) -> None:
        with self._lock:
            self._cache[key] = fetched
            self._cache.move_to_end(key)
            if len(self._cache) > _MAX_CACHED:
                self._cache.popitem(last=False)

    def _exchange(self, target: _Target, max_bytes: int, accept: Sequence[str]) -> Fetched:
        deadline = Deadline(self._seconds)
        try:
            addresses = checked_addresses(target.host, target.port, self._resolver, deadline)
            backend = PinnedBackend(addresses, deadline, self._network)
            with httpcore.ConnectionPool(self._ssl, max_connections=1, network_backend=backend) as pool:
                return self._request(pool, target, max_bytes, accept)
        except httpcore.TimeoutException as error:
            raise FetchError("timed_out", seconds=int(self._seconds)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError("connection_failed", host=target.host) from error

    def _request(
        self, pool: httpcore.ConnectionPool, target: _Target, max_bytes: int, accept: Sequence[str]
    ) -> Fetched:
        headers: dict[bytes | str, bytes | str] = {
            "Accept": ", ".join(accept),
            "Accept-Encoding": "identity",
            "User-Agent": "creditbank",
            "Connection": "close",
        }
        with pool.stream("GET", target.url, headers=headers) as response:
            media_type = _check_head(response, target.host, accept)
            body = _read_body(response, target.host, max_bytes)
        return Fetched(body, media_type, self._clock())


def _parse_url(url: str) -> _Target:
    found = _URL.fullmatch(url) if len(url) <= MAX_URL else None
    if found is None:
        raise FetchError("malformed_url")
    scheme, host, port, path, query = found.groups()
    if is_address_spelling(host):
        raise FetchError("address_not_allowed")
    if scheme != "https":
        raise FetchError("scheme_not_allowed")
    if not is_host_name(host) or int(port or 443) > 65535:
        raise FetchError("malformed_url")
    authority = host if port in (None, "443") else f"{host}:{port}"
    return _Target(f"https://{authority}{path or '/'}{query or ''}", host, int(port or 443))


def _check_head(response: httpcore.Response, host: str, accept: Sequence[str]) -> str:
    if 300 <= response.status < 400:
        raise FetchError("redirect_refused", host=host)
    if response.status != 200:
        raise FetchError("unexpected_status", host=host, status=response.status)
    media_type = _header(response, b"content-type").partition(";")[0].strip().lower()
    if media_type not in accept:
        raise FetchError("media_type_not_allowed", host=host)
    return media_type


def _header(response: httpcore.Response, name: bytes) -> str:
    return ", ".join(value.decode("latin-1") for key, value in response.headers if key.lower() == name)


def _read_body(response: httpcore.Response, host: str, limit: int) -> bytes:
    encoding = _header(response, b"content-encoding").strip().lower()
    chunks = _bounded(response.iter_stream(), limit)
    if encoding in ("", "identity"):
        return b"".join(chunks)
    if encoding != "gzip":
        raise FetchError("encoding_not_allowed", host=host)
    try:
        return _gunzip(chunks, host, limit)
    except zlib.error as error:
        raise FetchError("encoding_not_allowed", host=host) from error


def _bounded(chunks: Iterable[bytes], limit: int) -> Iterable[bytes]:
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > limit:
            raise FetchError("too_large", limit=limit)
        yield chunk


def _gunzip(chunks: Iterable[bytes], host: str, limit: int) -> bytes:
    """One gzip member, whole, without anything behind it, inflated no further than the limit (SECURITY T08)."""
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    body = bytearray()
    for chunk in chunks:
        body += inflate.decompress(chunk, limit + 1 - len(body))
        if len(body) > limit:
            raise FetchError("too_large", limit=limit)
    if not inflate.eof or inflate.unused_data:
        raise FetchError("encoding_not_allowed", host=host)
    return bytes(body)

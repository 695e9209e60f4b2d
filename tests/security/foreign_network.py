"""A network of other people's servers, for a real fetcher: it counts who is dialled and answers with canned pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore

from issuers.fetch import Fetcher
from tests.bank_world import World
from tests.security.attacks import Everywhere, give_network

PUBLIC = "93.184.216.34"


def page(body: bytes, *headers: str, status: str = "200 OK", media_type: str = "application/vc+ld+json") -> bytes:
    """An HTTP answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body


@dataclass
class ForeignNetwork(httpcore.NetworkBackend):
    """Pages by path; `dialled` holds each address that a connection went to, `asked` each name that was resolved."""

    pages: dict[str, bytes] = field(default_factory=dict)
    addresses: Callable[[str], list[str]] = lambda _host: [PUBLIC]
    dialled: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def serve_to(self, world: World) -> None:
        """Let the bank ask this network, whichever host it likes."""
        fetcher = Fetcher(Everywhere(), clock=lambda: world.now, resolver=self.resolve, network=self)
        give_network(world, fetcher)

    def resolve(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        return self.addresses(host)

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.dialled.append(host)
        return _Exchange(self.pages)


class _Exchange(httpcore.NetworkStream):
    """One connection, with TLS taken for granted: what the fetcher's own tests hold to real certificates."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self._pages = pages
        self._answer = b""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer.startswith(b"GET "):
            path = buffer.split(b" ")[1].decode()
            self._answer = self._pages.get(path, page(b"", status="404 Not Found"))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        part, self._answer = self._answer[:max_bytes], self._answer[max_bytes:]
        return part

    def close(self) -> None:
        self._answer = b""

    def start_tls(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:
        return None

"""Sockets for outbound requests: one deadline for everything, and only the addresses that were checked.

A back end for httpcore, so that the check and the connection cannot drift apart (SECURITY I04): the host name is
resolved once, every address is judged, and the connection goes to one of *these* addresses, by number. The name
still travels in SNI and Host, and the certificate is checked against it.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

import httpcore

from issuers.addresses import is_public
from issuers.errors import FetchError

Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port to the textual addresses of the host."""

# The operating system's resolver takes no time-out; a caller that gives up leaves at most four threads waiting.
_RESOLVERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolver")


class Deadline:
    """The wall-clock limit of one whole exchange, name resolution and TLS handshake included."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, above zero; raises ``httpcore.ReadTimeout`` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses of ``host`` as the operating system knows them; raises ``OSError`` if there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def checked_addresses(host: str, port: int, resolver: Resolver, deadline: Deadline) -> tuple[str, ...]:
    """The addresses of ``host``, all of them public.

    One that is not condemns the host, since its owner chooses the order. Errors: ``unresolvable``,
    ``address_not_allowed``, ``timed_out``.
    """
    try:
        found = _RESOLVERS.submit(resolver, host, port).result(timeout=deadline.remaining())
    except FutureTimeout as error:
        raise httpcore.ReadTimeout from error
    except OSError as error:
        raise FetchError("unresolvable", host=host) from error
    if not found:
        raise FetchError("unresolvable", host=host)
    if not all(_is_public_text(address) for address in found):
        raise FetchError("address_not_allowed")
    return tuple(dict.fromkeys(found))


def _is_public_text(address: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(address))
    except ValueError:  # a scoped address such as fe80::1%eth0 is not public either
        return False


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the given addresses, in order, whatever host is asked for."""

    def __init__(self, addresses: Sequence[str], deadline: Deadline, inner: httpcore.NetworkBackend) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._inner = inner

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002  the name was resolved and judged before; only numbers are dialled
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline governs
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first address that answers; raises ``httpcore.ConnectError`` if none does."""
        for address in self._addresses:
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.remaining(), local_address, socket_options
                )
            except httpcore.ConnectError:
                continue
            return _DeadlineStream(stream, self._deadline)
        raise httpcore.ConnectError("no address answered")


class _DeadlineStream(httpcore.NetworkStream):
    """A stream whose every operation gets what is left of the deadline, so that a slow drip ends too (I08)."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  the deadline governs
        return self._inner.read(max_bytes, self._deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  the deadline governs
        self._inner.write(buffer, self._deadline.remaining())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  the deadline governs
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.remaining())
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

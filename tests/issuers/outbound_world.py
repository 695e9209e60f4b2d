"""A small world of names, addresses and one TLS server, for tests of outbound requests."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from issuers.errors import FetchError
from issuers.fetch import Fetcher

HOST = "college.example"
PUBLIC = "93.184.216.34"
URL = f"https://{HOST}/.well-known/did.json"
START = datetime(2026, 6, 1, tzinfo=UTC)
Handler = Callable[[ssl.SSLSocket], None]


class Network(httpcore.NetworkBackend):
    """Records every connection that is dialled, and leads it to the test's own server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.dialled: list[tuple[str, int]] = []
        self.dead: set[str] = set()

    def connect_tcp(self, host: str, port: int, *rest: Any, **options: Any) -> httpcore.NetworkStream:
        self.dialled.append((host, port))
        if host in self.dead:
            raise httpcore.ConnectError
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout=5)


class Server:
    """A TLS server for ``college.example`` that hands each connection, after the request, to ``handler``."""

    def __init__(self, folder: Path) -> None:
        self.handler: Handler = answer(b"{}")
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.trust = ssl.create_default_context(cadata=certificate(folder))
        self._tls.load_cert_chain(folder / "chain.pem")
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, self._tls.wrap_socket(connection, server_side=True) as tls:
            self.requests.append(tls.recv(65536))
            self.handler(tls)

    def close(self) -> None:
        self._socket.close()


def certificate(folder: Path) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "chain.pem").write_bytes(private + pem)
    return pem.decode()


def answer(body: bytes, *headers: str, status: str = "200 OK", media_type: str = "application/json") -> Handler:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *headers, "", ""]
    return lambda tls: tls.sendall("\r\n".join(lines).encode() + body)


class World:
    """Names with their addresses, a server, and a fetcher that lives among them."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.network = Network(server.port)
        self.names = {HOST: [PUBLIC], "elsewhere.example": [PUBLIC]}
        self.now = START

    def resolve(self, host: str, port: int) -> list[str]:
        if host not in self.names:
            raise socket.gaierror
        return self.names[host]

    def fetcher(self, *hosts: str, **options: Any) -> Fetcher:
        seams = {"clock": lambda: self.now, "resolver": self.resolve, "ssl_context": self.server.trust}
        return Fetcher(frozenset(hosts or {HOST}), network=self.network, **seams | options)

    def refusal(self, url: str = URL, *hosts: str, **options: Any) -> str:
        with pytest.raises(FetchError) as refused:
            self.fetcher(*hosts, **options).get(url, max_bytes=10_000)
        return refused.value.code

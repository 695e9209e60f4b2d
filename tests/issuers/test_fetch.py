"""Outbound requests: a small world of names, addresses and servers, some of them hostile."""

import gzip
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from credentials.keys import PrivateKey
from issuers.errors import DidError, FetchError
from issuers.resolve import resolve
from tests.issuers.outbound_world import HOST, PUBLIC, START, URL, Handler, Server, World, answer

compress = partial(gzip.compress, mtime=0)  # no clock in what names a test: workers must collect the same


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    server = Server(tmp_path)
    yield World(server)
    server.close()


def test_a_document_comes_from_the_checked_address_under_the_hosts_own_name(world: World) -> None:
    world.server.handler = answer(b'{"a":1}', media_type="Application/JSON; charset=utf-8")
    fetched = world.fetcher().get(URL)
    assert (fetched.body, fetched.media_type, fetched.fetched_at) == (b'{"a":1}', "application/json", START)
    assert world.network.dialled == [(PUBLIC, 443)]
    (request,) = world.server.requests
    assert request.startswith(b"GET /.well-known/did.json HTTP/1.1\r\n")
    assert b"Host: college.example\r\n" in request
    assert b"Accept-Encoding: identity\r\n" in request


SPELLINGS = [
    "127.0.0.1",
    "localhost",
    "localhost:8080",
    "169.254.169.254",
    "[::1]",
    "10.0.0.1",
    "2130706433",
    "0x7f000001",
    "127.1",
    "0",
    "0177.0.0.1",
    "127.0.0.1.",
    "[::ffff:127.0.0.1]",
    "127。0。0。1",
    "127．0．0．1",
    "１２７.0.0.1",
    "printer.local",
    "metadata.google.internal",
    "intranet",
    "api.localhost",
]


@pytest.mark.parametrize("host", SPELLINGS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_an_inner_address_is_ever_dialled(world: World, scheme: str, host: str) -> None:
    assert world.refusal(f"{scheme}://{host}/", host, f"{host}:80") == "address_not_allowed"
    assert world.network.dialled == []


@pytest.mark.parametrize("did", ["127.0.0.1", "localhost%3A8080", "169.254.169.254", "[::1]", "10.0.0.1"])
def test_a_did_web_of_an_inner_address_is_never_dialled(world: World, did: str) -> None:
    with pytest.raises((DidError, FetchError)) as refused:
        resolve(f"did:web:{did}", world.fetcher(did, "localhost:8080"))
    assert refused.value.code == "address_not_allowed"
    assert world.network.dialled == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_a_name_that_leads_inside_is_not_dialled_even_if_it_leads_outside_too(world: World, address: str) -> None:
    world.names[HOST] = [PUBLIC, address]
    assert world.refusal() == "address_not_allowed"
    assert world.network.dialled == []


@pytest.mark.parametrize("address", ["2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_public_addresses_of_every_form_are_dialled(world: World, address: str) -> None:
    world.names[HOST] = [address]
    world.fetcher().get(URL)
    assert world.network.dialled == [(address, 443)]


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(world: World) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    world.fetcher(resolver=lambda host, port: next(answers)).get(URL)
    assert world.network.dialled == [(PUBLIC, 443)]


def test_a_second_public_address_is_tried_when_the_first_is_dead(world: World) -> None:
    world.names[HOST] = ["93.184.216.35", PUBLIC]
    world.network.dead = {"93.184.216.35"}
    assert world.fetcher().get(URL).body == b"{}"
    assert world.network.dialled == [("93.184.216.35", 443), (PUBLIC, 443)]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (f"http://{HOST}/", "scheme_not_allowed"),
        (f"ftp://{HOST}/", "malformed_url"),
        (f"https://user@{HOST}/", "malformed_url"),
        (f"https://evil.example\\@{HOST}/", "malformed_url"),
        (f"https://{HOST}/a#b", "malformed_url"),
        (f"https://{HOST}/a b", "malformed_url"),
        (f"https://{HOST}/\r\nX-Evil: 1", "malformed_url"),
        (f"https://{HOST}/\n", "malformed_url"),
        ("https://College.Example/", "malformed_url"),
        ("https://xn--80ak6aa92e.com/", "malformed_url"),
        (f"https://{HOST}:0/", "malformed_url"),
        (f"https://{HOST}:99999/", "malformed_url"),
        (f"https://{HOST}/{'a' * 3000}", "malformed_url"),
        ("https:///path", "malformed_url"),
        ("https://elsewhere.example/", "host_not_allowed"),
        (f"https://{HOST}:8443/", "host_not_allowed"),
        (f"https://{HOST}.evil.example/", "host_not_allowed"),
        ("file:///etc/passwd", "malformed_url"),
        ("", "malformed_url"),
    ],
)
def test_urls_outside_the_grammar_or_the_list_are_not_dialled(world: World, url: str, code: str) -> None:
    assert world.refusal(url) == code
    assert world.network.dialled == []


def test_another_port_is_asked_only_where_it_is_listed(world: World) -> None:
    world.fetcher(f"{HOST}:8443").get(f"https://{HOST}:8443/x")
    assert world.network.dialled == [(PUBLIC, 8443)]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("target", ["http://127.0.0.1/", f"https://{HOST}/other", "https://elsewhere.example/"])
def test_no_redirect_is_followed(world: World, status: str, target: str) -> None:
    world.server.handler = answer(b"", f"Location: {target}", status=status)
    assert world.refusal() == "redirect_refused"
    assert len(world.network.dialled) == 1


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        (answer(b"{}", status="404 Not Found"), "unexpected_status"),
        (answer(b"{}", status="206 Partial Content"), "unexpected_status"),
        (answer(b"{}", status="500 Oh"), "unexpected_status"),
        (answer(b"<html>", media_type="text/html"), "media_type_not_allowed"),
        (answer(b"{}", media_type=""), "media_type_not_allowed"),
        (answer(b"x" * 10_001), "too_large"),
        (answer(compress(b"x" * 50_000_000), "Content-Encoding: gzip"), "too_large"),
        (answer(compress(b"x" * 10_001), "Content-Encoding: gzip"), "too_large"),
        (answer(compress(b"{}") * 2, "Content-Encoding: gzip"), "encoding_not_allowed"),
        (answer(compress(b"{}") + b"!", "Content-Encoding: gzip"), "encoding_not_allowed"),
        (answer(compress(b"{}")[:-1], "Content-Encoding: gzip"), "encoding_not_allowed"),
        (answer(b"{}", "Content-Encoding: gzip"), "encoding_not_allowed"),
        (answer(b"{}", "Content-Encoding: br"), "encoding_not_allowed"),
        (answer(b"{}", "Content-Encoding: gzip", "Content-Encoding: gzip"), "encoding_not_allowed"),
        (lambda tls: tls.sendall(b"SMTP ready\r\n\r\n"), "connection_failed"),
        (lambda tls: tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"), "media_type_not_allowed"),
        (lambda tls: None, "connection_failed"),
    ],
)
def test_answers_that_are_not_the_document_are_refused(world: World, handler: Handler, code: str) -> None:
    world.server.handler = handler
    assert world.refusal() == code


def test_a_gzipped_answer_within_the_limit_is_read(world: World) -> None:
    world.server.handler = answer(compress(b"x" * 10_000), "Content-Encoding: gzip")
    assert world.fetcher().get(URL, max_bytes=10_000).body == b"x" * 10_000


def endless(tls: ssl.SSLSocket) -> None:
    tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        tls.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")


def test_an_endless_answer_is_cut_at_the_limit(world: World) -> None:
    world.server.handler = endless
    assert world.refusal() == "too_large"


def drip(prefix: bytes) -> Handler:
    def handler(tls: ssl.SSLSocket) -> None:
        tls.sendall(prefix)
        for _ in range(100):
            time.sleep(0.05)
            tls.sendall(b"x")

    return handler


@pytest.mark.parametrize(
    "prefix",
    [
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n",
    ],
    ids=["in the headers", "in the body"],
)
def test_a_slow_drip_ends_with_the_whole_exchanges_deadline(world: World, prefix: bytes) -> None:
    world.server.handler = drip(prefix)
    begun = time.monotonic()
    assert world.refusal(seconds=0.5) == "timed_out"
    assert time.monotonic() - begun < 1.5


def test_a_silent_resolver_ends_with_the_deadline_too(world: World) -> None:
    released = threading.Event()
    assert world.refusal(seconds=0.2, resolver=lambda host, port: released.wait(5) and [PUBLIC]) == "timed_out"
    released.set()
    assert world.network.dialled == []


def test_a_name_without_an_address_is_unresolvable(world: World) -> None:
    assert world.refusal("https://gone.example/", "gone.example") == "unresolvable"
    assert world.refusal(resolver=lambda host, port: []) == "unresolvable"


def test_a_certificate_for_another_name_is_no_connection(world: World) -> None:
    assert world.refusal("https://elsewhere.example/", "elsewhere.example") == "connection_failed"
    assert world.server.requests == []


def test_an_answer_is_asked_for_once_until_it_is_old(world: World) -> None:
    fetcher = world.fetcher(max_age=timedelta(minutes=5))
    for minutes, requests in [(0, 1), (4, 1), (5, 2), (2, 3)]:
        world.now = START + timedelta(minutes=minutes)
        fetcher.get(URL)
        assert len(world.server.requests) == requests, f"after {minutes} minutes; a clock set back asks anew"
    fetcher.get(URL, fresh=True)
    assert len(world.server.requests) == 4


def test_a_refusal_is_not_remembered(world: World) -> None:
    fetcher = world.fetcher()
    world.server.handler = answer(b"{}", status="503 Busy")
    with pytest.raises(FetchError):
        fetcher.get(URL)
    world.server.handler = answer(b"{}")
    assert fetcher.get(URL).body == b"{}"


def test_a_did_web_resolves_to_its_keys(world: World) -> None:
    key = PrivateKey.generate("EdDSA").public_key
    did = f"did:web:{HOST}"
    method = f'{{"id":"{did}#1","type":"Multikey","controller":"{did}","publicKeyMultibase":"{key.multibase()}"}}'
    content = f'{{"id":"{did}","verificationMethod":[{method}],"assertionMethod":["{did}#1"]}}'
    world.server.handler = answer(content.encode(), media_type="application/did+json")
    (resolved,) = resolve(did, world.fetcher())
    assert (resolved.verification_method, resolved.key) == (f"{did}#1", key)


def test_a_did_key_resolves_without_any_request(world: World) -> None:
    key = PrivateKey.generate("EdDSA").public_key
    (resolved,) = resolve(key.did_key(), world.fetcher())
    assert resolved.key == key
    assert world.network.dialled == []

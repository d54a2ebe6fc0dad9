"""What webhooks may call, and how they do it."""

import shutil
import ssl
import subprocess
from dataclasses import replace
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread

import pytest
import requests

from scripted_server import Answer, ScriptedServer
from tallystick_broker.config import Config
from tallystick_broker.webhooks.door import (
    MOST_BYTES,
    Call,
    Pinned,
    Unreachable,
    find_faults,
    is_listed,
    send,
)


@pytest.mark.parametrize(
    ("host", "pattern", "expected"),
    [
        ("ci.example.org", "ci.example.org", True),
        ("CI.example.org", "ci.EXAMPLE.org", True),
        ("ci.example.org", "example.org", False),
        ("ci.example.org", "*.example.org", True),
        ("a.ci.example.org", "*.example.org", False),
        ("example.org", "*.example.org", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("ci.example.org", "10.0.0.0/8", False),
        ("build-7", "/^build-\\d+$/", True),
        ("rebuild-7", "/^build-\\d+$/", False),
        ("::1", "::1", True),
    ],
)
def test_hosts_are_listed_by_patterns(host: str, pattern: str, expected: bool) -> None:
    """A pattern is a name, a domain with one label before it, an address, a network or an expression."""
    assert is_listed(host, [pattern]) is expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/builds",
        "127.0.0.1/builds",
        "ftp://127.0.0.1/",
        "https://127.0.0.1/",
        "http://example.org/",
        "http:///builds",
        "http://127.0.0.1:port/",
        "http://[::1/",
        "http://127.0.0.1/a b",
        "http://user:secret@127.0.0.1/",
        "http://127.0.0.1@example.org/",
        "http://example.org#@127.0.0.1/",
        "http://127.0.0.1\r\n.example.org/",
    ],
)
def test_other_addresses_are_refused(config: Config, url: str) -> None:
    """What is no address, or not of a scheme and host that are allowed, is refused before anything is sent."""
    assert find_faults(config, url)
    with pytest.raises(Unreachable):
        send(Call("POST", url, {}), config)


def test_other_methods_are_refused(config: Config, server: ScriptedServer) -> None:
    """The door looks at the method too: settings may have changed since the webhook was made."""
    with pytest.raises(Unreachable, match="method must be one of: POST, PUT"):
        send(Call("DELETE", server.url, {}), config)
    assert server.asked == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "0.0.0.0", "10.0.0.1"],  # noqa: S104 (never bound)
)
def test_private_addresses_must_be_listed(config: Config, server: ScriptedServer, host: str) -> None:
    """Without a list webhooks reach the public internet alone, whatever a name resolves to."""
    port = server.url.rpartition(":")[2]
    with pytest.raises(Unreachable, match="not on the public internet"):
        send(Call("POST", f"http://{host}:{port}/", {}), replace(config, webhook_hosts=()))
    assert server.asked == []


def test_redirects_are_not_followed(config: Config, server: ScriptedServer) -> None:
    """A server can't send the broker elsewhere: the redirect is the answer."""
    server.answer(Answer(302, "", {"Location": f"{server.url}/elsewhere"}))
    answer = send(Call("POST", f"{server.url}/first", {}), config)
    assert answer.status == 302
    assert [each.target for each in server.asked] == ["/first"]


def test_the_request_arrives(config: Config, server: ScriptedServer) -> None:
    """Method, headers and body arrive as they are, in UTF-8."""
    answer = send(Call("PUT", f"{server.url}/a?b=c", {"x-name": "café"}, "naïve"), config)
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body.decode()) == ("PUT", "/a?b=c", "naïve")
    assert asked.headers["x-name"].encode("latin-1").decode() == "café"
    assert (answer.status, answer.body) == (200, "{}")


def test_long_answers_are_cut_off(config: Config, server: ScriptedServer) -> None:
    """A server can't fill the broker's memory or database with its answer."""
    server.answer(Answer(200, "a" * (3 * MOST_BYTES)))
    body = send(Call("POST", server.url, {}), config).body
    assert body.startswith("a" * MOST_BYTES)
    assert len(body) < MOST_BYTES + 100


def test_nobody_listening_is_told(config: Config, closed_url: str) -> None:
    """When nothing answers the reason is told."""
    with pytest.raises(Unreachable, match="ConnectionError"):
        send(Call("POST", closed_url, {}), config)


def test_a_pinned_address_must_prove_to_be_the_host(tmp_path: Path) -> None:
    """A call to an address sends the host's name in its handshake, and takes no certificate but the host's."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate of this test: install it to run this")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hook.test")
    files = ("-addext", "subjectAltName=DNS:hook.test", "-keyout", key, "-out", certificate)
    subprocess.run([openssl, *new, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asked: list[str] = []
    context.sni_callback = lambda _, name, __: asked.append(name)
    with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        for host, proves in {"hook.test": True, "other.test": False}.items():
            with requests.Session() as session:
                session.mount("https://", Pinned(host))
                url = f"https://127.0.0.1:{server.server_port}/"
                try:
                    session.head(url, verify=certificate)
                    assert proves
                except requests.exceptions.SSLError:
                    assert not proves
        server.shutdown()
        thread.join()
    assert asked == ["hook.test", "other.test"]

"""Webhooks that running brokers deliver."""

import time
from itertools import cycle
from pathlib import Path

import requests

import live
from hooks import PACT, publication
from programs import runner
from scripted_server import Answer, ScriptedServer, server

__all__ = ["server"]

SETTINGS = {"TALLYSTICK_WEBHOOK_SCHEMES": "http", "TALLYSTICK_WEBHOOK_HOSTS": "127.0.0.1"}
VERSIONS = 20


def post(url: str, body: object) -> None:
    """Send the body to a broker, which must take it."""
    answer = requests.post(url, json=body, timeout=30)
    assert answer.ok, answer.text


def subscribe(base_url: str, server: ScriptedServer) -> None:
    """Have the server told of each publication."""
    request = {"method": "POST", "url": server.url, "body": "${pactbroker.consumerVersionNumber}"}
    post(f"{base_url}/webhooks", {"events": [{"name": "contract_published"}], "request": request})


def test_a_kill_loses_no_delivery(empty_database: str, tmp_path: Path, server: ScriptedServer) -> None:
    """What was published with success is told, even when the broker was killed before it could tell."""
    server.answer(Answer(503), Answer(200))
    schedule = {"TALLYSTICK_WEBHOOK_RETRY_SCHEDULE": "1"}
    with live.process(empty_database, tmp_path, **SETTINGS, **schedule) as (running, base_url):
        subscribe(base_url, server)
        post(f"{base_url}/contracts/publish", publication("1"))
        while read_status(base_url) != "retrying":
            time.sleep(0.01)
        running.kill()
    with live.process(empty_database, tmp_path, **SETTINGS, **schedule) as (running, base_url):
        assert [each.body for each in server.wait_for(2)] == [b"1", b"1"]
        running.terminate()


def read_status(base_url: str) -> str:
    """Return what became of the only delivery."""
    answer = requests.get(f"{base_url}{PACT}/1/triggered-webhooks", timeout=30)
    (shown,) = answer.json()["_embedded"]["triggeredWebhooks"]
    return str(shown["status"])


def test_replicas_share_the_deliveries(empty_database: str, tmp_path: Path, server: ScriptedServer) -> None:
    """Several brokers on one database make each delivery once, whichever of them makes it."""
    with (
        live.process(empty_database, tmp_path, **SETTINGS) as (one, its_url),
        live.process(empty_database, tmp_path, **SETTINGS) as (other, other_url),
    ):
        subscribe(its_url, server)
        for number, base_url in zip(range(VERSIONS), cycle((its_url, other_url)), strict=False):
            post(f"{base_url}/contracts/publish", publication(str(number)))
        server.wait_for(VERSIONS)
        assert [live.stop(each) for each in (one, other)] == [0, 0]
    assert sorted(int(each.body) for each in server.asked) == list(range(VERSIONS))


def test_the_official_client_manages_webhooks(
    empty_database: str, tmp_path: Path, server: ScriptedServer
) -> None:
    """It makes a webhook, changes one under an identifier of its own, tests it, and deletes it."""
    with live.process(empty_database, tmp_path, **SETTINGS) as (running, base_url):
        official = runner("pact", "broker", base_url=base_url)
        uuid = official("generate-uuid").stdout.strip()
        events = ("--contract-content-changed", "--provider-verification-failed")
        header = ("-X", "POST", "-H", "Content-Type: text/plain", "-d", "about ${pactbroker.eventName}")
        made = official("create-webhook", server.url, *header, *events, "--description", "First")
        assert made.returncode == 0, made.stdout + made.stderr
        changes = (*header, "--user", "me:secret", "--contract-published", "--uuid", uuid)
        for _ in range(2):
            put = official("create-or-update-webhook", server.url, *changes)
            assert put.returncode == 0, put.stdout + put.stderr
        tested = official("test-webhook", "--uuid", uuid)
        assert tested.returncode == 0, tested.stdout + tested.stderr
        assert [each.body for each in server.asked] == [b"about test"]
        assert server.asked[0].headers["authorization"] == "Basic bWU6c2VjcmV0"
        shown = requests.get(f"{base_url}/webhooks/{uuid}", timeout=30).json()
        assert [event["name"] for event in shown["events"]] == ["contract_published"]
        deleted = official("delete-webhook", "--uuid", uuid)
        assert deleted.returncode == 0, deleted.stdout + deleted.stderr
        links = requests.get(f"{base_url}/webhooks", timeout=30).json()["_links"]["pb:webhooks"]
        assert [each["name"] for each in links] == ["First"]
        running.terminate()

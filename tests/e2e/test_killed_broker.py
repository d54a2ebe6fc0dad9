"""A broker that is killed in the middle of its work."""

import base64
import json
import random
import threading
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import requests

import live
from story import contract

KILLS = 20
WRITERS = 3
PROVIDERS = ("ledger", "mailer")


@dataclass
class Ledger:
    """What was sent to the broker: the versions that it confirmed, and all that were begun."""

    begun: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    numbers: "count[int]" = field(default_factory=count)
    confirmation: threading.Event = field(default_factory=threading.Event)

    def confirm(self, number: str) -> None:
        """Note that the broker has answered with success."""
        self.confirmed.add(number)
        self.confirmation.set()

    def wait_for_a_moment(self) -> None:
        """Return at some moment after the next confirmation."""
        self.confirmation.clear()
        assert self.confirmation.wait(timeout=60), "the broker confirms nothing"
        threading.Event().wait(random.uniform(0, 0.05))


def test_a_kill_loses_nothing_that_was_answered(empty_database: str, tmp_path: Path) -> None:
    """After SIGKILL at any moment, what was answered with success is there, and all else is there whole or not."""
    ledger = Ledger()
    for _ in range(KILLS):
        with live.process(empty_database, tmp_path) as (running, base_url):
            writers = [
                threading.Thread(target=keep_publishing, args=(base_url, ledger)) for _ in range(WRITERS)
            ]
            for writer in writers:
                writer.start()
            ledger.wait_for_a_moment()
            running.kill()
            for writer in writers:
                writer.join()
    with live.broker(empty_database, tmp_path) as base_url:
        check(base_url, ledger)
    assert len(ledger.confirmed) >= KILLS
    assert ledger.begun > ledger.confirmed, "no kill has struck a request: nothing was tried"


def keep_publishing(base_url: str, ledger: Ledger) -> None:
    """Publish new versions until the broker is gone, and note what it confirms."""
    with requests.Session() as http:
        while True:
            number = str(next(ledger.numbers))
            ledger.begun.add(number)
            try:
                answer = http.post(f"{base_url}/contracts/publish", json=publication(number), timeout=30)
            except requests.RequestException:
                return
            assert answer.status_code == 200, answer.text
            ledger.confirm(number)


def publication(number: str) -> object:
    """Return the request that publishes a version with its branch, its tag and two contracts."""
    contracts = [
        {
            "consumerName": "web",
            "providerName": provider,
            "specification": "pact",
            "contentType": "application/json",
            "content": base64.b64encode(json.dumps(contract("web", provider, number)).encode()).decode(),
        }
        for provider in PROVIDERS
    ]
    return {
        "pacticipantName": "web",
        "pacticipantVersionNumber": number,
        "branch": "main",
        "tags": ["dev"],
        "contracts": contracts,
    }


def check(base_url: str, ledger: Ledger) -> None:
    """Check that every version that was sent is there as a whole, or, without a confirmation, not at all."""
    whole = {"branchVersions": ["main"], "tags": ["dev"], "pacts": [*PROVIDERS]}
    with requests.Session() as http:
        for number in sorted(ledger.begun):
            answer = http.get(f"{base_url}/pacticipants/web/versions/{number}", timeout=30)
            if answer.status_code == 404:
                assert number not in ledger.confirmed, number
            else:
                assert find_parts(answer.json()) == whole, number
                pacts = answer.json()["_links"]["pb:pact-versions"]
                assert {http.get(each["href"], timeout=30).status_code for each in pacts} == {200}, number


def find_parts(version: Any) -> dict[str, list[str]]:
    """Return the names of what was published with a version, from its representation."""
    parts = {key: [each["name"] for each in version["_embedded"][key]] for key in ("branchVersions", "tags")}
    pacts = sorted(each["name"].rpartition(" ")[2] for each in version["_links"]["pb:pact-versions"])
    return parts | {"pacts": pacts}

"""Badges: pictures that say how a contract stands, and whether a version can go somewhere."""

import re
from functools import partial
from html import unescape
from typing import Any

import pytest
from flask import Flask

from api_client import ApiClient
from story import Story
from tallystick_broker.api.badge_images import GREEN, GREY, ORANGE, RED, draw

PAIR = "/pacts/provider/ledger-api/consumer/web"


def read(client: ApiClient, path: str) -> tuple[str, str]:
    """What the badge says, and in which colour."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    title, colours = (
        re.search("<title>(.*)</title>", answer.text),
        re.findall('fill="(#[0-9a-f]+)"', answer.text),
    )
    assert title
    return unescape(title[1]), colours[1]


def test_a_contract_stands_as_the_newest_result_of_the_pair(client: ApiClient, story: Story) -> None:
    """Unknown, verified, changed since, failed, or failed while nobody had to care yet."""
    path, label = f"{PAIR}/latest/badge.svg", "web/ledger-api pact"
    assert read(client, path) == ("pact not found: unknown", GREY)
    story.publish("web", "1", "ledger-api")
    assert read(client, path) == (f"{label}: unknown", GREY)
    story.verify("ledger-api", "10", ("web", "1"))
    assert read(client, path) == (f"{label}: verified", GREEN)
    story.publish("web", "2", "ledger-api", content="b")
    assert read(client, path) == (f"{label}: changed", ORANGE)
    story.verify("ledger-api", "10", ("web", "2"), success=False)
    assert read(client, path) == (f"{label}: failed", RED)
    story.verify("ledger-api", "11", ("web", "2"), success=False, pending=True)
    assert read(client, path) == (f"{label}: failed (pending)", RED)


def test_a_tag_has_a_badge_of_its_own(client: ApiClient, story: Story) -> None:
    """What happens to contracts without the tag says nothing for those with it, and the other way round."""
    story.publish("web", "1", "ledger-api", tags=["prod"]).verify("ledger-api", "10", ("web", "1"))
    story.publish("web", "2", "ledger-api", content="b")
    story.verify("ledger-api", "10", ("web", "2"), success=False)
    assert read(client, f"{PAIR}/latest/prod/badge")[0] == "web/ledger-api pact: verified"
    assert read(client, f"{PAIR}/latest-untagged/badge")[0] == "web/ledger-api pact: failed"
    assert read(client, f"{PAIR}/latest/dev/badge")[0] == "pact not found: unknown"


def test_two_tags_have_a_badge_together(client: ApiClient, story: Story) -> None:
    """Only results of provider versions with the tag count."""
    story.publish("web", "1", "ledger-api", tags=["dev"]).verify("ledger-api", "10", ("web", "1"))
    story.verify("ledger-api", "11", ("web", "1"), success=False).tag("ledger-api", "10", "prod")
    path = "/matrix/provider/ledger-api/latest/{}/consumer/web/latest/dev/badge"
    assert read(client, path.format("prod"))[0] == "web (dev)/ledger-api (prod) pact: verified"
    assert read(client, path.format("none"))[0] == "web (dev)/ledger-api (none) pact: unknown"


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("label=consumer", "web pact"),
        ("label=provider", "ledger-api pact"),
        ("label=Consumer", "web pact"),
        ("label=other", "web/ledger-api pact"),
        ("label=", "web/ledger-api pact"),
        ("initials=true", "web/la pact"),
        ("initials=true&label=provider", "la pact"),
    ],
)
def test_the_label_can_be_shortened(client: ApiClient, story: Story, query: str, label: str) -> None:
    """One name, or the initials of names of several words, as the Pact Broker offers."""
    story.publish("web", "1", "ledger-api")
    assert read(client, f"{PAIR}/latest/badge.svg?{query}")[0] == f"{label}: unknown"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("LedgerAPIClient", "lac"), ("Big_LedgerAPI", "bl"), ("Big  Ledger", "bl"), ("ledger", "ledger")],
)
def test_initials_are_those_of_words(client: ApiClient, story: Story, name: str, initials: str) -> None:
    """What stands between words parts them; capitals do only where there is nothing else."""
    story.publish("web", "1", name, tags=["Dev"]).tag(name, "1", "Prod")
    path = f"/matrix/provider/{name}/latest/Prod/consumer/web/latest/Dev/badge?initials=true"
    assert read(client, path)[0] == f"web (dev)/{initials} (prod) pact: unknown"


def test_says_whether_a_branch_can_go_to_an_environment(client: ApiClient, story: Story) -> None:
    """Green is yes; both no and unknown are red."""
    story.publish("web", "1", "api", branch="feat/x").environment("prod")
    path = "/pacticipants/web/branches/feat%2Fx/latest-version/can-i-deploy/to-environment/prod/badge"
    assert read(client, path) == ("can-i-deploy: feat/x to prod", RED)
    story.verify("api", "10", ("web", "1")).deploy("api", "10", "prod")
    assert read(client, path) == ("can-i-deploy: feat/x to prod", GREEN)
    assert read(client, f"{path}?label=my%20app") == ("my app: feat/x to prod", GREEN)


def test_says_whether_a_tag_goes_with_another(client: ApiClient, story: Story) -> None:
    """The newest version with the one tag is held against the newest versions with the other."""
    story.publish("web", "1", "api", tags=["dev"]).verify("api", "10", ("web", "1"))
    path = "/pacticipants/web/latest-version/dev/can-i-deploy/to/prod/badge"
    assert read(client, path) == ("can-i-deploy: dev to prod", RED)
    story.tag("api", "10", "prod")
    assert read(client, path) == ("can-i-deploy: dev to prod", GREEN)


@pytest.mark.parametrize("named", ["branch", "tag"])
def test_says_whether_the_main_branch_can_be_merged(client: ApiClient, story: Story, named: str) -> None:
    """Success, failed or unknown; without a branch of that name, the newest version with such a tag counts."""
    story.participant("web", main_branch="trunk")
    story.publish("web", "1", "api", branch="trunk") if named == "branch" else story.publish(
        "web", "1", "api", branch="x", tags=["trunk"]
    )
    path = "/pacticipants/web/main-branch/can-i-merge/badge"
    story.version("api", "10", branch="main")
    assert read(client, path) == ("can-i-merge: unknown", GREY)
    story.verify("api", "10", ("web", "1"))
    assert read(client, path) == ("can-i-merge: success", GREEN)
    story.verify("api", "10", ("web", "1"), success=False)
    assert read(client, path) == ("can-i-merge: failed", RED)


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (
            "/pacticipants/none/branches/main/latest-version/can-i-deploy/to-environment/prod/badge",
            "pacticipant",
        ),
        ("/pacticipants/web/branches/none/latest-version/can-i-deploy/to-environment/prod/badge", "branch"),
        (
            "/pacticipants/web/branches/main/latest-version/can-i-deploy/to-environment/none/badge",
            "environment",
        ),
        ("/pacticipants/none/latest-version/dev/can-i-deploy/to/prod/badge", "pacticipant"),
        ("/pacticipants/web/latest-version/none/can-i-deploy/to/prod/badge", "version"),
        ("/pacticipants/none/main-branch/can-i-merge/badge", "pacticipant"),
        ("/pacticipants/idle/main-branch/can-i-merge/badge", "main branch version"),
    ],
)
def test_what_is_missing_is_said_on_the_badge(client: ApiClient, story: Story, path: str, what: str) -> None:
    """A README shows pictures only, so even "not found" is one."""
    story.version("web", "1", branch="main")
    story.participant("idle")
    story.environment("prod")
    assert read(client, path) == (f"{what}: not found", GREY)


def test_a_fault_of_ours_is_a_badge_too(
    app: Flask, client: ApiClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shows the reference under which the log has the reason."""
    endpoint = "badges.badges_show_newest"
    view: Any = app.view_functions[endpoint]
    monkeypatch.setitem(app.view_functions, endpoint, partial(view, unforeseen=1))
    text, colour = read(client, f"{PAIR}/latest/badge")
    assert text.startswith("error: reference: ")
    assert text.rpartition(" ")[2] in caplog.text
    assert colour == GREY


def test_names_are_escaped() -> None:
    """Whatever a participant is called, the picture is well-formed and says just that."""
    assert "<title>&lt;b&gt;&amp;&quot;: x</title>" in draw('<b>&"', "x", GREY)

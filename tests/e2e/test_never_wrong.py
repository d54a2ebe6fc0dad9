"""The gate's answer at a size where the reference broker's is wrong, through every door."""

import json

import pytest
import requests

from programs import Run
from story import Story

CONSUMERS = 130


@pytest.fixture
def crowd(live_story: Story, unique: str) -> str:
    """A provider whose version 10 only the first of 130 live consumers is broken by; the suffix of all names."""
    api, prod = f"api {unique}", f"prod-{unique}"
    for number in range(CONSUMERS):
        web = f"web {number:03} {unique}"
        live_story.publish(web, "1", api, content=f"c{number}")
        live_story.verify(api, "10", of=(web, "1"), success=number != 0)
        live_story.deploy(web, "1", prod)
    live_story.session.commit()
    return unique


def test_one_failure_among_130_consumers_says_no(
    crowd: str, tallystick: Run, official: Run, live_broker: str
) -> None:
    """However the question is put, and however few rows are listed, the answer is no, and the failure is named."""
    api, prod, failing = f"api {crowd}", f"prod-{crowd}", f"web 000 {crowd}"

    ours = tallystick("can-i-deploy", "--pacticipant", api, "--version", "10", "--to-environment", prod)
    assert ours.returncode == 1, ours.stdout + ours.stderr
    assert failing in ours.stdout

    theirs = official("can-i-deploy", "-a", api, "-e", "10", "--to-environment", prod)
    assert theirs.returncode == 1, theirs.stdout + theirs.stderr
    assert "Computer says no" in theirs.stdout + theirs.stderr

    asked = {"q[][pacticipant]": api, "q[][version]": "10", "environment": prod}
    for limit in ({}, {"limit": "1"}, {"limit": "100"}):
        for grouping in ({}, {"latestby": "cvp"}, {"latestby": "cvpv"}, {"latestby": "cp"}):
            answer = requests.get(f"{live_broker}/matrix", params=asked | limit | grouping, timeout=30).json()
            assert answer["summary"]["deployable"] is False
            assert (answer["summary"]["success"], answer["summary"]["failed"]) == (CONSUMERS - 1, 1)
            assert any(failing in notice["text"] for notice in answer["notices"])
            assert len(answer["matrix"]) <= int(limit.get("limit", 100))


def test_each_live_provider_version_counts(
    live_story: Story, unique: str, tallystick: Run, official: Run, live_broker: str
) -> None:
    """With two provider versions live and one of them not verified, nobody hears a yes."""
    web, api, prod = f"web {unique}", f"api {unique}", f"prod-{unique}"
    live_story.publish(web, "1", api).verify(api, "10", of=(web, "1"))
    live_story.deploy(api, "10", prod, "eu")
    live_story.deploy(api, "9", prod, "us")
    live_story.session.commit()

    ours = tallystick("can-i-deploy", "--pacticipant", web, "--version", "1", "--to-environment", prod)
    assert ours.returncode == 1, ours.stdout + ours.stderr
    assert f"{api} 9" in ours.stdout

    theirs = official("can-i-deploy", "-a", web, "-e", "1", "--to-environment", prod)
    assert theirs.returncode == 1, theirs.stdout + theirs.stderr

    asked = {"q[][pacticipant]": web, "q[][version]": "1", "environment": prod}
    for grouping in ({}, {"latestby": "cvp"}, {"latestby": "cvpv"}, {"latestby": "cp"}):
        summary = requests.get(f"{live_broker}/matrix", params=asked | grouping, timeout=30).json()["summary"]
        assert summary["deployable"] is None, json.dumps(summary)

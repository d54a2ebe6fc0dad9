"""The official client, unmodified, against our broker."""

import json
from pathlib import Path

import pytest
import requests

from programs import Run
from story import contract


@pytest.fixture
def consumer(unique: str, official: Run, live_broker: str, tmp_path: Path) -> str:
    """A consumer whose version 1 the official client has published, with a contract with its provider."""
    name = f"web {unique}"
    document = contract(name, f"api {unique}")
    (tmp_path / "pact.json").write_text(json.dumps(document), encoding="utf-8")
    published = official(
        "publish", tmp_path / "pact.json", "--consumer-app-version", "1", "--branch", "feat/x", "--tag", "dev"
    )
    assert published.returncode == 0, published.stdout + published.stderr
    version = requests.get(f"{live_broker}/pacticipants/{name}/versions/1", timeout=10).json()
    assert [branch["name"] for branch in version["_embedded"]["branches"]] == ["feat/x"]
    assert [tag["name"] for tag in version["_embedded"]["tags"]] == ["dev"]
    return name


@pytest.fixture
def provider(unique: str) -> str:
    """The name of the consumer's provider."""
    return f"api {unique}"


def verify(broker: str, consumer: str, provider: str, number: str, *, success: bool) -> None:
    """Publish what this provider version made of the consumer's contract."""
    pact = requests.get(f"{broker}/pacts/provider/{provider}/consumer/{consumer}/latest", timeout=10).json()
    results = pact["_links"]["pb:publish-verification-results"]["href"]
    body = {"success": success, "providerApplicationVersion": number}
    assert requests.post(results, json=body, timeout=10).status_code == 201


def test_the_official_client_does_the_main_job(
    official: Run, live_broker: str, unique: str, consumer: str, provider: str
) -> None:
    """It publishes, creates an environment, records a deployment, and hears yes and no where they are right."""

    def can_i_deploy() -> tuple[int, str]:
        answer = official("can-i-deploy", "-a", consumer, "-e", "1", "--to-environment", f"prod-{unique}")
        return answer.returncode, answer.stdout + answer.stderr

    created = official("create-environment", "--name", f"prod-{unique}", "--production")
    assert created.returncode == 0, created.stdout + created.stderr
    code, text = can_i_deploy()
    assert code == 1, text

    verify(live_broker, consumer, provider, "10", success=True)
    recorded = official("record-deployment", "-a", provider, "-e", "10", "--environment", f"prod-{unique}")
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    code, text = can_i_deploy()
    assert code == 0, text
    assert "Computer says yes" in text

    verify(live_broker, consumer, provider, "10", success=False)
    code, text = can_i_deploy()
    assert code == 1, text
    assert "Computer says no" in text
    assert "failed" in text


def test_the_official_client_is_told_what_it_named_wrong(official: Run, unique: str, consumer: str) -> None:
    """An unknown environment, participant and version are told apart from a no."""
    answer = official("can-i-deploy", "-a", consumer, "-e", "1", "--to-environment", f"none-{unique}")
    assert answer.returncode != 0
    assert f"none-{unique}" in answer.stdout + answer.stderr
    answer = official("record-deployment", "-a", consumer, "-e", "99", "--environment", "production")
    assert answer.returncode != 0


def test_other_content_for_the_same_version_is_refused(
    official: Run, consumer: str, provider: str, tmp_path: Path
) -> None:
    """The client shows why the contract was refused, and what is different."""
    (tmp_path / "other.json").write_text(json.dumps(contract(consumer, provider, "b")), encoding="utf-8")
    answer = official("publish", tmp_path / "other.json", "--consumer-app-version", "1")
    assert answer.returncode != 0
    assert "has already published" in answer.stdout + answer.stderr

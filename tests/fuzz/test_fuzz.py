"""Requests that a program has thought up from the description of the API (Schemathesis)."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy.orm import Session

import databases
import live
from programs import find_program
from story import Story
from tallystick_broker import db

EXAMPLES = int(os.environ.get("TALLYSTICK_FUZZ_EXAMPLES", "1"))
"""Requests of each kind for each operation; `make fuzz` sends hundreds."""

SEED = "1"
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_schema_conformance", "response_headers_conformance"),
)
PHASES = "examples,coverage,fuzzing,stateful" if EXAMPLES > 1 else "fuzzing"
KINDS = databases.KINDS if EXAMPLES > 1 else databases.KINDS[:1]


@pytest.fixture
def broker(database_server: str, tmp_path: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The address of a broker of this test's own, and names of what it has, by the parameters of paths."""
    database = databases.new_database(database_server)
    # Webhooks that are thought up must lead nowhere.
    with live.broker(database, tmp_path, TALLYSTICK_WEBHOOK_HOSTS="127.0.0.1") as base_url:
        engine = db.connect(database)
        with Session(engine) as session:
            known = tell(Story(session), base_url)
        engine.dispose()
        yield base_url, known


def tell(story: Story, base_url: str) -> dict[str, list[str]]:
    """Have something of everything, and return how it is named in paths."""
    for number in "123":
        story.publish("web", number, "api", content=number, branch="main", tags=["dev"])
        story.verify("api", number, of=("web", number)).branch("api", number, "main").tag(
            "api", number, "dev"
        )
    deployed = story.deploy("web", "1", "prod")
    released = story.release("web", "2", "prod")
    webhook = story.subscribe()
    names = {"environment": story.environment("prod").uuid, "deployment": deployed.uuid}
    names |= {"released-versions": released.uuid, "webhook": webhook.uuid}
    story.session.commit()
    found = requests.post(f"{base_url}/pacts/provider/api/for-verification", json={}, timeout=30).json()
    segments = found["_embedded"]["pacts"][0]["_links"]["self"]["href"].split("/")
    return {key: [name] for key, name in names.items()} | {
        "name": ["web", "api"],
        "consumer": ["web"],
        "provider": ["api"],
        "pacticipant": ["web", "api"],
        "number": ["1", "2", "3"],
        "version": ["1", "2", "3"],
        "other": ["1", "2"],
        "tag": ["dev"],
        "provider_tag": ["dev"],
        "target": ["dev"],
        "branch": ["main"],
        "label": ["red"],
        "relation": ["pacts"],
        "sha": [segments[-3]],
        "metadata": [segments[-1]],
    }


@pytest.mark.parametrize("database_server", KINDS, indirect=True)
def test_no_request_is_answered_otherwise_than_described(
    broker: tuple[str, dict[str, list[str]]], tmp_path: Path
) -> None:
    """No request leads to a 500, to a status that is not described, or to a document against its schema."""
    base_url, known = broker
    options = {
        "--max-examples": str(EXAMPLES),
        "--seed": SEED,
        "--request-timeout": "60",
        "--phases": PHASES,
        "--checks": ",".join(CHECKS),
    }
    command = [find_program("schemathesis"), "run", f"{base_url}/openapi.json", "--continue-on-failure"]
    command += ["--no-color", "--generation-database", "none", "--suppress-health-check", "all"]
    environ = os.environ | {
        "SCHEMATHESIS_HOOKS": str(Path(__file__).parent / "hooks.py"),
        "KNOWN": json.dumps(known),
    }
    done = subprocess.run(
        [*command, *(part for option in options.items() for part in option)],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Selected: (\d+)/\1\n *Tested: \1\n", done.stdout), done.stdout

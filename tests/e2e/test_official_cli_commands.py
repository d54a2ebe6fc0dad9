"""Every command of the official client, unmodified, against our broker."""

import json
import re
from pathlib import Path

import pytest

from programs import Run
from story import Story, contract

HERE = Path(__file__).parent
FOR_NO_BROKER_OF_OURS = {"help", "ruby", "docker"}
"""What explains the client, and what starts a Pact Broker."""

Names = dict[str, str]

# Once through is enough: that both databases answer alike is what the tests of the API are for.
pytestmark = pytest.mark.parametrize("database_server", ["postgresql"], indirect=True, scope="session")


@pytest.fixture
def names(live_story: Story, unique: str) -> Names:
    """Names of a consumer with version 1, on main, tagged dev, and of its provider and environment."""
    names = {"web": f"web-{unique}", "api": f"api-{unique}", "prod": f"prod-{unique}"}
    live_story.participant(names["web"], main_branch="main")
    live_story.participant(names["api"], main_branch="main")
    live_story.publish(names["web"], "1", names["api"], branch="main", tags=["dev"])
    live_story.environment(names["prod"], production=True)
    live_story.session.commit()
    return names


def ok(run: Run, *arguments: object) -> str:
    """Run a command that must succeed, and return what it says."""
    done = run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def refused(run: Run, *arguments: object) -> str:
    """Run a command that must fail in its own words, and return them."""
    done = run(*arguments)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "panicked" not in said
    return said


def test_every_command_has_a_test(official: Run) -> None:
    """The commands that the client's help lists are the first arguments of calls in these tests."""
    listed = ok(official, "--help").partition("Commands:")[2].partition("Options:")[0]
    commands = set(re.findall(r"^  ([a-z-]+) ", listed, flags=re.MULTILINE))
    assert len(commands) > 25, listed
    text = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    tested = set(re.findall(r'(?:official\(|(?:ok|refused)\(official,)\s*"([a-z-]+)"', text))
    assert commands - tested - FOR_NO_BROKER_OF_OURS == set()


def test_pacts_are_published_and_listed(official: Run, names: Names, tmp_path: Path) -> None:
    """publish sends files with branch, tags and build, merges, and says what to do next; the lists have them."""
    web, api = names["web"], names["api"]
    (tmp_path / "one.json").write_text(json.dumps(contract(web, api)), encoding="utf-8")
    (tmp_path / "two.json").write_text(json.dumps(contract(web, api, "b")), encoding="utf-8")
    version = ("-a", "2", "--branch", "feat/x", "--tag", "beta", "--build-url", "https://ci.example/2")
    said = ok(official, "publish", tmp_path / "one.json", *version)
    assert f"Created {web} version 2 with branch feat/x and tags beta" in said
    assert "successfully published" in said
    assert "Next steps:" in said
    assert "has already published" in refused(official, "publish", tmp_path / "two.json", *version)
    assert "successfully merged" in ok(official, "publish", tmp_path / "two.json", *version, "--merge")
    assert f'"{web}"' in ok(official, "list-latest-pact-versions")
    pacts = json.loads(ok(official, "list-latest-pact-versions", "-o", "json"))["pacts"]
    embedded = next(each["_embedded"] for each in pacts if each["_embedded"]["consumer"]["name"] == web)
    assert embedded["consumer"]["_embedded"]["version"]["number"] == "2"


@pytest.mark.parametrize(
    ("options", "version"),
    [
        ((), "1"),
        (("--latest",), "1"),
        (("--branch", "feat/x"), "2"),
        (("--branch", "feat/x", "--latest"), "2"),
    ],
)
@pytest.mark.parametrize("with_consumer", [False, True])
def test_pacts_are_found_by_branch(
    official: Run,
    live_story: Story,
    names: Names,
    tmp_path: Path,
    options: tuple[str, ...],
    version: str,
    with_consumer: bool,
) -> None:
    """get-pacts lists those of the main branch, or of another one, of all consumers or of one, and downloads them."""
    web, api = names["web"], names["api"]
    live_story.publish(web, "2", api, content="b", branch="feat/x").session.commit()
    consumer = ("--consumer", web) if with_consumer else ()
    where = ("--download", "--download-dir", tmp_path)
    said = ok(official, "get-pacts", "--provider", api, *consumer, *options, *where)
    assert f"Pact between {web} ({version}) and {api}" in said
    assert [path.name for path in tmp_path.iterdir()] == [f"{web}-{api}-{version}.json"]


def test_environments_are_managed(official: Run, unique: str) -> None:
    """They are created, listed, described, changed and deleted; what is wrong is said."""
    name, contact = f"test-{unique}", ("--contact-name", "Ada", "--contact-email-address", "ada@example.org")
    created = ok(official, "create-environment", "--name", name, "--display-name", "Test", *contact)
    assert f"Created {name} environment" in created
    assert "already exists" in refused(official, "create-environment", "--name", name)
    listed = ok(official, "list-environments")
    (uuid,) = re.findall(rf"(\S+) ┆ {name} ┆ Test +┆ false", listed)
    described = ok(official, "describe-environment", "--uuid", uuid)
    assert f"Name: {name}" in described
    assert "Name: Ada" in described
    changed = ok(official, "update-environment", "--uuid", uuid, "--name", name, "--production")
    assert f"Updated {name} environment" in changed
    assert "Production: true" in ok(official, "describe-environment", "--uuid", uuid)
    assert "deleted successfully" in ok(official, "delete-environment", "--uuid", uuid)
    assert name not in ok(official, "list-environments")


def test_deployments_are_recorded(official: Run, names: Names) -> None:
    """Of several instances each is deployed and undeployed by its name; the version tells where it runs."""
    web, prod = names["web"], names["prod"]
    for instance in ("blue", "green"):
        options = ("--environment", prod, "--application-instance", instance)
        recorded = ok(official, "record-deployment", "-a", web, "-e", "1", *options)
        assert f"Recorded deployment of {web} version 1 to {prod} environment" in recorded
    described = ok(official, "describe-version", "-a", web, "--environment", prod, "--deployed")
    for instance in ("blue", "green"):
        assert re.search(rf"│ 1 +┆ Deployed ┆ {prod} +┆ {instance}", described)
    ended = ok(official, "record-undeployment", "-a", web, *options)
    assert f"Undeployed {web} from {prod} environment (application instance green)" in ended
    described = ok(official, "describe-version", "-a", web, "--environment", prod, "--deployed")
    assert "blue" in described
    assert "green" not in described
    assert refused(official, "record-deployment", "-a", web, "-e", "99", *options)


def test_releases_are_recorded(official: Run, names: Names) -> None:
    """A release is supported until the end of its support is recorded."""
    web, prod = names["web"], names["prod"]
    where = ("-a", web, "-e", "1", "--environment", prod)
    assert f"Recorded release of {web} version 1 to {prod}" in ok(official, "record-release", *where)
    asked = ("describe-version", "-a", web, "--environment", prod, "--released")
    assert re.search(rf"│ 1 +┆ \w+ +┆ {prod}", official(*asked).stdout)
    assert "Recorded support ended" in ok(official, "record-support-ended", *where)
    assert not re.search(rf"│ 1 +┆ \w+ +┆ {prod}", official(*asked).stdout)


def test_the_gate_answers(official: Run, live_story: Story, names: Names) -> None:
    """can-i-deploy and can-i-merge say no until the provider has honoured the contract, and yes afterwards."""
    web, api, prod = names["web"], names["api"], names["prod"]
    to_prod = ("can-i-deploy", "-a", web, "-e", "1", "--to-environment", prod)
    assert "Computer says no" in refused(official, *to_prod)
    assert official(*to_prod, "--dry-run").returncode == 0
    assert "Computer says no" in refused(official, "can-i-merge", "-a", web, "-e", "1")
    live_story.verify(api, "10", of=(web, "1")).branch(api, "10", "main")
    live_story.deploy(api, "10", prod)
    live_story.session.commit()
    assert "Computer says yes" in ok(official, "can-i-deploy", "-a", web, "-e", "1", "--to-environment", prod)
    assert "Computer says yes" in ok(official, "can-i-merge", "-a", web, "-e", "1")


def test_pacticipants_are_managed(official: Run, names: Names, unique: str) -> None:
    """One is created, changed without losing what is not named, described and listed."""
    name = f"shop-{unique}"
    fields = ("--main-branch", "trunk", "--repository-url", "https://git.example/shop")
    ok(official, "create-or-update-pacticipant", "--name", name, "--display-name", "Shop", *fields)
    ok(official, "create-or-update-pacticipant", "--name", name, "--display-name", "The shop")
    described = ok(official, "describe-pacticipant", "--name", name)
    for fact in ("Display Name: The shop", "Main Branch: trunk", "Repo URL: https://git.example/shop"):
        assert fact in described
    listed = ok(official, "list-pacticipants")
    assert f'"{name}"' in listed
    assert f'"{names["web"]}"' in listed


def test_versions_are_managed(official: Run, names: Names) -> None:
    """They get branches and tags, lose tags, and are found as the newest; a branch is deleted without them."""
    web = names["web"]
    where = ("-a", web, "-e", "2")
    assert "does not exist" in refused(official, "create-version-tag", *where, "-t", "v%2F 1")
    made = ok(official, "create-or-update-version", *where, "--branch", "feat/a b", "--tag", "v 1")
    assert "Branch 'feat/a b' created" in made
    assert "Tag 'v 1' created" in made
    ok(official, "create-version-tag", *where, "-t", "beta")
    assert re.search(r"│ 2 +┆ beta, v 1|│ 2 +┆ v 1, beta", ok(official, "describe-version", "-a", web))
    assert re.search(r"│ 1 +┆ dev", ok(official, "describe-version", "-a", web, "--latest", "dev"))
    assert "Successfully deleted" in ok(official, "delete-version-tag", *where, "-t", "beta")
    assert "beta" not in ok(official, "describe-version", "-a", web)
    assert "Success" in ok(
        official, "create-version-tag", "-a", web, "-e", "3", "-t", "new", "--auto-create-version"
    )
    assert "Successfully deleted branch" in ok(official, "delete-branch", "-a", web, "--branch", "feat/a b")
    assert "was not found" in official("delete-branch", "-a", web, "--branch", "feat/a b").stdout
    version = json.loads(ok(official, "describe-version", "-a", web, "-o", "json"))
    assert version["number"] == "3"


def test_provider_states_are_listed(official: Run, live_story: Story, names: Names) -> None:
    """Those of main branches, of another branch, and of what is live."""
    web, api, prod = names["web"], names["api"], names["prod"]
    live_story.publish(web, "2", api, content="b", branch="feat/x")
    live_story.deploy(web, "1", prod)
    live_story.session.commit()
    assert re.search(rf"a exists +┆ {web}", ok(official, "provider-states", "list", "--provider", api))
    on_branch = ok(official, "provider-states", "list", "--provider", api, "--branch", "feat/x", "--json")
    assert json.loads(on_branch) == {"providerStates": [{"name": "b exists", "consumers": [web]}]}
    assert "a exists" in ok(official, "provider-states", "list", "--provider", api, "--environment", prod)

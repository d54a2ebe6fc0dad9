"""Marks, hooks and the view of the session."""

import json

import pytest

import tallystick
from plugin.consumer.consumer_suite import Suite, summary

TESTS = """
import tallystick

def ask(inventory, words):
    inventory.expect(words).get("/x").reply(204)
    requests.get(inventory.url + "/x")

def test_plain(inventory):
    ask(inventory, "plain")

@pytest.mark.contracts(record=False)
def test_private(inventory):
    ask(inventory, "private")

@tallystick.meta(jira="SHOP-1", openapi={"operation": "getX"})
class TestReferences:
    @tallystick.meta(jira="SHOP-2")
    def test_referring(self, inventory):
        ask(inventory, "referring")
"""
HOOKS = """
def pytest_contracts_version(config):
    return "of the hook"

def pytest_contracts_recorded(config, path, document):
    with config.rootpath.joinpath("hooked").open("a") as hooked:
        hooked.write(f"{path.name}: {len(document['interactions'])}")

@pytest.fixture(autouse=True)
def looks(contracts_session):
    yield
    assert contracts_session.name == "checkout"
    assert contracts_session.version == "of the hook"
    assert contracts_session.branch is None
    assert contracts_session.verified == []

@pytest.fixture(scope="session", autouse=True)
def remembers(contracts_session):
    yield
    tests = {test: [each["provider"]["name"] for each in found] for test, found in contracts_session.recorded.items()}
    assert tests["test_client.py::test_plain"] == ["inventory"]
    assert "test_client.py::test_private" not in tests
"""


def test_marks_hooks_and_the_session(suite: Suite) -> None:
    """What is marked is not recorded or refers to tickets; hooks name the version and hear of each contract."""
    suite.add_to_conftest("import pytest\n" + HOOKS)
    suite.write("test_client.py", TESTS)
    result = suite.run("--strict-markers", "-n1")
    assert result.ret == 0, result.outlines
    assert (suite.pytester.path / "hooked").read_text() == "checkout-inventory.json: 2"
    plain, referring = suite.contract()["interactions"]
    assert plain["comments"] == {"testname": "test_client.py::test_plain"}
    assert referring["comments"]["references"] == {
        "jira": {"reference": "SHOP-2"},
        "openapi": {"operation": "getX"},
    }
    (suite.pytester.path / "hooked").unlink()
    assert suite.run("--contracts-check").ret == 0
    assert not (suite.pytester.path / "hooked").exists()


def test_a_test_that_is_marked_later_takes_its_interaction_along(suite: Suite) -> None:
    """What was recorded before its test was marked is removed like anything that is no longer declared."""
    suite.write("test_client.py", TESTS.replace("@pytest.mark.contracts(record=False)\n", ""))
    assert suite.run().ret == 0
    assert suite.descriptions() == ["plain", "private", "referring"]
    suite.write("test_client.py", TESTS)
    assert '          removed "private": its test no longer declares it' in summary(suite.run())


@pytest.mark.parametrize(
    ("mark", "settings", "reason"),
    [
        (
            "pytest.mark.contracts(recrod=False)",
            "",
            "the mark contracts takes record=False, and nothing else",
        ),
        (
            "tallystick.meta(jira='X')",
            'contracts_spec = "3"',
            "tallystick.meta: Pact specification 3 has no references",
        ),
    ],
)
def test_a_mark_that_says_nothing_useful_fails(suite: Suite, mark: str, settings: str, reason: str) -> None:
    """A slip in a mark would otherwise publish what was not meant to be, or lose what was."""
    suite.configure(settings)
    suite.write(
        "test_client.py",
        f"""
        import tallystick

        def test_first(inventory):
            pass

        @{mark}
        def test_second(inventory):
            pass
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"*{reason}*"])


def test_a_reference_is_needed() -> None:
    """A mark without any reference is a slip."""
    with pytest.raises(TypeError, match="needs a reference"):
        tallystick.meta()
    assert json.dumps(tallystick.meta(a={"b": "c"}).kwargs) == '{"a": {"b": "c"}}'

"""What a consumer is told that broke its contract."""

from pathlib import Path

import pytest
import requests

from plugin.consumer.consumer_suite import Suite
from tallystick import Mock
from tallystick.consumer.failure import explain, near_misses
from tallystick.consumer.outcome import Expected, Unexpected


def section(result: pytest.RunResult, first: str) -> list[str]:
    """Return the lines of the output from the one that starts so, to the end of its paragraph."""
    lines = [line.rstrip() for line in result.outlines]
    start = next(index for index, line in enumerate(lines) if line.startswith(first))
    end = next(index for index, line in enumerate(lines[start:], start) if line[:2] in {"__", "==", "--"})
    return lines[start:end]


def test_the_assertion_of_the_test_stays_the_failure(suite: Suite) -> None:
    """A test that fails by itself fails with its own words; what the mock saw stands beside them."""
    suite.write(
        "test_client.py",
        """
        def test_reserves(inventory):
            (
                inventory.expect("reserve two units")
                .post("/reservations", json={"qty": integer(2)}, headers={"X-Tenant": "eu"}, query={"dry": "no"})
                .reply(201)
            )
            answer = requests.post(inventory.url + "/reservations", json={"qty": "two"})
            assert answer.status_code == 201
        """,
    )
    result = suite.run()
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "E       assert 500 == 201",
            "test_client.py:12: AssertionError",
            "*- contract mismatches -*",
            "checkout broke its contract with inventory",
            "FAILED test_client.py::test_reserves - assert 500 == 201*",
        ]
    )
    assert section(result, "checkout broke") == [
        "checkout broke its contract with inventory",
        '  "reserve two units"  test_client.py:7',
        "    POST /reservations was sent, but not as declared:",
        "      query dry        declared [\"no\"]  not sent    Expected query parameter 'dry' but was missing",
        "      header X-Tenant  declared \"eu\"    not sent    Expected a header 'X-Tenant' but was missing",
        "      body $.qty       declared 2       sent \"two\"  Expected 'two' (String) to be an integer",
    ]


def test_a_test_that_swallows_the_mismatch_fails(suite: Suite) -> None:
    """A test that passes by itself fails when it did not keep to its contract; no frame of ours is shown."""
    suite.write(
        "test_client.py",
        """
        def test_reserves(inventory):
            inventory.expect("reserve").post("/reservations", json={"qty": like(2)}).reply(201)
            inventory.expect("release").delete("/reservations/1").reply(204)
            requests.post(inventory.url + "/reservation", json={"qty": 2})
            requests.get(inventory.url + "/metrics")
        """,
    )
    result = suite.run()
    result.assert_outcomes(failed=1)
    assert section(result, "checkout broke") == [
        "checkout broke its contract with inventory",
        '  "reserve"  test_client.py:6',
        "    POST /reservations was never sent",
        "    POST /reservation was sent instead, which this test does not declare",
        '  "release"  test_client.py:7',
        "    DELETE /reservations/1 was never sent",
        "  GET /metrics was sent, but this test does not declare it",
    ]
    result.stdout.no_fnmatch_line("*pytest_plugin*")


def test_requests_that_the_test_did_not_come_to_are_not_blamed(suite: Suite) -> None:
    """A test that stops early is not told that its later requests were never sent."""
    suite.write(
        "test_client.py",
        """
        def test_reserves(inventory):
            inventory.expect("reserve").post("/reservations").reply(201)
            assert not "here yet"
        """,
    )
    suite.run().stdout.no_fnmatch_line("*contract mismatches*")


def test_a_half_declared_interaction_fails(suite: Suite) -> None:
    """A declaration without its reply was forgotten halfway, and is named with its line."""
    suite.write(
        "test_client.py",
        """
        def test_reserves(inventory):
            inventory.expect("reserve").post("/reservations")
        """,
    )
    result = suite.run()
    assert section(result, "checkout broke") == [
        "checkout broke its contract with inventory",
        '  "reserve"  test_client.py:6 is only half declared: it ends without .reply(…)',
    ]


def test_a_wrong_declaration_points_at_its_own_line(suite: Suite) -> None:
    """The traceback of a declaration that cannot be recorded ends in the test."""
    suite.write(
        "test_client.py",
        """
        def test_reserves(inventory):
            inventory.expect("reserve").post("/reservations", json={"qty": float("inf")}).reply(201)
        """,
    )
    result = suite.run()
    result.stdout.fnmatch_lines(
        [
            '>       inventory.expect("reserve").post(*',
            "E       *DeclarationError: json.qty is inf: JSON has no such number",
            "test_client.py:6: DeclarationError",
        ]
    )
    for other in ("*pytest_plugin*", "*contract mismatches*"):
        result.stdout.no_fnmatch_line(other)


def test_a_second_declaration_of_the_same_words_fails_at_once(suite: Suite) -> None:
    """It names the line of the first one, and the test goes no further."""
    suite.write(
        "test_client.py",
        """
        def test_reserves(inventory):
            inventory.expect("reserve").post("/reservations").reply(201)
            inventory.expect("reserve").post("/reservations").reply(409)
            raise AssertionError("never reached")
        """,
    )
    result = suite.run()
    assert result.ret == 1
    shown = " ".join(line.removeprefix("E").strip() for line in result.outlines if line.startswith("E  "))
    assert shown == (
        "tallystick.errors.DeclarationError: 'reserve' is declared differently at test_client.py:6: "
        "in one test each interaction needs words of its own"
    )


def test_a_service_without_a_name_is_told_how_to_get_one(suite: Suite) -> None:
    """A contract needs the consumer's name, which is asked for when a test first needs it."""
    (suite.pytester.path / "pyproject.toml").unlink()
    suite.write("test_client.py", "def test_ping(inventory):\n    pass\n")
    result = suite.run()
    result.assert_outcomes(errors=1)
    assert (
        "this service has no name to record a contract under: set contracts_name in pytest's configuration, "
        "or say tallystick.consumes('inventory', consumer='…')"
    ) in result.outlines


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            ["-o", "contracts_spec=5"],
            "contracts_spec = '5': the Pact specifications to choose from are 2, 3 and 4",
        ),
        (
            ["--contracts-publish"],
            "--contracts-publish needs a broker: "
            "set contracts_broker, --contracts-broker or PACT_BROKER_BASE_URL",
        ),
        (
            ["--contracts-publish", "--contracts-broker=http://localhost"],
            "--contracts-publish needs a version, and there is no build system and no git commit "
            "to take it from: give --contracts-version",
        ),
        (
            ["--contracts-broker=ftp://localhost"],
            "the broker's address must be an http or https URL, not 'ftp://localhost'",
        ),
        (
            ["--contracts-broker=http://me:secret@localhost"],
            "the broker's address must not hold credentials, they would be printed with it: "
            "set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD",
        ),
    ],
)
def test_a_wrong_setting_stops_before_the_first_test(suite: Suite, arguments: list[str], reason: str) -> None:
    """A setting that cannot be used is a usage error that says what to do, and no secret is printed."""
    suite.write("test_client.py", "def test_nothing():\n    pass\n")
    result = suite.run(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {reason}" in result.errlines
    assert "secret" not in str(result.errlines + result.outlines)


def test_secrets_are_not_printed() -> None:
    """Values of credentials stay out of reports, wherever in the request they are."""
    mock = Mock("checkout", "inventory", specification=4, root=Path.cwd())
    mock.expect("x").post(
        "/x", headers={"Authorization": "Bearer s3cr3t"}, json={"password": "s3cr3t"}
    ).reply(200)
    wrong = {"Authorization": "Bearer w0rse"}
    requests.post(f"{mock.url}/x", headers=wrong, json={"password": "w0rse"}, timeout=5)
    told = explain("checkout", "inventory", mock.outcome())
    mock.close()
    assert "header Authorization  declared (hidden)  sent (hidden)" in told
    assert "body $.password" in told
    assert not {word for word in ("s3cr3t", "w0rse") if word in told}


def test_a_request_of_two_possible_interactions_names_both() -> None:
    """Where method and path fit several declared requests, the report says so instead of guessing."""
    mock = Mock("checkout", "inventory", specification=4, root=Path.cwd())
    mock.expect("one").post("/x", json={"n": 1}).reply(200)
    mock.expect("two").post("/x", json={"n": 2}).reply(200)
    for number in (1, 2, 3):
        requests.post(f"{mock.url}/x", json={"n": number}, timeout=5)
    (mismatched,) = mock.outcome().mismatched
    mock.close()
    assert [item.label.partition("  ")[0] for item in mismatched.candidates] == ['"one"', '"two"']
    assert '"one"' in explain("checkout", "inventory", mock.outcome())


@pytest.mark.parametrize(
    ("declared", "sent", "paired"),
    [
        (("GET", "/reservations"), ("GET", "/reservation"), True),
        (("POST", "/reservations"), ("PUT", "/reservations"), True),
        (("GET", "/reservations"), ("GET", "/metrics"), False),
    ],
)
def test_only_a_near_miss_is_paired(declared: tuple[str, str], sent: tuple[str, str], paired: bool) -> None:
    """An undeclared request is shown beside a declared one when it looks like a slip of it."""
    expected, unexpected = Expected(*declared, "x"), Unexpected(*sent)
    assert near_misses((expected,), (unexpected,)) == ({expected: unexpected} if paired else {})


def test_the_core_logs_as_much_as_was_asked_for(suite: Suite) -> None:
    """`--contracts-log-level` decides what of the Pact core's own log is kept with each test."""
    suite.write(
        "test_client.py",
        """
        EXPECTED = {
            "error": set(),
            "warning": set(),
            "info": {"INFO"},
            "debug": {"INFO", "DEBUG"},
            "trace": {"INFO", "DEBUG", "TRACE"},
        }

        def test_ping(inventory, caplog, pytestconfig):
            inventory.expect("ping").get("/ping").reply(200)
            requests.get(inventory.url + "/ping")
            levels = {record.levelname for record in caplog.records if record.name.startswith("pact.ffi")}
            assert levels == EXPECTED[pytestconfig.getoption("--contracts-log-level")]
        """,
    )
    for level in ("error", "warning", "info", "debug", "trace"):
        suite.run(f"--contracts-log-level={level}").assert_outcomes(passed=1)
    result = suite.run("--contracts-log-level=loud")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*: error: argument --contracts-log-level: invalid choice: 'loud' (choose from *"]
    )

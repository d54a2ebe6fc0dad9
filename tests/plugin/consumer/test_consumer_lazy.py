"""What a suite pays that has the plugin but no contracts."""

import pytest

from plugin import suites

HEAVY = ("pact", "pact_ffi", "flask", "sqlalchemy", "requests", "tallystick_client", "tallystick_broker")


def test_a_suite_without_contracts_loads_nothing_heavy(pytester: pytest.Pytester) -> None:
    """The plugin brings neither the Pact core nor an HTTP client nor the broker before a test needs them."""
    pytester.makepyfile(
        f"""
        import sys

        def test_what_is_loaded():
            assert "tallystick.plugin" in sys.modules
            assert set({HEAVY!r}) & set(sys.modules) == set()
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:pact", *suites.block())
    result.assert_outcomes(passed=1)


def test_declaring_a_fixture_loads_no_core(pytester: pytest.Pytester) -> None:
    """`consumes` in a conftest.py costs nothing until a test asks for the mock."""
    pytester.makeconftest("import tallystick\ninventory = tallystick.consumes('inventory')\n")
    pytester.makepyfile("import sys\ndef test_x():\n    assert not {'pact', 'requests'} & set(sys.modules)\n")
    pytester.runpytest_subprocess("-p", "no:pact", *suites.block()).assert_outcomes(passed=1)

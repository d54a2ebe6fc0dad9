"""What a suite pays that has the plugin but no contracts."""

import subprocess
import sys

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


def test_what_pytest_loads_of_us_needs_nothing_else() -> None:
    """The entry point brings modules of its own and of Python, and no others beside pytest."""
    program = (
        "import sys, pytest; before = set(sys.modules); import tallystick.plugin;"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    shown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert shown.stdout.split() == ["tallystick"]


def test_declaring_a_fixture_loads_no_core(pytester: pytest.Pytester) -> None:
    """`consumes` in a conftest.py costs nothing until a test asks for the mock."""
    pytester.makeconftest("import tallystick\ninventory = tallystick.consumes('inventory')\n")
    pytester.makepyfile("import sys\ndef test_x():\n    assert not {'pact', 'requests'} & set(sys.modules)\n")
    pytester.runpytest_subprocess("-p", "no:pact", *suites.block()).assert_outcomes(passed=1)

"""What a suite pays that has the plugin but no contracts."""

import subprocess
import sys

import pytest

import pytest_tallystick
from plugin import suites
from tallystick import hookspecs

HEAVY = ("pact", "pact_ffi", "flask", "sqlalchemy", "requests", "tallystick_client", "tallystick_broker")


def test_a_suite_without_contracts_loads_nothing_heavy(pytester: pytest.Pytester) -> None:
    """The plugin brings neither the Pact core nor an HTTP client nor the broker, nor more of itself than its entry."""
    pytester.makepyfile(
        f"""
        import sys

        def test_what_is_loaded():
            assert "pytest_tallystick" in sys.modules
            assert {{"tallystick", *{HEAVY!r}}} & set(sys.modules) == set()
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:pact", *suites.block())
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("module", "packages"),
    [("pytest_tallystick", ["pytest_tallystick"]), ("tallystick.plugin", ["tallystick"])],
)
def test_what_pytest_loads_of_us_needs_nothing_else(module: str, packages: list[str]) -> None:
    """The entry point brings no module but its own, and the plugin none but its own and of Python, beside pytest."""
    program = (
        f"import sys, pytest; before = set(sys.modules); import {module};"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    shown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert shown.stdout.split() == packages


def test_a_hook_alone_is_a_use(pytester: pytest.Pytester) -> None:
    """What implements a hook has it checked, wherever it is, in a suite that has no contracts so far."""
    names = {name for name in vars(hookspecs) if name.startswith("pytest_")}
    assert set(pytest_tallystick.HOOKS) == names
    for name in names:
        folder = pytester.mkdir(name)
        (folder / "conftest.py").write_text(f"def {name}(): pass\n")
        (folder / f"test_{name}.py").write_text("def test_nothing(): pass\n")
    suites.run().assert_outcomes(passed=len(names))
    pytester.makeconftest("def pytest_contracts_version(colour): pass\n")
    result = suites.run()
    assert result.ret != pytest.ExitCode.OK
    assert "hook 'pytest_contracts_version'" in "\n".join(result.errlines)


def test_declaring_a_fixture_loads_no_core(pytester: pytest.Pytester) -> None:
    """`consumes` in a conftest.py costs nothing until a test asks for the mock."""
    pytester.makeconftest("import tallystick\ninventory = tallystick.consumes('inventory')\n")
    pytester.makepyfile("import sys\ndef test_x():\n    assert not {'pact', 'requests'} & set(sys.modules)\n")
    pytester.runpytest_subprocess("-p", "no:pact", *suites.block()).assert_outcomes(passed=1)

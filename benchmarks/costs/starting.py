"""What a suite pays that has the plugin and no use for it."""

from pathlib import Path

from costs.recording import CLOCK
from costs.runs import OURS as PLUGIN
from costs.runs import compare, run, say

TESTS = 3000
MANY = (
    f"import pytest\n@pytest.mark.parametrize('number', range({TESTS}))\ndef test_empty(number):\n    pass\n"
)
METER = """
import functools, importlib, importlib.util, inspect, sys, time
import pytest

# Whatever is imported first has Python read the folders of all packages.
importlib.util.find_spec("no_such_module")

spent, inside = 0.0, False

def measured(function):
    @functools.wraps(function)
    def wrapper(*arguments, **named):
        global spent, inside
        if inside:
            return function(*arguments, **named)
        inside, began = True, time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            spent += time.process_time() - began
            inside = False
    return wrapper

plugin = measured(importlib.import_module)(sys.argv[1])
for name, value in list(vars(plugin).items()):
    if name.startswith("pytest_") and not inspect.isgeneratorfunction(value):
        setattr(plugin, name, measured(value))
register = pytest.PytestPluginManager.register
pytest.PytestPluginManager.register = lambda self, found, name=None: (
    measured(register) if found is plugin else register
)(self, found, name)
pytest.main(["-q"], plugins=[plugin])
open("seconds", "w").write(str(spent))
"""


def measure(folder: Path, rounds: int) -> None:
    """Print what a test takes longer beside the plugin, and how much processor time loading the plugin takes.

    Python imports it, pytest registers and calls it. Another plugin's time is there for scale.
    """
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "conftest.py").write_text(CLOCK)
    (folder / "test_suite.py").write_text(MANY)
    bare, _, ratio = compare(rounds, lambda: time_tests(folder), lambda: time_tests(folder, PLUGIN))
    say(f"a test without contracts: {1e6 * bare / TESTS:.0f} µs, with the plugin {ratio:.2f} times")
    (folder / "conftest.py").unlink()
    (folder / "test_suite.py").write_text("def test_nothing():\n    pass\n")
    other, ours, _ = compare(
        rounds, lambda: meter(folder, "pytest_timeout"), lambda: meter(folder, "pytest_tallystick")
    )
    say(f"a run without contracts: {ours:.2f} ms, with pytest-timeout {other:.2f} ms; limit 1 ms")


def time_tests(folder: Path, *arguments: str) -> float:
    """Return in how many seconds the tests run."""
    run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)
    return float((folder / "seconds").read_text())


def meter(folder: Path, plugin: str) -> float:
    """Return how many milliseconds a plugin takes of a run that has one test, and no use for it."""
    run(folder, "-c", METER, plugin)
    return 1000 * float((folder / "seconds").read_text())

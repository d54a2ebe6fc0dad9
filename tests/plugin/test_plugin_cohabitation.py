"""The plugin in suites of every layout."""

import pytest

from plugin import suites


def test_folders_may_have_a_conftest_each(pytester: pytest.Pytester) -> None:
    """A suite without contracts, in folders with a conftest.py each, runs as if the plugin were not there."""
    for folder in ("one", "two"):
        package = pytester.mkdir(folder)
        (package / "conftest.py").write_text("")
        (package / f"test_{folder}.py").write_text(f"def test_{folder}():\n    pass\n")
    result = suites.run()
    result.assert_outcomes(passed=2)

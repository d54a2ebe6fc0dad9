"""The how-tos whose samples are suites of their own."""

import re
from pathlib import Path

import pytest

from plugin import builds, suites
from product import ROOT

FILE = re.compile(r"^```python\n# (tests/\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CONTRACT = """{"consumer": {"name": "checkout"}, "provider": {"name": "till"}, "interactions": [{
    "description": "list", "providerState": "there is tea",
    "request": {"method": "GET", "path": "/stock"}, "response": {"status": 200}}]}"""


@pytest.mark.parametrize(
    ("name", "passed", "plugins"),
    [
        ("record-with-any-client", 5, ("anyio", "asyncio")),
        ("record-with-unittest", 1, ()),
        ("record-messages", 2, ()),
        ("record-graphql", 1, ()),
        ("move-from-pact-python", 2, ()),
        ("move-from-pactman", 2, ()),
    ],
)
def test_a_how_to_is_a_suite_that_passes(
    name: str, passed: int, plugins: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files that it shows pass as they stand, and record what they declare."""
    builds.forget(monkeypatch)
    monkeypatch.chdir(tmp_path)
    for folder in ("tests", "contracts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "contracts/checkout-till.json").write_text(CONTRACT, encoding="utf-8")
    settings = (
        "[pytest]\ncontracts_name = till\npythonpath = tests\nasyncio_default_fixture_loop_scope = function\n"
    )
    (tmp_path / "pytest.ini").write_text(settings if plugins else settings.rpartition("asyncio")[0])
    for path, text in FILE.findall((ROOT / f"docs/how-to/{name}.md").read_text(encoding="utf-8")):
        (tmp_path / path).write_text(text, encoding="utf-8")
    result = suites.run(plugins=plugins)
    result.assert_outcomes(passed=passed)
    assert "recorded  contracts/till-" in str(result.stdout)

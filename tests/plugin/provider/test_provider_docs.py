"""The reference of the provider side says everything, and what it shows is true."""

import re
from pathlib import Path

import pytest

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import Suite
from product import ROOT
from tallystick import Contract, hookspecs
from tallystick.provider.fetching import SELECTORS
from tallystick.provider.marks import MARKS

REFERENCE = ROOT / "docs" / "reference"
TEXT = (REFERENCE / "pytest-provider.md").read_text(encoding="utf-8")
CONSUMER = (REFERENCE / "pytest-consumer.md").read_text(encoding="utf-8")
INNER = {"outcome", "report", "require_verdict"}


def test_every_name_is_documented(suite: Suite) -> None:
    """Members of the fixture, options, settings, selectors, marks and hooks are in the reference."""
    shown = str(suite.run("--help").stdout)
    options = set(re.findall(r"(--contracts-[\w-]+)|^  (contracts_\w+) ", shown, re.MULTILINE))
    assert len(options) > 20
    names = {name for pair in options for name in pair if name}
    names |= {name for name in vars(Contract) if not name.startswith("_")} - INNER
    names |= {"request", "exchanges"} | set(SELECTORS) | {mark.partition("(")[0] for mark in MARKS}
    names |= {f"tallystick.{name}" for name in ("state", "message", "only", "source", "timeout")}
    names |= {name for name in vars(hookspecs) if name.startswith("pytest_")}
    texts = TEXT + CONSUMER
    assert {name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}\b", texts)} == set()


def test_the_samples_work(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the consumer's reference records, the provider's verifies, and each failure reads as it is shown."""
    folder = suite.pytester.path
    _write_samples(CONSUMER, folder / "checkout")
    _write_samples(TEXT, folder / "inventory")
    monkeypatch.chdir(folder / "checkout")
    suite.run("--rootdir=.").assert_outcomes(passed=1)
    monkeypatch.chdir(folder / "inventory")
    command = ("--rootdir=.", "-v", "--contracts-from=../checkout/contracts")
    result = suite.run(*command)
    result.assert_outcomes(passed=1)
    assert "\n".join(summary(result)) in TEXT
    shown = re.findall(r"^(?:contracts:|tests/test_contracts.py::).*", TEXT, re.MULTILINE)
    assert len(shown) == 2
    assert [line for line in shown if line not in str(result.stdout)] == []

    app = folder / "inventory" / "inventory.py"
    app.write_text(app.read_text().replace('"state"', '"status"'))
    _check_report(suite.run(*command))
    test = folder / "inventory" / "tests" / "test_contracts.py"
    test.write_text(test.read_text().partition("@")[0])
    _check_report(suite.run(*command))


def _check_report(result: pytest.RunResult) -> None:
    """Check that the report is one of those in the reference, but for what differs from run to run."""
    result.assert_outcomes(failed=1)
    printed = str(result.stdout).partition("checkout expects of")[2].partition("=====")[0]
    lines = [line for line in printed.splitlines() if not re.match(r"  (response|contract) ", line)]
    assert [line for line in lines if line not in TEXT] == []


def _write_samples(text: str, folder: Path) -> None:
    for name, sample in re.findall(r"```(?:toml|python)\n# (\S+)\n(.*?)```", text, re.DOTALL):
        file = folder / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(sample, encoding="utf-8")

"""The reference of the consumer side says everything, and what it shows is true."""

import re

import pytest

import tallystick
from plugin import suites
from plugin.consumer.consumer_suite import summary
from product import ROOT
from tallystick import Interaction, Mock

REFERENCE = (ROOT / "docs" / "reference" / "pytest-consumer.md").read_text(encoding="utf-8")
OF_THE_PROVIDER = {"Contract", "message", "only", "source", "state", "timeout"}
ARE_CLASSES = {"Interaction", "Mock"}


def test_every_public_name_is_documented() -> None:
    """Fixture, matchers, and the members of a mock and of an interaction are in the reference."""
    names = set(tallystick.__all__) - OF_THE_PROVIDER - ARE_CLASSES
    members = {name for kind in (Interaction, Mock) for name in vars(kind) if not name.startswith("_")}
    inner = {"outcome", "document", "close"}
    missing = {name for name in names | members - inner if not re.search(rf"\b{name}\b", REFERENCE)}
    assert missing == set()


def test_the_samples_work(pytester: pytest.Pytester) -> None:
    """The files that the reference shows are a suite that passes and prints what it says."""
    for path, text in re.findall(r"```(?:toml|python)\n# (\S+)\n(.*?)```", REFERENCE, re.DOTALL):
        file = pytester.path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    result = suites.run()
    result.assert_outcomes(passed=1)
    (line,) = summary(result)
    assert line in REFERENCE

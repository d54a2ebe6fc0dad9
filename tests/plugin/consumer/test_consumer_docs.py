"""The reference of the consumer side says everything, and what it shows is true."""

import re

import pytest

import tallystick
from plugin import suites
from plugin.consumer.consumer_suite import summary
from product import ROOT
from tallystick import Call, ContractsSession, GraphQL, Interaction, Message, Mock
from tallystick.consumer.marks import MARKS

REFERENCE = (ROOT / "docs" / "reference" / "pytest-consumer.md").read_text(encoding="utf-8")
OF_THE_PROVIDER = {"Contract", "message", "only", "source", "state", "timeout"}
KINDS = (Call, ContractsSession, GraphQL, Interaction, Message, Mock)
INNER = {"outcome", "documents", "renew", "close", "pattern"}


def test_every_public_name_is_documented() -> None:
    """Fixtures, matchers, marks, and the members of what a test gets to see are in the reference."""
    names = set(tallystick.__all__) - OF_THE_PROVIDER
    names |= {name for kind in KINDS for name in vars(kind) if not name.startswith("_")} - INNER
    names |= {mark.partition("(")[0] for mark in MARKS} | {"contracts_session"}
    assert {name for name in names if not re.search(rf"\b{name}\b", REFERENCE)} == set()


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

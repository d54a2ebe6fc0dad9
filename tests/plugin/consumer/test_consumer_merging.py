"""The rule by which interactions belong to tests, whatever part of the tests runs."""

from collections.abc import Iterable, Mapping
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tallystick.consumer.merging import Merged, Owned, merge

TESTS = [f"test_a.py::test_{number}" for number in range(5)]
WORDS = st.sets(st.sampled_from(["count", "reserve", "release", "list"]), max_size=3)
SUITES = st.dictionaries(st.sampled_from(TESTS), WORDS, min_size=1)
"""The tests that exist, each with what it declares; the same words mean the same interaction."""


def declared(suite: Mapping[str, set[str]], tests: Iterable[str]) -> list[Owned]:
    """Return what these tests of the suite declare."""
    return [Owned({"description": words}, test) for test in tests for words in sorted(suite[test])]


def run(before: list[Owned], suite: Mapping[str, set[str]], passed: Iterable[str]) -> Merged:
    """Return the contract after a run of the suite's files in which these tests passed."""
    passing = list(passed)
    return merge(
        before,
        declared(suite, passing),
        passed=passing.__contains__,
        gone=lambda test: test is not None and test not in suite,
    )


@given(SUITES, st.randoms(use_true_random=False))
def test_the_order_of_tests_does_not_matter(suite: dict[str, set[str]], random: Random) -> None:
    """Every order of the same tests gives the same interactions, with the same owners, in the same order."""
    shuffled = list(suite)
    random.shuffle(shuffled)
    assert run([], suite, shuffled).interactions == run([], suite, sorted(suite)).interactions


@given(SUITES, st.sets(st.sampled_from(TESTS)))
def test_a_part_of_an_unchanged_suite_changes_nothing(suite: dict[str, set[str]], part: set[str]) -> None:
    """After a whole run, a run of any part leaves the contract's content as it is."""
    whole = run([], suite, suite).interactions
    after = run(whole, suite, part & set(suite))
    assert [owned.interaction for owned in after.interactions] == [owned.interaction for owned in whole]
    assert (after.added, after.removed, after.changed, after.conflicts) == ([], [], [], [])


@given(SUITES, SUITES)
def test_a_whole_run_forgets_the_past(earlier: dict[str, set[str]], suite: dict[str, set[str]]) -> None:
    """Whatever was recorded by tests before, a whole run gives what it would give from nothing."""
    before = run([], earlier, earlier).interactions
    assert run(before, suite, suite).interactions == run([], suite, suite).interactions


@given(SUITES, SUITES, st.sets(st.sampled_from(TESTS)))
def test_nothing_is_lost_of_a_test_that_did_not_pass(
    earlier: dict[str, set[str]], suite: dict[str, set[str]], part: set[str]
) -> None:
    """What a test recorded stays until the test passes again or is gone."""
    before = run([], earlier, earlier).interactions
    passed = part & set(suite)
    after = {owned.description for owned in run(before, suite, passed).interactions}
    waiting = {owned.description for owned in before if owned.test in suite and owned.test not in passed}
    assert waiting <= after
    assert after == waiting | {words for test in passed for words in suite[test]}


@given(SUITES)
def test_what_nobody_owns_stays_until_a_test_declares_it(suite: dict[str, set[str]]) -> None:
    """An interaction without a known test is kept, and becomes a test's own once that declares it."""
    foreign = [Owned({"description": words, "by": "hand"}, None) for words in ("count", "by hand")]
    merged = run(foreign, suite, suite)
    owners = {owned.description: owned.test for owned in merged.interactions}
    assert owners["by hand"] is None
    assert (owners["count"] is None) == all("count" not in words for words in suite.values())
    assert merged.conflicts == []

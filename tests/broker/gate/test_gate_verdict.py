"""The verdict and the list of rows as pure functions."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tallystick_broker.gate.facts import Facts, Ref, Requirement, Resolved, Result, Row
from tallystick_broker.gate.matrix import arrange, list_rows
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.verdict import judge

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIVE = Target(environment="production")
OUTCOMES = st.sampled_from([True, False, None])


def make_row(index: int, success: bool | None, *, ignored: bool = False) -> Row:
    """Return the row of a consumer of its own."""
    result = None if success is None else Result(index + 1, success, NOW)
    provider = Ref("api", "10", 1) if result else Ref("api")
    return Row(
        Ref(f"web {index}", "1", index + 2), provider, index, "", index, 1, NOW, result, ignored=ignored
    )


rows = st.lists(st.tuples(OUTCOMES, st.booleans()), max_size=12).map(
    lambda found: tuple(
        make_row(index, success, ignored=ignored) for index, (success, ignored) in enumerate(found)
    )
)


def make_facts(rows: tuple[Row, ...], *, missing: bool = False, required: int = 0) -> Facts:
    """Return facts about these rows, with so many required pairs, of which the first may have a row."""
    asked = Resolved("api", 1, Selector("api", "10"), 1, "10", missing=missing)
    pairs = tuple(Requirement(f"web {index}", "api") for index in range(required))
    return Facts(Question((asked.selector,), LIVE), (asked,), rows, pairs)


@given(rows, st.booleans(), st.integers(0, 14))
def test_the_rules_of_the_verdict(rows: tuple[Row, ...], missing: bool, required: int) -> None:
    """A missing version is a no; then anything unknown leaves it open; then a failure is a no; and else it is yes."""
    outcomes = [row.success for row in rows if not row.ignored] + [None] * max(0, required - len(rows))
    expected = None if None in outcomes else False not in outcomes
    verdict = judge(make_facts(rows, missing=missing, required=required))
    assert verdict.deployable is (False if missing else expected)
    assert [verdict.success, verdict.failed, verdict.unknown] == list(
        map(outcomes.count, (True, False, None))
    )
    assert verdict.ignored == sum(row.ignored for row in rows)


@given(rows, st.booleans(), st.integers(0, 14))
def test_every_answer_has_its_reasons(rows: tuple[Row, ...], missing: bool, required: int) -> None:
    """A yes has no error, everything else at least one; each is told once, and each error says what to do next."""
    verdict = judge(make_facts(rows, missing=missing, required=required))
    errors = [reason for reason in verdict.reasons if reason.type == "error"]
    assert (verdict.deployable is True) == (not errors)
    assert all(reason.next for reason in errors)
    assert len({reason.text for reason in verdict.reasons}) == len(verdict.reasons)
    if not missing:
        assert len(errors) == verdict.failed + verdict.unknown


@given(rows, st.integers(1, 15), st.frozensets(OUTCOMES))
def test_a_list_is_cut_without_losing_what_blocks(
    rows: tuple[Row, ...], limit: int, results: frozenset[bool | None]
) -> None:
    """At most `limit` rows are listed, in order, and none that is fine while one that blocks is left out."""
    question = Question((), LIVE, limit=limit, results=results)
    listed = list_rows(rows, question)
    wanted = [row for row in rows if not results or row.success in results]
    left = [row for row in wanted if row not in listed]
    assert listed == [row for row in wanted if row in listed]
    assert len(listed) == min(limit, len(wanted))
    if any(row.success is False and not row.ignored for row in left):
        assert all(row.success is False and not row.ignored for row in listed)


@given(rows, st.frozensets(OUTCOMES))
def test_a_filter_of_the_list_is_no_filter_of_the_verdict(
    rows: tuple[Row, ...], results: frozenset[bool | None]
) -> None:
    """With a target everything is judged; without one, the question is about the outcomes that it names."""
    targeted = arrange(rows, Question((), LIVE, results=results), ())
    untargeted = arrange(rows, Question((), results=results), ())
    assert len(targeted) == len(rows)
    assert all(not results or row.success in results for row in untargeted)

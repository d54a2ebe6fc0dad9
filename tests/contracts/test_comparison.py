"""Two contents side by side."""

from tallystick_contracts.comparison import MAX_COMPARED, MAX_LINES, compare
from tallystick_contracts.fingerprint import with_ids


def test_only_what_differs_is_shown() -> None:
    """A changed value is shown with its old and new line; order of keys and `_id`s are no difference."""
    stored = with_ids({"interactions": [{"description": "a", "response": {"status": 200}}]})
    submitted = {"interactions": [{"response": {"status": 201}, "description": "a"}]}
    lines = compare(stored, submitted).splitlines()
    changed = [line.split() for line in lines if line.startswith(("-  ", "+  "))]
    assert changed == [["-", '"status":', "200"], ["+", '"status":', "201"]]


def test_equal_documents_have_no_differences() -> None:
    """Two documents that say the same give an empty text."""
    assert compare({"a": 1, "b": 2}, {"b": 2, "a": 1}) == ""


def test_a_long_comparison_is_cut_and_says_so() -> None:
    """What is left out is counted."""
    lines = compare(list(range(1000)), []).splitlines()
    assert len(lines) == MAX_LINES + 1
    assert "more lines" in lines[-1]


def test_the_order_of_interactions_is_no_difference() -> None:
    """Interactions that both have are left out wherever they stand, as often as both have them."""
    one, other, third = ({"description": name, "response": {"status": 200}} for name in ("a", "b", "c"))
    assert compare({"interactions": [one, other]}, {"interactions": [other, one]}) == ""
    twice = compare({"messages": [one, one, other]}, {"messages": [third, other, one]})
    assert '-      "description": "a",' in twice
    assert '+      "description": "c",' in twice
    assert '"b"' not in twice


def test_entries_that_are_no_interactions_are_compared() -> None:
    """Whatever JSON a list of interactions holds, a difference is shown."""
    assert "-    1" in compare({"interactions": [1, None, "a"]}, {"interactions": [None, "a"]})


def test_a_comparison_has_a_bounded_cost() -> None:
    """Of huge contents the beginning is compared, and the rest counted, though nothing else differs."""
    huge = {"interactions": [{"body": list(range(2 * MAX_COMPARED))}]}
    longer = {"interactions": [{"body": [*range(2 * MAX_COMPARED), "more"]}]}
    (line,) = compare(huge, longer).splitlines()
    assert "more lines" in line


def test_the_sides_have_names() -> None:
    """The first lines say which side is which."""
    lines = compare([1], [2], before="web 1", after="web 2").splitlines()
    assert lines[:2] == ["--- web 1", "+++ web 2"]

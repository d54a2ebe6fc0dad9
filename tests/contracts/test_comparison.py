"""Two contents side by side."""

from tallystick_contracts.comparison import MAX_LINES, compare
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

"""What a question costs: the same few statements for many consumers, each of any size."""

import pytest

from gate_answers import Ask
from story import Story


@pytest.mark.parametrize("success", [True, False, None])
def test_statements_do_not_grow_with_consumers(
    story: Story, can_deploy: Ask, statements: list[str], success: bool | None
) -> None:
    """Whether all are verified, failing or unknown, more of them need no further statement."""
    story.version("api", "10")
    counts = []
    for size in (2, 20):
        for index in range(size):
            story.publish(f"web {index}", "1", "api").deploy(f"web {index}", "1", "production")
            story.verify("api", "9", of=(f"web {index}", "1"))
            if success is not None:
                story.verify("api", "10", of=(f"web {index}", "1"), success=success)
        statements.clear()
        verdict = can_deploy("api", "10")
        counts.append(len(statements))
        assert verdict.deployable is success
        assert len(verdict.rows) == size
    assert counts[0] == counts[1] <= 7

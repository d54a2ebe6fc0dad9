"""What the tests of the gate share."""

from typing import Any

import pytest

from gate_answers import Ask
from story import Story
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.verdict import Verdict


@pytest.fixture
def can_deploy(story: Story) -> Ask:
    """Ask whether a version can be deployed, to production unless `to` says otherwise; `others` as in Question."""

    def ask_about(name: str, number: str | None, to: Target | str = "production", **others: Any) -> Verdict:
        target = Target(environment=to) if isinstance(to, str) else to
        return ask(story.session, Question((Selector(name, number),), target, **others))

    story.environment("production", production=True)
    return ask_about

"""The reference of webhooks, held against what there is."""

import re

from product import ROOT
from tallystick_broker.config import VARIABLES
from tallystick_broker.webhooks.subscriptions import EVENTS
from tallystick_broker.webhooks.templates import PARAMETERS

REFERENCE = (ROOT / "docs/reference/webhooks.md").read_text(encoding="utf-8")


def names_under(heading: str) -> list[str]:
    """Return the names in the first column of the table under a heading."""
    section = REFERENCE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return re.findall(r"`(\w+)`", " ".join(rows))


def test_every_event_is_documented() -> None:
    """Each event that a webhook may be for is in the reference, and no other."""
    assert sorted(names_under("Events")) == sorted(EVENTS)


def test_every_parameter_is_documented() -> None:
    """Each parameter that a template may have is in the reference, and no other."""
    assert sorted(names_under("Parameters")) == sorted(PARAMETERS)


def test_every_setting_is_documented() -> None:
    """Each variable that is about webhooks or their secrets is in the reference, and no other."""
    settings = [name for name in VARIABLES if name.startswith("webhook_")]
    variables = [each for name in (*settings, "secret_key") for each in VARIABLES[name]]
    assert sorted(names_under("Settings")) == sorted(variables)

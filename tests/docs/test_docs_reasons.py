"""The reference of reasons, held against what the command line really says."""

import json
import re
import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy.orm import Session

import live
from command import Run, tallystick
from product import ROOT
from story import Story
from tallystick_broker import db
from tallystick_broker.gate.reasons import Code
from tallystick_broker.models import now
from tallystick_broker.overrides import Decision, create_override

__all__ = ["tallystick"]

REFERENCE = ROOT / "docs/reference/reasons.md"
PLACE = "production"
MISMATCH = {"attribute": "body", "identifier": "$.left", "description": "Expected a number but got null"}
FAILED = [{"interactionDescription": "a request for a", "success": False, "mismatches": [MISMATCH]}]


Sections = dict[str, list[tuple[str, list[str]]]]
"""By heading: each command, and the lines that are shown after it."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    """The address of a broker that knows the world of the page and nothing else."""
    database = f"sqlite:///{tmp_path / 'broker.db'}"
    with live.broker(database, tmp_path) as base_url:
        engine = db.connect(database)
        with Session(engine, expire_on_commit=False) as session:
            tell(Story(session))
            session.commit()
        engine.dispose()
        yield base_url


def tell(story: Story) -> None:
    """Tell the world of the page."""
    story.publish("basket", "1", "stock", branch="release").publish(
        "basket", "2", "stock", content="b", branch="main"
    )
    story.branch("stock", "1", "release").verify("stock", "1", of=("basket", "1"))
    story.verify("stock", "2", of=("basket", "1"), success=False, test_results=FAILED).version("stock", "3")
    story.publish("till", "1", "mail").version("mail", "1")
    story.publish("desk", "1", "stock").verify("stock", "1", of=("desk", "1"), success=False)
    story.version("desk", "2")
    for name in ("basket", "stock", *tell_candidates(story)):
        story.deploy(name, "1", PLACE)
    decision = Decision(
        PLACE, "desk", "stock", "It does not use this any more.", "ada", now() + timedelta(days=3)
    )
    create_override(story.session, decision, timedelta(days=14))


def tell_candidates(story: Story) -> tuple[str, ...]:
    """Have kiosk 2 and tariff 2 exclude each other, while report 2 needs kiosk 2; return their names."""
    for number in ("1", "2"):
        story.publish("kiosk", number, "tariff", content=number)
        story.publish("report", number, "kiosk", content=number)
        for other in ("1", "2"):
            story.verify("tariff", other, of=("kiosk", number), success=(number, other) != ("2", "2"))
            story.verify("kiosk", other, of=("report", number), success=(number, other) != ("2", "1"))
    return "kiosk", "tariff", "report"


def test_each_code_is_shown_as_it_is(shop: str, tallystick: Run) -> None:
    """Every code has a section with a command, whose output is what is shown and has the code."""
    sections = read_sections()
    assert list(sections) == [code.value for code in Code]
    for code, commands in sections.items():
        for command, shown in commands:
            output, codes = play(command, shop, tallystick)
            assert output == shown, f"$ {command}"
            assert code in codes, f"$ {command}"


def read_sections() -> Sections:
    """Return what the page types and shows for each code, in order."""
    page = REFERENCE.read_text(encoding="utf-8")
    found: Sections = {}
    for heading, block in re.findall(r"^## (\w+)\n\n```console\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        commands = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
        found[heading] = [(command, shown) for command, *shown in map(str.splitlines, commands)]
    return found


def play(command: str, broker: str, tallystick: Run) -> tuple[list[str], set[str]]:
    """Return what a command prints, as the page shows it, and the codes of the reasons that it is about."""
    program, *words = shlex.split(command.replace("$PACT_BROKER_BASE_URL", broker).partition(" | ")[0])
    if program == "curl":
        with urlopen(words[-1].replace("[", "%5B").replace("]", "%5D")) as answer:  # noqa: S310 (ours)
            reasons = json.load(answer)["reasons"]
        return [each["text"] for each in reasons], {each["code"] for each in reasons}
    said = tallystick(*words, "-b", broker).stdout
    document = tallystick(*words, "-b", broker, "-o", "json").stdout
    return show(said), set(re.findall(r'"code": "(\w+)"', document))


def show(said: str) -> list[str]:
    """Return the lines of an output without what is another thing each time."""
    said = re.sub(r"http://[\w.:]+/\S+", "https://broker.example.org/…", said)
    said = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "2030-01-31 12:00 UTC", said)
    return [line.rstrip() for line in said.splitlines()]

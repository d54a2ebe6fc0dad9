"""The reference of the HTTP API and of the settings, held against what there is."""

import re

import pytest

from product import ROOT
from reference import FOLDER, PAGES, make
from tallystick_broker.config import SECRETS, VARIABLES, Config


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_lists_what_there_is(name: str) -> None:
    """Every route with its parameters, and every relation, is listed; `make reference` brings the page up to date."""
    assert (FOLDER / name).read_text(encoding="utf-8") == make(name)


def test_every_setting_is_documented() -> None:
    """Each setting has a row with all its names, the one that counts first, and its default."""
    rows = re.findall(r"^\| (`TALLYSTICK.*)$", (FOLDER / "settings.md").read_text(), flags=re.MULTILINE)
    cells = [row.split("|") for row in rows]
    documented = [
        (*re.findall(r"`(\w+)`", first + others), default.strip(" `")) for first, others, default, *_ in cells
    ]
    assert documented == [(*names, show(getattr(Config(), setting))) for setting, names in VARIABLES.items()]


def test_secrets_are_said_to_come_from_files() -> None:
    """The page counts up the settings that a file may hold, which are these."""
    assert (
        "database's URL, the key and the passwords may come from files"
        in (FOLDER / "settings.md").read_text()
    )
    assert set(SECRETS) == {"database_url", "secret_key", *(name for name in VARIABLES if "password" in name)}


def show(value: object) -> str:
    """Return a default as a variable would say it."""
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def test_every_page_of_the_reference_is_found_from_the_readme() -> None:
    """A page that nothing leads to is not read."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [each.name for each in FOLDER.glob("*.md") if f"docs/reference/{each.name}" not in readme] == []

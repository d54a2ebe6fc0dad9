"""Who consumes whom as CSV, and the documentation of link relations."""

import re
from pathlib import Path

import pytest

from api_client import ApiClient
from product import ROOT
from story import Story
from tallystick_broker.api.relations import RELATIONS

API = ROOT / "broker" / "tallystick_broker" / "api"


def rows(client: ApiClient, path: str) -> list[str]:
    """The rows below the header."""
    answer = client.get(path, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    header, *found = answer.text.splitlines()
    assert header == "consumer,provider"
    return found


def test_every_pair_is_a_row(client: ApiClient, story: Story) -> None:
    """Names are quoted where CSV wants it (RFC 4180)."""
    story.publish("web", "1", "api").publish("a, b", "1", "api")
    assert rows(client, "/relationships") == ['"a, b",api', "web,api"]


def test_a_group_is_all_that_is_connected(client: ApiClient, story: Story) -> None:
    """Consumers and providers belong to a group over any number of steps; others do not."""
    story.publish("web", "1", "api").publish("api", "1", "mail").publish("other", "1", "far")
    assert rows(client, "/groups/mail.csv") == ["api,mail", "web,api"]
    assert rows(client, "/groups/mail?maxPacticipants=2") == ["api,mail"]
    assert client.get("/groups/none.csv").status_code == 404
    assert client.get("/groups/mail.csv?maxPacticipants=0").status_code == 400


def test_a_relation_is_explained_to_people(client: ApiClient) -> None:
    """Browsers get a page, terminals a line, whatever prefix stands before the relation."""
    page = client.get("/doc/pacticipants?context=index", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert RELATIONS["pacticipants"] in page.text
    line = client.get("/doc/webhooks-create", headers={"Accept": "text/plain"}).text
    assert line == f"pb:create: {RELATIONS['create']}\n"
    assert client.get("/doc/none").status_code == 404


@pytest.mark.parametrize("path", sorted(API.glob("*.py")), ids=lambda path: path.stem)
def test_every_relation_is_explained(path: Path) -> None:
    """Wherever the API names a relation, there is a sentence on what it means."""
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r'"pb:([a-z_-]+)"', text)) <= set(RELATIONS)

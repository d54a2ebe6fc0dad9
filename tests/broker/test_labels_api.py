"""Labels over HTTP."""

import pytest

from api_client import ApiClient
from story import Story


def labelled(client: ApiClient, label: str) -> list[str]:
    """The names of the pacticipants with the label."""
    found = client.get(f"/pacticipants/label/{label}").json["_embedded"]["pacticipants"]
    return [pacticipant["name"] for pacticipant in found]


@pytest.mark.parametrize("label", ["red", "team%20x", "a%2Fb", "50%252F50", "%C3%BC"])
def test_a_label_is_put_on_and_taken_off(client: ApiClient, label: str) -> None:
    """A label may hold any character; it is there once, and the pacticipant is made when needed."""
    url = f"/pacticipants/web/labels/{label}"
    assert [client.put(url).status_code, client.put(url, json={}).status_code] == [201, 200]
    (shown,) = client.get("/pacticipants/web").json["_embedded"]["labels"]
    assert client.get(shown["_links"]["self"]["href"]).json["name"] == shown["name"]
    assert labelled(client, label) == ["web"]
    assert client.delete(url).status_code == 204
    assert [client.get(url).status_code, client.delete(url).status_code] == [404, 404]
    assert labelled(client, label) == []


def test_participants_are_grouped_by_labels(client: ApiClient) -> None:
    """Labels are listed once, and by each one the pacticipants that have it, by name."""
    for name, label in (("web", "red"), ("api", "red"), ("api", "blue")):
        client.put(f"/pacticipants/{name}/labels/{label}")
    assert client.get("/labels").json["_embedded"]["labels"] == [{"name": "blue"}, {"name": "red"}]
    assert labelled(client, "red") == ["api", "web"]
    assert labelled(client, "RED") == []


def test_labels_go_with_their_participant(client: ApiClient) -> None:
    """Deleting a pacticipant leaves no label of its own behind."""
    client.put("/pacticipants/web/labels/red")
    client.delete("/pacticipants/web")
    assert client.get("/labels").json["_embedded"]["labels"] == []
    assert client.get("/pacticipants/web/labels/red").status_code == 404


@pytest.mark.parametrize("segment", ["%20", "a%01b", "x" * 501])
def test_what_is_no_label_is_refused(client: ApiClient, segment: str) -> None:
    """A blank, a control character or an overlong text is no label, and nothing is made."""
    assert client.put(f"/pacticipants/web/labels/{segment}").status_code == 400
    assert client.get("/pacticipants/web").status_code == 404


def test_a_label_is_no_document(client: ApiClient, story: Story) -> None:
    """A body is not needed, and one that is not JSON is refused."""
    story.participant("web")
    answer = client.put("/pacticipants/web/labels/red", data="red", content_type="text/plain")
    assert answer.status_code == 415

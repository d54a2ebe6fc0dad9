"""The pages of a contract: to read, what has changed, its history, and its results."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from api_client import ApiClient
from estate_of_pages import tell_of_shop
from shop_contracts import RIGHT_TO_LEFT, ZERO_WIDTH, hostile, stock
from story import Story
from tallystick_broker.contracts import get_pair
from tallystick_broker.models import Content, Result
from tallystick_broker.overview import reader
from tallystick_broker.overview.axes import WINDOW
from tallystick_broker.overview.findings import index, read_findings
from tallystick_broker.overview.history import read_history
from tallystick_broker.overview.reader import read_contract
from tallystick_contracts.interactions import interactions

PACTS = "/pacts/provider/inventory/consumer/checkout"
MOST_STATEMENTS = 14


def only_content(story: Story) -> Content:
    """Return the only content that there is."""
    (found,) = story.session.query(Content)
    return found


def test_a_contract_is_where_clients_link_to(story: Story, visitor: ApiClient) -> None:
    """Every address of a pact leads a browser to the page of that contract."""
    tell_of_shop(story)
    places = (
        "/latest",
        "/latest/rc",
        "/branch/feat%2Frefunds/latest",
        "/version/1.6.0-rc.1",
        "/versions/1.6.0-rc.1",
    )
    for place in places:
        text = visitor.get(PACTS + place).text
        assert 'title="1.6.0-rc.1"' in text, place
        assert "give a reservation back" in text, place


def test_a_contract_is_readable(story: Story, visitor: ApiClient) -> None:
    """Requests, responses, states, messages, GraphQL and rules are in the words of the page."""
    tell_of_shop(story)
    text = visitor.get(f"{PACTS}/version/1.5.0").text
    for words in (
        "GET /stock/tea",
        "there is stock",
        "any integer",
        "a date yyyy-MM-dd",
        "inventory.stock",
        "request and reply",
        "Rules for what is not shown",
        "changed since",
    ):
        assert words in text
    raw = visitor.get(f"{PACTS}/version/1.5.0?view=raw").text
    assert "&#34;matchingRules&#34;: {" in raw


def test_each_interaction_says_who_verified_it(story: Story) -> None:
    """A failure is told at the interaction that failed, with the version and what was different."""
    tell_of_shop(story)
    pair = get_pair(story.session, "inventory", "checkout")
    content = story.session.get_one(Content, read_history(story.session, pair).entries[1].row.content_id)
    found = {each.interaction.description: each for each in read_contract(story.session, content).readings}
    assert [each.success for each in found["ask how much is left"].verdicts] == [True] * 4
    *_, oldest = found["reserve two of five"].verdicts
    assert (oldest.verifier.number, oldest.success) == ("3.0.0", False)
    assert oldest.finding
    assert (oldest.finding.mismatches[1].expected, oldest.finding.mismatches[1].actual) == ("3", "null")


def test_a_success_without_details_is_a_success_of_all(story: Story) -> None:
    """A verifier that tells only the whole has honoured each interaction; of a failure nothing more is known."""
    story.publish("web", "1", "api").verify("api", "1", of=("web", "1"))
    story.verify("api", "2", of=("web", "1"), success=False)
    (reading,) = read_contract(story.session, only_content(story)).readings
    assert [(each.verifier.number, each.success) for each in reading.verdicts] == [("2", None), ("1", True)]


def test_interactions_are_found_by_words_and_come_in_pages(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Description, states and the first line are searched, whatever the case; pages hold each once."""
    monkeypatch.setattr(reader, "PAGE", 4)
    story.publish("checkout", "1", "inventory", document=stock("returns"))
    content = only_content(story)

    def list_found(text: str = "", page: int = 1) -> list[int]:
        found = read_contract(story.session, content, text, page)
        return [each.interaction.position for each in found.readings]

    assert (list_found(), list_found(page=2)) == ([0, 1, 2, 3], [4, 5])
    assert list_found("GRAPH") == list_found("post /graphql") == [1]
    assert list_found("the shop is open") == [3]


@pytest.mark.parametrize("document", [[1, 2], {"interactions": [{"request": {}}]}, "just text"])
def test_what_is_no_contract_is_shown_raw(story: Story, visitor: ApiClient, document: Any) -> None:
    """A content of another kind says why there is nothing to read, and can be seen as it is."""
    story.publish("web", "1", "api", document=document)
    text = visitor.get("/pacts/provider/api/consumer/web/latest").text
    assert "be read: " in text
    assert visitor.get("/pacts/provider/api/consumer/web/latest?view=raw").status_code == 200


def test_the_history_goes_through_all_versions(story: Story, visitor: ApiClient) -> None:
    """Windows together have every version once; where the content changed there is a link to what did."""
    for number in range(WINDOW + 2):
        story.publish("web", str(number), "api", content="a" if number < 3 else "b")
    pair = get_pair(story.session, "api", "web")
    first = read_history(story.session, pair)
    second = read_history(story.session, pair, first.older or "")
    numbers = [each.row.number for each in (*first.entries, *second.entries)]
    assert numbers == [str(number) for number in reversed(range(WINDOW + 2))]
    assert [each.row.number for each in first.entries if each.previous] == ["3"]
    text = visitor.get("/pacts/provider/api/consumer/web/versions").text
    assert 'href="/pacts/provider/api/consumer/web/version/3/diff/version/2"' in text


@pytest.mark.parametrize(
    "path",
    [
        "/version/1.5.0/diff/previous-distinct",
        "/version/1.5.0/diff/version/1.4.0",
        "/diff?from=1.4.0&to=1.5.0",
    ],
)
def test_changes_are_told_at_their_paths(story: Story, visitor: ApiClient, path: str) -> None:
    """What was added, removed and changed is told by interaction and path."""
    tell_of_shop(story)
    text = visitor.get(PACTS + path).text
    assert "2 added" in text
    assert "0 removed" in text
    assert "response.body.restocked (rule)" in text
    assert "<del><code><bdi>200</bdi></code></del>" in text


def test_there_may_be_nothing_to_compare(story: Story, visitor: ApiClient) -> None:
    """The first contract, equal ones, an unknown version and a missing one are told apart."""
    tell_of_shop(story)
    assert "nothing before it" in visitor.get(f"{PACTS}/version/1.0.0/diff/previous-distinct").text
    assert "Both expect the same" in visitor.get(f"{PACTS}/diff?from=1.0.0&to=1.1.0").text
    assert visitor.get(f"{PACTS}/diff?from=9&to=1.1.0").status_code == 404
    assert "from must be the number of a version" in visitor.get(f"{PACTS}/diff").text


def test_a_result_has_a_page(story: Story, visitor: ApiClient) -> None:
    """A result tells of each interaction, failures first, with the build and the result that superseded it."""
    tell_of_shop(story)
    result = story.session.query(Result).filter_by(success=False).order_by(Result.id).first()
    assert result
    content = story.session.get_one(Content, result.content_id)
    path = f"{PACTS}/pact-version/{content.fingerprint}/verification-results"
    text = visitor.get(f"{path}/{result.id}").text
    assert "6 interactions, 1 failed" in text
    assert text.index("reserve two of five") < text.index("ask how much is left")
    assert 'href="https://ci.example.org/inventory/3.0.0"' in text
    story.verify("inventory", "3.0.0", of=("checkout", "1.5.0"))
    assert "counts.</dd>" in visitor.get(f"{path}/{result.id}").text
    assert "told nothing of single interactions" in visitor.get(f"{path}/latest").text
    assert visitor.get(f"{path}/odd").status_code == 404


def test_a_build_is_a_link_only_where_it_is_an_address(story: Story, visitor: ApiClient) -> None:
    """A build URL that is a script is shown as text."""
    story.publish("web", "1", "api").verify("api", "1", of=("web", "1"), build_url="javascript:alert(1)")
    content = only_content(story)
    path = f"/pacts/provider/api/consumer/web/pact-version/{content.fingerprint}/verification-results/latest"
    text = visitor.get(path).text
    assert 'href="javascript' not in text
    assert "<bdi>javascript:alert(1)</bdi>" in text


def test_findings_are_read_from_any_shape() -> None:
    """Findings are looked up by id, else by description; of several with one description a failure counts."""
    told = [
        {"interactionId": "1", "interactionDescription": "a", "success": True},
        {"interactionDescription": "b", "success": True},
        {"interactionDescription": "b", "success": False, "mismatches": ["odd", {"expected": 1}]},
        "nonsense",
    ]
    found = index(read_findings({"tests": told}))
    first, second = interactions({"interactions": [{"_id": "1", "description": "z"}, {"description": "b"}]})
    one, other = found.of(first), found.of(second)
    assert one
    assert one.success
    assert other
    assert not other.success
    assert [(each.text, each.expected) for each in other.mismatches] == [("odd", None), ("", "1")]
    assert index(read_findings(None)).of(first) is None


def test_a_hostile_contract_is_harmless(story: Story, visitor: ApiClient) -> None:
    """Markup is only text, invisible characters are told, and thousands of interactions and huge bodies are cut."""
    name = f"web{RIGHT_TO_LEFT}{ZERO_WIDTH}"
    story.publish(name, "1", "api", document=hostile(1_000))
    story.publish(name, "2", "api", document=hostile(1_001))
    results = [{"interactionDescription": f"<script>{at}", "success": False} for at in range(1_000)]
    story.verify("api", "1", of=(name, "1"), success=False, test_results=results)
    pair = f"/pacts/provider/api/consumer/{quote(name)}"
    sha = re.findall(r"pact-version/(\w{40})", visitor.get(f"{pair}/version/1").text)[0]
    for path in ("version/1", "version/2/diff/version/1", f"pact-version/{sha}/verification-results/latest"):
        text = visitor.get(f"{pair}/{path}").text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert RIGHT_TO_LEFT not in text
        assert ZERO_WIDTH not in text
        assert len(text) < 500_000
    assert "⟨U+202E⟩" in visitor.get(f"{pair}/version/1").text


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """Neither a longer history nor more results take more statements."""
    for size in (1, 6):
        for number in range(size):
            story.publish("web", str(number), "api", content=str(number % 2), branch="main", tags=["t"])
            for verifier in range(size):
                story.verify("api", f"a{verifier}", of=("web", str(number)))
        for path in ("latest", "versions", "version/0/diff/previous-distinct"):
            statements.clear()
            assert visitor.get(f"/pacts/provider/api/consumer/web/{path}").status_code == 200
            assert len(statements) <= MOST_STATEMENTS, path

"""The network: what is drawn, and what other programs get."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client import ApiClient
from estate_of_pages import HOSTILE, tell
from story import Story
from tallystick_broker.overview import graphs, network
from tallystick_broker.overview.graphs import HEIGHT, SEVERITY, Edge, around, draw, join, rank
from tallystick_broker.overview.integrations import Status
from tallystick_broker.overview.network import read_estate, show_estate
from tallystick_broker.participants import add_label
from tallystick_broker.web.exports import as_dot, as_mermaid

NAMES = st.sampled_from("abcdefgh")
EDGES = st.lists(
    st.builds(Edge, NAMES, NAMES, st.sampled_from(list(Status))),
    unique_by=lambda each: (each.consumer, each.provider),
)
MOST_STATEMENTS = 4


def edges(*pairs: str) -> list[Edge]:
    """Return an edge for each pair of letters."""
    return [Edge(pair[0], pair[1], Status.VERIFIED) for pair in pairs]


def test_what_is_around_a_service_stands_by_its_distance() -> None:
    """Consumers are to the left and providers to the right, each as far as it is away, and nobody beyond the depth."""
    chain = edges("ab", "bc", "cd", "de", "xc", "cc")
    assert around(chain, "c", 1) == {"c": 0, "d": 1, "b": -1, "x": -1}
    assert around(chain, "c", 2) == {"c": 0, "d": 1, "b": -1, "x": -1, "e": 2, "a": -2}


def test_a_service_is_right_of_its_consumers() -> None:
    """The column is the longest way from who has no consumer; a circle is cut somewhere, and never endless."""
    assert rank(edges("ab", "bc", "ac")) == {"a": 0, "b": 1, "c": 2}
    circle = rank(edges("ab", "ba"))
    assert sorted(circle.values()) == [0, 1]


@given(EDGES)
def test_every_graph_can_be_drawn(found: list[Edge]) -> None:
    """Whatever consumes what, every service is drawn once, none over another, and each integration has its line."""
    drawing = draw(rank(found), found)
    names = {name for each in found for name in (each.consumer, each.provider)}
    assert {node.name for node in drawing.nodes} == names
    assert len(drawing.nodes) == len(names)
    assert len(drawing.lines) == len(found)
    rows: dict[int, list[int]] = {}
    for node in drawing.nodes:
        assert 0 <= node.y <= drawing.height - HEIGHT
        rows.setdefault(node.x, []).append(node.y)
    for tops in map(sorted, rows.values()):
        assert all(below - above >= HEIGHT for above, below in pairwise(tops))


@given(EDGES)
def test_groups_have_the_worst_of_their_integrations(found: list[Edge]) -> None:
    """Each integration is counted in exactly one line, which is at least as bad as it."""
    group = {name: name in "abcd" for name in "abcdefgh"}
    joined = {(each.consumer, each.provider): each for each in join(found, lambda name: str(group[name]))}
    assert sum(each.count for each in joined.values()) == len(found)
    for each in found:
        line = joined[str(group[each.consumer]), str(group[each.provider])]
        assert SEVERITY[line.status] <= SEVERITY[each.status]


def test_too_many_are_cut_to_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out is counted, and what failed is drawn."""
    monkeypatch.setattr(graphs, "MOST_NODES", 2)
    found = [*edges("ab", "bc", "cd"), Edge("x", "y", Status.FAILED)]
    drawing = draw(rank(found), found)
    assert {node.name for node in drawing.nodes} == {"x", "y"}
    assert drawing.left_out == 4


def test_a_large_estate_is_drawn_by_groups(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A group is a label, or what names begin with; where nearly all are one group, services are drawn."""
    monkeypatch.setattr(network, "MOST_SERVICES", 2)
    for consumer, provider in (("shop-web", "shop-api"), ("shop-api", "ledger"), ("mail-web", "mail-api")):
        story.publish(consumer, "1", provider)
    add_label(story.session, "ledger", "money")
    estate = read_estate(story.session)
    assert show_estate(estate).groups == {"shop…": 2, "mail…": 2, "money": 1}
    assert {node.name for node in show_estate(estate, "money").drawing.nodes} == {"shop-api", "ledger"}
    story.publish("shop-app", "1", "shop-api", "shop-web", "shop-db")
    assert show_estate(read_estate(story.session)).groups == {}


def test_the_page_shows_a_picture_and_a_table(visitor: ApiClient, story: Story) -> None:
    """Both have every integration; a filter leaves what blocks, and a part of a name is enough to find a service."""
    tell(story)
    text = visitor.get("/network").text
    assert text.count('class="edge') == 5 + 5  # those of the legend, too
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    around_inventory = visitor.get("/network?service=invent").text
    assert 'class="node focus"' in around_inventory
    assert "storefront" not in around_inventory
    assert "storefront" in visitor.get("/network?service=inventory&depth=2").text
    assert visitor.get("/network?only=blocked").text.count("Verified") == 1
    assert "Which one?" in visitor.get("/network?service=e").text
    assert "No service has" in visitor.get("/network?service=zzz").text
    assert visitor.get("/network?depth=4").status_code == 400


@pytest.mark.parametrize(
    ("kind", "file", "start"),
    [
        ("svg", "network.svg", "<svg"),
        ("dot", "network.dot", "digraph network {"),
        ("mermaid", "network.mmd", "flowchart LR"),
    ],
)
def test_the_network_is_exported(client: ApiClient, story: Story, kind: str, file: str, start: str) -> None:
    """Each language has what the page has, as a file; a service that is not there is an error."""
    tell(story)
    answer = client.get(f"/network/{kind}?service=inventory", headers={"Accept": "text/html, */*"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(start)
    assert "checkout" in answer.text
    assert "storefront" not in answer.text
    assert f'filename="{file}"' in answer.headers["Content-Disposition"]
    assert client.get(f"/network/{kind}?service=x", headers={"Accept": "text/html"}).status_code == 404


def test_hostile_names_stay_names_in_exports() -> None:
    """No name ends a text of the language that it is written in."""
    found = [Edge(HOSTILE, 'a\\"]; evil', Status.FAILED)]
    assert '"a\\\\\\"]; evil"' in as_dot(found)
    lines = as_mermaid(found).splitlines()
    assert lines[2] == '  n1["a#92;#34;#93;#59; evil"]'
    assert not any(special in line.split('"')[1] for line in lines[1:3] for special in "<>'&]")


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """The estate is read with as many statements, however large it is."""
    for size in (1, 5):
        for number in range(size):
            story.publish(f"web {number}", str(size), "api", f"api {number}")
        statements.clear()
        assert visitor.get("/network").status_code == 200
        assert len(statements) <= MOST_STATEMENTS

"""The matrix of a pair as a grid."""

from urllib.parse import quote

import pytest
from sqlalchemy import delete

from api_client import ApiClient
from estate_of_pages import HOSTILE, tell
from story import Story
from tallystick_broker.contracts import get_pair
from tallystick_broker.models import Publication
from tallystick_broker.overview.axes import WINDOW
from tallystick_broker.overview.choices import EVERYTHING, Choice, Kind, offer, read_choice
from tallystick_broker.overview.grid import Grid, View, draw_grid
from tallystick_broker.overview.meetings import find_meetings

MOST_STATEMENTS = 22


def draw(
    story: Story,
    rows_before: str = "",
    columns_before: str = "",
    consumers: Choice = EVERYTHING,
    providers: Choice = EVERYTHING,
) -> Grid:
    """Return the grid of web and api."""
    view = View(consumers, providers, rows_before, columns_before)
    return draw_grid(story.session, get_pair(story.session, "api", "web"), view)


def numbers(grid: Grid) -> tuple[list[str], list[str]]:
    """Return the numbers on both axes."""
    return [stop.number for stop in grid.rows.stops], [stop.number for stop in grid.columns.stops]


def test_neighbours_with_equal_contents_are_one_band(story: Story) -> None:
    """Versions with an equal contract share a band and its results; a content that comes again keeps its letter."""
    for number, content in (("1", "a"), ("2", "a"), ("3", "b"), ("4", "a")):
        story.publish("web", number, "api", content=content)
    story.verify("api", "10", of=("web", "1")).verify("api", "11", of=("web", "3"), success=False)
    grid = draw(story)
    bands = [(band.name, [row.number for row in band.rows]) for band in grid.bands]
    assert bands == [("A", ["4"]), ("B", ["3"]), ("A", ["2", "1"])]
    cells = [[cell.result.success if cell.result else None for cell in band.cells] for band in grid.bands]
    assert cells == [[None, True], [False, None], [None, True]]


def test_the_newest_result_is_in_the_cell(story: Story) -> None:
    """A cell shows the result that counts: the newest of its content and provider version."""
    story.publish("web", "1", "api").verify("api", "1", of=("web", "1"), success=False)
    story.verify("api", "1", of=("web", "1"))
    (band,) = draw(story).bands
    assert band.cells[0].result
    assert band.cells[0].result.success


def test_windows_lead_through_all_versions(story: Story) -> None:
    """Following "older" from the newest window shows every version once on each axis, and "newer" leads back."""
    amount = 2 * WINDOW + 3
    for number in range(amount):
        story.publish("web", f"w{number}", "api")
        story.verify("api", f"a{number}", of=("web", f"w{number}"))
    grid = draw(story)
    assert grid.rows.newer is grid.columns.newer is None
    rows, columns = numbers(grid)
    while grid.rows.older:
        assert grid.columns.older
        back = grid
        grid = draw(story, grid.rows.older, grid.columns.older)
        more_rows, more_columns = numbers(grid)
        rows, columns = rows + more_rows, columns + more_columns
        assert numbers(draw(story, grid.rows.newer or "", grid.columns.newer or "")) == numbers(back)
    assert rows == [f"w{number}" for number in reversed(range(amount))]
    assert columns == [f"a{number}" for number in reversed(range(amount))]


def test_what_is_live_is_always_there(story: Story) -> None:
    """Live versions and heads of main stay in the grid however old they are, verified or not."""
    story.publish("web", "live", "api", content="old").deploy("web", "live", "prod")
    story.version("api", "main", branch="main")
    for number in range(WINDOW + 1):
        story.publish("web", str(number), "api")
    story.deploy("api", "unproven", "prod")
    for _ in range(2):
        grid = draw(story)
        assert [stop.number for stop in grid.rows.stops if stop.pinned] == ["live"]
        assert numbers(grid)[1] == ["unproven", "main"]


def test_a_version_in_the_window_is_not_there_twice(story: Story) -> None:
    """A live version that is among the newest has one row."""
    story.publish("web", "1", "api").deploy("web", "1", "prod")
    assert numbers(draw(story)) == (["1"], [])


def test_what_meets_in_an_environment_is_told_first(story: Story, visitor: ApiClient) -> None:
    """Live pairs are listed with what does not fit first, production before the rest."""
    story.environment("prod", production=True)
    for number, content in (("1", "a"), ("2", "b"), ("3", "a")):
        story.publish("web", number, "api", content=content).release("web", number, "prod")
    story.deploy("web", "1", "dev")
    for environment in ("dev", "prod"):
        story.deploy("api", "10", environment)
    story.verify("api", "10", of=("web", "1"))
    found = [
        (each.place.name, list(each.consumers), each.result is not None)
        for each in find_meetings(story.session, get_pair(story.session, "api", "web"))
    ]
    assert found == [("prod", ["2"], False), ("prod", ["3", "1"], True), ("dev", ["1"], True)]
    text = visitor.get("/matrix/provider/api/consumer/web").text
    assert text.index("<bdi>prod</bdi>") < text.index("<bdi>dev</bdi>") < text.index('id="matrix"')


def test_marks_are_on_both_axes(story: Story, visitor: ApiClient) -> None:
    """Heads, branches, tags and environments are in the words of the page, not only in its colours."""
    tell(story)
    text = visitor.get("/matrix/provider/inventory/consumer/checkout").text
    for words in ("head of branch </span><bdi>main", "on branch </span><bdi>main", "tag </span><bdi>rc"):
        assert words in text
    assert "live in </span><bdi>production" in text


def test_a_choice_narrows_an_axis(story: Story) -> None:
    """Versions can be chosen by branch, environment and tag, as heads, and as live; windows go on among the chosen."""
    for number in range(WINDOW + 3):
        branch, tags = ("main", ["t"]) if number % 2 else ("feat/x", [])
        story.publish("web", f"w{number}", "api", branch=branch, tags=tags)
        story.verify("api", f"a{number}", of=("web", f"w{number}"))
    story.branch("api", "a3", "main").deploy("api", "a4", "prod")
    story.deploy("web", "w2", "prod")
    choices = {
        "tag:t": [f"w{number}" for number in range(WINDOW + 2, 0, -2)],
        "branch:feat/x": [f"w{number}" for number in range(WINDOW + 1, -1, -2)],
        "heads": ["w27", "w26"],
        "live": ["w2"],
        "environment:prod": ["w2"],
        "environment:nowhere": [],
    }
    for text, expected in choices.items():
        assert numbers(draw(story, consumers=read_choice(text, "consumer")))[0] == expected, text
    assert numbers(draw(story, providers=Choice(Kind.BRANCH, "main")))[1] == ["a3"]
    assert numbers(draw(story, providers=Choice(Kind.LIVE)))[1] == ["a4"]
    assert numbers(draw(story, "w9", consumers=Choice(Kind.TAG, "t")))[0] == ["w27", "w7", "w5", "w3", "w1"]


def test_what_may_be_chosen_is_offered(story: Story) -> None:
    """Each branch, environment and tag is offered once, however many versions have it."""
    for number in range(3):
        story.version("api", str(number), branch="main", tags=["b", "a"])
    story.version("web", "1", tags=["z"])
    story.environment("prod")
    found = offer(story.session, story.participant("api"))
    assert (found.branches, found.environments, found.tags) == (("main",), ("prod",), ("a", "b"))


@pytest.mark.parametrize("text", ["odd", "branch", "branch:", "heads:main"])
def test_a_choice_that_is_none_is_refused(story: Story, visitor: ApiClient, text: str) -> None:
    """What can't be chosen is told with what can."""
    story.publish("web", "1", "api")
    answer = visitor.get(f"/matrix/provider/api/consumer/web?consumer={text}")
    assert answer.status_code == 400
    assert "consumer must be one of all, heads, live, branch:&lt;name&gt;" in answer.text


def test_a_cell_has_a_panel(story: Story, visitor: ApiClient) -> None:
    """The link of a cell leads to the same page with what is known of the cell: its failures, and who else verified."""
    told = {"testResults": [{"success": False, "mismatches": [{"description": "a cat <b>barked</b>"}]}]}
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"), success=False, test_results=told)
    story.version("api", "main", branch="main")
    text = visitor.get("/matrix/provider/api/consumer/web").text
    failed, unproven = (
        text.split(f'<a class="{name}" href="')[1].partition('"')[0].replace("&amp;", "&")
        for name in ("failure", "nothing")
    )
    panel = visitor.get(f"/matrix/provider/api/consumer/web{failed}").text
    assert "a cat &lt;b&gt;barked&lt;/b&gt;" in panel
    assert 'aria-current="true"' in panel
    panel = visitor.get(f"/matrix/provider/api/consumer/web{unproven}").text
    assert "verified it last" in panel
    assert "pytest --contracts-from broker --contracts-publish --contracts-version main" in panel


def test_the_grid_has_the_form_of_a_list(story: Story, visitor: ApiClient) -> None:
    """The same window can be read as a list of results."""
    tell(story)
    text = visitor.get("/matrix/provider/inventory/consumer/checkout?view=list").text
    assert text.count("<tr>") == 1 + 2 + 1 + 4 * 5


def test_a_pair_that_was_never_verified_says_so(story: Story, visitor: ApiClient) -> None:
    """Without any result the rows are there, and the page says what to do."""
    story.publish("web", "1", "api")
    text = visitor.get("/matrix/provider/api/consumer/web").text
    assert "No version of <bdi>api</bdi> has verified these contracts" in text
    assert 'title="1"><bdi>1</bdi>' in text


def test_a_pair_without_contracts_says_so(story: Story, visitor: ApiClient) -> None:
    """A pair whose contracts were deleted has a page that says so."""
    story.publish("web", "1", "api").session.execute(delete(Publication))
    text = visitor.get("/matrix/provider/api/consumer/web").text
    assert "all that <bdi>web</bdi> had published for <bdi>api</bdi> were deleted" in text


def test_an_application_may_consume_itself(story: Story, visitor: ApiClient) -> None:
    """A contract with oneself has a grid like any other."""
    story.publish("api", "1", "api").verify("api", "1", of=("api", "1"))
    assert "verified" in visitor.get("/matrix/provider/api/consumer/api").text


@pytest.mark.parametrize("path", ["/", f"/matrix/provider/search/consumer/{quote(HOSTILE, safe='')}"])
def test_hostile_names_are_only_text(story: Story, visitor: ApiClient, path: str) -> None:
    """Names with markup, quotes and slashes are shown as they are, and their links lead back to them."""
    tell(story)
    text = visitor.get(path).text
    assert "<script>" not in text
    assert "<i>" not in text
    assert "<u>" not in text
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; &#39;q&#39; / ümlaut" in text
    assert quote(HOSTILE, safe="") in text


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """Neither a longer history nor more live versions take more statements."""
    for size in (1, WINDOW + 5):
        for number in range(size):
            story.publish("web", f"w{number}", "api", content=str(number), branch="main", tags=["t"])
            story.verify("api", f"a{number}", of=("web", f"w{number}")).release("api", f"a{number}", "prod")
        statements.clear()
        assert visitor.get("/matrix/provider/api/consumer/web?consumer_before=w0").status_code == 200
        assert len(statements) <= MOST_STATEMENTS

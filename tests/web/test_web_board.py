"""The board of environments."""

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from api_client import ApiClient
from estate_of_pages import tell_of_shop
from estates import NUMBERS, PLACE, SERVICES, Estate, estates
from histories.bulk import write
from story import Story
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.overview import board
from tallystick_broker.overview.board import Board, Cell, Why, read_board
from tallystick_broker.participants import add_label

MOST_STATEMENTS = 14
OF_ONE_DATABASE = settings(
    deadline=None,
    derandomize=True,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def cells_of(found: Board, name: str) -> dict[str, Cell]:
    """Return the cells of a service by environment."""
    (row,) = (row for row in found.rows if row.name == name)
    return {place.name: cell for place, cell in zip(found.places, row.cells, strict=True)}


@OF_ONE_DATABASE
@given(estates())
def test_main_can_go_where_the_gate_says_so(session: Session, estate: Estate) -> None:
    """However services consume each other, the board keeps the head of main out exactly where the gate would."""
    with session.begin_nested() as savepoint:
        write(session.connection(), estate.tell())
        story = Story(session)
        for name in SERVICES:
            story.branch(name, NUMBERS[-1], "main")
        found = read_board(session)
        for name in SERVICES:
            question = Question((Selector(name, NUMBERS[-1]),), Target(environment=PLACE))
            may_go = ask(session, question).deployable is True
            assert (not cells_of(found, name)[PLACE].blocks) is may_go, name
        savepoint.rollback()
    session.expunge_all()


def test_a_cell_has_what_is_live_and_what_keeps_main_out(story: Story) -> None:
    """Failures come first, then what is not verified; a head that is live there is told."""
    tell_of_shop(story)
    found = read_board(story.session)
    inventory = cells_of(found, "inventory")
    assert [each.number for each in inventory["production"].presence] == ["3.2.0"]
    assert [
        (each.why, each.other, each.number, each.consumes) for each in inventory["production"].blocks
    ] == [
        (Why.FAILED, "checkout", "1.4.0", True),
        (Why.UNVERIFIED, "notifications", "2.0.0", True),
    ]
    assert inventory["staging"].is_live
    assert cells_of(found, "checkout")["production"].blocks == ()
    missing = cells_of(found, "storefront")["production"].blocks
    assert [(each.why, each.other) for each in missing] == [
        (Why.UNVERIFIED, "checkout"),
        (Why.NOT_LIVE, "search"),
    ]


def test_instances_and_releases_are_told(story: Story, visitor: ApiClient) -> None:
    """Each instance and each release of an environment is there, and a service without main is no fault."""
    story.deploy("api", "1", "prod", instance="blue")
    story.deploy("api", "2", "prod", instance="green")
    story.release("api", "3", "prod")
    cell = cells_of(read_board(story.session), "api")["prod"]
    assert {(each.number, each.instance, each.released) for each in cell.presence} == {
        ("1", "blue", False),
        ("2", "green", False),
        ("3", "", True),
    }
    assert (cell.blocks, cell.is_live) == ((), False)
    text = visitor.get("/environments").text
    assert "Instance blue" in text
    assert "no main branch" in text


def test_the_board_is_filtered_and_comes_in_pages(
    story: Story, visitor: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name, label and environment; pages together have every service once."""
    tell_of_shop(story)
    add_label(story.session, "search", "team-shop")
    monkeypatch.setattr(board, "PAGE", 3)
    pages = [read_board(story.session, page=number) for number in (1, 2)]
    assert [len(page.rows) for page in pages] == [3, 2]
    assert [row.name for row in read_board(story.session, "CHECK").rows] == ["checkout"]
    assert [row.name for row in read_board(story.session, label="team-shop").rows] == ["search"]
    found = read_board(story.session, environment="staging")
    assert [place.name for place in found.places] == ["staging"]
    assert "No service is left" in visitor.get("/environments?q=zzz").text


def test_an_environment_leads_to_its_board(story: Story, visitor: ApiClient) -> None:
    """The address of an environment, as the API links to it, is a board of that environment alone."""
    uuid = story.environment("a b").uuid
    assert visitor.get(f"/environments/{uuid}").headers["Location"] == "/environments?environment=a+b"


def test_without_environments_there_is_a_command(visitor: ApiClient) -> None:
    """A broker that knows no environment says how to make one."""
    assert "tallystick create-environment" in visitor.get("/environments").text


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """Neither more services nor more of what is live takes more statements."""
    for size in (1, 4):
        for consumer in range(size):
            for number in range(size):
                name = f"web {consumer}"
                story.publish(name, str(number), "api", content=str(number), branch="main")
                story.release(name, str(number), f"env {number}")
                story.version("api", str(number), branch="main")
        statements.clear()
        assert visitor.get("/environments").status_code == 200
        assert len(statements) <= MOST_STATEMENTS

"""The list of integrations."""

import re

import pytest
from sqlalchemy import delete

from api_client import ApiClient
from estate_of_pages import tell, tell_of_shop
from story import Story
from tallystick_broker.models import Publication
from tallystick_broker.overview.integrations import PAGE, Order, Status, Wanted, list_integrations
from tallystick_broker.participants import add_label

MOST_STATEMENTS = 7


def test_an_integration_stands_as_its_newest_contract_does(story: Story) -> None:
    """The newest consumer version's contract decides; a result of an older one makes it stale."""
    tell(story)
    listing = list_integrations(story.session, Wanted())
    found = {(each.consumer, each.provider): each.status for each in listing.integrations}
    assert found["checkout", "inventory"] is Status.VERIFIED
    assert found["notifications", "inventory"] is Status.STALE
    assert found["storefront", "checkout"] is Status.FAILED
    assert found["storefront", "search"] is Status.NEVER
    assert listing.total == sum(listing.counts.values()) == len(found) == 5


def test_the_newest_result_of_the_newest_contract_counts(story: Story) -> None:
    """A success that a later failure follows is a failure."""
    story.publish("web", "1", "api").verify("api", "1", of=("web", "1"))
    story.verify("api", "2", of=("web", "1"), success=False)
    (found,) = list_integrations(story.session, Wanted()).integrations
    assert (found.status, found.result and found.result.number) == (Status.FAILED, "2")


def test_a_pending_failure_is_told_apart(story: Story) -> None:
    """A contract that failed while it was pending blocks no provider's build, and is no failure like another."""
    story.publish("web", "1", "api").verify("api", "1", of=("web", "1"), success=False, pending=True)
    (found,) = list_integrations(story.session, Wanted()).integrations
    assert (found.status, found.success) == (Status.PENDING, False)


def test_a_pair_whose_contracts_are_gone_stays(story: Story) -> None:
    """A pair without any contract left is told so, rather than forgotten."""
    story.publish("web", "1", "api").session.execute(delete(Publication))
    (found,) = list_integrations(story.session, Wanted()).integrations
    assert (found.status, found.contract) == (Status.NONE, None)


def test_what_is_live_comes_with_both(story: Story) -> None:
    """Each side says in which environments which of its versions are live, production first."""
    tell(story)
    listing = list_integrations(story.session, Wanted("checkout"))
    found = next(each for each in listing.integrations if each.provider == "inventory")
    live = [(each.place.name, each.number) for each in found.provider_live]
    assert live == [("production", "3.2.0"), ("staging", "3.3.0")]


@pytest.mark.parametrize("text", ["NOTIF", "notifications"])
def test_the_filter_finds_part_of_either_name(story: Story, text: str) -> None:
    """The filter looks into both names, whatever the case; counts are of what it found."""
    tell(story)
    listing = list_integrations(story.session, Wanted(text))
    assert [each.consumer for each in listing.integrations] == ["notifications"]
    assert listing.counts == {Status.STALE: 1}


def test_the_filter_takes_its_text_as_it_is(story: Story) -> None:
    """A per cent sign is a character, not a wildcard."""
    tell(story)
    assert list_integrations(story.session, Wanted("%")).integrations == ()


def test_filters_look_at_both_sides(story: Story) -> None:
    """An integration stays when either participant has the label, or is live in the environment."""
    tell(story)
    add_label(story.session, "checkout", "team-shop")

    def list_pairs(label: str = "", environment: str = "") -> list[tuple[str, str]]:
        listing = list_integrations(story.session, Wanted(label=label, environment=environment))
        return [(each.consumer, each.provider) for each in listing.integrations]

    shop = [("checkout", "inventory"), ("storefront", "checkout")]
    assert list_pairs(label="team-shop") == shop
    assert list_pairs(environment="production") == [shop[0], ("notifications", "inventory"), shop[1]]
    assert list_pairs(label="team-shop", environment="nowhere") == []


@pytest.mark.parametrize(
    ("order", "first"),
    [
        (Order.CONSUMER, ("checkout", "inventory")),
        (Order.PROVIDER, ("storefront", "checkout")),
        (Order.STATUS, ("storefront", "checkout")),
        (Order.CONTRACT, ("storefront", "search")),
        (Order.RESULT, ("storefront", "checkout")),
    ],
)
def test_the_list_has_an_order(story: Story, order: Order, first: tuple[str, str]) -> None:
    """By name, by what is worst, or by what happened last; what never happened comes at the end."""
    tell_of_shop(story)
    found = list_integrations(story.session, Wanted(order=order)).integrations
    assert (found[0].consumer, found[0].provider) == first


def test_pages_hold_everything_once(story: Story, visitor: ApiClient) -> None:
    """Beyond one page, each says which part it shows, and together they show all."""
    names = [f"api-{number:03}" for number in range(PAGE + 1)]
    story.publish("web", "1", *names)
    assert f"1 to {PAGE} of {PAGE + 1}" in visitor.get("/").text
    second = visitor.get("/?page=2").text
    assert f"{PAGE + 1} to {PAGE + 1} of {PAGE + 1}" in second
    assert names[-1] in second
    assert names[0] not in second


def test_an_empty_broker_says_how_to_fill_it(visitor: ApiClient) -> None:
    """Without any contract the page shows the three commands, with this broker's address."""
    text = visitor.get("/").text
    for command in ("tallystick publish", "pytest --contracts-from broker", "tallystick record-deployment"):
        assert command in text
    assert "PACT_BROKER_BASE_URL=http://localhost" in text


def test_nothing_found_is_told(visitor: ApiClient, story: Story) -> None:
    """A filter without a match says so, and leads back."""
    story.publish("web", "1", "api")
    text = visitor.get("/?q=zzz&status=failed").text
    assert "has “<bdi>zzz</bdi>” in a name with the status “Failed”" in text


def test_a_status_leads_to_what_it_rests_on(visitor: ApiClient, story: Story) -> None:
    """Whoever reads “Failed” asks why: the result says so, and where there is none, the contract."""
    story.publish("web", "1", "api").verify("api", "2", of=("web", "1"), success=False)
    story.publish("app", "1", "api", content="b")
    failed, never = (
        re.findall(rf'class="status {name}" href="([^"]+)"[^>]*title', visitor.get("/").text)[0]
        for name in ("failed", "never")
    )
    assert "Failed" in visitor.get(failed).text
    assert "a request for b" in visitor.get(never).text
    assert "/verification-results/" in failed


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """Neither more integrations nor a longer history take more statements."""
    for size in (1, 4):
        for consumer in range(size):
            for number in range(size):
                name = f"web {consumer}"
                story.publish(name, str(number), "api", content=str(number), branch="main")
                story.verify("api", str(number), of=(name, str(number))).deploy(name, str(number), "prod")
        statements.clear()
        assert visitor.get("/").status_code == 200
        assert len(statements) <= MOST_STATEMENTS

"""The page of a plan."""

from urllib.parse import quote_plus

import pytest

from api_client import ApiClient
from story import Story
from tallystick_broker.web.plan import MOST_EXPLAINED

ASK = "/plan?environment=production"
NEW = "".join(f"&q[][pacticipant]={name}&q[][version]=2" for name in ("api", "db", "web"))
MOST_STATEMENTS = 12


@pytest.fixture
def shop(story: Story) -> Story:
    """A world in which web 2 needs api 2, which needs db 2."""
    for consumer, provider in (("web", "api"), ("api", "db")):
        story.publish(consumer, "1", provider, content="a").publish(consumer, "2", provider, content="b")
        for number in ("1", "2"):
            story.verify(provider, number, of=(consumer, "1"))
            story.verify(provider, number, of=(consumer, "2"), success=number == "2")
    for name in ("web", "api", "db"):
        story.participant(name, main_branch="main")
        story.branch(name, "2", "main").deploy(name, "1", "production")
    return story


@pytest.mark.usefixtures("shop")
def test_a_plan_is_the_one_of_the_api(visitor: ApiClient, client: ApiClient) -> None:
    """The page has each wave and each reason of the API, word for word; a service alone is the head of its main."""
    form = "&q[][pacticipant]=web&q[][version]=&q[][pacticipant]=&q[][version]="
    head = "&q[][pacticipant]=web&q[][mainBranch]=true&q[][latest]=true"
    for shown, asked, words in (
        ("", "", "3 versions can go to"),
        (NEW, NEW, "3 versions can go to"),
        (form, head, "1 of 1 blocked"),
    ):
        text = visitor.get(ASK + shown).text.replace("&#39;", "'")
        body = client.get(ASK + asked).json
        assert words in text
        assert text.count("<h3>Wave ") == body["summary"]["waves"]
        needs = [need["reason"] for wave in body["waves"] for step in wave["steps"] for need in step["after"]]
        stands = [reason for each in body["blocked"] for reason in each["reasons"]]
        assert [
            each["text"] for each in (*needs, *stands, *body["reasons"]) if each["text"] not in text
        ] == []


def test_rings_and_what_is_there_are_told(visitor: ApiClient, shop: Story) -> None:
    """What must go together says so and why; what is live already needs no step."""
    shop.publish("db", "2", "web").verify("web", "1", of=("db", "2"), success=False)
    shop.verify("web", "2", of=("db", "2"))
    assert "together, because each order breaks" in visitor.get(ASK + NEW).text
    for name in ("web", "api", "db"):
        shop.deploy(name, "2", "production")
    text = visitor.get(ASK + NEW).text
    assert "Nothing to do" in text
    assert "Live already" in text


@pytest.mark.usefixtures("shop")
def test_every_question_has_an_answer(visitor: ApiClient) -> None:
    """The form, names that do not exist, and the command that asks the same."""
    web = f"{ASK}&q[][pacticipant]=web"
    for address, status, words in (
        ("/plan", 200, "it is about the heads of all main branches"),
        (f"{ASK}&q[][pacticipant]=nobody", 400, "Pacticipant nobody not found"),
        ("/plan?environment=moon", 400, "Environment with name &#39;moon&#39; does not exist"),
        (ASK + NEW + NEW, 400, "web is named more than once"),
        (f"{web}&q[][version]=9", 200, "1 of 1 blocked"),
        (f"{web}&q[][branch]=main&q[][latest]=true", 200, "--pacticipant web --branch main"),
        (f"{ASK}&ignore[]=db", 200, "tallystick plan --ignore db --to-environment production"),
    ):
        answer = visitor.get(address)
        assert (answer.status_code, words in answer.text) == (status, True), address


def test_without_versions_the_form_says_so(visitor: ApiClient, story: Story) -> None:
    """Where no main branch has a version there is nothing to plan, and the page says what to do."""
    story.environment("production")
    assert "name the versions that are to go" in visitor.get(ASK).text


def test_a_very_long_plan_stays_readable(visitor: ApiClient, story: Story) -> None:
    """Of very many that are blocked the first are explained, and the others lead to what stands against them."""
    names = [f"web {number:02}" for number in range(MOST_EXPLAINED + 2)]
    for name in names:
        story.participant(name, main_branch="main")
        story.publish(name, "1", "api", branch="main")
    story.environment("production")
    text = visitor.get(ASK).text
    assert f"the first {MOST_EXPLAINED} of {len(names)}" in text
    assert text.count("<details") == MOST_EXPLAINED + 1
    for name in names[MOST_EXPLAINED:]:
        assert (
            f'/can-i-deploy?pacticipant={quote_plus(name)}&amp;version=1&amp;environment=production"' in text
        )
    many = "".join(f"&q[][pacticipant]={number}&q[][version]=1" for number in range(1001))
    answer = visitor.get(ASK + many)
    assert (answer.status_code, "at most 1,000 can be planned" in answer.text) == (400, True)


def test_the_number_of_statements_is_bounded(visitor: ApiClient, shop: Story, statements: list[str]) -> None:
    """Neither the plan nor the gate asks more often when more services go, or more is live."""
    counts = []
    for size in (2, 6):
        for number in range(size):
            name = f"web {number}"
            shop.publish(name, "1", "api", content=name, branch="main").deploy(name, "1", "production")
            shop.verify("api", "2", of=(name, "1"), success=number % 2 == 0)
        sent = []
        for address in (ASK, "/can-i-deploy?pacticipant=api&environment=production"):
            statements.clear()
            assert visitor.get(address).status_code == 200
            sent.append(len(statements))
        counts.append(sent)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= MOST_STATEMENTS

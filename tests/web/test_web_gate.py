"""The pages of the gate."""

from html import unescape

import pytest

from api_client import ApiClient
from estate_of_pages import tell_of_shop
from story import Story
from tallystick_broker.web.formats import short

ASK = "/can-i-deploy?environment=production&pacticipant="


def test_the_gate_answers_as_everywhere(visitor: ApiClient, client: ApiClient, story: Story) -> None:
    """The page has the reasons and the advice of the API, word for word, and the command that asks the same."""
    tell_of_shop(story)
    text = visitor.get(f"{ASK}inventory&version=3.3.0").text
    said = client.get(f"{ASK}inventory&version=3.3.0").json
    assert said["summary"]["deployable"] is None
    assert "Not yet" in text
    for reason in said["reasons"]:
        assert reason["text"] in text.replace("&#39;", "'")
    assert (
        "tallystick can-i-deploy --pacticipant inventory --version 3.3.0 --to-environment production" in text
    )


@pytest.mark.parametrize(
    ("address", "word"),
    [
        (f"{ASK}checkout&version=1.5.0", "Yes"),
        (f"{ASK}checkout", "Yes"),
        (f"{ASK}checkout&with[][pacticipant]=inventory&with[][version]=3.2.0", "inventory --version 3.2.0"),
        ("/pacticipants/checkout/branches/main/latest-version/can-i-deploy/to-environment/production", "Yes"),
        (f"{ASK}nobody", "Pacticipant nobody not found"),
        ("/can-i-undeploy?pacticipant=inventory&environment=production", "can-i-undeploy"),
        ("/can-i-deploy", "Name a service"),
    ],
)
def test_there_is_a_page_for_each_question(visitor: ApiClient, story: Story, address: str, word: str) -> None:
    """A version or a branch, several together, and whether it can leave; a wrong name is told on the form."""
    tell_of_shop(story)
    assert word in visitor.get(address).text


IN_PRODUCTION = "&environment=production"
BEFORE = "/matrix?q[][pacticipant]="


@pytest.mark.parametrize(
    "asked",
    [
        f"{ASK}checkout&version=1.5.0",
        f"{ASK}checkout&version=1.5.0&with[][pacticipant]=inventory&with[][version]=3.2.0&ignore[]=mail",
        f"{ASK}checkout&version=1.5.0&requireContracts=true",
        f"{BEFORE}checkout&q[][version]=1.5.0&q[][pacticipant]=inventory&q[][version]=3.3.0{IN_PRODUCTION}",
        f"{BEFORE}checkout&q[][branch]=main&q[][latest]=true{IN_PRODUCTION}",
        f"{BEFORE}inventory&q[][mainBranch]=true&q[][latest]=true{IN_PRODUCTION}&ignore[][pacticipant]=checkout",
        "/can-i-undeploy?pacticipant=inventory&environment=production",
        "/can-i-undeploy?pacticipant=inventory&version=3.2.0&environment=production",
        "/plan?environment=production",
        "/plan?environment=production&q[][pacticipant]=checkout&q[][version]=1.5.0",
    ],
)
def test_an_answer_leads_to_its_page(visitor: ApiClient, client: ApiClient, story: Story, asked: str) -> None:
    """The page that an answer links to gives the same answer for the same reasons."""
    tell_of_shop(story)
    said = client.get(asked).json
    page = visitor.get(said["_links"]["alternate"]["href"]).text
    texts = [reason["text"] for reason in said["reasons"]]
    texts += [reason["text"] for each in said.get("blocked", ()) for reason in each["reasons"]]
    assert texts or said["waves"]
    for text in texts:
        assert short(text) in unescape(page)
    if "deployable" in said["summary"]:
        counts = "{success} verified, {failed} failed, {unknown} not verified".format(**said["summary"])
        assert counts in page


@pytest.mark.parametrize(
    "asked",
    [
        f"{BEFORE}checkout&q[][version]=1.5.0&latest=true",
        f"{BEFORE}checkout&q[][version]=1.5.0&latest=true&tag=prod",
        f"{BEFORE}checkout&q[][branch]=main{IN_PRODUCTION}",
        f"{BEFORE}checkout&q[][latest]=true{IN_PRODUCTION}",
        f"{BEFORE}checkout&q[][tag]=prod&q[][latest]=true{IN_PRODUCTION}",
        f"{BEFORE}checkout&q[][pacticipant]=inventory",
    ],
)
def test_what_no_page_can_ask_leads_to_none(client: ApiClient, story: Story, asked: str) -> None:
    """No answer leads to the page of another question: of tags, of whole branches, or without a place to go."""
    tell_of_shop(story)
    assert "_links" not in client.get(asked).json

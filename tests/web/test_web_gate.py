"""The pages of the gate."""

import pytest

from api_client import ApiClient
from estate_of_pages import tell_of_shop
from story import Story

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

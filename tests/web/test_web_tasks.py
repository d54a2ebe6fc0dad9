"""What people come to the pages for, in a real browser: each task from its page to its end."""

import re

import pytest
from playwright.sync_api import Page, expect

from pages import Tab

pytestmark = pytest.mark.xdist_group("pages")  # they share the world of test_web_browser.py


def open_from_the_top(page: Page, broker: str, place: str) -> None:
    """Open a page by its name in the navigation."""
    page.goto(broker)
    page.get_by_role("navigation").first.get_by_role("link", name=place).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(place)


def test_the_gate_is_asked(page: Page, filled_broker: str) -> None:
    """A service and a place give the answer with its reasons; so does taking away, and several that go together."""
    open_from_the_top(page, filled_broker, "Can I deploy?")
    page.get_by_label("Service", exact=True).first.fill("inventory")
    page.get_by_label("Environment").select_option("production")
    page.get_by_role("button", name="Can I deploy it?").click()
    expect(page.get_by_role("status")).to_contain_text("Not yet")
    expect(page.get_by_text("tallystick can-i-deploy --pacticipant inventory")).to_be_visible()
    page.get_by_role("button", name="Can I take it away?").click()
    expect(page.get_by_role("status")).to_contain_text("No")
    expect(page.get_by_text("tallystick can-i-undeploy --pacticipant inventory")).to_be_visible()
    page.get_by_text("Together with other services").click()
    rows = page.locator("details .filter")
    rows.get_by_label("Service").fill("checkout")
    rows.get_by_label("Version").fill("1.5.0")
    page.get_by_role("button", name="Can I deploy it?").click()
    expect(page.get_by_role("status")).to_contain_text("checkout 1.5.0")


def test_a_rollout_is_planned(page: Page, filled_broker: str) -> None:
    """The plan is beside the gate, and says what goes and what is blocked."""
    open_from_the_top(page, filled_broker, "Can I deploy?")
    page.get_by_role("link", name="Plan a rollout").click()
    page.get_by_label("Environment").select_option("production")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("status")).to_contain_text("3 of 4 blocked")
    expect(page.get_by_role("heading", name=re.compile("Wave 1"))).to_be_visible()


def test_what_blocks_is_followed_from_the_board(page: Page, filled_broker: str) -> None:
    """From “main is blocked” to why, and what to do."""
    open_from_the_top(page, filled_broker, "Environments")
    page.get_by_text("main is blocked by 2").first.click()
    page.get_by_role("link", name="Why, and what to do").first.click()
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    expect(page.get_by_text("Next:").first).to_be_visible()


def test_two_contents_are_compared(page: Page, filled_broker: str) -> None:
    """From the list, over the history, to what changed since any other version."""
    page.goto(filled_broker)
    page.get_by_role("link", name="Matrix of checkout and inventory").click()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="what changed").first.click()
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    page.get_by_label("From version").fill("1.0.0")
    page.get_by_label("to version", exact=True).fill("1.5.0")
    page.get_by_role("button", name="Show what changed").click()
    expect(page.get_by_text("From checkout 1.0.0")).to_be_visible()


def test_a_service_is_found_with_its_neighbours(page: Page, filled_broker: str) -> None:
    """The field at the top finds a service, which leads to who depends on it and to the network around it."""
    page.goto(filled_broker)
    page.get_by_role("banner").get_by_role("searchbox").fill("invent")
    page.get_by_role("banner").get_by_role("button", name="Find").click()
    page.get_by_role("main").get_by_role("link", name="inventory").first.click()
    expect(page.get_by_role("heading", name="Consumed by")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Network").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("inventory")
    page.get_by_label("Steps away").select_option("2")
    page.wait_for_url("**/network?*depth=2*")
    expect(page.get_by_role("row").filter(has_text="storefront")).to_have_count(1)


def test_a_webhook_lives_from_new_to_deleted(page: Page, tab: Tab, filled_broker: str) -> None:
    """Made, turned off, changed, and taken away; what cannot be saved says why."""
    open_from_the_top(page, filled_broker, "Webhooks")
    page.get_by_role("link", name="New webhook").click()
    page.get_by_label("Description").fill("Tell the chat")
    page.get_by_label("URL").fill("chat")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing was saved yet.")).to_be_visible()
    assert ["status of 400" in each for each in tab.complaints] == [True]
    tab.complaints.clear()
    page.get_by_label("URL").fill("https://chat.example.org/tell")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell the chat")
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_role("button", name="Enable")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Description").fill("Tell everybody")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell everybody")
    page.get_by_role("link", name="Edit").click()
    page.get_by_text("Delete this webhook").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Webhooks")
    expect(page.get_by_text("Tell everybody")).to_have_count(0)


def test_a_delivery_is_sent_again(page: Page, filled_broker: str) -> None:
    """From the webhook to what it sent, and once more."""
    open_from_the_top(page, filled_broker, "Webhooks")
    page.get_by_role("link", name="Builds of inventory").click()
    page.get_by_role("table").get_by_role("link", name="Failed").first.click()
    page.get_by_role("button", name="Deliver again").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Deliver again")).to_be_visible()

"""The pages of a large estate in a real browser."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page, expect

from pages import EACH_ONCE, Tab, check, check_readable
from wide_estate import WIDE_PAGES, wide_broker

Addresses = Mapping[str, str]

pytestmark = pytest.mark.xdist_group("wide")  # one worker tells the estate, which takes as long as two pages


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """The address of each page by its name, at a running broker that knows 300 services."""
    with wide_broker(tmp_path_factory.mktemp("wide")) as addresses:
        yield addresses


@pytest.mark.parametrize("name", WIDE_PAGES)
def test_a_page_of_a_large_estate_is_there_for_everybody(
    addresses: Addresses, tab: Tab, page: Page, name: str
) -> None:
    """With 300 services each page fits, axe-core finds nothing, and nothing of it comes from elsewhere."""
    tab.asked.clear()
    check(page, addresses[name], screens=EACH_ONCE, whole=())
    tab.check_asked()


def test_a_large_estate_can_be_read_without_a_script(addresses: Addresses, browser: Browser) -> None:
    """With scripts turned off every page has its heading and its content, and no button that would do nothing."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        for address in addresses.values():
            check_readable(page, address)


def test_one_of_hundreds_is_found_while_typing(addresses: Addresses, page: Page) -> None:
    """The list of integrations is filtered by what is typed, and its address says so."""
    home = addresses["integrations"]
    page.goto(home)
    page.get_by_label("Consumer or provider").press_sequentially("service-00")
    expect(page).to_have_url(f"{home}?q=service-00")
    expect(page.locator("#integrations")).not_to_contain_text("service-299")

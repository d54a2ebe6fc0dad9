"""The pages of a large estate in a real browser."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from pages import SCHEMES, WIDTHS, Tab, check
from wide_estate import ALIKE, wide_broker


def test_a_large_estate_is_there_for_everybody(
    tmp_path: Path, browser: Browser, tab: Tab, page: Page
) -> None:
    """With 300 services each page fits, axe-core finds nothing, and it can be read without a script.

    It is one test, because the estate takes longer to write than its pages to visit.
    """
    with wide_broker(tmp_path) as addresses, browser.new_context(java_script_enabled=False) as context:
        plain, home = context.new_page(), addresses["integrations"]
        tab.asked.clear()
        for address in addresses.values():
            check(page, address, screens=zip(WIDTHS, SCHEMES, strict=True), alike=ALIKE)
            plain.goto(address)
            assert plain.locator("h1").is_visible()
            assert len(plain.locator("main").inner_text()) > 40
        assert [url for url in tab.asked if not url.startswith(home)] == []
        page.goto(home)
        page.get_by_label("Consumer or provider").press_sequentially("service-00")
        expect(page).to_have_url(f"{home}?q=service-00")
        expect(page.locator("#integrations")).not_to_contain_text("service-299")

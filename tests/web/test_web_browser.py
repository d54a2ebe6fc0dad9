"""The pages in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages import HOSTILE_CONTRACT, PAGES, Tab, check, check_readable, check_width

pytestmark = pytest.mark.xdist_group("pages")  # one worker tells their world


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_there_for_everybody(tab: Tab, page: Page, filled_broker: str, name: str) -> None:
    """On every screen, in light and dark, a page fits, axe-core finds nothing against WCAG 2.2 AA, and nothing of it
    comes from elsewhere.
    """
    tab.asked.clear()
    check(page, filled_broker + PAGES[name])
    tab.check_asked()


def test_the_page_of_a_new_broker_is_there_for_everybody(page: Page, bare_broker: str) -> None:
    """The commands of the first page that anybody sees can be read everywhere, too."""
    check(page, bare_broker)


def test_a_hostile_contract_runs_nothing(page: Page, filled_broker: str) -> None:
    """Scripts in names stay text, and thousands of interactions with huge bodies fit on every screen."""
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(filled_broker + HOSTILE_CONTRACT)
    expect(page.get_by_text("5003 interactions")).to_be_visible()
    assert page.locator("main script, main img[onerror]").count() == 0
    check_width(page, 390)


def test_pages_can_be_read_without_a_script(browser: Browser, filled_broker: str) -> None:
    """With scripts turned off every page has its heading and its content, and no button that would do nothing."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        for path in PAGES.values():
            check_readable(page, filled_broker + path)


def test_from_the_list_to_a_cell(page: Page, filled_broker: str) -> None:
    """The way through the pages: filter as you type, open a pair, pick the cell that failed, go to its result."""
    page.goto(filled_broker)
    page.get_by_label("Consumer or provider").press_sequentially("checkout")
    expect(page.get_by_role("row")).to_have_count(3)
    assert page.url.endswith("?q=checkout")
    page.get_by_role("link", name="Matrix of checkout and inventory").click()
    page.wait_for_url("**/matrix/**")
    assert page.get_by_role("heading", level=1).inner_text().split() == [
        "checkout",
        "→",
        "consumes",
        "inventory",
    ]
    page.locator("a.failure").first.click()
    panel = page.get_by_role("complementary", name="The cell that was chosen")
    expect(panel).to_be_focused()
    assert "contract=" in page.url
    panel.get_by_role("link", name="Failed").click()
    page.wait_for_url("**/verification-results/**")


def test_a_choice_filters_at_once(page: Page, filled_broker: str) -> None:
    """Where there are scripts, choosing from a list needs no press of a button, and nothing empty is in the address."""
    page.goto(filled_broker)
    page.get_by_label("Environment").select_option("staging")
    page.wait_for_url("**/?environment=staging")
    expect(page.get_by_role("row")).to_have_count(4)


def test_a_table_is_copied_as_csv(page: Page, filled_broker: str) -> None:
    """The copy holds what the table says, with whole version numbers, and no cell that a spreadsheet would run."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(filled_broker + "/?q=storefront")
    page.get_by_role("button", name="Copy as CSV").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].startswith("Consumer,Provider,Status,Newest contract,Last result")
    assert lines[1].startswith("storefront,checkout live in production 1.4.0")
    assert "9fceb02d0ae598e95dc970b74767f19372d61af8" in lines[1]
    assert page.evaluate("""cell('=SUM(A1)') + cell('a "b", c')""") == '\'=SUM(A1)"a ""b"", c"'


def test_the_keyboard_shows_where_it_is(page: Page, filled_broker: str) -> None:
    """The first stop of the keyboard skips to the content, and what has the focus is outlined."""
    page.goto(filled_broker)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_list_keeps_its_rows_on_a_phone(page: Page, filled_broker: str) -> None:
    """Where rows become cards they are still rows to a screen reader."""
    page.goto(filled_broker)
    check_width(page, 360)
    assert page.get_by_role("rowheader", name="notifications").count() == 1
    assert page.get_by_role("row").count() == 6


def test_the_network_is_saved_as_a_picture(page: Page, filled_broker: str, tmp_path: Path) -> None:
    """A button paints the drawing as a PNG of twice its size, in the colours of its states."""
    page.goto(filled_broker + "/network")
    width = page.evaluate("document.querySelector('.picture svg').getBoundingClientRect().width")
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").click()
    assert download.value.suggested_filename == "network.png"
    download.value.save_as(tmp_path / "network.png")
    picture = (tmp_path / "network.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 2 * round(width)

"""The pages in a real browser."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

PAIR = "/matrix/provider/inventory/consumer/checkout"
PAGES = ("/", "/?status=failed", PAIR, f"{PAIR}?consumer_before=1.2.0", "/?q=nothing")
WIDTHS = (360, 1280, 1920)

HEADINGS = "[...document.querySelectorAll('h1, h2, h3')].map(each => Number(each.tagName[1]))"
NAMELESS = """[...document.querySelectorAll('a, button, input:not([type=hidden])')].filter(each =>
    !(each.textContent.trim() || each.labels?.length || each.getAttribute('aria-label'))).length"""
LOOSE_HEADERS = "document.querySelectorAll('th:not([scope]):not([aria-hidden])').length"
UNNAMED_TABLES = "[...document.querySelectorAll('table')].filter(each => !each.caption).length"
STICKING_OUT = """[...document.querySelectorAll('.empty *, .heading *')].filter(each =>
    !each.closest('.hidden') &&
    each.getBoundingClientRect().right > each.closest('.empty, .heading').getBoundingClientRect().right + 1
).map(each => each.outerHTML)"""


def visit(page: Page, address: str) -> None:
    """Open the address."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok


def check_widths(page: Page, address: str) -> None:
    """Check that the page never scrolls sideways, and that each block stays inside the one that holds it."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        visit(page, address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_every_width(page: Page, filled_broker: str, path: str) -> None:
    """From a phone to a wide screen nothing sticks out of the page, and the browser has no complaint."""
    check_widths(page, filled_broker + path)


def test_the_page_of_a_new_broker_fits_every_width(page: Page, bare_broker: str) -> None:
    """The commands of the first page that anybody sees fit on every screen, too."""
    check_widths(page, bare_broker)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_for_everybody(page: Page, filled_broker: str, path: str) -> None:
    """One first heading and no level left out; controls have names, tables captions, and their headers a scope."""
    visit(page, filled_broker + path)
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert page.evaluate(NAMELESS) == page.evaluate(LOOSE_HEADERS) == page.evaluate(UNNAMED_TABLES) == 0
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("main").count() == 1


def test_nothing_comes_from_elsewhere(page: Page, filled_broker: str) -> None:
    """Every request of a page goes to the broker itself."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, filled_broker + PAIR)
    assert asked
    assert all(url.startswith(filled_broker) for url in asked)


def test_from_the_list_to_a_cell(page: Page, filled_broker: str) -> None:
    """The way through the pages: filter, open a pair, follow the cell that failed to its result."""
    visit(page, filled_broker)
    page.get_by_label("Name").fill("checkout")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Matrix of checkout and inventory").click()
    page.wait_for_url("**/matrix/**")
    assert page.get_by_role("heading", level=1).inner_text().split() == [
        "checkout",
        "→",
        "consumes",
        "inventory",
    ]
    page.locator("a.failure").first.click()
    page.wait_for_url("**/verification-results/**")
    assert '"success":false' in page.content()


def test_the_keyboard_shows_where_it_is(page: Page, filled_broker: str) -> None:
    """The first stop of the keyboard skips to the content, and what has the focus is outlined."""
    visit(page, filled_broker)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_list_keeps_its_rows_on_a_phone(page: Page, filled_broker: str) -> None:
    """Where rows become cards they are still rows to a screen reader."""
    page.set_viewport_size({"width": 360, "height": 800})
    visit(page, filled_broker)
    assert page.get_by_role("rowheader", name="notifications").count() == 1
    assert page.get_by_role("row").count() == 6

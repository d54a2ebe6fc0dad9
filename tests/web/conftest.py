"""What the tests of the pages share: a client that asks as browsers do, and a real browser."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

import live
import pages
from api_client import ApiClient
from pages import AXE, Tab

BROWSER_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


class PageClient(ApiClient):
    """A client of the application that says what it accepts as a browser does."""

    def open(self, *args: Any, **others: Any) -> Any:
        """Send the request."""
        others["headers"] = {"Accept": BROWSER_ACCEPT} | dict(others.get("headers") or {})
        return super().open(*args, **others)


@pytest.fixture
def visitor(app: Flask) -> PageClient:
    """A client in the world of `story`, for which the pages are meant."""
    return PageClient(app)


@pytest.fixture(scope="session")
def filled_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running broker that knows the estate of `tell`; which database it has, no browser sees."""
    with pages.filled_broker(tmp_path_factory.mktemp("pages")) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def bare_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running broker that knows nothing."""
    folder = tmp_path_factory.mktemp("bare")
    with live.broker(f"sqlite:///{folder / 'broker.db'}", folder) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser."""
    # The shell is the same browser without its windows, and takes less time.
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        pytest.skip("the pages are tested in a real browser: install chromium-headless-shell or chromium")
    # No page is open for so long that the last of its compilers would pay.
    arguments = ["--no-sandbox", "--js-flags=--no-turbofan"]
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=arguments)


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab with axe-core in it, which all tests share, because opening one takes a while."""
    with browser.new_context() as context:
        context.add_init_script(AXE)
        yield Tab(context.new_page())


@pytest.fixture
def page(tab: Tab) -> Iterator[Page]:
    """The page in the shared tab; the test fails when the browser had anything to complain of."""
    tab.complaints.clear()
    yield tab.page
    assert tab.complaints == []

"""What the tests of the pages share: a client that asks as browsers do, and a real browser."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

import live
from api_client import ApiClient
from estate_of_pages import tell
from story import Story
from tallystick_broker import db

BROWSER_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
LIGHT_AND_DARK = ("light", "dark")


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
    folder = tmp_path_factory.mktemp("pages")
    database_url = f"sqlite:///{folder / 'broker.db'}"
    with live.broker(database_url, folder) as base_url:
        engine = db.connect(database_url)
        db.write(db.sessions(engine), lambda session: tell(Story(session)))
        engine.dispose()
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
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("the pages are tested in a real browser: install chromium and put it on PATH")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


@pytest.fixture(params=LIGHT_AND_DARK)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab in light and in dark; the test fails when the browser had anything to complain of."""
    complaints: list[str] = []
    with browser.new_context(color_scheme=request.param, java_script_enabled=True) as context:
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        yield tab
    assert complaints == []

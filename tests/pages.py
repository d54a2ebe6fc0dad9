"""The pages that there are, and what must be true of each of them in a browser."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from itertools import pairwise, product
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from playwright.sync_api import Page, Request

import live
from estate_of_pages import DELIVERY, HOSTILE, WEBHOOK, tell
from story import Story
from tallystick_broker import db

PAIR = "/matrix/provider/inventory/consumer/checkout"
CONTRACT = "/pacts/provider/inventory/consumer/checkout"
PAGES = {
    "integrations": "/",
    "integrations-failed": "/?status=failed&sort=contract",
    "integrations-none": "/?q=nothing",
    "services": "/pacticipants",
    "search": "/search?q=ch",
    "matrix": PAIR,
    "matrix-older": f"{PAIR}?consumer_before=1.2.0",
    "matrix-list": f"{PAIR}?consumer=heads&provider=live&view=list",
    "contract": f"{CONTRACT}/version/1.5.0",
    "contract-raw": f"{CONTRACT}/latest?view=raw",
    "history": f"{CONTRACT}/versions",
    "changes": f"{CONTRACT}/version/1.5.0/diff/previous-distinct",
    "service": "/pacticipants/checkout",
    "versions": "/pacticipants/checkout/versions",
    "version": "/pacticipants/inventory/versions/3.3.0",
    "branches": "/pacticipants/checkout/branches",
    "states": "/pacts/provider/inventory/provider-states",
    "service-matrix": "/pacticipants/checkout/matrix",
    "environments": "/environments",
    "gate": "/can-i-deploy?pacticipant=inventory&environment=production",
    "plan": "/plan?environment=production",
    "plan-form": "/plan",
    "network": "/network",
    "network-around": "/network?service=checkout&depth=2",
    "activity": "/activity",
    "activity-of-service": "/activity?service=checkout&kind=published",
    "webhooks": "/webhooks",
    "webhook": f"/webhooks/{WEBHOOK}",
    "webhook-form": f"/webhooks/{WEBHOOK}/edit",
    "delivery": f"/triggered-webhooks/{DELIVERY}/logs",
    "error": "/pacticipants/nobody",
    "style": "/docs/style",
}
"""The address of each page in the world that `filled_broker` knows."""

HOSTILE_CONTRACT = f"/pacts/provider/search/consumer/{quote(HOSTILE, safe='')}/latest"

Scheme = Literal["light", "dark"]
Screen = tuple[int, Scheme]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (390, 1440)
NARROWEST, WIDEST = 360, 1920
SCREENS: tuple[Screen, ...] = tuple(product(WIDTHS, SCHEMES))
EACH_ONCE: tuple[Screen, ...] = tuple(zip(WIDTHS, SCHEMES, strict=True))
"""Each width and each scheme on one screen."""
ALIKE = (
    "tbody > tr:nth-child(n+4)",
    "tbody > tr:nth-child(-n+3) > :nth-child(n+8)",
    "main li:nth-child(n+4)",
    ".stack > :nth-child(n+4)",
    "main g > g:nth-child(n+20)",
)
"""Rows, columns and items that are like those before them."""

REMEMBER_COLOURS = """(() => {
    const color = axe.commons.color.Color.prototype, parse = color.parseString, known = new Map();
    color.parseString = function (text) {
        if (!known.has(text)) {
            const {r, g, b, alpha} = parse.call(this, text);
            known.set(text, {r, g, b, alpha});
        }
        return Object.assign(this, known.get(text));
    };
})();"""
"""Lets axe-core read each colour once: it asks for the same few all the time, and takes a fifth of its own for it."""

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8") + REMEMBER_COLOURS
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""What depends on colours and on where things are; what else there is, is the same in light and dark."""

FIND_FAULTS = """([rules, exclude]) => axe.run({exclude}, {runOnly: rules, resultTypes: ['violations']}).then(found =>
    found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`)))"""
STRUCTURE = """() => {
    const all = selector => [...document.querySelectorAll(selector)];
    return {
        levels: all('h1, h2, h3, h4').map(each => Number(each.tagName[1])),
        looseHeaders: all('th:not([scope]):not([aria-hidden])').length,
        unnamedTables: all('table').filter(each => !each.caption).length,
        uncopiedTables: all('table').filter(each => !document.querySelector(`[data-csv="${each.id}"]`))
            .map(each => each.outerHTML.slice(0, 100)),
        language: document.documentElement.lang,
        mains: all('main').length,
    };
}"""
STICKING_OUT = """[...document.querySelectorAll('.empty *, .heading *, .card *, .notice *')].filter(each =>
    !each.closest('.unseen, .scroll, svg') &&
    each.getBoundingClientRect().right >
        each.closest('.empty, .heading, .card, .notice').getBoundingClientRect().right + 1
).map(each => each.outerHTML.slice(0, 200))"""

READABLE = """() => {
    const shown = selector => [...document.querySelectorAll(selector)].filter(each =>
        each.checkVisibility({visibilityProperty: true})).length;
    return [shown('h1'), document.querySelector('main').innerText.length > 40, shown('.scripted')];
}"""


class Tab:
    """A tab of a browser that notes what the browser complains of, and whom it asks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self._complain(message.text))
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("request", self._ask)

    def check_asked(self) -> None:
        """Check that the tab has asked for something, and nobody beyond this machine."""
        assert self.asked
        assert [url for url in self.asked if urlsplit(url).hostname != "127.0.0.1"] == []

    def _complain(self, text: str) -> None:
        if "the server responded with a status of 404" not in text:  # the page of an error is a page, too
            self.complaints.append(text)

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)


@contextmanager
def filled_broker(folder: Path) -> Iterator[str]:
    """Yield the address of a running broker that knows the estate of the pages."""
    database_url = f"sqlite:///{folder / 'broker.db'}"
    with live.broker(database_url, folder) as base_url:
        engine = db.connect(database_url)
        db.write(db.sessions(engine), lambda session: tell(Story(session), 5_000))
        engine.dispose()
        yield base_url


def check(
    page: Page, address: str, *, screens: Sequence[Screen] = SCREENS, whole: Sequence[Screen] = SCREENS
) -> None:
    """Check the page at this address, in a tab that has axe-core: on every screen, in light and dark, for everybody.

    axe-core judges it on these screens: whole on some of them, elsewhere without what is like what stands before it.
    """
    page.goto(address)
    check_structure(page)
    for width in sorted({NARROWEST, *WIDTHS, WIDEST, *(width for width, _ in screens)}):
        check_width(page, width)
        schemes: list[Scheme] = [scheme for each, scheme in screens if each == width]
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            left_out = [] if (width, scheme) in whole else [*ALIKE]
            faults = page.evaluate(FIND_FAULTS, [RULES if scheme == "light" else RULES_OF_LOOKS, left_out])
            assert not faults, f"{scheme}, {width} pixels wide: {faults}"


def check_readable(page: Page, address: str) -> None:
    """Check that the page at this address has its heading, its content, and no button that needs a script."""
    page.goto(address)
    found = page.evaluate(READABLE)
    assert found == [1, True, 0], f"{address}: {found}"


def check_width(page: Page, width: int) -> None:
    """Check that the page never scrolls sideways, and that each block stays inside the one that holds it."""
    page.set_viewport_size({"width": width, "height": 900})
    needed, sticking_out = page.evaluate(f"[document.documentElement.scrollWidth, {STICKING_OUT}]")
    assert needed <= width, f"at {width} pixels the page is {needed} wide"
    assert not sticking_out, f"at {width} pixels: {sticking_out}"


def check_structure(page: Page) -> None:
    """Check what a reader who does not see the page goes by, and that each table can be copied."""
    found = page.evaluate(STRUCTURE)
    levels: list[int] = found.pop("levels")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels)), levels
    assert found == {
        "looseHeaders": 0,
        "unnamedTables": 0,
        "uncopiedTables": [],
        "language": "en",
        "mains": 1,
    }, found

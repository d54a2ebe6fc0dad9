"""Pictures of every page at two sizes, in light and dark, for people to look at."""

import shutil
import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

import pages

FOLDER = Path("screenshots")
HEIGHT = 900
TALLEST = 3000


def main() -> None:
    """Take the pictures of the pages that are named, or of all."""
    wanted = sys.argv[1:] or list(pages.PAGES)
    if unknown := sorted(set(wanted) - set(pages.PAGES)):
        sys.exit(f"There is no page {', '.join(unknown)}: name some of {', '.join(pages.PAGES)}.")
    FOLDER.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        pages.filled_broker(Path(folder)) as base_url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for name, width, scheme in product(wanted, pages.WIDTHS, pages.SCHEMES):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.goto(base_url + pages.PAGES[name])
            height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            area: Any = {"x": 0, "y": 0, "width": width, "height": height}
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", clip=area, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()

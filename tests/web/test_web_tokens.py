"""The design's colours: readable by everybody, in light and in dark."""

import re
from itertools import product
from pathlib import Path

import pytest

from tallystick_broker.web.links import STATIC

TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3.0
"""What WCAG 2.2 AA asks of text (1.4.3), and of the edges of controls and marks (1.4.11)."""

LIGHT, _, DARK = (STATIC / "tokens.css").read_text(encoding="utf-8").partition("@media")
GROUNDS = ("ground", "raised", "sunken")
PAIRS = [
    *((text, ground, TEXT_CONTRAST) for text, ground in product(("ink", "quiet", "link"), GROUNDS)),
    *(
        (text, ground, TEXT_CONTRAST)
        for text, ground in product(("good", "bad", "warn", "note", "idle"), GROUNDS)
    ),
    *((text, f"{text}-ground", TEXT_CONTRAST) for text in ("good", "bad", "warn", "note", "idle")),
    *(("ink", f"band-{band}", TEXT_CONTRAST) for band in range(1, 7)),
    ("on-ink", "ink", TEXT_CONTRAST),
    ("raised", "bad", TEXT_CONTRAST),
    *(("edge", ground, SHAPE_CONTRAST) for ground in GROUNDS),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("colour", "ground", "least"), PAIRS)
def test_colours_differ_enough(scheme: str, colour: str, ground: str, least: float) -> None:
    """Whatever is drawn on a ground has the contrast that WCAG 2.2 AA asks for."""
    colours = read_colours(LIGHT if scheme == "light" else DARK)
    assert contrast(colours[colour], colours[ground]) >= least


@pytest.mark.parametrize("sheet", [each for each in STATIC.glob("*.css") if each.name != "tokens.css"])
def test_the_rules_use_only_tokens(sheet: Path) -> None:
    """No rule has a colour of its own, so that nothing is left out in the dark."""
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*})", sheet.read_text(encoding="utf-8")) == []


def read_colours(css: str) -> dict[str, str]:
    """Return the colours that this part of the style sheet names."""
    return dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", css))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

"""Badges as pictures, drawn here: no other service learns who looks at which contract."""

from html import escape

from flask import Response

SVG = "image/svg+xml"
GREEN, RED, ORANGE, GREY = "#4c1", "#e05d44", "#fe7d37", "#9f9f9f"
LABEL = "#555"
HEIGHT, PADDING, CHARACTER = 20, 6, 6.6
"""Pixels; text is set to the width that is reckoned for it, so that it fits whatever font there is."""


def badge(label: str, message: str, colour: str) -> Response:
    """Return the answer with a badge that says this."""
    return Response(draw(label, message, colour), content_type=f"{SVG};charset=utf-8")


def draw(label: str, message: str, colour: str) -> str:
    """Return the badge as SVG: the label to the left, the message on its colour to the right."""
    left, right = _measure(label), _measure(message)
    width, title = left + right, escape(f"{label}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{HEIGHT}" role="img" aria-label="{title}">'
        f"<title>{title}</title>"
        f'<clipPath id="edge"><rect width="{width:g}" height="{HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#edge)"><rect width="{left:g}" height="{HEIGHT}" fill="{LABEL}"/>'
        f'<rect x="{left:g}" width="{right:g}" height="{HEIGHT}" fill="{colour}"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_write(label, 0, left)}{_write(message, left, right)}</g></svg>"
    )


def _measure(text: str) -> float:
    return round(len(text) * CHARACTER + 2 * PADDING, 1)


def _write(text: str, left: float, width: float) -> str:
    place = f'x="{left + PADDING:g}" y="14" textLength="{width - 2 * PADDING:g}"'
    return f"<text {place}>{escape(text)}</text>"

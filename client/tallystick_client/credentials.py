"""Who is asking, and where: checked before anything is sent, and shown nowhere."""

from base64 import b64encode
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from tallystick_client.errors import InvalidInput


class Authorization(AuthBase):
    """Puts the credentials on a request; without any, it keeps requests from taking some from a .netrc file.

    Raises InvalidInput when both kinds are given, when one of a pair is missing, or no header can hold them.
    """

    def __init__(self, username: str | None, password: str | None, token: str | None) -> None:
        username, password, token = username or None, password or None, (token or "").strip() or None
        _check_kinds(username, password, token)
        self.given = "the token" if token else "the username and password" if username else None
        self._header = _bearer(token) if token else _basic(username, password)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Return the request with its Authorization header, if there is one."""
        if self._header:
            request.headers["Authorization"] = self._header
        return request


def check_url(url: str) -> str:
    """Return the broker's base URL without trailing slashes.

    Raises InvalidInput, whose message never repeats a password, for anything that is not a plain http(s) URL.
    """
    url = url.strip().rstrip("/")
    if "@" in url:
        raise InvalidInput(
            "The broker's URL must not hold credentials, as it is shown in messages. Give them as "
            "PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD, or as PACT_BROKER_TOKEN."
        )
    if not _is_plain(url):
        raise InvalidInput(
            f"{url!r} is not the URL of a broker. It looks like https://broker.example.org, "
            "with a path if the broker lives under one."
        )
    return url


def _is_plain(url: str) -> bool:
    try:
        parts = urlsplit(url)
        sound = parts.port != 0 and bool(parts.hostname)
    except ValueError:
        return False
    return sound and parts.scheme in {"http", "https"} and not parts.query and not parts.fragment


def _check_kinds(username: str | None, password: str | None, token: str | None) -> None:
    if token and (username or password):
        raise InvalidInput(
            "Both a token and a username or password are given for the broker. Use one: PACT_BROKER_TOKEN, "
            "or PACT_BROKER_USERNAME with PACT_BROKER_PASSWORD."
        )
    if bool(username) != bool(password):
        given, missing = ("USERNAME", "PASSWORD") if username else ("PASSWORD", "USERNAME")
        raise InvalidInput(
            f"PACT_BROKER_{given} is given for the broker, but PACT_BROKER_{missing} is missing or empty."
        )


def _bearer(token: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise InvalidInput(
            "PACT_BROKER_TOKEN holds a character that no token has (a space, a line break, or not ASCII). "
            "Was it copied whole?"
        )
    return f"Bearer {token}"


def _basic(username: str | None, password: str | None) -> str | None:
    if not username:
        return None
    if ":" in username:
        raise InvalidInput("PACT_BROKER_USERNAME must not contain a colon (RFC 7617).")
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()

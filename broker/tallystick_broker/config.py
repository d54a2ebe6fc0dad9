"""The broker's settings and the environment variables that they come from."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from tallystick_broker.errors import StartupError
from tallystick_broker.security.passwords import Password

LOG_LEVELS = ("debug", "info", "warning", "error")
OTHER_LOG_LEVELS = {"warn": "warning", "fatal": "error"}
"""Those of the Pact Broker that have another name here."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SCHEMES = ("http", "https")
SECRETS = ("database_url", "secret_key", "basic_auth_password", "basic_auth_read_only_password")
"""The settings whose text is never repeated; a database URL may hold a password.

Each of their variables may instead have a name that ends in _FILE, and say which file holds the text.
"""

SHORTEST_KEY = 32
MOST_SECONDS = 30 * 24 * 60 * 60

VARIABLES = {
    "database_url": ("TALLYSTICK_DATABASE_URL", "PACT_BROKER_DATABASE_URL"),
    "host": ("TALLYSTICK_HOST",),
    "port": ("TALLYSTICK_PORT", "PACT_BROKER_PORT"),
    "base_url": ("TALLYSTICK_BASE_URL", "TALLYSTICK_BASE_URLS", "PACT_BROKER_BASE_URLS"),
    "trust_forwarded_headers": ("TALLYSTICK_TRUST_FORWARDED_HEADERS",),
    "migrate": ("TALLYSTICK_MIGRATE", "PACT_BROKER_AUTO_MIGRATE_DB"),
    "log_level": ("TALLYSTICK_LOG_LEVEL", "PACT_BROKER_LOG_LEVEL"),
    "threads": ("TALLYSTICK_THREADS",),
    "override_days": ("TALLYSTICK_OVERRIDE_DAYS",),
    "secret_key": ("TALLYSTICK_SECRET_KEY",),
    "basic_auth_username": ("TALLYSTICK_BASIC_AUTH_USERNAME", "PACT_BROKER_BASIC_AUTH_USERNAME"),
    "basic_auth_password": ("TALLYSTICK_BASIC_AUTH_PASSWORD", "PACT_BROKER_BASIC_AUTH_PASSWORD"),
    "basic_auth_read_only_username": (
        "TALLYSTICK_BASIC_AUTH_READ_ONLY_USERNAME",
        "PACT_BROKER_BASIC_AUTH_READ_ONLY_USERNAME",
    ),
    "basic_auth_read_only_password": (
        "TALLYSTICK_BASIC_AUTH_READ_ONLY_PASSWORD",
        "PACT_BROKER_BASIC_AUTH_READ_ONLY_PASSWORD",
    ),
    "public_read": ("TALLYSTICK_PUBLIC_READ", "PACT_BROKER_ALLOW_PUBLIC_READ"),
    "public_badges": ("TALLYSTICK_PUBLIC_BADGES", "PACT_BROKER_ENABLE_PUBLIC_BADGE_ACCESS"),
    "public_heartbeat": ("TALLYSTICK_PUBLIC_HEARTBEAT", "PACT_BROKER_PUBLIC_HEARTBEAT"),
    "webhook_methods": ("TALLYSTICK_WEBHOOK_METHODS", "PACT_BROKER_WEBHOOK_HTTP_METHOD_WHITELIST"),
    "webhook_schemes": ("TALLYSTICK_WEBHOOK_SCHEMES", "PACT_BROKER_WEBHOOK_SCHEME_WHITELIST"),
    "webhook_hosts": ("TALLYSTICK_WEBHOOK_HOSTS", "PACT_BROKER_WEBHOOK_HOST_WHITELIST"),
    "webhook_success_codes": (
        "TALLYSTICK_WEBHOOK_SUCCESS_CODES",
        "PACT_BROKER_WEBHOOK_HTTP_CODE_SUCCESS",
    ),
    "webhook_retry_schedule": ("TALLYSTICK_WEBHOOK_RETRY_SCHEDULE", "PACT_BROKER_WEBHOOK_RETRY_SCHEDULE"),
}
"""The variables of each setting, the first that is set wins.

The reference broker's PACT_BROKER_BASE_URL is not among them: clients read it as the broker to talk to.
"""


@dataclass(frozen=True)
class Config:
    """Everything that can be set about a broker when it starts."""

    database_url: str = field(default="sqlite:///tallystick.db", repr=False)  # it may hold a password
    host: str = "127.0.0.1"
    port: int = 9292
    base_url: str | None = None
    trust_forwarded_headers: bool = False
    migrate: bool = True
    log_level: str = "info"
    threads: int = 8
    override_days: int = 14
    secret_key: str | None = field(default=None, repr=False)
    basic_auth_username: str | None = None
    basic_auth_password: Password | None = None
    basic_auth_read_only_username: str | None = None
    basic_auth_read_only_password: Password | None = None
    public_read: bool = False
    public_badges: bool = False
    public_heartbeat: bool = False
    webhook_methods: tuple[str, ...] = ("POST",)
    webhook_schemes: tuple[str, ...] = ("https",)
    webhook_hosts: tuple[str, ...] = ()
    webhook_success_codes: tuple[int, ...] = tuple(range(200, 207))
    webhook_retry_schedule: tuple[int, ...] = (10, 60, 120, 300, 600, 1200)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Return the defaults with what the environment sets; an empty variable counts as unset.

        Raises StartupError naming the variable whose value can't be used.
        """
        found: dict[str, Any] = {}
        for setting, names in VARIABLES.items():
            files = [f"{name}_FILE" for name in names if setting in SECRETS]
            name = next((name for name in (*names, *files) if environ.get(name, "").strip()), None)
            if name is not None:
                text = environ[name].strip()
                found[setting] = _read(name, setting, _read_file(name, text) if name in files else text)
        config = cls(**found)
        config.check_accounts()
        return config

    def check_accounts(self) -> None:
        """Raise StartupError when an account has a name or a password alone: it would let in nobody, or anybody."""
        for account in ("basic_auth", "basic_auth_read_only"):
            fields = [f"{account}_{part}" for part in ("username", "password")]
            given = [field for field in fields if getattr(self, field)]
            if len(given) == 1:
                (missing,) = set(fields) - set(given)
                raise StartupError(
                    f"{VARIABLES[missing][0]} must be set, too, or {VARIABLES[given[0]][0]} unset."
                )


def read_database_url(text: str) -> str:
    """Return a database URL as SQLAlchemy reads it: PostgreSQL's usual schemes get the psycopg driver."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        raise ValueError("must be like sqlite:///tallystick.db or postgresql://user:password@host/database")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else text


def read_base_url(text: str) -> str:
    """Return absolute http or https URLs, each without its trailing slash, with a space in between.

    Raises ValueError for anything else.
    """
    for url in text.split():
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(
                "must be a URL like https://broker.example.org, or several with spaces in between"
            )
    return " ".join(url.rstrip("/") for url in text.split())


def read_port(text: str) -> int:
    """Return a TCP port; 0 stands for any free one."""
    return _read_number(text, 0, 65535)


def read_threads(text: str) -> int:
    """Return how many requests are worked on at once."""
    return _read_number(text, 1, 256)


def read_override_days(text: str) -> int:
    """Return how many days an override of the gate may last."""
    return _read_number(text, 1, 3650)


def read_log_level(text: str) -> str:
    """Return one of LOG_LEVELS, whatever the case it is written in."""
    level = OTHER_LOG_LEVELS.get(text.lower(), text.lower())
    if level not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return level


def read_flag(text: str) -> bool:
    """Return what true/false, yes/no, on/off or 1/0 means."""
    if text.lower() in {"true", "yes", "on", "1"}:
        return True
    if text.lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError("must be true or false")


def read_secret_key(text: str) -> str:
    """Return a key that is long enough not to be guessed."""
    if len(text) < SHORTEST_KEY:
        raise ValueError(f"must have at least {SHORTEST_KEY} characters")
    return text


def read_username(text: str) -> str:
    """Return a username; a colon would end it on its way (RFC 7617)."""
    if ":" in text:
        raise ValueError("must not have a colon in it")
    return text


def read_methods(text: str) -> tuple[str, ...]:
    """Return HTTP methods that webhooks may use."""
    return _read_words(text.upper(), METHODS)


def read_schemes(text: str) -> tuple[str, ...]:
    """Return URL schemes that webhooks may use."""
    return _read_words(text.lower(), SCHEMES)


def read_hosts(text: str) -> tuple[str, ...]:
    """Return hosts that webhooks may call: names, *.domains, addresses, networks, and /regular expressions/."""
    for word in (word for word in text.split() if word.startswith("/")):
        try:
            re.compile(word.strip("/"))
        except re.error as error:
            raise ValueError(f"must hold valid regular expressions: {error}") from None
    return tuple(text.split())


def read_success_codes(text: str) -> tuple[int, ...]:
    """Return the statuses with which a webhook's call is successful."""
    return tuple(_read_number(word, 100, 599) for word in text.split())


def read_retry_schedule(text: str) -> tuple[int, ...]:
    """Return how many seconds pass before each further attempt of a webhook's call."""
    return tuple(_read_number(word, 0, MOST_SECONDS) for word in text.split())


READERS: dict[str, Callable[[str], Any]] = {
    "database_url": read_database_url,
    "host": str,
    "port": read_port,
    "base_url": read_base_url,
    "trust_forwarded_headers": read_flag,
    "migrate": read_flag,
    "log_level": read_log_level,
    "threads": read_threads,
    "override_days": read_override_days,
    "secret_key": read_secret_key,
    "basic_auth_username": read_username,
    "basic_auth_password": Password,
    "basic_auth_read_only_username": read_username,
    "basic_auth_read_only_password": Password,
    "public_read": read_flag,
    "public_badges": read_flag,
    "public_heartbeat": read_flag,
    "webhook_methods": read_methods,
    "webhook_schemes": read_schemes,
    "webhook_hosts": read_hosts,
    "webhook_success_codes": read_success_codes,
    "webhook_retry_schedule": read_retry_schedule,
}


def _read(name: str, setting: str, text: str) -> Any:
    try:
        return READERS[setting](text)
    except ValueError as error:
        shown = "" if setting in SECRETS else f", not {text!r}"
        raise StartupError(f"{name} {error}{shown}.") from None


def _read_file(name: str, path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"{name} names {path}, which can't be read: {error}.") from None
    if not text:
        raise StartupError(f"{name} names {path}, which is empty.")
    return text


def _read_words(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(text.split())
    if not set(words) <= set(known):
        raise ValueError(f"must be some of {' '.join(known)}")
    return words


def _read_number(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdecimal() or not low <= int(text) <= high:
        raise ValueError(f"must be a number from {low} to {high}")
    return int(text)

"""Settings from environment variables."""

import re

import pytest

from tallystick_broker.config import VARIABLES, Config
from tallystick_broker.errors import StartupError


def test_starts_without_any_setting() -> None:
    """An empty environment gives a broker on this machine only, over a SQLite file."""
    config = Config.from_environment({})
    assert config == Config()
    assert (config.host, config.port) == ("127.0.0.1", 9292)
    assert config.database_url == "sqlite:///tallystick.db"


def test_every_setting_has_a_variable() -> None:
    """Whatever can be set can be set by a TALLYSTICK_ variable of the same name."""
    assert {field: names[0] for field, names in VARIABLES.items()} == {
        field: f"TALLYSTICK_{field.upper()}" for field in Config.__dataclass_fields__
    }


def test_reads_every_setting() -> None:
    """Each variable ends up in its field, in the field's type (accounts have tests of their own)."""
    environ = {
        "TALLYSTICK_DATABASE_URL": "sqlite:////var/lib/broker.db",
        "TALLYSTICK_HOST": "0.0.0.0",  # noqa: S104 (only read here)
        "TALLYSTICK_PORT": "80",
        "TALLYSTICK_BASE_URL": "https://broker.example.org/pact/",
        "TALLYSTICK_TRUST_FORWARDED_HEADERS": "true",
        "TALLYSTICK_MIGRATE": "No",
        "TALLYSTICK_LOG_LEVEL": "DEBUG",
        "TALLYSTICK_THREADS": "3",
        "TALLYSTICK_SECRET_KEY": "k" * 32,
        "TALLYSTICK_PUBLIC_READ": "on",
        "TALLYSTICK_PUBLIC_BADGES": "1",
        "TALLYSTICK_PUBLIC_HEARTBEAT": "yes",
        "TALLYSTICK_WEBHOOK_METHODS": "post PUT",
        "TALLYSTICK_WEBHOOK_SCHEMES": "HTTP https",
        "TALLYSTICK_WEBHOOK_HOSTS": "ci.example.org *.internal 10.0.0.0/8 /^build-/",
        "TALLYSTICK_WEBHOOK_SUCCESS_CODES": "200 302",
        "TALLYSTICK_WEBHOOK_RETRY_SCHEDULE": "1 2",
    }
    assert Config.from_environment(environ) == Config(
        database_url="sqlite:////var/lib/broker.db",
        host="0.0.0.0",  # noqa: S104
        port=80,
        base_url="https://broker.example.org/pact",
        trust_forwarded_headers=True,
        migrate=False,
        log_level="debug",
        threads=3,
        secret_key="k" * 32,
        public_read=True,
        public_badges=True,
        public_heartbeat=True,
        webhook_methods=("POST", "PUT"),
        webhook_schemes=("http", "https"),
        webhook_hosts=("ci.example.org", "*.internal", "10.0.0.0/8", "/^build-/"),
        webhook_success_codes=(200, 302),
        webhook_retry_schedule=(1, 2),
    )


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("PACT_BROKER_PORT", "9393", "port", 9393),
        ("PACT_BROKER_LOG_LEVEL", "WARNING", "log_level", "warning"),
        ("PACT_BROKER_LOG_LEVEL", "warn", "log_level", "warning"),
        ("PACT_BROKER_LOG_LEVEL", "fatal", "log_level", "error"),
        ("PACT_BROKER_AUTO_MIGRATE_DB", "false", "migrate", False),
        ("PACT_BROKER_BASE_URLS", "http://b.example", "base_url", "http://b.example"),
        ("PACT_BROKER_BASE_URLS", "http://b.example/  http://c", "base_url", "http://b.example http://c"),
        ("PACT_BROKER_DATABASE_URL", "sqlite:///x.db", "database_url", "sqlite:///x.db"),
        ("PACT_BROKER_WEBHOOK_HTTP_METHOD_WHITELIST", "PUT", "webhook_methods", ("PUT",)),
        ("PACT_BROKER_WEBHOOK_SCHEME_WHITELIST", "http", "webhook_schemes", ("http",)),
        ("PACT_BROKER_WEBHOOK_HOST_WHITELIST", "ci", "webhook_hosts", ("ci",)),
        ("PACT_BROKER_WEBHOOK_HTTP_CODE_SUCCESS", "204", "webhook_success_codes", (204,)),
        ("PACT_BROKER_WEBHOOK_RETRY_SCHEDULE", "5 6", "webhook_retry_schedule", (5, 6)),
    ],
)
def test_takes_the_reference_brokers_names(variable: str, text: str, field: str, value: object) -> None:
    """Settings that mean the same on the reference broker may keep their names."""
    assert getattr(Config.from_environment({variable: text}), field) == value


def test_prefers_its_own_name() -> None:
    """With both names set, the TALLYSTICK_ one wins."""
    assert Config.from_environment({"TALLYSTICK_PORT": "1", "PACT_BROKER_PORT": "2"}).port == 1


def test_leaves_the_clients_variable_alone() -> None:
    """PACT_BROKER_BASE_URL names the broker that clients talk to, so it says nothing of this one."""
    assert Config.from_environment({"PACT_BROKER_BASE_URL": "http://other.example"}).base_url is None


def test_takes_an_empty_variable_as_unset() -> None:
    """Compose files pass empty variables for what nobody set."""
    assert Config.from_environment({"TALLYSTICK_PORT": " ", "PACT_BROKER_PORT": "7"}).port == 7


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_reads_every_postgresql_scheme(scheme: str) -> None:
    """The schemes that hosting platforms hand out all mean the driver that Tallystick uses."""
    url = Config.from_environment({"TALLYSTICK_DATABASE_URL": f"{scheme}://u:p@db/b"}).database_url
    assert url == "postgresql+psycopg://u:p@db/b"


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("TALLYSTICK_PORT", "http"),
        ("TALLYSTICK_PORT", "65536"),
        ("TALLYSTICK_PORT", "-1"),
        ("PACT_BROKER_PORT", "٣"),
        ("TALLYSTICK_BASE_URL", "broker.example.org"),
        ("TALLYSTICK_BASE_URL", "ftp://broker.example.org"),
        ("TALLYSTICK_BASE_URL", "https://broker.example.org?x=1"),
        ("TALLYSTICK_BASE_URL", "http://["),
        ("PACT_BROKER_BASE_URLS", "http://a.example b.example"),
        ("TALLYSTICK_MIGRATE", "maybe"),
        ("TALLYSTICK_LOG_LEVEL", "loud"),
        ("TALLYSTICK_THREADS", "0"),
        ("TALLYSTICK_WEBHOOK_METHODS", "POST FETCH"),
        ("TALLYSTICK_WEBHOOK_SCHEMES", "ftp"),
        ("TALLYSTICK_WEBHOOK_HOSTS", "/(/"),
        ("TALLYSTICK_WEBHOOK_SUCCESS_CODES", "ok"),
        ("TALLYSTICK_WEBHOOK_RETRY_SCHEDULE", "-1"),
    ],
)
def test_refuses_a_bad_value(variable: str, text: str) -> None:
    """A value that can't be meant stops the start; the message names the variable and the value."""
    with pytest.raises(StartupError, match=rf"^{variable} .*{re.escape(repr(text))}\.$"):
        Config.from_environment({variable: text})


def test_keeps_a_bad_database_url_to_itself() -> None:
    """A database URL may hold a password, so the message does not repeat it."""
    with pytest.raises(StartupError, match=r"^TALLYSTICK_DATABASE_URL must be like") as caught:
        Config.from_environment({"TALLYSTICK_DATABASE_URL": "user:secret@db"})
    assert "secret" not in str(caught.value)


def test_keeps_a_bad_secret_key_to_itself() -> None:
    """A key that is too short is not repeated, because the next one is often made from it."""
    with pytest.raises(StartupError, match=r"^TALLYSTICK_SECRET_KEY must have") as caught:
        Config.from_environment({"TALLYSTICK_SECRET_KEY": "hush"})
    assert "hush" not in str(caught.value)


def test_hides_the_database_url_when_printed() -> None:
    """A config that ends up in a log does not carry the database's password there."""
    assert "secret" not in repr(
        Config(database_url="postgresql+psycopg://u:secret@db/b", secret_key="secret")
    )

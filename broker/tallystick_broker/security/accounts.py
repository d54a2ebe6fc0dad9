"""The accounts of HTTP basic authentication, and what a request needs."""

import hmac
import re
from dataclasses import dataclass
from enum import IntEnum

from tallystick_broker.config import Config
from tallystick_broker.security.passwords import Password

READING = {"GET", "HEAD", "OPTIONS"}
FOR_VERIFICATION = re.compile(r"/pacts/provider/[^/]+/for-verification")
BADGE = re.compile(r"/.+/badge")
HEARTBEAT = "/diagnostic/status/heartbeat"


class Access(IntEnum):
    """What somebody may do; each of them includes those before."""

    NOTHING = 0
    READ = 1
    WRITE = 2


@dataclass(frozen=True)
class Account:
    """A name and a password, and what they allow."""

    name: str
    password: Password
    access: Access


def list_accounts(config: Config) -> tuple[Account, ...]:
    """Return the accounts that are set up; none means that everybody may do everything."""
    set_up = (
        (config.basic_auth_username, config.basic_auth_password, Access.WRITE),
        (config.basic_auth_read_only_username, config.basic_auth_read_only_password, Access.READ),
    )
    return tuple(Account(name, password, access) for name, password, access in set_up if name and password)


def find_access(accounts: tuple[Account, ...], name: str, password: str) -> Access | None:
    """Return what these credentials allow; None when they are nobody's.

    Every account is tried, so that the time it takes does not tell which names there are.
    """
    found = [
        account.access
        for account in accounts
        if account.password.is_(password) & hmac.compare_digest(account.name.encode(), name.encode())
    ]
    return max(found, default=None)


def needed_access(config: Config, method: str, path: str) -> Access:
    """Return what a request needs (the rules of the Pact Broker).

    To ask for the pacts to verify is to read, though it is a POST. What is public needs nothing.
    """
    if method not in READING and not (method == "POST" and FOR_VERIFICATION.fullmatch(path)):
        return Access.WRITE
    is_public = (
        config.public_read
        or (config.public_badges and BADGE.fullmatch(path))
        or (config.public_heartbeat and path == HEARTBEAT)
    )
    return Access.NOTHING if is_public else Access.READ

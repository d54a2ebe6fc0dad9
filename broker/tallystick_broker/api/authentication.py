"""HTTP basic authentication (RFC 7617): whether a request may do what it asks for."""

from flask import current_app, request

from tallystick_broker.config import Config
from tallystick_broker.errors import Unauthenticated
from tallystick_broker.security.accounts import Access, find_access, list_accounts, needed_access


def authenticate() -> None:
    """Raise Unauthenticated unless the request may do what it asks for; without accounts everybody may."""
    config: Config = current_app.config["TALLYSTICK"]
    accounts = list_accounts(config)
    needed = needed_access(config, request.method, request.path)
    if not accounts or needed is Access.NOTHING:
        return
    given = request.authorization
    if given is None or given.type != "basic":
        raise Unauthenticated("Say who you are with a username and a password; this broker takes no tokens.")
    access = find_access(accounts, given.username or "", given.password or "")
    if access is None:
        raise Unauthenticated("There is no account with this username and this password.")
    if access < needed:
        raise Unauthenticated(f"{given.username} may only read here.")

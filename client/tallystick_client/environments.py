"""Environments, and what is recorded as deployed to them."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tallystick_client.errors import NotFound


@dataclass(frozen=True)
class Contact:
    """Whom to ask about an environment."""

    name: str
    email_address: str | None = None


@dataclass(frozen=True)
class Environment:
    """A place where versions run; `body` is the broker's whole description."""

    uuid: str
    name: str
    display_name: str
    production: bool
    body: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        """Return the environment that a representation describes."""
        name = str(body["name"])
        return cls(
            str(body["uuid"]),
            name,
            str(body.get("displayName") or name),
            body.get("production") is True,
            body,
        )


@dataclass(frozen=True)
class Deployment:
    """A version recorded as running in an environment; `body` is the broker's whole description."""

    uuid: str
    application_instance: str | None
    body: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        """Return the deployment that a representation describes."""
        return cls(str(body["uuid"]), body.get("applicationInstance"), body)


def describe_environment(
    name: str, display_name: str | None, *, production: bool, contacts: Iterable[Contact]
) -> dict[str, Any]:
    """Return the body that creates an environment; members without a value are left out."""
    body = {
        "name": name,
        "displayName": display_name,
        "production": production,
        "contacts": [_describe_contact(contact) for contact in contacts] or None,
    }
    return {key: value for key, value in body.items() if value is not None}


def find_recording_link(version: Mapping[str, Any], environment: str) -> str:
    """Return the link of a version that records its deployment to this environment.

    Raises NotFound, naming the environments that there are, when there is none.
    """
    links = version["_links"]["pb:record-deployment"]
    hrefs = {str(link["name"]): str(link["href"]) for link in links}
    if environment in hrefs:
        return hrefs[environment]
    known = f"There are: {', '.join(sorted(hrefs))}." if hrefs else "There is none yet."
    raise NotFound(
        f"The broker knows no environment {environment!r}. {known}\n"
        f"Create it with: tallystick create-environment --name {shlex.quote(environment)}"
    )


def _describe_contact(contact: Contact) -> dict[str, Any]:
    details = {"emailAddress": contact.email_address} if contact.email_address else {}
    return {"name": contact.name, "details": details}

"""What happens in a history, one record at a time and in order; each says when, in UTC."""

from datetime import datetime
from typing import NamedTuple


class Environment(NamedTuple):
    """An environment comes into being."""

    name: str
    production: bool
    at: datetime


class Participant(NamedTuple):
    """A service comes into being."""

    name: str
    at: datetime


class Version(NamedTuple):
    """A build of a service on a branch; it comes before everything that refers to it."""

    participant: str
    number: str
    branch: str
    at: datetime


class Content(NamedTuple):
    """A contract that says something new, under a name of its own; `write_document` has its text."""

    id: str
    consumer: str
    provider: str
    interactions: int
    at: datetime


class Publication(NamedTuple):
    """A consumer version publishes a content, right after its build."""

    consumer: str
    version: str
    provider: str
    content: str
    at: datetime


class Verification(NamedTuple):
    """A provider version verifies a content."""

    content: str
    provider: str
    version: str
    success: bool
    at: datetime


class Deployment(NamedTuple):
    """A version takes the place of what the instance ran in the environment; '' is no instance in particular."""

    participant: str
    version: str
    environment: str
    instance: str
    at: datetime


class Release(NamedTuple):
    """A version is released in an environment, beside others."""

    participant: str
    version: str
    environment: str
    at: datetime


class SupportEnd(NamedTuple):
    """The support of a released version ends."""

    participant: str
    version: str
    environment: str
    at: datetime


Record = (
    Environment
    | Participant
    | Version
    | Content
    | Publication
    | Verification
    | Deployment
    | Release
    | SupportEnd
)

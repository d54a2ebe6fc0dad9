"""Finds the contracts for a provider: in files, at a URL, or on a broker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tallystick.provider.selection import SelectedContract, Selection
from tallystick_contracts.documents import DocumentError, read
from tallystick_contracts.interactions import ContractError

if TYPE_CHECKING:
    from tallystick.provider.options import Options
    from tallystick.settings import Settings

TIMEOUT = 30
"""Seconds that a server has to hand out a contract."""


def select(settings: Settings, options: Options, marked: str = "") -> Selection:
    """Everything that the source has for this provider.

    The source is `--contracts-from`, else the one that the test is marked with, else the broker, else the
    folder of contracts. What cannot be read is the selection's problem, so that only a run which needs it
    is stopped.
    """
    if not settings.name:
        problem = "a test asks for `contract`, but this service has no name: set contracts_name"
        return Selection("", "", problem=problem)
    try:
        return _select(settings, options, settings.name, marked)
    except pytest.UsageError as error:
        return Selection(settings.name, "", problem=str(error))


def is_remote(settings: Settings, marked: str = "") -> bool:
    """Whether the source is not on this disk."""
    source = settings.source or marked
    if not source:
        return bool(settings.broker_url)
    return source == "broker" or source.startswith(("http://", "https://"))


def _select(settings: Settings, options: Options, provider: str, marked: str) -> Selection:
    source = settings.source or marked
    if source == "broker" or (not source and settings.broker_url):
        from tallystick.provider import fetching

        return fetching.select(settings, options, provider)
    if source.startswith(("http://", "https://")):
        return Selection(provider, source, (_for(provider, _fetch(settings, source)),))
    # An option is about where the user is, a mark about where the test is.
    path = Path(source) if settings.source else settings.root / source if source else settings.directory
    if source and not path.exists():
        asker = "--contracts-from" if settings.source else "tallystick.source"
        raise pytest.UsageError(f"{asker} {source}: there is no such file or folder")
    if path.is_file():
        return Selection(provider, settings.show(path), (_for(provider, _read(settings, path)),))
    found = [_read(settings, file) for file in sorted(path.rglob("*.json"))]
    return Selection(
        provider, settings.show(path), tuple(each for each in found if each.provider == provider)
    )


def _read(settings: Settings, path: Path) -> SelectedContract:
    try:
        return _contract(path.read_bytes(), settings.show(path))
    except OSError as error:
        raise pytest.UsageError(f"{settings.show(path)} cannot be read: {error.strerror}") from error


def _fetch(settings: Settings, url: str) -> SelectedContract:
    """The contract at a URL; one on the broker is asked for as such, with credentials, and can have a result."""
    if settings.broker_url and url.startswith(settings.broker_url.rstrip("/") + "/"):
        from tallystick.provider import fetching

        return fetching.fetch(settings, url)
    try:
        with urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310 - it is http or https, see above
            text: bytes = answer.read()
    except OSError as error:
        raise pytest.UsageError(f"no contract from {url}: {error}") from error
    return _contract(text, url)


def _contract(text: bytes, origin: str) -> SelectedContract:
    try:
        return SelectedContract.checked(read(text), origin)
    except (DocumentError, ContractError) as error:
        raise pytest.UsageError(f"{origin} is not a contract: {error}") from error


def _for(provider: str, contract: SelectedContract) -> SelectedContract:
    """The contract that was asked for by its place, when it is one for this provider."""
    if contract.provider != provider:
        raise pytest.UsageError(
            f"{contract.origin} is the contract of {contract.consumer} with {contract.provider}, "
            f"but this service is {provider} (contracts_name)"
        )
    return contract

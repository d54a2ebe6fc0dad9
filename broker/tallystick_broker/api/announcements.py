"""Announcements: what is published here is made known to webhooks, with addresses of this broker."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from tallystick_broker.api.metadata import Metadata, encode
from tallystick_broker.api.pact import contract_url
from tallystick_broker.contracts import Pair
from tallystick_broker.models import Content, Result
from tallystick_broker.publishing import Receipt
from tallystick_broker.webhooks import events
from tallystick_broker.webhooks.events import Announced
from tallystick_broker.webhooks.parameters import Addresses


def announce_contracts(session: Session, receipt: Receipt) -> list[Announced]:
    """Return what each of the publications led to."""
    return events.contracts_published(session, receipt.version, receipt.published, ADDRESSES)


def announce_result(
    session: Session, pair: Pair, content: Content, result: Result, metadata: Metadata
) -> None:
    """Make a result known; `metadata` says for which consumer versions it was published."""
    selected = {
        number: tuple(tag for of, tag in metadata.tags if of == number)
        for number in metadata.consumer_version_numbers
    }
    events.result_published(session, pair, content, result, selected, ADDRESSES)


def _contract_address(pair: Pair, content: Content, number: str, tags: Iterable[str]) -> str:
    metadata = Metadata(
        consumer_version_numbers=(number,) if number else (), tags=tuple((number, tag) for tag in tags)
    )
    return contract_url(pair, "pact-version", content.fingerprint, "metadata", encode(metadata))


def _result_address(pair: Pair, content: Content, result: Result) -> str:
    return contract_url(pair, "pact-version", content.fingerprint, "verification-results", str(result.id))


ADDRESSES = Addresses(_contract_address, _result_address)

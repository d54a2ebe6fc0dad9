"""Publishing what a run recorded."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tallystick.consumer.contract_file import ContractFile
    from tallystick.settings import Settings


def publish(files: Iterable[ContractFile], settings: Settings) -> Iterator[str]:
    """Publish the contracts as this version of their consumer; yields a line for each and the broker's notices.

    Raises `tallystick_client.BrokerError` with the broker's answer.
    """
    from tallystick.publisher import publisher

    broker = publisher(settings)
    version, branch = settings.version() or "", settings.branch()
    for consumer, documents in _by_consumer(files).items():
        publication = broker.publish_contracts(
            consumer, version, documents, branch=branch, tags=settings.tags, build_url=settings.build_url()
        )
        place = f" on branch {branch}" if branch else ""
        providers = ", ".join(document["provider"]["name"] for document in documents)
        yield f"published {consumer} {version}{place} with {providers}"
        for notice in publication.notices:
            yield from (f"          {line}" for line in notice.text.splitlines())


def _by_consumer(files: Iterable[ContractFile]) -> dict[str, list[dict[str, Any]]]:
    documents: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in files:
        documents[file.consumer].append(file.document)
    return documents

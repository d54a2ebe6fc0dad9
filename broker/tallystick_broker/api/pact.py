"""Pacts as the API shows them: the document that was published, with links to everything about it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from tallystick_broker.api.hal import Json, curies, given, link, moment, reply, templated, url
from tallystick_broker.api.metadata import Metadata, decode, encode
from tallystick_broker.api.shapes import STAMPS, component, links_to, resource
from tallystick_broker.contracts import Pair
from tallystick_broker.models import Content, Version
from tallystick_broker.publications import Found
from tallystick_contracts.documents import read

ITS_LINKS = links_to(
    *(
        "self",
        "pb:consumer",
        "pb:consumer-version",
        "pb:provider",
        "pb:pact-version",
        "pb:latest-pact-version",
    ),
    *("pb:all-pact-versions", "pb:latest-untagged-pact-version", "pb:latest-tagged-pact-version"),
    *(
        "pb:previous-distinct",
        "pb:diff-previous-distinct",
        "pb:diff",
        "pb:pact-webhooks",
        "pb:tag-prod-version",
    ),
    *("pb:tag-version", "pb:publish-verification-results", "pb:latest-verification-results"),
    *("pb:triggered-webhooks", "pb:matrix-for-consumer-version"),
    lists=["curies"],
)
PACT = component(
    "Pact",
    {
        "description": "The document that was published, with links; one that is no object stays as it is.",
        "anyOf": [resource(STAMPS, ITS_LINKS), {"type": "array"}],
    },
)


@dataclass(frozen=True)
class Shown:
    """A publication with its content.

    `metadata` is the segment of the URL that it is asked by, and `named` the consumer versions in it that exist.
    One that is selected was not asked for by name.
    """

    found: Found
    content: Content
    metadata: str | None = None
    named: tuple[str, ...] = ()
    is_selected: bool = False


def contract_url(pair: Pair, *segments: str) -> str:
    """Return the address of something that belongs to a consumer and a provider."""
    return url("pacts", "provider", pair.provider.name, "consumer", pair.consumer.name, *segments)


def address_of(found: Found) -> str:
    """Return the address of what the consumer version has published."""
    return contract_url(found.pair, "version", found.number)


def name_of(found: Found) -> str:
    """Return what clients show as the pact's name."""
    return f"Pact between {found.pair.consumer.name} ({found.number}) and {found.pair.provider.name}"


def show(session: Session, found: Found, metadata: str | None = None) -> Response:
    """Return the answer that shows the pact; `metadata` is the segment of the URL that it was asked by."""
    named = _existing(session, found.pair, decode(metadata or "").consumer_version_numbers)
    return _answer(session, found, metadata, named)


def show_selected(session: Session, found: Found) -> Response:
    """Return the answer that shows a pact which was selected; its links remember which version was meant.

    It is a list of one as well, because the official client asks for the newest pact and reads a list.
    """
    metadata = encode(Metadata(consumer_version_numbers=(found.number,)))
    return _answer(session, found, metadata, (found.number,), is_selected=True)


def represent(shown: Shown) -> Any:
    """Return the pact's representation: its document with links; one that is no object stays as it is."""
    document = read(shown.content.document)
    if not isinstance(document, dict):
        return document
    added = {"createdAt": moment(shown.found.publication.created_at), "_links": _links(shown)}
    return document | added


def _answer(
    session: Session,
    found: Found,
    metadata: str | None,
    named: tuple[str, ...],
    *,
    is_selected: bool = False,
) -> Response:
    content = session.get_one(Content, found.publication.content_id, options=[undefer(Content.document)])
    body = represent(Shown(found, content, metadata, named, is_selected))
    return reply(body, headers={"X-Pact-Consumer-Version": found.number.encode().decode("latin-1")})


def _existing(session: Session, pair: Pair, numbers: tuple[str, ...]) -> tuple[str, ...]:
    if not numbers:
        return ()
    wanted = select(Version.number).filter_by(participant_id=pair.consumer.id)
    there = set(session.scalars(wanted.where(Version.number.in_(numbers))))
    return tuple(number for number in dict.fromkeys(numbers) if number in there)


def _links(shown: Shown) -> Json:
    pair, number, address = shown.found.pair, shown.found.number, address_of(shown.found)
    consumer, provider = pair.consumer.name, pair.provider.name
    sha = contract_url(pair, "pact-version", shown.content.fingerprint)
    metadata = ("metadata", shown.metadata) if shown.metadata else ()
    results = contract_url(pair, "pact-version", shown.content.fingerprint, *metadata, "verification-results")
    version = url("pacticipants", consumer, "versions", number)
    query = urlencode({"q[][pacticipant]": consumer, "q[][version]": number, "latestby": "cvpv"})
    return {
        "self": link(address, title="Pact", name=name_of(shown.found)),
        "pb:consumer": link(url("pacticipants", consumer), title="Consumer", name=consumer),
        "pb:consumer-version": _link_to_version(pair, number),
        **given(**{"pb:consumer-versions": [_link_to_version(pair, each) for each in shown.named] or None}),
        "pb:provider": link(url("pacticipants", provider), title="Provider", name=provider),
        "pb:pact-version": link(sha, title="Pact content version permalink", name=shown.content.fingerprint),
        "pb:latest-pact-version": link(contract_url(pair, "latest"), title="Latest version of this pact"),
        "pb:all-pact-versions": link(contract_url(pair, "versions"), title="All versions of this pact"),
        "pb:latest-untagged-pact-version": link(
            contract_url(pair, "latest-untagged"), title="Latest untagged version of this pact"
        ),
        "pb:latest-tagged-pact-version": templated(
            f"{contract_url(pair, 'latest')}/{{tag}}", "Latest version of this pact with a tag"
        ),
        "pb:previous-distinct": link(f"{address}/previous-distinct", title="Previous distinct pact"),
        "pb:diff-previous-distinct": link(
            f"{address}/diff/previous-distinct", title="Differences to the previous distinct pact"
        ),
        "pb:diff": templated(f"{sha}/diff/pact-version/{{pactVersion}}", "Differences to another pact"),
        "pb:pact-webhooks": link(
            url("webhooks", "provider", provider, "consumer", consumer), title="Webhooks of this pair"
        ),
        "pb:tag-prod-version": link(f"{version}/tags/prod", title="PUT here to tag this version 'prod'"),
        "pb:tag-version": link(f"{version}/tags/{{tag}}", title="PUT here to tag this version"),
        "pb:publish-verification-results": link(results, title="Publish verification results"),
        "pb:latest-verification-results": link(
            f"{sha}/verification-results/latest", title="Latest verification result"
        ),
        "pb:triggered-webhooks": link(
            f"{address}/triggered-webhooks", title="Webhooks triggered by this pact"
        ),
        "pb:matrix-for-consumer-version": link(f"{url('matrix')}?{query}", title="Matrix of this version"),
        **(
            {"pb:pacts": [link(address, title=name_of(shown.found), name=consumer)]}
            if shown.is_selected
            else {}
        ),
        "curies": curies("pact"),
    }


def _link_to_version(pair: Pair, number: str) -> Json:
    address = url("pacticipants", pair.consumer.name, "versions", number)
    return link(address, title="Consumer version", name=number)

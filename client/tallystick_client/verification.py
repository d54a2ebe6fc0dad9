"""The contracts that a provider should verify, as the broker hands them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class VerificationNotice:
    """A line to show to the user; `when` is before_verification or after_verification:success_…"""

    when: str
    text: str


@dataclass(frozen=True)
class ContractToVerify:
    """A contract to verify: the Pact document as fetched, why it is here, and where its result goes.

    A failure of a `pending` contract must not fail the provider's build; `wip` marks work in progress.
    """

    document: dict[str, Any] = field(repr=False)
    consumer: str
    provider: str
    url: str
    name: str
    short_description: str
    pending: bool
    wip: bool
    notices: tuple[VerificationNotice, ...]
    results_url: str

    @classmethod
    def read(cls, entry: Mapping[str, Any], document: dict[str, Any]) -> Self:
        """Return the contract from its entry in the list of contracts to verify and its fetched document.

        A document that was not in a list says of itself what its entry would.
        """
        link, properties = entry["_links"]["self"], entry.get("verificationProperties") or {}
        return cls(
            document=document,
            consumer=str(document["consumer"]["name"]),
            provider=str(document["provider"]["name"]),
            url=str(link["href"]),
            name=str(link.get("name", "")),
            short_description=str(entry.get("shortDescription", "")),
            pending=properties.get("pending") is True,
            wip=properties.get("wip") is True,
            notices=tuple(
                VerificationNotice(str(notice["when"]), str(notice["text"]))
                for notice in properties.get("notices") or ()
            ),
            results_url=str(document["_links"]["pb:publish-verification-results"]["href"]),
        )


def describe_request(
    *,
    branch: str | None,
    tags: Sequence[str],
    selectors: Sequence[Mapping[str, Any]],
    include_pending: bool,
    include_wip_since: str | None,
) -> dict[str, Any]:
    """Return the body that asks for contracts to verify; members without a value are left out."""
    body = {
        "providerVersionBranch": branch or None,
        "providerVersionTags": list(tags) or None,
        "consumerVersionSelectors": [dict(selector) for selector in selectors] or None,
        "includePendingStatus": include_pending,
        "includeWipPactsSince": include_wip_since or None,
    }
    return {key: value for key, value in body.items() if value is not None}


def describe_result(
    *,
    provider_version: str,
    success: bool,
    test_results: Sequence[Mapping[str, Any]],
    build_url: str | None,
    verified_by: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the body that publishes a verification result; members without a value are left out."""
    body = {
        "success": success,
        "providerApplicationVersion": provider_version,
        "testResults": [dict(result) for result in test_results],
        "buildUrl": build_url,
        "verifiedBy": dict(verified_by) if verified_by else None,
    }
    return {key: value for key, value in body.items() if value is not None}

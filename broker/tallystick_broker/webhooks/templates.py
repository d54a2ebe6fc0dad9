"""Templates: parameters like `${pactbroker.consumerName}` in a webhook's request, and what hides its secrets. Pure."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus

PARAMETER = re.compile(r"\$\{pactbroker\.(\w+)\}")
PARAMETERS = (
    *("consumerName", "consumerVersionNumber", "consumerVersionTags", "consumerVersionBranch"),
    *("consumerLabels", "providerName", "providerVersionNumber", "providerVersionTags"),
    *("providerVersionBranch", "providerVersionDescriptions", "providerLabels"),
    *("currentlyDeployedProviderVersionNumber", "pactUrl", "verificationResultUrl", "eventName", "buildUrl"),
    *("githubVerificationStatus", "bitbucketVerificationStatus", "azureDevOpsVerificationStatus"),
    "gitlabVerificationStatus",
)
HIDDEN = "**********"
SECRET_HEADER = re.compile(r"authorization|token", re.IGNORECASE)

Values = Mapping[str, str]


@dataclass(frozen=True)
class Request:
    """What is to be sent: as it was defined, or with its parameters filled in."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    username: str | None = None
    password: str | None = None


def fill(request: Request, values: Values) -> Request:
    """Return the request with these values in place of its parameters.

    A parameter that has no value becomes the empty text; an unknown one stays. Values are escaped where they
    stand in the URL and in a JSON body.
    """
    return replace(
        request,
        url=_fill(request.url, values, quote_plus),
        headers={name: _fill(text, values) for name, text in request.headers.items()},
        body=_fill_body(request.body, values),
        username=None if request.username is None else _fill(request.username, values),
        password=None if request.password is None else _fill(request.password, values),
    )


def uses(url: str, body: Any, parameter: str) -> bool:
    """Return whether the parameter is in this address or body."""
    return f"${{pactbroker.{parameter}}}" in f"{url} {json.dumps(body)}"


def redact(request: Request) -> Request:
    """Return the request without its secrets; those that are made of parameters are none."""
    headers = {
        name: hide(text) if SECRET_HEADER.search(name) else text for name, text in request.headers.items()
    }
    password = None if request.password is None else hide(request.password)
    return replace(request, headers=headers, password=password)


def hide(text: str) -> str:
    """Return stars for a secret; a text with a parameter in it is shown."""
    return text if PARAMETER.search(text) else HIDDEN


def is_hidden(text: str) -> bool:
    """Return whether the text is what a secret is shown as."""
    return bool(text) and set(text) == {"*"}


def _fill_body(body: Any, values: Values) -> Any:
    if isinstance(body, str):
        return _fill(body, values)
    if body is None:
        return None
    return json.loads(_fill(json.dumps(body), values, lambda value: json.dumps(value)[1:-1]))


def _fill(text: str, values: Values, escape: Callable[[str], str] = str) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        return escape(values.get(name, "")) if name in PARAMETERS else match[0]

    return PARAMETER.sub(value, text)

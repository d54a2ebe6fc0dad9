"""Why an exchange with a broker failed, and what to do about it."""

from http import HTTPStatus

import requests

from tallystick_client.errors import (
    BrokerError,
    BrokerFailed,
    BrokerRefused,
    BrokerUnreachable,
    NotABroker,
    NotAuthorized,
    NotFound,
)
from tallystick_client.refusals import read_errors

MAX_PLAIN = 2000
"""Characters of a plain text answer that are worth repeating."""


def diagnose_silence(error: requests.RequestException, base_url: str, timeout: float) -> BrokerUnreachable:
    """Return what to say when no answer came back within so many seconds."""
    if isinstance(error, requests.exceptions.SSLError):
        return BrokerUnreachable(
            f"The certificate of the broker at {base_url} is not trusted. If your own authority signed it, "
            "set REQUESTS_CA_BUNDLE to the file with the authority's certificate."
        )
    if isinstance(error, requests.exceptions.ReadTimeout):
        return BrokerUnreachable(f"The broker at {base_url} did not answer within {timeout:g} seconds.")
    return BrokerUnreachable(
        f"No broker could be reached at {base_url}. Is the URL right (PACT_BROKER_BASE_URL), is the broker "
        "running, and may this machine reach it?"
    )


def diagnose_answer(response: requests.Response, credentials: str | None) -> BrokerError | None:
    """Return what to say of an answer that is no success, or None; `credentials` says in words what was given."""
    status = response.status_code
    if status < 300:
        return None
    if status < 400:
        return _diagnose_redirect(response)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _diagnose_denial(response, credentials)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500:
        return _diagnose_failure(response)
    return _diagnose_refusal(response)


def diagnose_shape(response: requests.Response, base_url: str) -> NotABroker:
    """Return what to say of a success that is not a JSON object."""
    kind = response.headers.get("Content-Type", "no content type")
    return NotABroker(
        f"{_name(response)} answered with {kind} instead of a JSON object. "
        f"Is {base_url} really the URL of a broker?"
    )


def read_json(response: requests.Response) -> object:
    """Return the JSON document in an answer, or None without one."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _diagnose_redirect(response: requests.Response) -> NotABroker:
    target = response.headers.get("Location", "nowhere")
    return NotABroker(
        f"{_name(response)} redirects to {target}. Redirects are not followed, as that would carry the "
        "credentials along: set PACT_BROKER_BASE_URL to the URL where the broker itself answers."
    )


def _diagnose_denial(response: requests.Response, credentials: str | None) -> NotAuthorized:
    asked = f"{_name(response)} ({_describe(response)})"
    if credentials is None:
        return NotAuthorized(
            f"The broker wants to know who asks for {asked}. Set PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD, "
            "or PACT_BROKER_TOKEN."
        )
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        return NotAuthorized(f"The broker does not accept {credentials} that it was given: {asked}.")
    return NotAuthorized(f"The broker does not allow this with {credentials} that it was given: {asked}.")


def _diagnose_failure(response: requests.Response) -> BrokerFailed:
    wait = response.headers.get("Retry-After")
    lines = [
        f"The broker could not answer {_name(response)} ({_describe(response)}).",
        *read_errors(read_json(response)),
        f"It asks to try again after {wait} seconds."
        if wait
        else "Try again later; the broker's log says more.",
    ]
    return BrokerFailed("\n  ".join(lines), response.status_code)


def _diagnose_refusal(response: requests.Response) -> BrokerRefused:
    errors = read_errors(read_json(response)) or _read_plain(response)
    message = f"The broker refused {_name(response)} ({_describe(response)})"
    message = "\n  ".join([f"{message}:", *errors]) if errors else f"{message}."
    if response.status_code == HTTPStatus.NOT_FOUND:
        return NotFound(message, errors)
    return BrokerRefused(message, response.status_code, errors)


def _read_plain(response: requests.Response) -> tuple[str, ...]:
    if response.headers.get("Content-Type", "").startswith("text/plain") and response.text.strip():
        return (response.text.strip()[:MAX_PLAIN],)
    return ()


def _name(response: requests.Response) -> str:
    return f"{response.request.method} {(response.url or '').partition('?')[0]}"


def _describe(response: requests.Response) -> str:
    return f"{response.status_code} {response.reason or ''}".strip()

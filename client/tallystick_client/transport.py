"""One exchange with a broker over HTTP: sends, asks again, and turns every failure into a BrokerError."""

from collections.abc import Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import requests

from tallystick_client.credentials import Authorization
from tallystick_client.errors import (
    BrokerFailed,
    BrokerRefused,
    BrokerUnreachable,
    NotABroker,
    NotAuthorized,
    NotFound,
)
from tallystick_client.refusals import read_errors
from tallystick_client.retries import persist

CONNECT_SECONDS = 3.0
IDEMPOTENT = frozenset({"GET", "PUT"})

Query = Sequence[tuple[str, str]]


class Transport:
    """A session with the broker at `base_url`.

    `timeout` is how many seconds the broker may stay silent, `retries` how often a request that may be
    repeated is repeated.
    """

    def __init__(self, base_url: str, authorization: Authorization, *, timeout: float, retries: int) -> None:
        self.base_url = base_url
        self._timeout = (CONNECT_SECONDS, timeout)
        self._retries = retries
        self._authorization = authorization
        self._session = requests.Session()
        self._session.auth = authorization
        self._session.headers["Accept"] = "application/hal+json, application/json"
        self._session.headers["User-Agent"] = f"tallystick/{version('tallystick')}"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        params: Query = (),
        repeatable: bool = False,
    ) -> requests.Response:
        """Return the broker's answer with a 2xx status; raises a BrokerError for anything else.

        GET and PUT are repeated when that may help, other methods only if they are said to be `repeatable`.
        """

        def attempt() -> requests.Response:
            return self._session.request(
                method, url, json=json, params=list(params), timeout=self._timeout, allow_redirects=False
            )

        try:
            response = persist(attempt, self._retries if repeatable or method in IDEMPOTENT else 0)
        except requests.RequestException as error:
            raise BrokerUnreachable(self._explain_silence(error)) from error
        self._check(response)
        return response

    def fetch(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        params: Query = (),
        repeatable: bool = False,
    ) -> dict[str, Any]:
        """Return the JSON object that the broker answers; raises as `send` does, or NotABroker."""
        response = self.send(method, url, json=json, params=params, repeatable=repeatable)
        body = _read_json(response)
        if not isinstance(body, dict):
            kind = response.headers.get("Content-Type", "no content type")
            raise NotABroker(
                f"{method} {_name(response)} answered with {kind} instead of a JSON object. "
                f"Is {self.base_url} really the URL of a broker?"
            )
        return body

    def _check(self, response: requests.Response) -> None:
        status = response.status_code
        if 300 <= status < 400:
            raise NotABroker(self._explain_redirect(response))
        if status in {401, 403}:
            raise NotAuthorized(self._explain_denial(status))
        if status == 429 or status >= 500:
            raise BrokerFailed(_explain_failure(response), status)
        if status >= 400:
            raise _refusal(response)

    def _explain_silence(self, error: requests.RequestException) -> str:
        if isinstance(error, requests.exceptions.SSLError):
            return (
                f"The certificate of the broker at {self.base_url} is not trusted. If your own authority "
                "signed it, set REQUESTS_CA_BUNDLE to the file with its certificate."
            )
        if isinstance(error, requests.exceptions.ReadTimeout):
            return f"The broker at {self.base_url} did not answer within {self._timeout[1]:g} seconds."
        return (
            f"No broker could be reached at {self.base_url}. Is the URL right (PACT_BROKER_BASE_URL), is the "
            "broker running, and may this machine reach it?"
        )

    def _explain_redirect(self, response: requests.Response) -> str:
        target = response.headers.get("Location", "nowhere")
        return (
            f"{_name(response)} redirects to {target}. Redirects are not followed, as that would carry the "
            "credentials along: set PACT_BROKER_BASE_URL to the URL where the broker itself answers."
        )

    def _explain_denial(self, status: int) -> str:
        given = self._authorization.given
        if given is None:
            return (
                f"The broker at {self.base_url} wants to know who is asking ({status}). Set "
                "PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD, or PACT_BROKER_TOKEN."
            )
        if status == 401:
            return f"The broker at {self.base_url} does not accept {given} that it was given (401)."
        return f"The broker at {self.base_url} does not allow this with {given} that it was given (403)."


def _refusal(response: requests.Response) -> BrokerRefused:
    errors = read_errors(_read_json(response)) or _read_plain(response)
    message = f"The broker refused {response.request.method} {_name(response)} ({_describe(response)})"
    message = "\n  ".join([f"{message}:", *errors]) if errors else f"{message}."
    if response.status_code == HTTPStatus.NOT_FOUND:
        return NotFound(message, errors)
    return BrokerRefused(message, response.status_code, errors)


def _explain_failure(response: requests.Response) -> str:
    errors = read_errors(_read_json(response))
    wait = response.headers.get("Retry-After")
    lines = [
        f"The broker could not answer {response.request.method} {_name(response)} ({_describe(response)}).",
        *errors,
        f"It asks to try again after {wait} seconds." if wait else "Try again later; its log says more.",
    ]
    return "\n  ".join(lines)


def _read_json(response: requests.Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _read_plain(response: requests.Response) -> tuple[str, ...]:
    if response.headers.get("Content-Type", "").startswith("text/plain") and response.text.strip():
        return (response.text.strip()[:2000],)
    return ()


def _name(response: requests.Response) -> str:
    return (response.url or "").partition("?")[0]


def _describe(response: requests.Response) -> str:
    return f"{response.status_code} {response.reason}".strip()

"""One exchange with a broker over HTTP: sent, repeated where that helps, and checked."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import requests

from tallystick_client.credentials import Authorization
from tallystick_client.diagnosis import diagnose_answer, diagnose_shape, diagnose_silence, read_json
from tallystick_client.retries import persist

CONNECT_SECONDS = 2.5
"""Three tries to connect, and the pauses between them, take less than ten seconds."""
IDEMPOTENT = frozenset({"GET", "PUT"})

Query = Sequence[tuple[str, str]]


class Transport:
    """A session with the broker at `base_url`.

    `timeout` is how many seconds the broker may stay silent, `retries` how often a request that may be
    repeated is repeated.
    """

    def __init__(self, base_url: str, authorization: Authorization, *, timeout: float, retries: int) -> None:
        self._base_url = base_url
        self._timeout = timeout
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
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> requests.Response:
        """Return the broker's answer with a 2xx status; raises a BrokerError for anything else.

        GET and PUT are repeated when that may help, other methods only if they are said to be `repeatable`.
        """

        def attempt() -> requests.Response:
            return self._session.request(
                method,
                url,
                json=json,
                params=list(params),
                headers=headers,
                timeout=(CONNECT_SECONDS, self._timeout),
                allow_redirects=False,
            )

        try:
            response = persist(attempt, self._retries if repeatable or method in IDEMPOTENT else 0)
        except requests.RequestException as error:
            raise diagnose_silence(error, self._base_url, self._timeout) from error
        problem = diagnose_answer(response, self._authorization.given)
        if problem:
            raise problem
        return response

    def fetch(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        params: Query = (),
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> dict[str, Any]:
        """Return the JSON object that the broker answers; raises as `send` does, or NotABroker."""
        response = self.send(method, url, json=json, params=params, headers=headers, repeatable=repeatable)
        body = read_json(response)
        if not isinstance(body, dict):
            raise diagnose_shape(response, self._base_url)
        return body

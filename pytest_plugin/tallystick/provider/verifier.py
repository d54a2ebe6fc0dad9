"""Runs the Pact verifier on one interaction, while the provider answers on the caller's thread."""

from __future__ import annotations

import json
import logging
import os
import secrets
import sys
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from tallystick.files import scratch_folder
from tallystick.provider.altering import differences
from tallystick.provider.bridge import bridge
from tallystick.provider.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tallystick.provider.bridge import Conversation

__tracebackhide__ = True

CORE_TIMEOUT = 24 * 60 * 60 * 1000
"""Milliseconds that the core waits: an app that stands in a debugger must not fail for it."""

PATIENCE = 5
"""Seconds that the core has to end when nobody will answer it any more."""

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
)
"""Where Linux keeps all certificates that it trusts in one file: Debian and Alpine, Fedora, openSUSE."""

FOLDERS = (None, "/etc/ssl/certs", "/etc/pki/tls/certs")
"""Where the same certificates are one by one, whether the environment says so or nothing."""

RAISED = Response(500, "Internal Server Error", (), b"the app raised")


@dataclass
class Run:
    """What one run of the verifier showed.

    `raised` is what the app raised, `logged` the last exception that it logged instead (a framework answers
    500 for it). `results` is the core's own report, `output` its text.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    raised: Exception | None = None
    logged: BaseException | None = None
    results: dict[str, Any] = field(default_factory=dict)
    output: str = ""

    @property
    def crashed(self) -> bool:
        """Whether the last response was a server error."""
        last = self.exchanges[-1].response if self.exchanges else None
        return last is not None and last.status >= 500


def run(
    document: dict[str, Any],
    answer: Callable[[Request], Response],
    values: Mapping[str, Any],
    alter: Callable[[Request], Request] = lambda request: request,
) -> Run:
    """Verify this one-interaction contract against the provider behind `answer`.

    `values` feed its generators, `alter` has a say in each request before it is answered.
    """
    _prepare_environment()
    result = Run()
    with bridge().converse(values) as conversation, _watch_log(result):
        core = _start_core(document, conversation, with_states=bool(values))
        _serve(conversation, partial(_reply, answer, alter, result), core)
        result.results, result.output = core.result()
    return result


def _serve(
    conversation: Conversation, reply: Callable[[Request, Future[Response], int], None], core: Future[Any]
) -> None:
    """Answer the verifier's requests until it has finished.

    Meanwhile nothing is printed but by the app: the core prints its report to file descriptor 1, has no switch
    for that, and its text is in `output`.
    """
    with Path(os.devnull).open("wb") as nowhere, _printing_to(nowhere.fileno()) as screen:
        try:
            while job := conversation.next_job():
                reply(*job, screen)
        finally:
            # After an interrupt the core has yet to end, and would print into pytest's last words.
            wait([core], timeout=PATIENCE)


def _reply(
    answer: Callable[[Request], Response],
    alter: Callable[[Request], Request],
    result: Run,
    asked: Request,
    waiting: Future[Response],
    screen: int,
) -> None:
    request, response = asked, None
    try:
        with _printing_to(screen):
            request = alter(asked)
            response = answer(request)
    except Exception as error:
        result.raised = error
    finally:
        waiting.set_result(response or RAISED)
        result.exchanges.append(Exchange(request, response, differences(asked, request)))


def _start_core(
    document: dict[str, Any], conversation: Conversation, *, with_states: bool
) -> Future[tuple[dict[str, Any], str]]:
    future: Future[tuple[dict[str, Any], str]] = Future()

    def work() -> None:
        try:
            future.set_result(_verify(document, conversation, with_states=with_states))
        except BaseException as error:
            future.set_exception(error)
        finally:
            conversation.finish()

    # A daemon thread, since an interrupted run must not wait for the core at its end.
    Thread(target=work, name="tallystick-verifier", daemon=True).start()
    return future


def _verify(
    document: dict[str, Any], conversation: Conversation, *, with_states: bool
) -> tuple[dict[str, Any], str]:
    path = scratch_folder() / f"{secrets.token_hex(8)}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        return _ask_core(path, document["provider"]["name"], conversation, with_states=with_states)
    finally:
        path.unlink(missing_ok=True)


def _ask_core(
    path: Path, provider: str, conversation: Conversation, *, with_states: bool
) -> tuple[dict[str, Any], str]:
    from pact import Verifier

    verifier = Verifier(provider, "127.0.0.1").add_source(path)
    verifier.add_transport(url=conversation.app_url).set_request_timeout(CORE_TIMEOUT)
    port, place = conversation.messages
    verifier.add_transport(protocol="message", port=port, path=place)
    if with_states:
        verifier.state_handler(conversation.states_url, teardown=False, body=True)
    verifier.set_coloured_output(enabled=False)
    # It raises for any failure without a word about it: the results are the verdict.
    with suppress(RuntimeError):
        verifier.verify()
    return verifier.results, verifier.output(strip_ansi=True)


def _prepare_environment() -> None:
    """Keep the core from reporting usage to its makers, and from asking a proxy for 127.0.0.1.

    For each interaction it would also read hundreds of certificates twice, which takes longer than all the rest. So it
    is shown the file that has all of them, unless the user chose others: whoever trusts the system trusts the same.
    """
    os.environ.setdefault("PACT_DO_NOT_TRACK", "true")
    bundle = os.environ.get("SSL_CERT_FILE") or next(filter(os.path.exists, BUNDLES), None)
    if bundle in BUNDLES and os.environ.get("SSL_CERT_DIR") in FOLDERS:
        os.environ |= {"SSL_CERT_FILE": bundle, "SSL_CERT_DIR": ""}
    for name in [name for name in ("NO_PROXY", "no_proxy") if name in os.environ] or ["NO_PROXY"]:
        hosts = os.environ.get(name, "")
        if "127.0.0.1" not in hosts and hosts != "*":
            os.environ[name] = f"{hosts},127.0.0.1".lstrip(",")


@contextmanager
def _printing_to(target: int) -> Iterator[int]:
    """Let file descriptor 1 lead to another one for a while; yields one that leads where it led before."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(target, 1)
    try:
        yield kept
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


@contextmanager
def _watch_log(result: Run) -> Iterator[None]:
    """Note the last exception that the app logs as an error."""

    class Watcher(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            result.logged = record.exc_info[1] if record.exc_info else result.logged

    watcher = Watcher(logging.ERROR)
    logging.getLogger().addHandler(watcher)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(watcher)

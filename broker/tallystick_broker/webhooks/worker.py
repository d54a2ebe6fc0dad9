"""The worker: a thread that makes deliveries as they become due."""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from tallystick_broker.config import Config
from tallystick_broker.db import read
from tallystick_broker.models import now
from tallystick_broker.webhooks.deliveries import deliver_next, find_due, has_announced

POLL_SECONDS = 5.0
"""How often the worker looks for what other processes have stored, or have claimed and not made."""

STOP_SECONDS = 2.0
"""How long a stop waits for the delivery at hand; one that is cut off is made again by the next process."""

logger = logging.getLogger(__name__)


@contextmanager
def delivering(session_factory: sessionmaker[Session], config: Config) -> Iterator[None]:
    """Make deliveries in a thread as long as the block runs: at once those that these sessions store."""
    stop, news = threading.Event(), threading.Event()

    def tell(session: Session) -> None:
        if has_announced(session):
            news.set()

    event.listen(session_factory, "after_commit", tell)
    arguments = (session_factory, config, stop, news)
    thread = threading.Thread(target=_work, args=arguments, name="webhooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        event.remove(session_factory, "after_commit", tell)
        stop.set()
        news.set()
        thread.join(STOP_SECONDS)


def _work(
    session_factory: sessionmaker[Session], config: Config, stop: threading.Event, news: threading.Event
) -> None:
    name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    while not stop.is_set():
        try:
            pause = _deliver(session_factory, config, name)
        except Exception:
            # The database may be away for a while; whatever it was, the next deliveries still have to be made.
            logger.exception("A webhook could not be delivered")
            pause = POLL_SECONDS
        news.wait(pause)
        news.clear()  # before the next look, and before the question whether to stop: no news is missed


def _deliver(session_factory: sessionmaker[Session], config: Config, name: str) -> float:
    """Make the next delivery if it is due; return for how many seconds there is nothing to do, unless there is news."""
    due = read(session_factory, find_due)
    pause = POLL_SECONDS if due is None else min(POLL_SECONDS, (due - now()).total_seconds())
    if pause > 0:
        return pause
    return 0 if deliver_next(session_factory, config, name) else POLL_SECONDS

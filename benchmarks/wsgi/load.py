"""A closed-loop HTTP load: so many keep-alive clients, each asking again as soon as it is answered."""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

REQUEST = b"GET /rows HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n"


@dataclass
class Client:
    """One keep-alive connection with the answer it is waiting for."""

    port: int
    latencies: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.ask()

    def ask(self) -> None:
        """Send the next request and start its clock."""
        self.received = b""
        self.sent_at = time.perf_counter()
        self.connection.sendall(REQUEST)

    def read(self) -> bool:
        """Take what has arrived; true when that completes an answer."""
        chunk = self.connection.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed a keep-alive connection")
        self.received += chunk
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator or len(body) < content_length(head):
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise ValueError(head.decode("latin-1"))
        self.latencies.append(time.perf_counter() - self.sent_at)
        return True


def content_length(head: bytes) -> int:
    """The body's length in bytes as the head of an answer tells it."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise ValueError("the answer has no Content-Length")


def run_load(port: int, count: int, seconds: float) -> list[float]:
    """Let `count` clients ask for the given time; returns each answer's latency in seconds."""
    clients = [Client(port) for _ in range(count)]
    selector = selectors.DefaultSelector()
    for client in clients:
        selector.register(client.connection, selectors.EVENT_READ, client)
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        for key, _events in selector.select(timeout=1):
            client = key.data
            if client.read():
                client.ask()
    for client in clients:
        client.connection.close()
    return [latency for client in clients for latency in client.latencies]


if __name__ == "__main__":
    json.dump(run_load(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])), sys.stdout)

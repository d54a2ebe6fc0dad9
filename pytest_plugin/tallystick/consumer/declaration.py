"""What a test declares of one interaction, step by step."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tallystick.consumer.content import Content, Pairs
from tallystick.consumer.notation import example_of


@dataclass(frozen=True)
class HttpExchange:
    """A request and its response; the status, which comes last, completes it."""

    method: str
    path: str
    query: Pairs
    request: Content
    status: int = 0
    response: Content = field(default_factory=Content)
    graphql: str = ""
    """The declared GraphQL document, which is a regular expression in the request."""

    @property
    def complete(self) -> bool:
        """Whether it has its reply."""
        return self.status != 0

    @property
    def example_path(self) -> str:
        """The path without the matcher around it."""
        example = example_of(json.loads(self.path)) if self.path.startswith("{") else self.path
        return str(example or "any path")


@dataclass(frozen=True)
class MessageContent:
    """What a message carries: a body, and metadata in the engine's notation."""

    content: Content
    metadata: Pairs = ()


@dataclass(frozen=True)
class AsyncMessage:
    """A message that the provider sends and the consumer handles."""

    message: MessageContent
    complete = True


@dataclass(frozen=True)
class SyncMessage:
    """A message that the consumer sends, and the one that it gets back."""

    request: MessageContent
    response: MessageContent | None = None

    @property
    def complete(self) -> bool:
        """Whether it has its response."""
        return self.response is not None


@dataclass
class Declaration:
    """Words, states and, once it is said, what the interaction consists of."""

    where: str
    description: str = ""
    states: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    subject: HttpExchange | AsyncMessage | SyncMessage | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.subject is not None and self.subject.complete

    @property
    def exchange(self) -> HttpExchange | None:
        """The HTTP exchange, if it is a complete one."""
        return self.subject if isinstance(self.subject, HttpExchange) and self.complete else None

    @property
    def label(self) -> str:
        """Its words and the line that declared it."""
        return f'"{self.description}"  {self.where}'

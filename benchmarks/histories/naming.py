"""Names and documents of what happens in histories; they depend on the record alone."""

import hashlib
import random
from typing import Any

from histories.shapes import Shape


def name_version(shape: Shape, participant: str, build: int) -> str:
    """Return the number of a build, which looks like a commit."""
    text = f"{shape.name}/{shape.seed}/{participant}/{build}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def write_document(content: str, consumer: str, provider: str, interactions: int) -> dict[str, Any]:
    """Return the Pact document (specification 2) of a content, about half a kilobyte for each interaction."""
    rng = random.Random(f"pact:{content}")  # noqa: S311 (chance, not secrecy)
    return {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "interactions": [_interact(rng, index) for index in range(interactions)],
        "metadata": {"pactSpecification": {"version": "2.0.0"}},
    }


def _interact(rng: random.Random, index: int) -> dict[str, Any]:
    body: dict[str, Any] = {f"field{key}": f"value-{key}-{rng.randrange(10**6)}" for key in range(4)}
    body["items"] = [{"id": key, "name": f"item {key}", "price": rng.randrange(10**4)} for key in range(2)]
    return {
        "description": f"a request for resource {index}",
        "providerState": f"resource {index} exists",
        "request": {
            "method": "GET",
            "path": f"/resources/{index}",
            "headers": {"Accept": "application/json"},
        },
        "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body},
    }

"""A client of a broker whose webhooks are sent when the test says so."""

from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from api_client import Answer, ApiClient
from publish_requests import publish_request
from tallystick_broker.config import Config
from tallystick_broker.webhooks.deliveries import deliver_next

PACT = "/pacts/provider/api/consumer/web/version"


def publication(number: str, content: str = "a", **members: Any) -> dict[str, Any]:
    """Return the body of a request that publishes the contract of this version of web with api."""
    return publish_request("web", number, ["api"], content, **members)


class Hooks(ApiClient):
    """A client of the application that also is the worker of its webhooks."""

    config: Config
    session_factory: sessionmaker[Session]

    def deliver(self) -> int:
        """Return how many deliveries were due and have been attempted."""
        count = 0
        while deliver_next(self.session_factory, self.config, "test"):
            count += 1
        return count

    def publish(self, number: str, content: str = "a", **members: Any) -> Answer:
        """Publish the contract of this version of web with api."""
        return self.post("/contracts/publish", json=publication(number, content, **members))

    def verify(self, number: str, success: bool = True) -> Answer:
        """Publish what this version of api made of the contract of web 1."""
        address = self.get(f"{PACT}/1").json["_links"]["pb:publish-verification-results"]["href"]
        return self.post(address, json={"success": success, "providerApplicationVersion": number})

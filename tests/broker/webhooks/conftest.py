"""A broker that may call a server of the test's own, and nothing else."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from hooks import Hooks
from scripted_server import ScriptedServer, closed_url, server
from story import Story
from tallystick_broker.config import Config
from tallystick_broker.webhooks.templates import Request

__all__ = ["closed_url", "server"]


@pytest.fixture
def config() -> Config:
    """Settings with which webhooks reach this machine."""
    return Config(
        webhook_methods=("POST", "PUT"),
        webhook_schemes=("http",),
        webhook_hosts=("127.0.0.1",),
        webhook_retry_schedule=(0, 600),
    )


@pytest.fixture
def hooks(app: Flask, session_factory: sessionmaker[Session], config: Config) -> Hooks:
    """The broker in the world of `session` and `story`."""
    app.config["TALLYSTICK"] = config
    client = Hooks(app)
    client.config, client.session_factory = config, session_factory
    return client


@pytest.fixture
def to_server(server: ScriptedServer) -> Request:
    """A request to the test's server that says which event it is for, and for which versions."""
    names = ("eventName", "consumerVersionNumber", "consumerVersionTags", "consumerVersionBranch")
    more = ("providerVersionNumber", "providerVersionDescriptions", "githubVerificationStatus")
    body = {name: f"${{pactbroker.{name}}}" for name in (*names, *more)}
    return Request("POST", f"{server.url}/hook", {}, body)


@pytest.fixture
def pair(story: Story) -> Story:
    """The story, in which web and api are known."""
    story.participant("web")
    story.participant("api")
    return story

"""What the tests of the client share."""

from scripted_server import closed_url, server

__all__ = ["closed_url", "server"]

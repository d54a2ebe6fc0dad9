"""What the tests of the command line share."""

from command import tallystick
from scripted_server import closed_url, server

__all__ = ["closed_url", "server", "tallystick"]

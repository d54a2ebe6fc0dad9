"""What importing the client costs."""

import subprocess
import sys

import pytest

import tallystick_client


def test_the_http_library_is_loaded_when_a_broker_is_used() -> None:
    """Who names an error or a selector loads no HTTP library; who names the broker does."""
    program = (
        "import sys, tallystick_client as client\n"
        "client.BrokerError, client.Question, client.Verdict\n"
        "assert 'requests' not in sys.modules\n"
        "client.Broker\n"
        "assert 'requests' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_public_name_is_there() -> None:
    """Each name that the package promises can be had, and no other."""
    assert all(getattr(tallystick_client, name).__name__ == name for name in tallystick_client.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Borker'"):
        _ = tallystick_client.Borker  # type: ignore[attr-defined]

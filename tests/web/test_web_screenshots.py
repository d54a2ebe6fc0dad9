"""The pictures that `make screenshots` takes."""

import re
import shutil
import subprocess

import pytest

from product import ROOT


@pytest.mark.skipif(shutil.which("make") is None, reason="this is about a command of make: install make")
def test_a_page_that_does_not_exist_is_named() -> None:
    """It says which pages there are, which also shows that the command of the Makefile starts at all."""
    result = subprocess.run(
        ["make", "--silent", "--old-file=.venv/.ready", "screenshots", "ARGS=no-such-page"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert re.search("There is no page no-such-page: name some of integrations, .*, style[.]", result.stderr)

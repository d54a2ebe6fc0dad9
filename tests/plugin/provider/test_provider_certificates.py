"""Certificates: the core needs none of them, and must not read hundreds of files for each interaction."""

import os
import re
from pathlib import Path

import pytest

from plugin.provider.provider_suite import ASKS_FOR_TEA, Suite
from tallystick.provider.verifier import BUNDLES, FOLDERS

NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
BUNDLE = next(filter(os.path.exists, BUNDLES), "")
ON_LINUX = pytest.mark.skipif(not BUNDLE, reason="this system does not keep its certificates in one file")
LOOKS = """
import os

@pytest.fixture(autouse=True)
def looks(app):
    seen = []
    app.before_request(lambda: seen.append((os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))))
    yield
    assert seen == EXPECTED
"""


def run(suite: Suite, monkeypatch: pytest.MonkeyPatch, *given: str | None, expected: object) -> None:
    """Verify with these variables in the environment; the app must see what is expected of them."""
    for name, value in zip(NAMES, given, strict=True):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    suite.add_contract(ASKS_FOR_TEA)
    suite.add_to_conftest(f"EXPECTED = [{expected!r}]\n{LOOKS}")
    suite.run().assert_outcomes(passed=1)


@ON_LINUX
@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("file", [None, BUNDLE])
def test_those_of_the_system_are_read_from_one_file(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, file: str | None, folder: str | None
) -> None:
    """Whether the environment names them or nothing does."""
    run(suite, monkeypatch, file, folder, expected=(BUNDLE, ""))


@ON_LINUX
def test_the_one_file_has_all_of_them() -> None:
    """So whoever is trusted by the system is trusted by an app that is verified."""
    written = re.compile("(?<=-----BEGIN CERTIFICATE-----)[^-]+")
    singles = [path.read_text() for path in Path("/etc/ssl/certs").glob("*.pem") if path.exists()]
    known = {"".join(text.split()) for text in written.findall(Path(BUNDLE).read_text())}
    assert known
    assert {"".join(text.split()) for single in singles for text in written.findall(single)} <= known


@ON_LINUX
@pytest.mark.parametrize("names", [("company.pem", None), (None, "company"), (BUNDLE, "company")])
def test_those_that_the_user_chose_are_left_alone(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, names: tuple[str | None, str | None]
) -> None:
    """Whoever names certificates of their own knows why."""
    folder = suite.pytester.path
    (folder / "company").mkdir()
    for place in (folder / "company.pem", folder / "company" / "all.pem"):
        place.symlink_to(BUNDLE)
    given = [None if name is None else str(folder / name) for name in names]
    run(suite, monkeypatch, *given, expected=tuple(given))

"""The pinned packages: they cover every requirement, and each is known by its hashes and by nothing else."""

import re
import tomllib
from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from product import ROOT

PINS = [
    Requirement(pin)
    for pin in re.findall(r"^(\S+==.*?) \\$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
]


def test_every_requirement_is_pinned() -> None:
    """A requirement that pyproject.toml names is in constraints.txt, at a version that it accepts."""
    outdated = [str(wanted) for wanted in read_requirements() if not is_pinned(wanted)]
    assert outdated == [], "run `make constraints`"


def test_a_pin_names_no_place() -> None:
    """Whoever installs chooses where packages come from: there is no option and no address, only hashes."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    allowed = re.compile(r"[a-z0-9.-]+==[^\s/@]+( ; [\w .'<>=!]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not allowed.fullmatch(line)] == []


def read_requirements() -> Iterator[Requirement]:
    """Yield every requirement of the product, its extras, its build and its dependency groups."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = settings["project"]
    lists = [project["dependencies"], settings["build-system"]["requires"]]
    for requirements in [
        *lists,
        *project["optional-dependencies"].values(),
        *settings["dependency-groups"].values(),
    ]:
        yield from (Requirement(text) for text in requirements if isinstance(text, str))


def is_pinned(wanted: Requirement) -> bool:
    """Return whether a requirement has pins (several where platforms differ) and accepts each version."""
    pins = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
    versions = [exact.version for pin in pins for exact in pin.specifier]
    return bool(versions) and all(wanted.specifier.contains(version) for version in versions)

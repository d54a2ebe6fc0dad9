"""The floors of the house: which module may import which."""

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from product import Module, read_packages, read_product

INPUT_AND_OUTPUT = (
    *("asyncio", "ftplib", "http", "io", "multiprocessing", "os", "pathlib", "random", "select", "shutil"),
    *("signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time"),
    "urllib.request",
)
STANDARD_LIBRARY = {*sys.stdlib_module_names, "_typeshed"}  # the latter is its types, for type checkers alone
TALKING_BUILTINS = frozenset({"open", "print", "input"})


@dataclass(frozen=True)
class Floor:
    """Modules (a name covers what is inside it), the floors and the libraries that they may import.

    A pure floor decides and computes: it has no libraries, and does no input or output.
    """

    name: str
    modules: str
    uses: str = ""
    libraries: str = ""
    pure: bool = False


def broker(names: str) -> str:
    """Return the dotted names of modules of the broker."""
    return " ".join(f"tallystick_broker.{name}" for name in names.split())


BENEATH_HTTP = "contracts decisions ground models database services door seals"
FLASK = "flask werkzeug jsonschema sqlalchemy"

# From the ground up. A module stands on the floor with the longest name that covers it, and imports nothing
# but its own floor, the floors that it uses, its libraries and the standard library.
HOUSE = (
    Floor("contracts", "tallystick_contracts", pure=True),
    Floor("client", "tallystick_client", uses="contracts", libraries="requests"),
    Floor("plugin", "tallystick", uses="contracts client", libraries="graphql pytest pact"),
    Floor("entry", "pytest_tallystick", uses="plugin", libraries="pytest"),
    Floor("cli", "tallystick_cli", uses="contracts client", libraries="click rich"),
    # The broker.
    Floor(
        "decisions",
        broker(
            "gate.question gate.facts gate.evidence gate.matrix gate.reasons gate.wording gate.telling gate.verdict "
            "gate.removal gate.plan "
            "for_verification.request for_verification.entries for_verification.notices webhooks.templates"
        ),
        uses="contracts",
        pure=True,
    ),
    Floor("ground", broker("config errors security telemetry")),
    Floor("models", broker("models"), libraries="sqlalchemy"),
    Floor("database", broker("db schema"), uses="ground models", libraries="sqlalchemy alembic"),
    Floor(
        "services",
        broker(
            "participants versions environments contracts publications publishing verifications "
            "provider_states for_verification gate overrides webhooks overview integrations"
        ),
        uses="contracts decisions ground models database door seals",
        libraries="sqlalchemy",
    ),
    Floor(
        "seals",
        broker("webhooks.secrets"),
        uses="ground models database",
        libraries="sqlalchemy cryptography",
    ),
    # The one place that calls other people's servers.
    Floor("door", broker("webhooks.door"), uses="decisions ground", libraries="requests urllib3"),
    Floor(
        "http",
        broker(
            "api.address api.announcements api.boundary api.bodies api.gate_pages api.gate_queries api.hal "
            "api.metadata api.negotiation api.operations api.pact api.paging api.queries api.questions api.shapes "
            "api.webhook_bodies"
        ),
        uses=BENEATH_HTTP,
        libraries=f"{FLASK} orjson",
    ),
    Floor("api", broker("api"), uses=f"{BENEATH_HTTP} http", libraries=FLASK),
    Floor("web", broker("web"), uses=f"{BENEATH_HTTP} http", libraries=FLASK),
    Floor(
        "top",
        broker("app commands server"),
        uses="ground models database services http api web",
        libraries="flask werkzeug waitress click sqlalchemy",
    ),
    # The history of the schema never changes with the code, so a revision knows no module of ours.
    Floor("migrations", "tallystick_migrations", uses="models database", libraries="alembic sqlalchemy"),
    Floor("revisions", "tallystick_migrations.versions", libraries="alembic sqlalchemy"),
)


def test_no_module_reaches_above_its_floor() -> None:
    """Every module stands on a floor and imports only what its floor may use."""
    faults = list(find_faults(HOUSE, read_product()))
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("import shop.web", "services may not import web (shop.web)"),
        ("from shop import web", "services may not import web (shop.web)"),
        ("from . import web", "services may not import web (shop.web)"),
        ("from .web.pages import show", "services may not import web (shop.web.pages)"),
        ("def buy():\n    from shop.web import pages", "services may not import web (shop.web.pages)"),
        ("import flask.views", "services may not import the library flask"),
        ("import conftest", "services may not import the library conftest"),
    ],
)
def test_an_import_of_a_higher_floor_is_found(tmp_path: Path, text: str, fault: str) -> None:
    """A forbidden import is found however it is written, and named with its floor."""
    faults = find_shop_faults(tmp_path, orders=text)
    assert [found.partition(": ")[2] for found in faults] == [fault]


@pytest.mark.parametrize(
    "text", ["import os", "from pathlib import Path", "import urllib.request", "open('x')"]
)
def test_a_pure_module_with_input_or_output_is_found(tmp_path: Path, text: str) -> None:
    """A module that only decides may not reach files, network or clock."""
    assert find_shop_faults(tmp_path, prices="import json\n") == []
    (fault,) = find_shop_faults(tmp_path, prices=text)
    assert "prices is pure" in fault


def test_a_module_on_no_floor_is_found(tmp_path: Path) -> None:
    """A new module must be given its place in the table; a folder's empty mark needs none."""
    (fault,) = find_shop_faults(tmp_path, novelty="ANSWER = 42")
    assert "shop.novelty stands on no floor" in fault


def test_what_a_floor_may_use_is_no_fault(tmp_path: Path) -> None:
    """Lower floors, the own floor, allowed libraries and the standard library may be imported."""
    pages = "import os\nimport flask\nfrom shop import orders, prices\nfrom shop.web import pages\n"
    assert find_shop_faults(tmp_path, orders="from .prices import total", pages=pages) == []


SHOP = (
    Floor("prices", "shop.prices", pure=True),
    Floor("services", "shop.orders", uses="prices", libraries="sqlalchemy"),
    Floor("web", "shop.web", uses="services prices", libraries="flask"),
)


def find_shop_faults(
    folder: Path, orders: str = "", prices: str = "", pages: str = "", novelty: str = ""
) -> list[str]:
    """Return the faults of a small made-up product with these texts in its modules."""
    texts = {
        "orders": orders,
        "prices": prices,
        "novelty": novelty,
        "__init__": '"""A shop."""',
        "web/pages": pages,
    }
    (folder / "shop" / "web").mkdir(parents=True, exist_ok=True)
    for name, text in {**texts, "web/__init__": ""}.items():
        (folder / "shop" / f"{name}.py").write_text(text, encoding="utf-8")
    return list(find_faults(SHOP, read_packages([folder / "shop"])))


def find_faults(house: Sequence[Floor], modules: Sequence[Module]) -> Iterator[str]:
    """Yield a line for each module on no floor, and for each import or call that its floor does not allow."""
    known = {module.name for module in modules}
    for module in modules:
        floor = find_floor(house, module.name)
        if floor:
            yield from find_forbidden_imports(house, floor, module, known)
            yield from find_talking(floor, module)
        elif not module.is_empty:
            yield f"{module.name} stands on no floor: give it one in tests/test_layers.py"


def find_forbidden_imports(
    house: Sequence[Floor], floor: Floor, module: Module, known: Iterable[str]
) -> Iterator[str]:
    """Yield a line for each import that this floor does not allow to its module."""
    for line, name in find_imports(module):
        reason = (
            forbid_own(house, floor, name, known)
            if name.split(".")[0] in known
            else forbid_other(floor, name)
        )
        if reason:
            yield f"{module.name}:{line}: {reason}"


def forbid_own(house: Sequence[Floor], floor: Floor, name: str, known: Iterable[str]) -> str | None:
    """Return why this floor may not import the product's module that `name` is or is in, or None."""
    target = max((module for module in known if covers(module, name)), key=len)
    other = find_floor(house, target)
    if other is None or other == floor or other.name in floor.uses.split():
        return None
    return f"{floor.name} may not import {other.name} ({target})"


def forbid_other(floor: Floor, name: str) -> str | None:
    """Return why this floor may not import a module that is not the product's, or None."""
    top = name.split(".")[0]
    if top not in {*STANDARD_LIBRARY, *floor.libraries.split()}:
        return f"{floor.name} may not import the library {top}"
    if floor.pure and any(covers(talker, name) for talker in INPUT_AND_OUTPUT):
        return f"{floor.name} is pure and may not import {name}"
    return None


def find_talking(floor: Floor, module: Module) -> Iterator[str]:
    """Yield a line for each call of a built-in that reads or writes, in a module that must be pure."""
    names = (node for node in ast.walk(module.tree) if floor.pure and isinstance(node, ast.Name))
    for node in names:
        if node.id in TALKING_BUILTINS:
            yield f"{module.name}:{node.lineno}: {floor.name} is pure and may not call {node.id}()"


def find_imports(module: Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the full dotted name of everything imported, also inside functions and for types."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = resolve(module, node)
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


def resolve(module: Module, node: ast.ImportFrom) -> str:
    """Return the absolute name that a `from … import` takes its names from."""
    up = node.level - module.is_package
    package = module.name.rsplit(".", up)[0] if up else module.name
    return ".".join(filter(None, [package if node.level else None, node.module]))


def find_floor(house: Sequence[Floor], name: str) -> Floor | None:
    """Return the floor with the longest module name that covers this one."""
    places = [(place, floor) for floor in house for place in floor.modules.split() if covers(place, name)]
    return max(places, key=lambda place: len(place[0]))[1] if places else None


def covers(place: str, name: str) -> bool:
    """Return whether `name` is the module `place` or something inside it."""
    return name == place or name.startswith(f"{place}.")

from pathlib import Path

import pytest
from flask import Flask

from inventory import Store, create_app


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "inventory.db")


@pytest.fixture
def app(store: Store) -> Flask:
    return create_app(store)

"""The product's own source files, for the tests that read code instead of running it."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name, its path and its text."""

    name: str
    path: Path
    text: str

    @property
    def is_package(self) -> bool:
        """Whether this is a package's `__init__.py`."""
        return self.path.name == "__init__.py"

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree, which all that read it share."""
        return ast.parse(self.text, str(self.path))

    @property
    def is_empty(self) -> bool:
        """Whether it holds a docstring at most: a folder that Python wants marked."""
        return not [node for node in self.tree.body if not is_text(node)]


def is_text(node: ast.AST) -> TypeGuard[ast.Expr]:
    """Return whether a statement is a bare string, such as a docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def read_packages(packages: Iterable[Path]) -> list[Module]:
    """Return every module in these package folders, in the order of their names."""
    return sorted(_read(packages), key=lambda module: module.name)


@cache
def read_product() -> list[Module]:
    """Return every module that the wheel ships."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shipped = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return read_packages(ROOT / package for package in shipped)


def _read(packages: Iterable[Path]) -> Iterator[Module]:
    for package in packages:
        for path in package.rglob("*.py"):
            parts = path.relative_to(package.parent).with_suffix("").parts
            yield Module(".".join(parts).removesuffix(".__init__"), path, path.read_text(encoding="utf-8"))

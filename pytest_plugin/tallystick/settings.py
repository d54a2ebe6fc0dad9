"""What the user set: options first, then ini settings, then the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The settings of one run; `version`, `branch` and `build_url` are looked up only when asked for."""

    root: Path
    directory: Path
    name: str | None = None
    spec: int = 4
    broker_url: str | None = None
    source: str | None = None
    publish: bool = False
    check: bool = False
    prune: bool = False
    report: Path | None = None
    tags: tuple[str, ...] = ()
    version_option: str | None = None
    branch_option: str | None = None
    build_url_option: str | None = None
    version_hook: Callable[[], str | None] = lambda: None

    @classmethod
    def of(cls, config: pytest.Config) -> Settings:
        """The settings of `config`, read once; raises `pytest.UsageError` for one that cannot be used."""
        if _SETTINGS not in config.stash:
            config.stash[_SETTINGS] = _read(config)
        return config.stash[_SETTINGS]

    def version(self) -> str | None:
        """This service's version: the option, else the hook's, the build system's commit, or git's.

        Raises `pytest.UsageError` when it would be git's commit but the tree has changes beyond it.
        """
        return self._version

    def branch(self) -> str | None:
        """This version's branch: the option, else the build system's, else git's; None when detached."""
        from tallystick_client import build

        return self.branch_option or build.branch(os.environ) or build.git_branch(self.root)

    def build_url(self) -> str | None:
        """The page of the build that runs this: the option, else the build system's."""
        from tallystick_client import build

        return self.build_url_option or build.build_url(os.environ)

    def show(self, path: Path) -> str:
        """The path as people read it: from the root folder, for what is inside."""
        path = path.absolute()
        return (path.relative_to(self.root) if path.is_relative_to(self.root) else path).as_posix()

    def require_usable(self) -> None:
        """Raise `pytest.UsageError` when there is no broker to publish to, no version, or no place for the report."""
        if self.publish and not self.broker_url:
            raise pytest.UsageError(
                "--contracts-publish needs a broker: "
                "set contracts_broker, --contracts-broker or PACT_BROKER_BASE_URL"
            )
        if self.publish and not self.version():
            raise pytest.UsageError(
                "--contracts-publish needs a version, and there is no build system and no git commit "
                "to take it from: give --contracts-version"
            )
        if self.report and (self.report.is_dir() or not self.report.parent.is_dir()):
            raise pytest.UsageError(
                f"--contracts-report {self.report}: name a file in a folder that is there"
            )

    @cached_property
    def _version(self) -> str | None:
        from tallystick_client import build

        # Asked before the tests, which may leave files behind that would make the commit doubtful afterwards.
        known = self.version_option or self.version_hook() or build.version(os.environ)
        return known or self._git_version()

    def _git_version(self) -> str | None:
        from tallystick_client import build

        changed = build.git_changes(self.root, besides=self.directory)
        if changed:
            files = ", ".join(changed[:3]) + (", …" if changed[3:] else "")
            raise pytest.UsageError(
                f"git's commit does not name this version, because these files differ from it: {files}. "
                "Commit them, or give --contracts-version"
            )
        return build.git_commit(self.root)


def check_arguments(arguments: Sequence[str], folder: Path) -> None:
    """Raise `pytest.UsageError` for an option with a separate path that is outside of this folder.

    pytest looks for the project before it knows our options, and would take such a path for one of tests.
    """
    for option, path in pairwise(arguments):
        if option in {"--contracts-from", "--contracts-dir"}:
            place = (folder / path).resolve()
            if place.exists() and not place.is_relative_to(folder.resolve()):
                raise pytest.UsageError(
                    f"write {option}={path} with an equals sign: apart from its option, pytest takes a path "
                    "outside of this folder for a place of tests, and looks there for its settings"
                )


_SETTINGS = pytest.StashKey[Settings]()


def _read(config: pytest.Config) -> Settings:
    option, ini = config.getoption, config.getini
    return Settings(
        root=config.rootpath,
        directory=_directory(config),
        name=ini("contracts_name") or None,
        spec=_spec(ini("contracts_spec")),
        broker_url=_broker_url(
            option("--contracts-broker") or ini("contracts_broker") or os.environ.get("PACT_BROKER_BASE_URL")
        ),
        source=option("--contracts-from"),
        publish=bool(option("--contracts-publish")),
        check=bool(option("--contracts-check")),
        prune=bool(option("--contracts-prune")) and not option("collectonly"),
        report=_from_here(config, option("--contracts-report")),
        tags=tuple(option("--contracts-tag") or ()),
        version_option=option("--contracts-version"),
        branch_option=option("--contracts-branch"),
        build_url_option=option("--contracts-build-url"),
        version_hook=lambda: config.hook.pytest_contracts_version(config=config),
    )


def _directory(config: pytest.Config) -> Path:
    given = _from_here(config, config.getoption("--contracts-dir"))
    return given or config.rootpath.joinpath(str(config.getini("contracts_dir"))).resolve()


def _from_here(config: pytest.Config, path: str | None) -> Path | None:
    return config.invocation_params.dir.joinpath(path).resolve() if path else None


def _spec(text: str) -> int:
    if text not in {"2", "3", "4"}:
        raise pytest.UsageError(
            f"contracts_spec = {text!r}: the Pact specifications to choose from are 2, 3 and 4"
        )
    return int(text)


def _broker_url(text: str | None) -> str | None:
    if not text:
        return None
    url = urlsplit(text)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise pytest.UsageError(
            f"the broker's address must be an http or https URL, not {text.rpartition('@')[2]!r}"
        )
    if url.username or url.password:
        raise pytest.UsageError(
            "the broker's address must not hold credentials, they would be printed with it: "
            "set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD"
        )
    return text

"""`tallystick publish`: contract files go to the broker."""

import os
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click

from tallystick_cli.contract_files import Contract, FileFault, find_files, read_contracts
from tallystick_cli.options import NON_BLANK, asks_broker, output_option
from tallystick_cli.output import Failure, open_console, write_json, write_notices
from tallystick_client import Broker, build


@click.command(short_help="Publish contracts.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-a",
    "--consumer-app-version",
    "--version",
    "version",
    type=NON_BLANK,
    metavar="VERSION",
    help="The consumer's version, such as the commit.",
)
@click.option("--branch", type=NON_BLANK, metavar="BRANCH", help="The branch that the version is from.")
@click.option(
    "-t",
    "--tag",
    "tags",
    type=NON_BLANK,
    multiple=True,
    metavar="TAG",
    help="A tag for the version; repeatable.",
)
@click.option("--build-url", type=NON_BLANK, metavar="URL", help="The page of the build.")
@click.option("--merge", is_flag=True, help="Add to what another build of this version has published.")
@click.option(
    "-r",
    "--auto-detect-version-properties",
    "detect",
    is_flag=True,
    help="Take version, branch and build URL, unless given, from the build system or git.",
)
@output_option("text")
@asks_broker
def publish(
    broker: Broker,
    paths: Sequence[Path],
    version: str | None,
    branch: str | None,
    tags: Sequence[str],
    build_url: str | None,
    merge: bool,
    detect: bool,
    output: str,
) -> None:
    """Publish contracts: files, or all *.json files in folders."""
    if detect:
        version, branch = version or _detect_version(), branch or _detect_branch()
        build_url = build_url or build.build_url(os.environ)
    if not version:
        raise click.UsageError(
            "The consumer's version is missing: give -a VERSION, or -r to take the commit."
        )
    for consumer, contracts in _group(_read(paths)):
        publication = broker.publish_contracts(
            consumer,
            version,
            [contract.document for contract in contracts],
            branch=branch,
            tags=tags,
            build_url=build_url,
            merge=merge,
        )
        if output == "json":
            write_json(publication.body)
        else:
            write_notices(open_console(), publication.notices)


def _read(paths: Sequence[Path]) -> list[Contract]:
    try:
        return read_contracts(find_files(paths))
    except FileFault as fault:
        raise Failure(f"Nothing was published.\n{fault}") from fault


def _group(contracts: Sequence[Contract]) -> list[tuple[str, list[Contract]]]:
    ordered = sorted(contracts, key=lambda contract: contract.consumer)
    return [
        (consumer, list(group)) for consumer, group in groupby(ordered, lambda contract: contract.consumer)
    ]


def _detect_version() -> str:
    commit = build.version(os.environ) or build.git_commit(Path.cwd())
    if not commit:
        raise click.UsageError(
            "No build system and no git commit names the version: give it with -a VERSION."
        )
    return commit


def _detect_branch() -> str:
    branch = build.branch(os.environ) or build.git_branch(Path.cwd())
    if not branch:
        raise click.UsageError(
            "No build system names the branch and git has none checked out: give --branch."
        )
    return branch

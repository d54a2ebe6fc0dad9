"""Contract files on disk: found, checked, and brought together for publishing."""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallystick_client.errors import InvalidInput
from tallystick_client.publishing import read_names
from tallystick_contracts.documents import DocumentError, read
from tallystick_contracts.merging import MergeConflict, merge


class FileFault(Exception):  # noqa: N818 - it is a fault of a file, not of the program
    """Why files cannot be published; each line of the message names one."""


@dataclass(frozen=True)
class Contract:
    """A Pact document and the files that it is from."""

    consumer: str
    provider: str
    document: dict[str, Any]
    files: tuple[Path, ...]


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files among the paths and the `*.json` files right inside the folders among them.

    Raises FileFault for a folder without any.
    """
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise FileFault(f"{path}: there is no *.json file in this folder")
        files += inside
    return list(dict.fromkeys(files))


def read_contracts(files: Iterable[Path]) -> list[Contract]:
    """Return one contract for each consumer and provider, merged when several files hold parts of it.

    Raises FileFault, naming every file at fault.
    """
    contracts: dict[tuple[str, str], Contract] = {}
    faults: list[str] = []
    for file in files:
        try:
            contract = _read_file(file)
            key = contract.consumer, contract.provider
            contracts[key] = _join(contracts[key], contract) if key in contracts else contract
        except FileFault as fault:
            faults.append(str(fault))
    if faults:
        raise FileFault("\n".join(faults))
    return list(contracts.values())


def _read_file(file: Path) -> Contract:
    try:
        document = read(file.read_bytes().removeprefix(codecs.BOM_UTF8))
    except DocumentError as error:
        raise FileFault(f"{file}: {error}") from error
    except OSError as error:
        raise FileFault(f"{file}: it cannot be read: {error.strerror}") from error
    if not isinstance(document, dict):
        raise FileFault(f"{file}: a contract is a JSON object, and this is not one")
    try:
        consumer, provider = read_names(document)
    except InvalidInput as error:
        raise FileFault(f"{file}: {error}") from error
    return Contract(consumer, provider, document, (file,))


def _join(first: Contract, second: Contract) -> Contract:
    """Return both as one; raises FileFault when that would lose an interaction."""
    files = first.files + second.files
    try:
        document = merge(first.document, second.document)
    except MergeConflict as conflict:
        raise FileFault(f"{_name(files)}: {conflict}") from conflict
    merged = _list_interactions(document)
    if any(interaction not in merged for interaction in _list_interactions(first.document)):
        raise FileFault(f"{_name(files)}: they describe the same interaction differently")
    return Contract(first.consumer, first.provider, document, files)


def _list_interactions(document: dict[str, Any]) -> list[object]:
    return [*(document.get("interactions") or ()), *(document.get("messages") or ())]


def _name(files: Iterable[Path]) -> str:
    return " and ".join(map(str, files))

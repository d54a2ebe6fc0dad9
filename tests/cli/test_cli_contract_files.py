"""Contract files: found, checked and brought together."""

import json
from pathlib import Path
from typing import Any

import pytest

from tallystick_cli.contract_files import FileFault, find_files, read_contracts


def describe(consumer: str = "Web", provider: str = "Orders", **more: Any) -> dict[str, Any]:
    """Return a small Pact document."""
    return {"consumer": {"name": consumer}, "provider": {"name": provider}, "interactions": [], **more}


def interact(description: str, status: int = 200) -> dict[str, Any]:
    """Return an interaction."""
    request = {"method": "GET", "path": "/"}
    return {"description": description, "request": request, "response": {"status": status}}


def write(folder: Path, name: str, content: object) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_a_folder_stands_for_the_json_files_right_inside(tmp_path: Path) -> None:
    """Folders are read flat and in order; a file that is named twice counts once."""
    second, first = (write(tmp_path, f"{name}.json", {}) for name in "ba")
    write(tmp_path, "notes.txt", "no contract")
    write(tmp_path, "deeper/c.json", {})
    assert find_files([tmp_path, first]) == [first, second]


def test_a_folder_without_contracts_is_an_error(tmp_path: Path) -> None:
    """Publishing nothing is not a success: often the tests that write the contracts did not run."""
    with pytest.raises(FileFault, match=r"no \*\.json file"):
        find_files([tmp_path])


def test_a_syntax_error_is_shown_with_its_place(tmp_path: Path) -> None:
    """The message names the file, the line and the column."""
    path = write(tmp_path, "bad.json", '{\n  "consumer": {"name": "Web"},\n  "provider" {}\n}')
    with pytest.raises(FileFault) as caught:
        read_contracts([path])
    assert str(path) in str(caught.value)
    assert "line 3 column 14" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("[]", "a contract is a JSON object"),
        (
            '{"provider": {"name": "Orders"}}',
            'does not name its consumer: it needs "consumer": {"name": "…"}',
        ),
        ('{"consumer": {"name": "Web"}, "provider": "Orders"}', "does not name its provider"),
        ('{"consumer": {"name": "Web"}, "provider": {"name": " "}}', "does not name its provider"),
        ("", "line 1 column 1"),
        ('{"x": NaN}', "NaN"),
    ],
)
def test_a_file_that_is_no_contract_is_named(tmp_path: Path, content: str, text: str) -> None:
    """What is wrong is said, with the file."""
    path = write(tmp_path, "bad.json", content)
    with pytest.raises(FileFault) as caught:
        read_contracts([path])
    assert str(caught.value).startswith(f"{path}: ")
    assert text in str(caught.value)


def test_bytes_that_are_no_text_are_an_error(tmp_path: Path) -> None:
    """A file must be UTF-8; a byte order mark before it does no harm."""
    path = tmp_path / "bad.json"
    path.write_bytes(json.dumps(describe()).encode("utf-8-sig"))
    assert [contract.consumer for contract in read_contracts([path])] == ["Web"]
    path.write_bytes(b'{"consumer": {"name": "W\xe9b"}}')
    with pytest.raises(FileFault, match="UTF-8"):
        read_contracts([path])


def test_every_file_at_fault_is_named(tmp_path: Path) -> None:
    """All faults are shown at once, so that they can be mended at once."""
    good, bad, worse = (
        write(tmp_path, "a.json", describe()),
        write(tmp_path, "b.json", "["),
        tmp_path / "c.json",
    )
    with pytest.raises(FileFault) as caught:
        read_contracts([good, bad, worse])
    assert [line.partition(": ")[0] for line in str(caught.value).splitlines()] == [str(bad), str(worse)]


def test_files_of_one_pair_become_one_contract(tmp_path: Path) -> None:
    """Parts of one contract are joined; an interaction that is in both is there once."""
    first = write(tmp_path, "a.json", describe(interactions=[interact("one"), interact("two")]))
    second = write(tmp_path, "b.json", describe(interactions=[interact("two"), interact("three")]))
    other = write(tmp_path, "c.json", describe(provider="Stock"))
    contract, stock = read_contracts([first, second, other])
    assert [each["description"] for each in contract.document["interactions"]] == ["one", "two", "three"]
    assert contract.files == (first, second)
    assert stock.provider == "Stock"


def test_files_that_contradict_each_other_are_an_error(tmp_path: Path) -> None:
    """Of two recordings of one interaction neither is dropped silently."""
    first = write(tmp_path, "a.json", describe(interactions=[interact("one", 200)]))
    second = write(tmp_path, "b.json", describe(interactions=[interact("one", 404)]))
    with pytest.raises(FileFault, match="same interaction differently") as caught:
        read_contracts([first, second])
    assert f"{first} and {second}" in str(caught.value)

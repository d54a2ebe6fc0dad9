"""Contract files: their names, their bytes, and what is refused."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.consumer.contract_file import ContractFile, load, path_of, save
from tallystick.consumer.recording import Outcomes, Planned, RecordingError, plan, write

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def contract(consumer: str, provider: str, *descriptions: str) -> dict[str, Any]:
    """Return a contract of specification 4 with interactions that are called so."""
    return {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "interactions": [{"description": text} for text in descriptions],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


def recorded(document: dict[str, Any]) -> Outcomes:
    """Return a run in which one test passed that declared this."""
    return Outcomes({"test_a.py::test_x": [document]}, gone=lambda _: False)


def record(tests: Outcomes, folder: Path) -> list[Planned]:
    """Write the contracts of a run, and return those of which it had something to say."""
    planned = plan(tests, folder)
    write(planned)
    return [each for each in planned if each.touched]


@given(NAMES, NAMES)
def test_a_name_never_leads_out_of_the_folder(consumer: str, provider: str) -> None:
    """Whatever participants are called, their contract is one file directly in the folder."""
    path = path_of(Path("contracts"), consumer, provider)
    assert path.parent == Path("contracts")
    assert "\0" not in path.name
    assert path.name not in {".", ".."}


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Saving leaves one complete file, readable by all, and no temporary one."""
    file = ContractFile(tmp_path / "a-b.json", "a", "b", contract("a", "b", "näive"))
    save(file)
    save(file)
    assert [path.name for path in tmp_path.iterdir()] == ["a-b.json"]
    assert file.path.stat().st_mode & 0o777 == 0o644
    assert load(file.path) == file
    assert "näive" in file.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ({"consumer": {"name": "checkout"}}, r"provider\.name is missing"),
        (contract("checkout", "inventory") | {"interactions": 7}, "interactions must be a list"),
        (
            contract("checkout", "stock"),
            "would hold two contracts, checkout with inventory and checkout with stock",
        ),
        (contract("checkout", "inventory", "x", "x"), "holds 'x' twice with the same states: remove one"),
    ],
)
def test_a_file_that_is_not_this_contract_is_not_overwritten(
    tmp_path: Path, there: object, reason: str
) -> None:
    """Another contract under the same name, or one that cannot be read, stays as it is."""
    path = tmp_path / "checkout-inventory.json"
    path.write_text(json.dumps(there), encoding="utf-8")
    with pytest.raises(RecordingError, match=reason):
        record(recorded(contract("checkout", "inventory", "y")), tmp_path)
    assert json.loads(path.read_text(encoding="utf-8")) == there


def test_names_that_would_share_a_file_are_refused(tmp_path: Path) -> None:
    """`a-b` with `c` and `a` with `b-c` have the same file name, so one of them must be renamed."""
    both = [contract("a-b", "c", "x"), contract("a", "b-c", "x")]
    with pytest.raises(RecordingError, match="a with b-c and a-b with c: rename a participant"):
        record(Outcomes({"test_a.py::test_x": both}, gone=lambda _: False), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_contradiction_leaves_every_contract_as_it_was(tmp_path: Path) -> None:
    """Contracts of one run are written all together or not at all, and every reason is told."""
    twice = {
        "test_a.py::test_x": [contract("a", "b", "x"), contract("a", "c", "x")],
        "test_a.py::test_y": [
            contract("a", "c", "x") | {"interactions": [{"description": "x", "key": "other"}]}
        ],
    }
    with pytest.raises(RecordingError, match=r"test_a\.py::test_x and test_a\.py::test_y"):
        record(Outcomes(twice, gone=lambda _: False), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_foreign_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    """Contracts of other consumers, and files that are no contracts, are neither read as ours nor written."""
    (tmp_path / "notes.json").write_text("[]", encoding="utf-8")
    other = json.dumps(contract("mobile", "inventory", "x"))
    (tmp_path / "mobile-inventory.json").write_text(other, encoding="utf-8")
    (written,) = record(recorded(contract("checkout", "inventory", "x")), tmp_path)
    assert written.recorded
    assert (tmp_path / "notes.json").read_text(encoding="utf-8") == "[]"
    assert (tmp_path / "mobile-inventory.json").read_text(encoding="utf-8") == other


def members_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects with the members that matter to us, and any values in them."""
    names = [
        "comments",
        "testname",
        "providerStates",
        "metadata",
        "tallystick",
        "tests",
        "pactSpecification",
        "version",
    ]
    return st.dictionaries(st.sampled_from(names), values, max_size=4)


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | members_of(inner), max_leaves=6)


@given(members_of(ANYTHING), members_of(ANYTHING))
def test_no_shape_of_an_existing_file_is_too_strange(metadata: Any, interaction: dict[str, Any]) -> None:
    """A file with odd members is kept or refused, and never ends the run with an error of ours."""
    there = contract("checkout", "inventory") | metadata
    there["interactions"] = [{"description": "odd"} | interaction]
    with TemporaryDirectory() as folder:
        path = Path(folder, "checkout-inventory.json")
        path.write_text(json.dumps(there), encoding="utf-8")
        try:
            record(recorded(contract("checkout", "inventory", "x")), Path(folder))
        except RecordingError:
            assert json.loads(path.read_text(encoding="utf-8")) == there
        else:
            names = [
                item["description"] for item in json.loads(path.read_text(encoding="utf-8"))["interactions"]
            ]
            assert "x" in names

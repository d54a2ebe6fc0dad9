"""Contracts, published to a real broker."""

import json
import subprocess
from pathlib import Path

import pytest

from command import Run
from story import contract
from tallystick_client import Broker, build


def write(folder: Path, consumer: str, provider: str, content: str = "a") -> Path:
    """Write a contract into a file and return its path."""
    path = folder / f"{consumer}-{provider}-{content}.json"
    path.write_text(json.dumps(contract(consumer, provider, content)))
    return path


def read(broker: Broker, consumer: str, provider: str, version: str) -> list[str]:
    """Return the descriptions of the interactions that the broker has."""
    url = f"{broker.url}/pacts/provider/{provider}/consumer/{consumer}/version/{version}"
    return [each["description"] for each in broker.contract_to_verify(url).document["interactions"]]


def test_a_folder_is_published(tallystick: Run, broker: Broker, tmp_path: Path) -> None:
    """Every contract in the folder is there afterwards, whichever consumer it is of."""
    for consumer in ("Ada", "Bob"):
        write(tmp_path, consumer, "Stock")
    result = tallystick("publish", tmp_path, "-a", "1", "--branch", "main", "-t", "dev")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert "Ada" in result.stdout
    assert read(broker, "Ada", "Stock", "1") == read(broker, "Bob", "Stock", "1") == ["a request for a"]


def test_the_brokers_answer_can_be_had(tallystick: Run, broker: Broker, tmp_path: Path) -> None:
    """With JSON as output stdout is the broker's document."""
    path = write(tmp_path, "Eve", "Stock")
    document = json.loads(tallystick("publish", path, "-a", "1", "-o", "json").stdout)
    assert document["_embedded"]["version"]["number"] == "1"
    assert read(broker, "Eve", "Stock", "1")


def test_a_changed_contract_of_one_version_is_refused(
    tallystick: Run, broker: Broker, tmp_path: Path
) -> None:
    """What was published under a version stays: the broker says no, which is exit code 1."""
    tallystick("publish", write(tmp_path, "Fay", "Stock"), "-a", "1")
    result = tallystick("publish", write(tmp_path, "Fay", "Stock", "b"), "-a", "1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "409" in result.stderr
    assert read(broker, "Fay", "Stock", "1") == ["a request for a"]


def test_parts_are_added(tallystick: Run, broker: Broker, tmp_path: Path) -> None:
    """With --merge a build adds to what another one has published."""
    tallystick("publish", write(tmp_path, "Gus", "Stock"), "-a", "1")
    result = tallystick("publish", write(tmp_path, "Gus", "Stock", "b"), "-a", "1", "--merge")
    assert result.exit_code == 0, result.stderr
    assert sorted(read(broker, "Gus", "Stock", "1")) == ["a request for a", "a request for b"]


def test_of_a_faulty_folder_nothing_is_published(tallystick: Run, broker: Broker, tmp_path: Path) -> None:
    """One file that cannot be read keeps all of them at home."""
    write(tmp_path, "Hal", "Stock")
    (tmp_path / "bad.json").write_text("{")
    result = tallystick("publish", tmp_path, "-a", "1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Nothing was published" in result.stderr
    assert "bad.json" in result.stderr
    with pytest.raises(Exception, match="404"):
        read(broker, "Hal", "Stock", "1")


def test_version_and_branch_can_be_taken_from_git(
    tallystick: Run, broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With -r the commit is the version and the branch is the branch, unless a build system knows better."""
    for name in (name for system in build.SYSTEMS for name in system.variables):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    author = ("-c", "user.name=Ida", "-c", "user.email=ida@example.org")
    for words in (("init", "-q", "-b", "feat/x"), (*author, "commit", "-q", "--allow-empty", "-m", "Begin")):
        subprocess.run(["git", *words], check=True)
    result = tallystick("publish", write(tmp_path, "Ida", "Stock"), "-r")
    assert result.exit_code == 0, result.stderr
    commit = build.git_commit(tmp_path)
    assert commit
    assert read(broker, "Ida", "Stock", commit)
    assert "feat/x" in result.stdout


def test_a_version_is_needed(tallystick: Run, tmp_path: Path) -> None:
    """Without a version nothing is sent; the message names the options that give one."""
    result = tallystick("publish", write(tmp_path, "Jon", "Stock"), "-b", "http://127.0.0.1:9")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "give -a VERSION, or -r" in result.stderr

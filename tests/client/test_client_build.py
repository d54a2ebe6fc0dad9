"""What build systems and git say about a version."""

import subprocess
from pathlib import Path

import pytest

from tallystick_client import build

GITHUB = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "7"}


@pytest.mark.parametrize(
    ("env", "branch"),
    [
        ({"GITHUB_HEAD_REF": "feat/x", "GITHUB_REF": "refs/pull/1/merge"}, "feat/x"),
        ({"GITHUB_HEAD_REF": "", "GITHUB_REF": "refs/heads/main"}, "main"),
        ({"GITHUB_REF": "refs/tags/v1"}, None),
        ({"GIT_BRANCH": "origin/main"}, "main"),
        ({}, None),
    ],
)
def test_the_branch_is_the_one_that_is_built(env: dict[str, str], branch: str | None) -> None:
    """Of a change request it is the branch of the change; a tag or a merge reference is no branch."""
    assert build.branch(env) == branch


def test_the_commit_is_the_one_that_is_built() -> None:
    """The first build system that names a commit is believed; a blank variable names none."""
    assert build.version({"GITHUB_SHA": "", "CI_COMMIT_SHA": "abc"}) == "abc"
    assert build.version({}) is None


def test_the_page_of_a_build_needs_all_its_parts() -> None:
    """A URL is made of variables only when each of them is there."""
    assert build.build_url(GITHUB) == "https://github.example/a/b/actions/runs/7"
    assert build.build_url({**GITHUB, "GITHUB_RUN_ID": ""}) is None


def test_git_is_asked_where_the_tests_are(tmp_path: Path) -> None:
    """Commit, branch and changes are those of the folder; outside of a repository there are none."""
    assert (build.git_commit(tmp_path), build.git_branch(tmp_path)) == (None, None)
    author = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    for words in (("init", "-q", "-b", "feat/x"), (*author, "commit", "-q", "--allow-empty", "-m", "Begin")):
        subprocess.run(["git", "-C", tmp_path, *words], check=True)
    assert len(build.git_commit(tmp_path) or "") == 40
    assert build.git_branch(tmp_path) == "feat/x"
    contracts = tmp_path / "contracts"
    contracts.mkdir()
    (contracts / "a.json").write_text("{}")
    assert build.git_changes(tmp_path, besides=contracts) == []
    (tmp_path / "new.py").write_text("")
    assert build.git_changes(tmp_path, besides=contracts) == ["new.py"]

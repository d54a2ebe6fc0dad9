"""What build systems and git say about a version."""

import subprocess
from pathlib import Path

import pytest

from tallystick_client import build

SHA, MERGE = "3f2a1c", "9e8d7c"
PUSHES = {
    "GitHub Actions": {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SHA": SHA,
        "GITHUB_HEAD_REF": "",
        "GITHUB_REF": "refs/heads/feat/x",
        "GITHUB_SERVER_URL": "https://ci",
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_RUN_ID": "7",
    },
    "GitLab CI": {
        "GITLAB_CI": "true",
        "CI_COMMIT_SHA": SHA,
        "CI_COMMIT_BRANCH": "feat/x",
        "CI_JOB_URL": "https://ci/7",
    },
    "Buildkite": {
        "BUILDKITE": "true",
        "BUILDKITE_COMMIT": SHA,
        "BUILDKITE_BRANCH": "feat/x",
        "BUILDKITE_TAG": "",
        "BUILDKITE_BUILD_URL": "https://ci/7",
    },
    "CircleCI": {
        "CIRCLECI": "true",
        "CIRCLE_SHA1": SHA,
        "CIRCLE_BRANCH": "feat/x",
        "CIRCLE_BUILD_URL": "https://ci/7",
    },
    "Bitbucket Pipelines": {
        "BITBUCKET_BUILD_NUMBER": "7",
        "BITBUCKET_COMMIT": SHA,
        "BITBUCKET_BRANCH": "feat/x",
        "BITBUCKET_GIT_HTTP_ORIGIN": "https://ci",
    },
    "Azure Pipelines": {
        "TF_BUILD": "True",
        "BUILD_SOURCEVERSION": SHA,
        "BUILD_SOURCEBRANCH": "refs/heads/feat/x",
        "SYSTEM_COLLECTIONURI": "https://ci/",
        "SYSTEM_TEAMPROJECT": "a",
        "BUILD_BUILDID": "7",
    },
    "Travis CI": {
        "TRAVIS": "true",
        "TRAVIS_COMMIT": SHA,
        "TRAVIS_BRANCH": "feat/x",
        "TRAVIS_PULL_REQUEST_BRANCH": "",
        "TRAVIS_BUILD_WEB_URL": "https://ci/7",
    },
    "Drone": {
        "DRONE": "true",
        "DRONE_COMMIT_SHA": SHA,
        "DRONE_BRANCH": "feat/x",
        "DRONE_BUILD_LINK": "https://ci/7",
    },
    "Semaphore": {
        "SEMAPHORE": "true",
        "SEMAPHORE_GIT_SHA": SHA,
        "SEMAPHORE_GIT_WORKING_BRANCH": "feat/x",
        "SEMAPHORE_ORGANIZATION_URL": "https://ci",
        "SEMAPHORE_WORKFLOW_ID": "7",
    },
    "AWS CodeBuild": {
        "CODEBUILD_BUILD_ID": "7",
        "CODEBUILD_RESOLVED_SOURCE_VERSION": SHA,
        "CODEBUILD_WEBHOOK_HEAD_REF": "refs/heads/feat/x",
        "CODEBUILD_BUILD_URL": "https://ci/7",
    },
    "Jenkins": {
        "JENKINS_URL": "https://ci",
        "GIT_COMMIT": SHA,
        "GIT_BRANCH": "origin/feat/x",
        "BUILD_URL": "https://ci/7",
    },
}
CHANGE_REQUESTS = {
    "GitHub Actions": {"GITHUB_HEAD_REF": "fix/y", "GITHUB_REF": "refs/pull/1/merge"},
    "GitLab CI": {
        "CI_COMMIT_SHA": MERGE,
        "CI_COMMIT_BRANCH": "",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix/y",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": SHA,
    },
    "Azure Pipelines": {
        "BUILD_SOURCEVERSION": MERGE,
        "BUILD_SOURCEBRANCH": "refs/pull/1/merge",
        "SYSTEM_PULLREQUEST_SOURCECOMMITID": SHA,
        "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/fix/y",
    },
    "Travis CI": {
        "TRAVIS_COMMIT": MERGE,
        "TRAVIS_BRANCH": "main",
        "TRAVIS_PULL_REQUEST_BRANCH": "fix/y",
        "TRAVIS_PULL_REQUEST_SHA": SHA,
    },
    "Drone": {"DRONE_BRANCH": "main", "DRONE_SOURCE_BRANCH": "fix/y"},
    "Semaphore": {
        "SEMAPHORE_GIT_SHA": MERGE,
        "SEMAPHORE_GIT_PR_SHA": SHA,
        "SEMAPHORE_GIT_PR_BRANCH": "fix/y",
    },
    "Jenkins": {"BRANCH_NAME": "PR-12", "CHANGE_BRANCH": "fix/y"},
}
TAGS = {
    "GitHub Actions": {"GITHUB_REF": "refs/tags/v1"},
    "GitLab CI": {"CI_COMMIT_BRANCH": "", "CI_COMMIT_TAG": "v1"},
    "Buildkite": {"BUILDKITE_BRANCH": "v1", "BUILDKITE_TAG": "v1"},
    "CircleCI": {"CIRCLE_BRANCH": "", "CIRCLE_TAG": "v1"},
    "Bitbucket Pipelines": {"BITBUCKET_BRANCH": "", "BITBUCKET_TAG": "v1"},
    "Azure Pipelines": {"BUILD_SOURCEBRANCH": "refs/tags/v1"},
    "Travis CI": {"TRAVIS_BRANCH": "v1", "TRAVIS_TAG": "v1"},
    "Drone": {"DRONE_BRANCH": "v1", "DRONE_TAG": "v1"},
    "Jenkins": {"BRANCH_NAME": "v1", "TAG_NAME": "v1"},
}


def test_every_build_system_is_tested() -> None:
    """A system of which no environment is known here would be one that nobody has tried."""
    assert set(PUSHES) == {system.name for system in build.SYSTEMS}


@pytest.mark.parametrize("name", PUSHES)
def test_a_build_system_says_what_it_builds(name: str) -> None:
    """Commit, branch and page come from the variables that the system documents, whatever others there are."""
    env = {"GIT_BRANCH": "other", "BUILD_URL": "https://other"} | PUSHES[name]
    assert (build.version(env), build.branch(env)) == (SHA, "feat/x")
    assert (build.build_url(env) or "").startswith("https://ci/")


@pytest.mark.parametrize("name", CHANGE_REQUESTS)
def test_of_a_change_request_the_change_is_built(name: str) -> None:
    """The commit and the branch are those of the change, not of the merge that is tried."""
    env = PUSHES[name] | CHANGE_REQUESTS[name]
    assert (build.version(env), build.branch(env)) == (SHA, "fix/y")


@pytest.mark.parametrize("name", TAGS)
def test_a_tag_is_no_branch(name: str) -> None:
    """A version that is built from a tag has its commit, and no branch."""
    env = PUSHES[name] | TAGS[name]
    assert (build.version(env), build.branch(env)) == (SHA, None)


@pytest.mark.parametrize(
    ("event", "version"),
    [
        ('{"pull_request": {"head": {"sha": "3f2a1c"}}}', SHA),
        ('{"pull_request": {}}', MERGE),
        ("[]", MERGE),
        ("{", MERGE),
    ],
)
def test_github_tells_the_commit_of_a_pull_request_in_a_file(
    tmp_path: Path, event: str, version: str
) -> None:
    """Its variables name the merge alone; without a file that tells the commit, that has to do."""
    path = tmp_path / "event.json"
    path.write_text(event)
    env = PUSHES["GitHub Actions"] | {"GITHUB_SHA": MERGE, "GITHUB_EVENT_NAME": "pull_request"}
    assert build.version(env | {"GITHUB_EVENT_PATH": str(path)}) == version
    assert build.version(env) == MERGE
    assert build.version(env | {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(path)}) == MERGE


def test_a_part_of_the_variables_will_do() -> None:
    """In a container that was given a commit alone that is believed; a blank variable says nothing."""
    assert build.version({"GITHUB_SHA": "", "CI_COMMIT_SHA": SHA}) == SHA
    assert build.branch({"GIT_BRANCH": "origin/main"}) == "main"
    assert (build.version({}), build.branch({}), build.build_url({})) == (None, None, None)


def test_the_page_of_a_build_needs_all_its_parts() -> None:
    """A URL is made of variables only when each of them is there."""
    env = PUSHES["GitHub Actions"]
    assert build.build_url(env) == "https://ci/a/b/actions/runs/7"
    assert build.build_url({**env, "GITHUB_RUN_ID": ""}) is None


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

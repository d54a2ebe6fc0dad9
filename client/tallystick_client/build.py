"""What the build system and git say about the version under test."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Each system's documented variables; the branch of a change request comes before the branch that it targets.
COMMITS = (
    "GITHUB_SHA",
    "CI_COMMIT_SHA",
    "BUILDKITE_COMMIT",
    "CIRCLE_SHA1",
    "BITBUCKET_COMMIT",
    "BUILD_SOURCEVERSION",
    "GIT_COMMIT",
    "TRAVIS_COMMIT",
    "DRONE_COMMIT_SHA",
    "SEMAPHORE_GIT_SHA",
    "CODEBUILD_RESOLVED_SOURCE_VERSION",
)
BRANCHES = (
    "GITHUB_HEAD_REF",
    "GITHUB_REF",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_COMMIT_BRANCH",
    "BUILDKITE_BRANCH",
    "CIRCLE_BRANCH",
    "BITBUCKET_BRANCH",
    "SYSTEM_PULLREQUEST_SOURCEBRANCH",
    "BUILD_SOURCEBRANCH",
    "CHANGE_BRANCH",
    "BRANCH_NAME",
    "GIT_BRANCH",
    "TRAVIS_PULL_REQUEST_BRANCH",
    "TRAVIS_BRANCH",
    "DRONE_SOURCE_BRANCH",
    "SEMAPHORE_GIT_WORKING_BRANCH",
)
BUILD_URLS = (
    "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
    "{CI_JOB_URL}",
    "{CI_PIPELINE_URL}",
    "{BUILDKITE_BUILD_URL}",
    "{CIRCLE_BUILD_URL}",
    "{BITBUCKET_GIT_HTTP_ORIGIN}/addon/pipelines/home#!/results/{BITBUCKET_BUILD_NUMBER}",
    "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}",
    "{BUILD_URL}",
    "{TRAVIS_BUILD_WEB_URL}",
    "{DRONE_BUILD_LINK}",
    "{CODEBUILD_BUILD_URL}",
)


def version(env: Mapping[str, str]) -> str | None:
    """The commit that the build system says it builds."""
    return next((env[name] for name in COMMITS if env.get(name)), None)


def branch(env: Mapping[str, str]) -> str | None:
    """The branch that the build system says it builds; a tag or a merge reference is not a branch."""
    names = (re.sub(r"^(refs/heads/|origin/)", "", env.get(name, "")) for name in BRANCHES)
    return next((name for name in names if name and not name.startswith("refs/")), None)


def build_url(env: Mapping[str, str]) -> str | None:
    """The page of the running build, from the first system whose variables are all there."""
    for template in BUILD_URLS:
        names = re.findall(r"{(\w+)}", template)
        if all(env.get(name) for name in names):
            return template.format_map(env)
    return None


def git_commit(folder: Path) -> str | None:
    """The commit that is checked out in `folder`; None outside a repository or before its first commit."""
    return _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")


def git_branch(folder: Path) -> str | None:
    """The branch that is checked out in `folder`; None when detached or outside a repository."""
    return _git(folder, "symbolic-ref", "--quiet", "--short", "HEAD")


def git_changes(folder: Path, *, besides: Path) -> list[str]:
    """The files that differ from the checked-out commit; not those under `besides`, which a run writes."""
    pathspec = [".", f":(exclude){besides}"] if besides.is_relative_to(folder) else ["."]
    return [line[3:] for line in (_git(folder, "status", "--porcelain", "--", *pathspec) or "").splitlines()]


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(folder), *arguments]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, our words
    except OSError:
        return None
    return result.stdout.strip("\n") or None if result.returncode == 0 else None

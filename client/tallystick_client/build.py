"""What the build system and git say about the version under test."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class System:
    """A build system: the variable that tells it, and its documented variables for what it builds.

    Of several variables the first that is set counts: those of a change request, of which the commit and the
    branch are wanted and not those of the merge, come first. A page is made of several variables. A tag that is
    built has no branch, though some systems name it where the branch would be.
    """

    name: str
    told_by: str
    commits: tuple[str, ...]
    branches: tuple[str, ...]
    pages: tuple[str, ...]
    tag: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable by which it says something."""
        pages = [name for page in self.pages for name in _parts(page)]
        return (self.told_by, *self.commits, *self.branches, *pages, *filter(None, [self.tag]))


SYSTEMS = (
    System(
        "GitHub Actions",
        "GITHUB_ACTIONS",
        ("GITHUB_SHA",),
        ("GITHUB_HEAD_REF", "GITHUB_REF"),
        ("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",),
    ),
    System(
        "GitLab CI",
        "GITLAB_CI",
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA"),
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH"),
        ("{CI_JOB_URL}", "{CI_PIPELINE_URL}"),
    ),
    System(
        "Buildkite",
        "BUILDKITE",
        ("BUILDKITE_COMMIT",),
        ("BUILDKITE_BRANCH",),
        ("{BUILDKITE_BUILD_URL}",),
        tag="BUILDKITE_TAG",
    ),
    System("CircleCI", "CIRCLECI", ("CIRCLE_SHA1",), ("CIRCLE_BRANCH",), ("{CIRCLE_BUILD_URL}",)),
    System(
        "Bitbucket Pipelines",
        "BITBUCKET_BUILD_NUMBER",
        ("BITBUCKET_COMMIT",),
        ("BITBUCKET_BRANCH",),
        ("{BITBUCKET_GIT_HTTP_ORIGIN}/addon/pipelines/home#!/results/{BITBUCKET_BUILD_NUMBER}",),
    ),
    System(
        "Azure Pipelines",
        "TF_BUILD",
        ("SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"),
        ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"),
        ("{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}",),
    ),
    System(
        "Travis CI",
        "TRAVIS",
        ("TRAVIS_PULL_REQUEST_SHA", "TRAVIS_COMMIT"),
        ("TRAVIS_PULL_REQUEST_BRANCH", "TRAVIS_BRANCH"),
        ("{TRAVIS_BUILD_WEB_URL}",),
        tag="TRAVIS_TAG",
    ),
    System(
        "Drone",
        "DRONE",
        ("DRONE_COMMIT_SHA", "DRONE_COMMIT"),
        ("DRONE_SOURCE_BRANCH", "DRONE_BRANCH"),
        ("{DRONE_BUILD_LINK}",),
        tag="DRONE_TAG",
    ),
    System(
        "Semaphore",
        "SEMAPHORE",
        ("SEMAPHORE_GIT_PR_SHA", "SEMAPHORE_GIT_SHA"),
        ("SEMAPHORE_GIT_PR_BRANCH", "SEMAPHORE_GIT_WORKING_BRANCH", "SEMAPHORE_GIT_BRANCH"),
        ("{SEMAPHORE_ORGANIZATION_URL}/workflows/{SEMAPHORE_WORKFLOW_ID}",),
    ),
    System(
        "AWS CodeBuild",
        "CODEBUILD_BUILD_ID",
        ("CODEBUILD_RESOLVED_SOURCE_VERSION",),
        ("CODEBUILD_WEBHOOK_HEAD_REF",),
        ("{CODEBUILD_BUILD_URL}",),
    ),
    # Others take over Jenkins' variables, so it is the last that is asked for.
    System(
        "Jenkins",
        "JENKINS_URL",
        ("GIT_COMMIT",),
        ("CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"),
        ("{BUILD_URL}",),
        tag="TAG_NAME",
    ),
)


def version(env: Mapping[str, str]) -> str | None:
    """The commit that the build system says it builds: of a change request its own, not that of the merge."""
    system = _system(env)
    return (_github_head(env) or _first(env, system.commits)) if system else None


def branch(env: Mapping[str, str]) -> str | None:
    """The branch that the build system says it builds; a tag or a merge reference is not a branch."""
    system = _system(env)
    if system is None or env.get(system.tag):
        return None
    names = (re.sub(r"^(refs/heads/|origin/)", "", env.get(name, "")) for name in system.branches)
    return next((name for name in names if name and not name.startswith("refs/")), None)


def build_url(env: Mapping[str, str]) -> str | None:
    """The page of the running build, when all that it is made of is there."""
    system = _system(env)
    pages = system.pages if system else ()
    return next((page.format_map(env) for page in pages if all(map(env.get, _parts(page)))), None)


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


def _system(env: Mapping[str, str]) -> System | None:
    """The system that runs this; in a container that was given some of its variables, the one that has those."""
    told = next((system for system in SYSTEMS if env.get(system.told_by)), None)
    return told or next((system for system in SYSTEMS if any(map(env.get, system.variables))), None)


def _parts(page: str) -> list[str]:
    return re.findall(r"{(\w+)}", page)


def _first(env: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((env[name] for name in names if env.get(name)), None)


def _github_head(env: Mapping[str, str]) -> str | None:
    """The commit of a pull request on GitHub, whose variables name only the merge that is tried."""
    if not env.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        return None
    try:
        event = json.loads(Path(env.get("GITHUB_EVENT_PATH", "")).read_bytes())
        head = event["pull_request"]["head"]["sha"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return head if isinstance(head, str) else None


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(folder), *arguments]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, our words
    except OSError:
        return None
    return result.stdout.strip("\n") or None if result.returncode == 0 else None

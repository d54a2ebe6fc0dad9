"""Which versions the gate is asked about, and how the question is put in a query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tallystick_client.errors import InvalidInput


@dataclass(frozen=True)
class Selector:
    """One participant in a version, or in the newest of a branch, of its main branch, of a tag, or of all.

    Raises InvalidInput for a blank value (to a broker that would mean "every version") and for a version
    number beside another choice.
    """

    participant: str
    version: str | None = None
    branch: str | None = None
    tag: str | None = None
    main_branch: bool = False
    latest: bool = False

    def __post_init__(self) -> None:
        for text in (self.participant, self.version, self.branch, self.tag):
            if text is not None and not text.strip():
                raise InvalidInput("The name, version, branch or tag to ask about is blank.")
        ways = [self.version is not None, self.branch is not None, self.tag is not None, self.main_branch]
        if sum(ways) > 1 or (self.version is not None and self.latest):
            raise InvalidInput(f"{self.participant} is selected in two ways: choose one of them.")

    def describe(self) -> str:
        """Return the selection in words."""
        if self.version is not None:
            return f"{self.participant} {self.version}"
        if self.branch is not None:
            return f"the latest {self.participant} of branch {self.branch}"
        if self.tag is not None:
            return f"the latest {self.participant} tagged {self.tag}"
        if self.main_branch:
            return f"the latest {self.participant} of its main branch"
        return f"the latest {self.participant}" if self.latest else f"any version of {self.participant}"


@dataclass(frozen=True)
class Question:
    """May these versions be deployed together, to an environment or beside the newest versions of a tag?

    Without such a target one selector is compared with the newest version of everything else, several with
    each other. `ignore` names what is left out of the answer; with `require_contracts` nothing to judge is a no.
    Raises InvalidInput for a question that cannot be put.
    """

    selectors: Sequence[Selector]
    environment: str | None = None
    tag: str | None = None
    ignore: Sequence[Selector] = ()
    require_contracts: bool = False

    def __post_init__(self) -> None:
        if not self.selectors:
            raise InvalidInput("Nothing is selected: name at least one participant and its version.")
        if any(target is not None and not target.strip() for target in (self.environment, self.tag)):
            raise InvalidInput("The environment or tag to deploy to is blank.")
        if self.environment is not None and self.tag is not None:
            raise InvalidInput("Ask about an environment or a tag, not both.")

    def query(self) -> list[tuple[str, str]]:
        """Return the question as the query of GET /matrix."""
        selected = [pair for selector in self.selectors for pair in _query_selector("q", selector)]
        ignored = [pair for selector in self.ignore for pair in _query_selector("ignore", selector)]
        required = [("requireContracts", "true")] if self.require_contracts else []
        return [*selected, *self._query_target(), *ignored, *required]

    def _query_target(self) -> Iterable[tuple[str, str]]:
        alone = len(self.selectors) == 1
        if self.environment is not None:
            yield "environment", self.environment
        elif self.tag is not None:
            yield from (("tag", self.tag), ("latest", "true"))
        elif alone:
            yield "latest", "true"
        # The grouping hides live versions on brokers that obey it, unless it keeps every pair of versions.
        yield "latestby", "cvp" if alone and self.environment is None else "cvpv"


def query_plan(
    environment: str, selectors: Iterable[Selector], ignore: Iterable[Selector]
) -> list[tuple[str, str]]:
    """Return the query of GET /plan; raises InvalidInput for a blank environment."""
    if not environment.strip():
        raise InvalidInput("The environment to plan for is blank.")
    selected = [pair for selector in selectors for pair in _query_selector("q", selector)]
    ignored = [pair for selector in ignore for pair in _query_selector("ignore", selector)]
    return [("environment", environment), *selected, *ignored]


def query_former(environment: str, selector: Selector, ignore: Iterable[Selector]) -> list[tuple[str, str]]:
    """Return the query about what is or was live; raises InvalidInput for a blank environment."""
    if not environment.strip():
        raise InvalidInput("The environment to ask about is blank.")
    asked = [("pacticipant", selector.participant)]
    asked += [("version", selector.version)] if selector.version is not None else []
    ignored = [pair for each in ignore for pair in _query_selector("ignore", each)]
    return [*asked, ("environment", environment), *ignored]


def _query_selector(name: str, selector: Selector) -> Iterable[tuple[str, str]]:
    newest = (
        selector.latest or selector.branch is not None or selector.tag is not None or selector.main_branch
    )
    values = {
        "pacticipant": selector.participant,
        "version": selector.version,
        "branch": selector.branch,
        "tag": selector.tag,
        "mainBranch": "true" if selector.main_branch else None,
        "latest": "true" if newest else None,
    }
    return [(f"{name}[][{key}]", value) for key, value in values.items() if value is not None]

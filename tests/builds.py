"""Random histories of builds, and what a provider should verify after them by the letter of the rules.

The rules are the Pact Broker's, written down a second time: everything is kept in lists, and each question walks
through all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from story import Story

PROVIDER = "api"
CONSUMERS = ("app", "web")
NUMBERS = ("1", "2", "3")
BRANCHES = ("main", "feat", "x")
TAGS = ("main", "dev", "x")
PLACES = ("prod", "test")

Named = tuple[str, str]
"""A version: the participant's name and the number."""

Listed = tuple[str, str, frozenset[str], bool, bool]
"""An entry of the list: consumer, number, why it is there, pending, work in progress."""


@dataclass(frozen=True)
class Result:
    """What a provider version made of a content, at a moment, and the tags that it had then."""

    moment: int
    number: str
    content: Named
    success: bool
    wip: bool
    tags: frozenset[str]


@dataclass
class World:
    """What has happened so far; a moment is the number of the step."""

    contents: dict[Named, str]
    """What each consumer version publishes when it does."""
    moment: int = 0
    versions: list[Named] = field(default_factory=list)
    born: dict[Named, int] = field(default_factory=dict)
    """When versions were made."""
    main: dict[str, str] = field(default_factory=dict)
    branches: dict[Named, int] = field(default_factory=dict)
    """When branches were made, by participant and name."""
    members: list[tuple[Named, str]] = field(default_factory=list)
    heads: dict[Named, Named] = field(default_factory=dict)
    tags: dict[tuple[Named, str], int] = field(default_factory=dict)
    published: list[Named] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    live: list[tuple[str, Named, str]] = field(default_factory=list)
    """How a version is live (deployed or released), and where."""

    def version(self, name: str, number: str) -> None:
        """Make a version when it is new."""
        if (name, number) not in self.versions:
            self.versions.append((name, number))
            self.born[name, number] = self.moment

    def branch(self, name: str, number: str, branch: str) -> None:
        """Put a version on a branch; it is the head only when it was not on it before."""
        self.version(name, number)
        self.branches.setdefault((name, branch), self.moment)
        if ((name, number), branch) not in self.members:
            self.members.append(((name, number), branch))
            self.heads[name, branch] = (name, number)
        self._detect_main(name, branch)

    def tag(self, name: str, number: str, tag: str) -> None:
        """Tag a version; the first tag of one without a branch names its branch."""
        self.version(name, number)
        version = (name, number)
        is_named = any(each == version for each, _ in [*self.members, *self.tags])
        self.tags.setdefault((version, tag), self.moment)
        self._detect_main(name, tag)
        if not is_named:
            self.branch(name, number, tag)

    def publish(self, name: str, number: str, branch: str | None, tag: str | None) -> None:
        """Publish what the version has for the provider."""
        self.version(name, number)
        if branch:
            self.branch(name, number, branch)
        if tag:
            self.tag(name, number, tag)
        if (name, number) not in self.published:
            self.published.append((name, number))

    def verify(self, number: str, of: Named, success: bool, wip: bool) -> None:
        """Record a result, by a provider version that is made when it is new."""
        self.version(PROVIDER, number)
        tags = frozenset(tag for version, tag in self.tags if version == (PROVIDER, number))
        self.results.append(Result(self.moment, number, self._content(of), success, wip, tags))

    def deploy(self, name: str, number: str, place: str) -> None:
        """Let the version take the place of the one that runs there."""
        self.version(name, number)
        self.live = [
            each for each in self.live if (each[0], each[1][0], each[2]) != ("deployed to", name, place)
        ]
        self.live.append(("deployed to", (name, number), place))

    def release(self, name: str, number: str, place: str) -> None:
        """Support the version there beside others."""
        self.version(name, number)
        self.live.append(("released in", (name, number), place))

    def list_for(self, selectors: list[dict[str, Any]], branch: str | None, tags: list[str]) -> list[Listed]:
        """Return what the provider should verify, with work in progress."""
        explicit = self._gather(found for each in selectors for found in self._select(each, branch))
        listed = [
            (*version, why, self._is_pending(self._content(version), branch, tags), False)
            for version, why in explicit
        ]
        known = {self._content(version) for version, _ in explicit}
        heads = self._gather(self._heads())
        rest = [(version, why) for version, why in heads if self._content(version) not in known]
        progress = [
            (*version, why, True, True)
            for version, why in rest
            if self._is_open(self._content(version), branch, tags)
        ]
        return listed + (progress if branch or tags else [])

    def _detect_main(self, name: str, word: str) -> None:
        if word == "main":
            self.main.setdefault(name, word)

    def _content(self, version: Named) -> Named:
        return version[0], self.contents[version]

    def _gather(self, found: Iterable[tuple[Named, str]]) -> list[tuple[Named, frozenset[str]]]:
        """Return one entry for each content, under its newest version that was found, in order."""
        groups: dict[Named, list[tuple[Named, str]]] = {}
        for version, why in found:
            if version in self.published:
                groups.setdefault(self._content(version), []).append((version, why))
        entries = [
            (
                max((version for version, _ in group), key=self.versions.index),
                frozenset(why for _, why in group),
            )
            for group in groups.values()
        ]
        return sorted(entries, key=lambda entry: (entry[0][0], self.versions.index(entry[0])))

    def _select(self, selector: dict[str, Any], branch: str | None) -> Iterator[tuple[Named, str]]:
        for name in CONSUMERS:
            if selector.get("consumer", name) == name:
                yield from self._select_of(name, selector, branch)

    def _select_of(
        self, name: str, selector: dict[str, Any], branch: str | None
    ) -> Iterator[tuple[Named, str]]:
        named = branch if selector.get("matchingBranch") else selector.get("branch")
        heads = {each: version for (who, each), version in self.heads.items() if who == name}
        if selector.get("mainBranch"):
            yield from (
                (heads[each], "latest from main branch") for each in heads if each == self.main.get(name)
            )
        elif named:
            yield from (
                (heads[each], f"latest from branch {each}")
                for each in heads
                if named is True or each == named
            )
        elif "tag" in selector:
            yield from self._select_tagged(name, selector)
        elif selector.get("latest"):
            published = [each for each in self.versions if each in self.published and each[0] == name]
            yield from ((version, "latest") for version in published[-1:])
        else:
            yield from self._select_live(name, selector)

    def _select_tagged(self, name: str, selector: dict[str, Any]) -> Iterator[tuple[Named, str]]:
        tag = selector["tag"]
        tagged = [each for each in self.versions if each[0] == name and (each, tag) in self.tags]
        if selector.get("latest"):
            yield from ((version, f"latest with tag {tag}") for version in tagged[-1:])
        else:
            who = f"{name} " if "consumer" in selector else ""
            yield from ((version, f"one of {who}{tag}") for version in tagged)

    def _select_live(self, name: str, selector: dict[str, Any]) -> Iterator[tuple[Named, str]]:
        either = selector.get("deployedOrReleased")
        kinds = {"deployed to"} if selector.get("deployed") or either else set()
        kinds |= {"released in"} if selector.get("released") or either else set()
        for kind, version, place in self.live:
            if version[0] != name or selector.get("environment", place) != place:
                continue
            if kind in kinds:
                yield version, f"{kind} {place}"
            elif "environment" in selector and not kinds:
                yield version, f"in {place}"

    def _heads(self) -> Iterator[tuple[Named, str]]:
        for (name, branch), version in self.heads.items():
            if name in CONSUMERS:
                yield version, f"latest from branch {branch}"
        for tag in TAGS:
            for name in CONSUMERS:
                tagged = [each for each in self.versions if each[0] == name and (each, tag) in self.tags]
                for version in tagged[-1:]:
                    yield version, f"latest with tag {tag}"

    def _is_pending(self, content: Named, branch: str | None, tags: list[str]) -> bool:
        successes = [each for each in self.results if each.content == content and each.success]
        if branch:
            began = self.branches.get((PROVIDER, branch))
            return not any(self._counts_for(each, branch, began) for each in successes)
        if tags:
            return not all(any(self._counts_for_tag(each, tag) for each in successes) for tag in tags)
        return not successes

    def _is_open(self, content: Named, branch: str | None, tags: list[str]) -> bool:
        """Return whether the content was not yet honoured when it was selected explicitly."""
        successes = [
            each for each in self.results if each.content == content and each.success and not each.wip
        ]
        if branch:
            on = [version for version, each in self.members if each == branch and version[0] == PROVIDER]
            began = min((self.born[version] for version in on), default=None)
            return not any(self._counts_for(each, branch, began) for each in successes)
        return not all(
            any(tag in each.tags or (each.tags and self._is_before_tag(each, tag)) for each in successes)
            for tag in tags
        )

    def _counts_for(self, result: Result, branch: str, began: int | None) -> bool:
        on = {each for version, each in self.members if version == (PROVIDER, result.number)}
        return branch in on or (bool(on) and (began is None or result.moment < began))

    def _counts_for_tag(self, result: Result, tag: str) -> bool:
        has = {each for version, each in self.tags if version == (PROVIDER, result.number)}
        return tag in has or (bool(has) and self._is_before_tag(result, tag))

    def _is_before_tag(self, result: Result, tag: str) -> bool:
        uses = [
            moment for (version, each), moment in self.tags.items() if version[0] == PROVIDER and each == tag
        ]
        return not uses or result.moment < min(uses)


def tell(world: World, story: Story, steps: Iterable[tuple[Any, ...]]) -> None:
    """Let these steps happen in the world and in the story alike."""
    for kind, *arguments in steps:
        world.moment += 1
        if kind == "verify":
            number, of, success, wip = arguments
            if of in world.published:
                world.verify(number, of, success, wip)
                story.verify(PROVIDER, number, of, success, wip=wip)
            continue
        getattr(world, kind)(*arguments)
        if kind == "publish":
            name, number, branch, tag = arguments
            content = world.contents[name, number]
            story.publish(name, number, PROVIDER, content=content, branch=branch, tags=[tag] if tag else [])
        else:
            getattr(story, kind)(*arguments)
    story.session.flush()


consumers: st.SearchStrategy[Named] = st.tuples(st.sampled_from(CONSUMERS), st.sampled_from(NUMBERS))
providers: st.SearchStrategy[Named] = st.tuples(st.just(PROVIDER), st.sampled_from(NUMBERS))
publishing = st.tuples(
    st.just("publish"), consumers, st.none() | st.sampled_from(BRANCHES), st.none() | st.sampled_from(TAGS)
)
verifying = st.tuples(
    st.just("verify"),
    st.sampled_from(NUMBERS),
    consumers,
    st.sampled_from([True, True, False]),
    st.sampled_from([True, False, False]),
)
others = st.one_of(
    publishing,
    verifying,
    verifying,
    st.tuples(st.just("branch"), consumers, st.sampled_from(BRANCHES)),
    st.tuples(st.just("branch"), providers, st.sampled_from(BRANCHES)),
    st.tuples(st.just("tag"), consumers | providers, st.sampled_from(TAGS)),
    st.tuples(st.sampled_from(["deploy", "release"]), consumers, st.sampled_from(PLACES)),
)
steps = st.tuples(
    st.lists(publishing, min_size=2, max_size=5), st.lists(others, min_size=4, max_size=12)
).map(lambda parts: [_flat(step) for step in parts[0] + parts[1]])
contents = st.fixed_dictionaries(
    {(name, number): st.sampled_from("ab") for name in CONSUMERS for number in NUMBERS}
)
SELECTORS: tuple[dict[str, Any], ...] = (
    {"mainBranch": True},
    {"branch": "feat"},
    {"branch": True},
    {"tag": "dev"},
    {"tag": "x", "latest": True},
    {"latest": True},
    {"deployed": True},
    {"released": True, "environment": "prod"},
    {"deployedOrReleased": True},
    {"environment": "prod"},
)
selectors = st.lists(
    st.sampled_from([each | more for each in SELECTORS for more in ({}, {"consumer": "web"})]),
    min_size=1,
    max_size=3,
)


def _flat(step: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the step with the version's name and number as two arguments, unless it is a result."""
    if step[0] == "verify":
        return step
    return step[0], *step[1], *step[2:]

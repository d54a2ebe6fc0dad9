"""The commands that ask in a pipeline what a page was asked."""

from collections.abc import Iterable
from shlex import join

from tallystick_broker.gate.question import Selector


def command(*words: str) -> str:
    """Return the command line of these words, to be pasted into a shell."""
    return join(["tallystick", *words])


def selecting(selector: Selector) -> list[str]:
    """Return the options that select the same versions."""
    by_value = {"--version": selector.version, "--branch": selector.branch, "--latest": selector.tag}
    which = [word for option, value in by_value.items() if value for word in (option, value)]
    if not which and selector.latest:
        which = ["--main-branch" if selector.main_branch else "--latest"]
    return ["--pacticipant", selector.participant, *which]


def ignoring(ignored: Iterable[Selector]) -> list[str]:
    """Return the options that have the same ignored."""
    rows = (
        ["--ignore", each.participant, *(["--version", each.version] if each.version else [])]
        for each in ignored
    )
    return [word for row in rows for word in row]

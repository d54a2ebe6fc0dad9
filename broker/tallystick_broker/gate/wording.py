"""Words for versions and selectors, and the commands that change what is known of them. Pure."""

from shlex import quote

from tallystick_broker.gate.facts import Ref
from tallystick_broker.gate.question import Selector

UNNAMED = "<version>"
"""Stands for a version that the reader has to fill in."""


def name(ref: Ref) -> str:
    """Return the version in words."""
    return f"{ref.name} {ref.number}" if ref.number else f"any version of {ref.name}"


def describe(selector: Selector) -> str:
    """Return the selector in words: `the latest version of inventory from branch main`."""
    which = "the latest version of" if selector.latest else "any version of"
    participant = selector.participant
    if selector.version:
        return f"version {selector.version} of {participant}"
    if selector.environment:
        return f"the versions of {participant} in {selector.environment}"
    if selector.main_branch:
        return f"{which} {participant} from the main branch"
    if selector.branch:
        return f"{which} {participant} from branch {selector.branch}"
    return f"{which} {participant} with tag {selector.tag}" if selector.tag else f"{which} {participant}"


def describe_absence(selector: Selector) -> str:
    """Return the sentence that there is nothing which the selector means."""
    participant = selector.participant
    if selector.version:
        return (
            f"No pacts or verifications have been published for version {selector.version} of {participant}."
        )
    if selector.environment:
        return f"No version of {participant} is recorded as deployed or released in {selector.environment}."
    if selector.main_branch:
        return f"No version of {participant} from the main branch exists."
    if selector.branch:
        return f"No version of {participant} from branch {selector.branch} exists."
    if selector.tag:
        return f"No version with tag {selector.tag} exists for {participant}."
    return f"No version of {participant} exists."


def advise_presence(selector: Selector) -> str:
    """Return how what the selector means comes into being."""
    if not selector.environment:
        return f"Publish {describe(selector)} first."
    command = f"tallystick record-deployment --pacticipant {quote(selector.participant)} --version {UNNAMED}"
    return (
        f"Deploy {selector.participant} to {selector.environment} first. If it runs there, record it: "
        f"{command} --environment {quote(selector.environment)}"
    )


def advise_verification(provider: Ref) -> str:
    """Return how a provider version verifies its contracts."""
    number = provider.number or UNNAMED
    shown = number if number == UNNAMED else quote(number)
    command = f"pytest --contracts-from broker --contracts-publish --contracts-version {shown}"
    return f"Verify it in the build of {provider.name} at version {number}, and publish the result: {command}"


def advise_branch(ref: Ref) -> str:
    """Return how a version that publishes contracts comes to be on a branch."""
    version = quote(ref.number or "")
    return (
        f"Name the branch when {ref.name} publishes: "
        f"tallystick publish contracts/ --consumer-app-version {version} --branch <branch>"
    )

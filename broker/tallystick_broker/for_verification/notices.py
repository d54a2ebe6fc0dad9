"""What a provider's build is told of a contract: why it is on the list, and what a failure will do. Pure."""

from collections.abc import Iterator

from tallystick_broker.for_verification.entries import Entry, Reason
from tallystick_broker.for_verification.request import Request

BEFORE = "before_verification"
Notice = dict[str, str]


def notices(entry: Entry, provider: str, request: Request, url: str) -> list[Notice]:
    """Return the notices in the order in which a client shows them; `url` is the contract's address.

    `when` says at which moment each is for (the words of the Pact Broker).
    """
    found = [_notice(BEFORE, _why(entry, provider, request, url))]
    if request.pending:
        found.append(_notice(BEFORE, _pending_text(entry, provider, request)))
    if request.pending and entry.pending:
        found += _after(entry, provider, request)
    return found


def _why(entry: Entry, provider: str, request: Request, url: str) -> str:
    if not entry.wip:
        bullets = "".join(f"\n    * {line}" for line in _bullets(entry))
        return (
            f"The pact at {url} is verified because its content belongs to consumer versions that match "
            f"these criteria:{bullets}"
        )
    heads = " and ".join(sorted({str(reason) for reason in entry.reasons}))
    return (
        f"The pact at {url} is verified as work in progress: it belongs to {entry.consumer} "
        f"{entry.number}, {heads}, and no {_version(provider, entry.unhonoured_for, request)} has verified it "
        "successfully when it was selected explicitly. Work in progress never breaks the build."
    )


def _bullets(entry: Entry) -> Iterator[str]:
    for reason in entry.reasons:
        yield f"{_criterion(reason, entry.consumer)} ({reason.number})"


def _criterion(reason: Reason, who: str) -> str:
    selector, place = reason.selector, reason.place
    if selector.deployed:
        return f"version of {who} deployed to {place}"
    if selector.released:
        return f"version of {who} released and supported in {place}"
    if selector.environment:
        return f"version of {who} live in {place}"
    if selector.main_branch:
        text = f"latest version of {who} from the main branch '{place}'"
    elif selector.tag is not None:
        which = "latest version" if selector.latest else "all versions"
        text = f"{which} of {who} tagged '{place}'"
    elif place:
        text = f"latest version of {who} from branch '{place}'"
    else:
        text = f"latest version of {who} that has a pact with this provider"
    missing = selector.fallback_for
    if missing is not None:
        text += f", in place of '{missing.tag or missing.branch}', which was not found"
    return text


def _pending_text(entry: Entry, provider: str, request: Request) -> str:
    if entry.wip:
        return "This pact is pending because it is work in progress: a failure does not break the build."
    if not entry.pending:
        return (
            f"A {_version(provider, entry.honoured_for, request)} has verified this pact successfully before, so "
            "a failure breaks the build."
        )
    return (
        f"This pact is pending: no {_version(provider, entry.unhonoured_for, request)} has published a successful "
        "result for it yet, so a failure does not break the build."
    )


def _after(entry: Entry, provider: str, request: Request) -> Iterator[Notice]:
    version = _version(provider, entry.unhonoured_for, request)
    failed = f"This pact is still pending: no {version} has honoured it yet."
    proven = f"This pact is no longer pending for a {version}: from now on a failure breaks the build."
    if entry.wip:
        proven = (
            "This pact stays pending as work in progress until it is selected explicitly, for example once its "
            "consumer's change is merged."
        )
    yield _notice(
        "after_verification:success_true_published_false", "This pact is still pending: nothing is published."
    )
    yield _notice("after_verification:success_false_published_false", failed)
    yield _notice("after_verification:success_true_published_true", proven)
    yield _notice("after_verification:success_false_published_true", failed)


def _version(provider: str, names: tuple[str, ...], request: Request) -> str:
    listed = ", ".join(f"'{name}'" for name in names if name)
    if not listed:
        return f"version of {provider}"
    return f"version of {provider} {'on branch' if request.branch else 'tagged'} {listed}"


def _notice(when: str, text: str) -> Notice:
    return {"when": when, "text": text}

"""Questions to the gate, as queries put them."""

from collections import Counter
from collections.abc import Collection
from typing import Any, Literal, cast

from tallystick_broker.api.queries import Parameters, list_of, text_of
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.question import LatestBy, Question, Selector, Target

SELECTING = ("pacticipant", "version", "tag", "branch", "mainBranch", "latest", "environment")
GROUPINGS = ("cvp", "cvpv", "cp")
OUTCOMES: dict[Any, bool | None] = {"true": True, "false": False, "": None}
DEFAULT_LIMIT = 100
MOST_CANDIDATES = 1000


def read_question(parameters: Parameters, selectors: tuple[Selector, ...] = ()) -> Question:
    """Return the question in the query of a matrix; `selectors` are those that its path names.

    Raises Invalid with everything that is wrong with it. A blank value is no value.
    """
    errors: list[str] = []
    if not selectors:
        selectors = tuple(_read_selector(each, errors) for each in list_of(parameters, "q"))
    if not selectors:
        errors.append("Select at least one version to ask about: q[][pacticipant]=…&q[][version]=…")
    question = Question(
        selectors,
        _read_target(parameters, errors),
        read_ignored(parameters, errors),
        _read_grouping(parameters, errors),
        _read_outcomes(parameters, errors),
        _read_limit(parameters, errors),
        _is_true(parameters, "requireContracts", errors),
    )
    if errors:
        raise Invalid(errors)
    return question


def read_ignored(parameters: Parameters, errors: list[str]) -> tuple[Selector, ...]:
    """Return what is to be ignored; what is wrong with it is added to the errors."""
    found = [_read_selector(each, errors, "ignore") for each in list_of(parameters, "ignore") if each]
    if any(each != Selector(each.participant, each.version) for each in found):
        errors.append("Only ignore[][pacticipant] and ignore[][version] can say what to ignore")
    return tuple(found)


def read_together(parameters: Parameters, errors: dict[str, list[str]]) -> tuple[Selector, ...]:
    """Return the versions that go together with another one; what is wrong with them is added to the errors."""
    faults: list[str] = []
    found = [_read_selector(each, faults, "with") for each in list_of(parameters, "with")]
    if any(each != Selector(each.participant, each.version) or each.by_name_only for each in found):
        faults.append("Name each one by with[][pacticipant]=…&with[][version]=…")
    if faults:
        errors["with"] = faults
    return tuple(found)


def read_candidates(parameters: Parameters, errors: dict[str, list[str]]) -> tuple[Selector, ...]:
    """Return the versions that are to be planned, one of each pacticipant; what is wrong is added to the errors."""
    faults: list[str] = []
    found = tuple(_read_selector(each, faults) for each in list_of(parameters, "q"))
    if any(each.environment or not (each.version or each.latest) for each in found):
        faults.append(
            "Name one version of each pacticipant: by q[][version]=…, or the newest by q[][latest]=true"
        )
    names = Counter(each.participant for each in found)
    faults += [f"{name} is named more than once" for name, count in names.items() if count > 1]
    if faults:
        errors["q"] = faults
    return found


def refuse_excess(candidates: Collection[Selector]) -> str | None:
    """Return what is wrong with planning so many versions at once, None if nothing is."""
    if len(candidates) <= MOST_CANDIDATES:
        return None
    count = f"{len(candidates):,} versions, but at most {MOST_CANDIDATES:,} can be planned at once"
    return f"asks for {count}: name those that matter"


def _read_selector(given: Any, errors: list[str], name: Literal["q", "ignore", "with"] = "q") -> Selector:
    if not isinstance(given, dict):
        errors.append(f"{name}[] must have members: {name}[][pacticipant]=…")
        return Selector("")
    unknown = sorted(set(given) - set(SELECTING))
    errors += [f"{name}[][{each}] is unknown: use {', '.join(SELECTING)}" for each in unknown]
    participant = text_of(given, "pacticipant")
    if participant is None:
        errors.append(f"Please name the pacticipant of each version: {name}[][pacticipant]=…")
    selector = Selector(
        participant or "",
        text_of(given, "version"),
        text_of(given, "tag"),
        text_of(given, "branch"),
        _is_true(given, "mainBranch", errors),
        _is_true(given, "latest", errors),
        text_of(given, "environment"),
    )
    if selector.version and selector.latest:
        errors.append(
            f"A version can't be the latest one as well: leave out {name}[][version] or {name}[][latest]"
        )
    return selector


def _read_target(parameters: Parameters, errors: list[str]) -> Target:
    target = Target(
        text_of(parameters, "tag"),
        _is_true(parameters, "mainBranch", errors),
        _is_true(parameters, "latest", errors),
        text_of(parameters, "environment"),
    )
    if sum(map(bool, (target.tag, target.main_branch, target.environment))) > 1:
        errors.append("Name one of tag, mainBranch and environment, not several")
    if target.latest and target.environment:
        errors.append(
            "latest can't be asked for together with an environment, where every live version counts"
        )
    return target


def _read_grouping(parameters: Parameters, errors: list[str]) -> LatestBy | None:
    grouping = text_of(parameters, "latestby")
    if grouping is not None and grouping not in GROUPINGS:
        errors.append(f"latestby must be one of {', '.join(GROUPINGS)}")
        return None
    return cast("LatestBy | None", grouping)


def _read_outcomes(parameters: Parameters, errors: list[str]) -> frozenset[bool | None]:
    given = list_of(parameters, "success")
    wrong = [each for each in given if not isinstance(each, str) or each not in OUTCOMES]
    if wrong:
        errors.append("success must be true, false, or blank for what is not verified")
    return frozenset(OUTCOMES[each] for each in given if each not in wrong)


def _read_limit(parameters: Parameters, errors: list[str]) -> int:
    text = text_of(parameters, "limit")
    if text is None:
        return DEFAULT_LIMIT
    if not text.isascii() or not text.isdecimal() or not int(text[:10]) > 0:
        errors.append("limit must be a number from 1 up")
        return DEFAULT_LIMIT
    return int(text[:10])


def _is_true(parameters: Parameters, name: str, errors: list[str]) -> bool:
    text = text_of(parameters, name)
    if text not in (None, "true", "false"):
        errors.append(f"{name} must be true or left out")
    return text == "true"

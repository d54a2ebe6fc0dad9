"""Participants and their labels: found, made, changed, and kept apart from others of almost the same name."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from tallystick_broker.db import among, find_or_create, find_or_create_all
from tallystick_broker.errors import Conflict, NotFound
from tallystick_broker.models import Label, Participant, Version

FIELDS = ("display_name", "main_branch", "repository_url", "repository_name", "repository_namespace")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where a word begins inside of text: before the W of `fooWeb`, and before the C of `HTTPClient`."""

GENERIC_WORDS = {"api", "provider", "service"}
ALL_NAMES = select(Participant.name).order_by(Participant.name)
NAMED = select(Participant).where(Participant.name.in_(bindparam("names", expanding=True)))


def get_participant(session: Session, name: str, role: str = "pacticipant") -> Participant:
    """Return the participant of this name; raise NotFound, naming the role, when there is none."""
    return get_participants(session, {role: name})[role]


def get_participants(session: Session, names: Mapping[str, str]) -> dict[str, Participant]:
    """Return the participant in each role; raise NotFound, naming the role, for the first one that is unknown."""
    found = find_participants(session, names.values())
    for role, name in names.items():
        if name not in found:
            raise NotFound(f"No {role} with name '{name}' found")
    return {role: found[name] for role, name in names.items()}


def find_participants(session: Session, names: Iterable[str]) -> dict[str, Participant]:
    """Return those of the participants of these names that there are."""
    return {each.name: each for each in session.scalars(NAMED, {"names": [*set(names)]})}


def ensure_participant(session: Session, name: str) -> Participant:
    """Return the participant of this name, made when it is new."""
    return ensure_participants(session, [name])[name]


def ensure_participants(session: Session, names: Iterable[str]) -> dict[str, Participant]:
    """Return the participant of each name, made when it is new."""
    rows = {name: {"name": name, "display_name": display_name(name)} for name in sorted(set(names))}
    given = {"names": [*rows]}
    return find_or_create_all(session, Participant, NAMED, rows, lambda each: each.name, given)[0]


def select_participants(query: str | None = None, label: str | None = None) -> Select[Participant]:
    """Return the query for participants by name.

    `query` keeps those whose name contains it, in any case; `label` those that have it.
    """
    wanted = select(Participant).order_by(Participant.name)
    if query:
        wanted = wanted.where(Participant.name.icontains(query, autoescape=True))
    if label is not None:
        wanted = wanted.join(Label, Label.participant_id == Participant.id).where(Label.name == label)
    return wanted


def find_latest_numbers(session: Session, participant_ids: list[int]) -> dict[int, str]:
    """Return the number of each participant's newest version; one without versions is left out."""
    newest = select(func.max(Version.id)).where(Version.participant_id == Participant.id)
    wanted = select(Participant.id, Version.number).join(
        Version, Version.id == newest.correlate(Participant).scalar_subquery()
    )
    found = session.execute(wanted.where(among(Participant.id, participant_ids)))
    return dict(found.all())


def find_labels(session: Session, participant_ids: list[int]) -> dict[int, list[str]]:
    """Return the names of each participant's labels; one without labels is left out."""
    wanted = select(Label.participant_id, Label.name).where(among(Label.participant_id, participant_ids))
    found: dict[int, list[str]] = {}
    for participant_id, name in session.execute(wanted.order_by(Label.name)):
        found.setdefault(participant_id, []).append(name)
    return found


def get_label(session: Session, name: str, label: str) -> Label:
    """Return the participant's label; raise NotFound when it, or the participant, is unknown."""
    found = session.get(Label, (get_participant(session, name).id, label))
    if found is None:
        raise NotFound(f"{name} has no label {label}")
    return found


def add_label(session: Session, name: str, label: str) -> tuple[Label, bool]:
    """Return the participant's label and whether it is new; the participant is made when needed."""
    participant = ensure_participant(session, name)
    return find_or_create(session, Label, {"participant_id": participant.id, "name": label})


def create_participant(session: Session, name: str, fields: dict[str, Any]) -> Participant:
    """Return a new participant; raise Conflict when the name is taken."""
    participant, created = find_or_create(
        session, Participant, {"name": name}, {"display_name": display_name(name)}
    )
    if not created:
        raise Conflict(f"A pacticipant with name '{name}' exists: change it with PATCH.")
    return change_participant(participant, fields)


def change_participant(participant: Participant, fields: dict[str, Any]) -> Participant:
    """Set these fields (see FIELDS); blank text is no value, and no display name means the default one."""
    for field, value in fields.items():
        setattr(participant, field, value or None)
    participant.display_name = participant.display_name or display_name(participant.name)
    return participant


def display_name(name: str) -> str:
    """Return a name for people: `foo-bar.net` becomes `Foo Bar Net`."""
    return " ".join(word[:1].upper() + word[1:] for word in _words(name.replace(".", " "))) or name


def refuse_lookalikes(session: Session, names: Collection[str]) -> None:
    """Raise Conflict, a line for each, when new names read like the name of an existing participant.

    Names are alike when the same words are left without case, plural and generic words (a rule of the Pact
    Broker); making the participant by hand first says that it is meant.
    """
    if not names:
        return
    present = list(session.scalars(ALL_NAMES))
    faults = []
    for name in sorted(set(names).difference(present)):  # others may have been made just now
        alike = [other for other in present if _essence(other) == _essence(name)]
        if alike:
            faults.append(
                f"This is the first time a contract names '{name}', and these have almost that name: "
                f"{', '.join(alike)}. If one of them is meant, correct the name in the contract. If '{name}' "
                "is another application, create it first: POST /pacticipants with its name, or "
                f"`pact-broker create-or-update-pacticipant --name '{name}'`."
            )
    if faults:
        raise Conflict("\n".join(faults))


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s_-]+", HUMP.sub(" ", name)) if word]


def _essence(name: str) -> list[str]:
    words = [word.lower().removesuffix("s") for word in _words(name)]
    return [word for word in words if word not in GENERIC_WORDS] or words

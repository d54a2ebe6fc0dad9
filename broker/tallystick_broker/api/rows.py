"""Rows of the matrix and the reasons of a verdict, as the API shows them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.api.environments import represent as represent_environment
from tallystick_broker.api.hal import Json, link, moment, url
from tallystick_broker.api.metadata import Metadata, encode
from tallystick_broker.api.versions import branches_of
from tallystick_broker.db import among
from tallystick_broker.gate.question import Ref, Row
from tallystick_broker.gate.reasons import Reason
from tallystick_broker.models import Environment, LiveVersion, Tag

Details = dict[int, Json]
"""What is shown of each version, by its id."""


def represent_rows(session: Session, rows: Sequence[Row]) -> list[Json]:
    """Return the representation of each row; the number of statements does not depend on how many there are."""
    refs = {ref.id: ref for row in rows for ref in (row.consumer, row.provider) if ref.id is not None}
    details = _read_details(session, refs)
    return [_represent(row, details) for row in rows]


def represent_reasons(reasons: Iterable[Reason]) -> list[Json]:
    """Return the representation of each reason: what our own clients show instead of notices."""
    return [
        {
            "code": each.code,
            "type": each.type,
            "text": each.text,
            "consumer": _party(each.consumer),
            "provider": _party(each.provider),
            "interactions": [
                {"description": failure.description, "mismatches": list(failure.mismatches)}
                for failure in each.failures
            ],
            "next": each.next,
            "link": _link(each.row) if each.row else None,
        }
        for each in reasons
    ]


def _party(ref: Ref | None) -> Json | None:
    return None if ref is None else {"name": ref.name, "version": ref.number}


def _link(row: Row) -> str:
    return _result_address(row) if row.result else _contract_address(row)


def _represent(row: Row, details: Details) -> Json:
    body: Json = {
        "consumer": _represent_ref(row.consumer, details),
        "provider": _represent_ref(row.provider, details),
        "pact": {
            "createdAt": moment(row.published_at),
            "_links": {"self": link(_contract_address(row))},
        },
        "verificationResult": None,
    }
    if row.result:
        body["verificationResult"] = {
            "success": row.result.success,
            "verifiedAt": moment(row.result.at),
            "_links": {"self": link(_result_address(row))},
        }
    return body | ({"ignored": True} if row.ignored else {})


def _represent_ref(ref: Ref, details: Details) -> Json:
    version = None if ref.id is None else details[ref.id]
    return {
        "name": ref.name,
        "version": version,
        "_links": {"self": link(url("pacticipants", ref.name))},
    }


def _contract_address(row: Row) -> str:
    return url(*_pair(row), "version", row.consumer.number)


def _result_address(row: Row) -> str:
    result = row.result.number if row.result else "latest"
    metadata = encode(Metadata(consumer_version_numbers=(str(row.consumer.number),)))
    return url(
        *_pair(row), "pact-version", row.fingerprint, "metadata", metadata, "verification-results", result
    )


def _pair(row: Row) -> tuple[str, ...]:
    return "pacts", "provider", row.provider.name, "consumer", row.consumer.name


def _read_details(session: Session, refs: dict[int, Ref]) -> Details:
    branches = branches_of(session, list(refs), {key: ref.name for key, ref in refs.items()})
    tags = _read_tags(session, refs)
    environments = _read_environments(session, refs)
    details = {}
    for key, ref in refs.items():
        memberships = branches.get(key, [])
        details[key] = {
            "number": ref.number,
            "branch": memberships[-1]["name"] if memberships else None,
            "branches": memberships,
            "branchVersions": memberships,
            "environments": environments.get(key, []),
            "tags": tags.get(key, []),
            "_links": {"self": link(_version_address(ref))},
        }
    return details


def _read_tags(session: Session, refs: dict[int, Ref]) -> dict[int, list[Json]]:
    newer = aliased(Tag)
    superseded = select(newer.version_id).where(
        newer.participant_id == Tag.participant_id, newer.name == Tag.name, newer.version_id > Tag.version_id
    )
    wanted = select(Tag.version_id, Tag.name, superseded.exists()).where(among(Tag.version_id, refs))
    found: dict[int, list[Json]] = {}
    for version_id, name, is_old in session.execute(wanted.order_by(Tag.created_at, Tag.name)):
        self = link(_version_address(refs[version_id], "tags", name))
        found.setdefault(version_id, []).append(
            {"name": name, "latest": not is_old, "_links": {"self": self}}
        )
    return found


def _read_environments(session: Session, refs: dict[int, Ref]) -> dict[int, list[Json]]:
    wanted = select(LiveVersion.version_id, Environment).join(
        Environment, Environment.id == LiveVersion.environment_id
    )
    found: dict[int, list[Json]] = {}
    for version_id, environment in session.execute(
        wanted.where(among(LiveVersion.version_id, refs)).order_by(LiveVersion.id)
    ):
        body = represent_environment(environment)
        if body not in found.setdefault(version_id, []):
            found[version_id].append(body)
    return found


def _version_address(ref: Ref, *segments: str) -> str:
    return url("pacticipants", ref.name, "versions", ref.number, *segments)

"""Rows of the matrix and the reasons of a verdict, as the API shows them."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from tallystick_broker.api.hal import Json, link, moment, url
from tallystick_broker.api.metadata import Metadata, encode
from tallystick_broker.api.row_details import Details, read_details
from tallystick_broker.gate.facts import Ref, Row
from tallystick_broker.gate.reasons import Reason


def represent_rows(session: Session, rows: Sequence[Row]) -> list[Json]:
    """Return the representation of each row; the number of statements does not depend on how many there are."""
    details = read_details(session, (ref for row in rows for ref in (row.consumer, row.provider)))
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
            "asked": each.asked,
            "clearsByItself": each.clears,
            "next": each.next,
            "link": _link(each),
        }
        for each in reasons
    ]


def _party(ref: Ref | None) -> Json | None:
    return None if ref is None else {"name": ref.name, "version": ref.number}


def _link(reason: Reason) -> str | None:
    """Return where the evidence is: the override, the result, or the contract that has none."""
    if reason.override is not None:
        return url("overrides", reason.override.uuid)
    if reason.row is None:
        return None
    return _result_address(reason.row) if reason.row.result else _contract_address(reason.row)


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
    if row.override is not None:
        body["override"] = {
            "createdBy": row.override.created_by,
            "reason": row.override.reason,
            "expiresAt": moment(row.override.expires_at),
            "_links": {"self": link(url("overrides", row.override.uuid))},
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

"""What questions to the gate are made of, and what its verdicts look like."""

from tallystick_broker.api.environments import ENVIRONMENT
from tallystick_broker.api.operations import Answer, Query, hal
from tallystick_broker.api.shapes import (
    COUNT,
    FLAG,
    MOMENT,
    TEXT,
    component,
    fields,
    links_to,
    many,
    nullable,
    resource,
    texts,
)
from tallystick_broker.gate.verdict import Kind

_SELF = links_to("self")
_MEMBERSHIPS = many(resource({"name": TEXT, "latest": FLAG}, _SELF))
_VERSION = resource(
    {
        "number": TEXT,
        "branch": nullable(TEXT),
        "branches": _MEMBERSHIPS,
        "branchVersions": _MEMBERSHIPS,
        "environments": many(ENVIRONMENT),
        "tags": _MEMBERSHIPS,
    },
    _SELF,
)
ROW = component(
    "MatrixRow",
    fields(
        {
            "consumer": resource({"name": TEXT, "version": nullable(_VERSION)}, _SELF),
            "provider": resource({"name": TEXT, "version": nullable(_VERSION)}, _SELF),
            "pact": resource({"createdAt": MOMENT}, _SELF),
            "verificationResult": nullable(resource({"success": FLAG, "verifiedAt": MOMENT}, _SELF)),
        },
        {
            "ignored": FLAG,
            "override": resource(texts("createdBy", "reason") | {"expiresAt": MOMENT}, _SELF),
        },
    ),
)
_PARTY = nullable(fields({"name": TEXT, "version": nullable(TEXT)}))
REASON = component(
    "Reason",
    fields(
        texts("code", "type", "text")
        | {"consumer": _PARTY, "provider": _PARTY, "next": nullable(TEXT), "link": nullable(TEXT)}
        | {"asked": nullable(TEXT), "clearsByItself": nullable(FLAG)}
        | {"interactions": many(fields({"description": nullable(TEXT), "mismatches": many(TEXT)}))}
    ),
)
SUMMARY = component(
    "Summary",
    fields(
        {
            "deployable": nullable(FLAG),
            "verdict": {"enum": [kind.value for kind in Kind]},
            "reason": TEXT,
        }
        | dict.fromkeys(("success", "failed", "unknown"), COUNT),
        dict.fromkeys(("ignored", "overridden", "listed", "rows"), COUNT),
    ),
)
VERDICT = component(
    "Verdict",
    fields(
        {
            "summary": SUMMARY,
            "notices": many(fields(texts("type", "text"))),
            "reasons": many(REASON),
            "matrix": many(ROW),
        },
        {"_links": links_to("alternate")},
    ),
)
MATRIX = {200: Answer("The rows, and the verdict on them", {**hal(VERDICT), "text/plain": TEXT})}

_SELECTOR = {
    "version": "a version's number",
    "tag": "a tag; of all versions that have it without latest",
    "branch": "a branch; of all versions on it without latest",
    "mainBranch": "true: the main branch",
    "latest": "true: the newest version only",
    "environment": "an environment, for what is live there",
}
TARGET = (
    Query("latest", "true: beside the newest versions of all others"),
    Query("tag", "beside the versions of all others that have this tag"),
    Query("mainBranch", "true: beside the main branches of all others"),
    Query("environment", "beside what is live in this environment"),
)
REQUIRING = Query("requireContracts", "true: nothing to judge is a no")
IGNORING_ONE = (
    Query("ignore[][pacticipant]", "what is to be ignored", many(TEXT)),
    Query("ignore[][version]", "which version of it", many(TEXT)),
)
IGNORING = (Query("ignore[]", "the name of a pacticipant to ignore", many(TEXT)), *IGNORING_ONE)
OPTIONS = (
    *TARGET,
    Query("latestby", "one row for each: cvp, cvpv or cp", {"enum": ["cvp", "cvpv", "cp", ""]}),
    Query(
        "success[]", "keep the rows with this result; blank for none", many({"enum": ["true", "false", ""]})
    ),
    Query("limit", "how many rows are listed at most", {"type": "integer", "minimum": 1}),
    *IGNORING_ONE,
    REQUIRING,
)
SELECTORS = (
    Query("q[][pacticipant]", "the pacticipant of a selector; each one begins the next", many(TEXT)),
    *(Query(f"q[][{name}]", f"selects {meaning}", many(TEXT)) for name, meaning in _SELECTOR.items()),
)
DEPLOYABLE = (
    Query("pacticipant", "the pacticipant that is to be deployed"),
    Query("version", "the number of its version"),
    Query("environment", "the environment that it goes to"),
    Query("to", "the tag of the versions that it goes beside"),
    Query("with[][pacticipant]", "a pacticipant that goes together with it", many(TEXT)),
    Query("with[][version]", "the number of that one's version", many(TEXT)),
    *IGNORING,
    REQUIRING,
)
REMOVABLE = (
    Query("pacticipant", "the pacticipant that is to be taken away"),
    Query("version", "the number of its version; without it all that are live there"),
    Query("environment", "the environment that it is taken away from"),
    *IGNORING,
)

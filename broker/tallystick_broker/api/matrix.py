"""The matrix: who was verified with whom, and what the gate says to it."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.gate_pages import link_to_page
from tallystick_broker.api.gate_queries import query_parameters
from tallystick_broker.api.hal import Json, reply
from tallystick_broker.api.negotiation import HAL_TYPE, JSON_TYPE, prefer
from tallystick_broker.api.questions import read_question
from tallystick_broker.api.rows import represent_reasons, represent_rows
from tallystick_broker.api.tables import write_table
from tallystick_broker.api.verdicts import MATRIX, OPTIONS, SELECTORS
from tallystick_broker.gate.facts import Row
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.matrix import list_rows
from tallystick_broker.gate.question import Question, Selector
from tallystick_broker.gate.reasons import Reason, Type
from tallystick_broker.gate.verdict import Verdict
from tallystick_broker.participants import get_participant

routes = Blueprint("matrix", __name__, url_prefix="/matrix")
COLUMNS = ("CONSUMER", "C_VERSION", "REVISION", "PROVIDER", "P_VERSION", "NUMBER", "SUCCESS")


@route(routes, "", answers=MATRIX, query=SELECTORS + OPTIONS)
def show(session: Session) -> Response:
    """Answer the matrix of the versions that the query selects, with the verdict on them."""
    return _show(session, read_question(query_parameters()))


@route(routes, "/provider/<name:provider>/consumer/<name:consumer>", answers=MATRIX, query=OPTIONS)
def show_pair(session: Session, provider: str, consumer: str) -> Response:
    """Answer the matrix of a pair; every option of the other matrix applies."""
    get_participant(session, consumer, "consumer")
    get_participant(session, provider, "provider")
    return _show(session, read_question(query_parameters(), (Selector(consumer), Selector(provider))))


def represent(session: Session, question: Question, verdict: Verdict, *, removes: bool = False) -> Json:
    """Return the verdict's representation.

    Beside the members that the Pact Broker has there are `reasons`, a link to the page that shows the same, and in
    the summary the class of the `verdict`; and when not every row is listed, the number of those `listed` and of
    all `rows`, which the verdict is about. `removes` says that it is about taking away what is live.
    """
    listed = list_rows(verdict.rows, question)
    return {
        "summary": _summarize(question, verdict, listed),
        "notices": [{"type": each.type, "text": _tell(each)} for each in _find_notices(verdict)],
        "reasons": represent_reasons(verdict.reasons),
        "matrix": represent_rows(session, listed),
    } | link_to_page(question, removes=removes)


def summarize(verdict: Verdict) -> Json:
    """Return the answer, its class, its reasons in one text, and its counts."""
    overridden = {"overridden": verdict.overridden} if verdict.overridden else {}
    return {
        "deployable": verdict.deployable,
        "reason": _reason(verdict),
        "success": verdict.success,
        "failed": verdict.failed,
        "unknown": verdict.unknown,
        "verdict": verdict.kind,
    } | overridden


def _summarize(question: Question, verdict: Verdict, listed: list[Row]) -> Json:
    summary = summarize(verdict)
    if question.ignore:
        summary["ignored"] = verdict.ignored
    if len(listed) < len(verdict.rows):
        summary |= {"listed": len(listed), "rows": len(verdict.rows)}
    return summary


def _reason(verdict: Verdict) -> str:
    return "\n".join(map(_tell, _find_notices(verdict)))


def _find_notices(verdict: Verdict) -> list[Reason]:
    return [reason for reason in verdict.reasons if reason.type is not Type.INFO]


def _tell(reason: Reason) -> str:
    """Return the reason in one text, for clients that show nothing else."""
    advice = f"Next: {reason.next}" if reason.next else None
    return "\n".join(filter(None, [reason.text, reason.asked, advice]))


def _show(session: Session, question: Question) -> Response:
    verdict = ask(session, question)
    if prefer(HAL_TYPE, JSON_TYPE, "text/plain") == "text/plain":
        return Response(_write(question, verdict), content_type="text/plain;charset=utf-8")
    return reply(represent(session, question, verdict))


def _write(question: Question, verdict: Verdict) -> str:
    """Return the matrix as a table, as the Pact Broker writes it."""
    table = write_table(COLUMNS, map(_cells, list_rows(verdict.rows, question)))
    deployable = {True: "true", False: "false", None: "nil"}[verdict.deployable]
    return "\n".join([*table, "", f"Deployable: {deployable}", f"Reason: {_reason(verdict)}", ""])


def _cells(row: Row) -> tuple[str, ...]:
    number = str(row.result.number) if row.result else ""
    outcome = {True: "true", False: "false", None: ""}[row.success] + (" [ignored]" if row.ignored else "")
    consumer, provider = row.consumer, row.provider
    versions = consumer.number or "", provider.number or ""
    return consumer.name, versions[0], str(row.revision), provider.name, versions[1], number, outcome

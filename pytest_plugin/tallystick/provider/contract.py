"""What the fixture `contract` gives to a test: one interaction that a consumer expects of this service."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tallystick.provider.altering import Draft, RecordedRequest
from tallystick.provider.app import answering
from tallystick.provider.failure import explain, headline
from tallystick.provider.functions import FunctionError
from tallystick.provider.marks import seconds
from tallystick.provider.messages import producing
from tallystick.provider.outcome import Outcome, of_broken_test, of_error, of_verdict
from tallystick.provider.proxy import TIMEOUT, Unreachable
from tallystick.provider.states import set_up
from tallystick.provider.verdict import judge
from tallystick.provider.verifier import Run, run
from tallystick_contracts.interactions import HTTP, only, request_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from tallystick.provider.app import Answer, App
    from tallystick.provider.exchange import Exchange, Request
    from tallystick.provider.selection import Case
    from tallystick_contracts.interactions import State

__tracebackhide__ = True

STATES = ("providerStates", "providerState", "provider_state")
LEFT_OUT: dict[bool, tuple[str, ...]] = {True: ("pending",), False: ("pending", *STATES)}
"""What the core need not see: it asks for the values of states, which are set up by then, if there are any."""


class Contract:
    """One interaction of a contract, to be verified against the service under test."""

    def __init__(self, case: Case, request: pytest.FixtureRequest) -> None:
        self.outcome: Outcome | None = None
        self.request: RecordedRequest = RecordedRequest(_recorded(case))
        self.exchanges: tuple[Exchange, ...] = ()
        self._case = case
        self._request = request

    def __repr__(self) -> str:
        return f"<Contract {self._case.id!r}>"

    @property
    def consumer(self) -> str:
        """The name of the service that expects this interaction."""
        return self._case.contract.consumer

    @property
    def description(self) -> str:
        """The interaction in the consumer's words."""
        return self._case.interaction.description

    @property
    def states(self) -> tuple[State, ...]:
        """The provider states that the interaction asks for."""
        return self._case.interaction.states

    def verify(self, app: App | None = None) -> None:
        """Set up the states, send the interaction's request, and fail the test unless the response honours it.

        `app` is a WSGI or ASGI app, which is called on this thread, or the URL of a running service. What a
        state function or the app raises goes through. The failure of a pending contract is an expected one (xfail).
        A message comes from its `@tallystick.message` function and needs no app; one that is given is started.
        Raises TypeError for anything that is no app.
        """
        if self._case.problem:
            self._give_up(self._case.problem)
        provider: AbstractContextManager[Answer | None] = nullcontext()
        if self._is_http or app is not None:
            provider = answering(app, self._request, seconds(self._request.node, TIMEOUT))
        try:
            shown = self._run(provider)
        except FunctionError as error:
            self._record(of_error(self._case, error))
            problem = f"{headline(self._case)}\n  {error}"
        except (Exception, pytest.fail.Exception) as error:
            self._record(of_error(self._case, error))
            self._forgive()
            raise
        else:
            self._judge(shown, app if isinstance(app, str) else "$BASE_URL")
            return
        # Not in the clause above, since pytest would show the error a second time as the cause of this.
        self._give_up(problem)

    def report(self, *, passed: bool) -> dict[str, Any] | None:
        """The outcome as JSON for the report of a test that has passed or not, once there is one."""
        if self.outcome is None:
            return None
        return (self.outcome if passed else of_broken_test(self.outcome)).to_json()

    def require_verdict(self) -> None:
        """Fail a test that has passed without a verification, or in spite of a failed one."""
        if self.outcome is None:
            self._give_up(
                self._case.problem
                or f"{self._case.id}: nothing was verified, the test did not call contract.verify(app)"
            )
        if not self.outcome.honoured:
            self._give_up(f"{self._case.id}: the contract was not honoured, but the test went on")

    @property
    def _is_http(self) -> bool:
        return self._case.interaction.kind == HTTP

    def _run(self, provider: AbstractContextManager[Answer | None]) -> Run:
        interaction = self._case.interaction
        with ExitStack() as stack:
            answer = stack.enter_context(provider)
            values = set_up(self.states, self._request, stack)
            shown = run(
                only(self._case.contract.document, interaction.position, without=LEFT_OUT[bool(values)]),
                answer if answer and self._is_http else producing(interaction, self._request, stack),
                values,
                self._alter if self._is_http else _leave,
            )
        self.exchanges = tuple(shown.exchanges)
        return shown

    def _alter(self, request: Request) -> Request:
        draft = Draft.of(request)
        self.request.apply(draft)
        self._request.config.hook.pytest_contracts_request(contract=self, request=draft)
        return draft.finish()

    def _judge(self, shown: Run, base_url: str) -> None:
        if isinstance(shown.raised, Unreachable):
            pytest.fail(str(shown.raised), pytrace=False)
        verdict = judge(shown.results)
        self._show_output(shown)
        if verdict.honoured and not shown.raised:
            self._record(of_verdict(self._case, verdict))
            return
        text = explain(self._case, verdict, shown.exchanges, base_url)
        cause = shown.raised or (shown.logged if shown.crashed else None)
        self._record(of_error(self._case, cause) if cause else of_verdict(self._case, verdict))
        if cause:
            self._request.node.add_report_section("call", "contract", text)
            self._forgive()
            raise cause
        self._give_up(text)

    def _record(self, outcome: Outcome) -> None:
        """Keep what happened for the report; after a failure nothing that follows makes it good."""
        if self.outcome is None or self.outcome.honoured:
            self.outcome = outcome
        self._request.config.hook.pytest_contracts_result(contract=self, result=outcome)

    def _give_up(self, text: str) -> NoReturn:
        self._forgive(text)
        pytest.fail(text, pytrace=False)

    def _forgive(self, text: str = "") -> None:
        """End the test as an expected failure when the contract is pending."""
        if self._case.pending:
            if text:
                self._request.node.add_report_section("call", "contract", text)
            pytest.xfail(self._case.pending)

    def _show_output(self, shown: Run) -> None:
        if self._request.config.get_verbosity() >= 2:
            self._request.node.add_report_section("call", "verifier", shown.output)


def _recorded(case: Case) -> Mapping[str, Any]:
    position = case.interaction.position
    return request_of(case.contract.document, position) if position >= 0 else {}


def _leave(request: Request) -> Request:
    return request

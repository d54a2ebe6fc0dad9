"""The one HTTP client of a broker, used by the command line and the pytest plugin."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick_client.broker import Broker
    from tallystick_client.environments import Contact, Deployment, Environment
    from tallystick_client.errors import (
        BrokerError,
        BrokerFailed,
        BrokerRefused,
        BrokerUnreachable,
        InvalidInput,
        NotABroker,
        NotAuthorized,
        NotFound,
    )
    from tallystick_client.overrides import Override
    from tallystick_client.plan import Blocked, Need, Plan, Step
    from tallystick_client.publishing import Notice, Publication
    from tallystick_client.rollback import FormerVersion, Rollback
    from tallystick_client.selectors import Question, Selector
    from tallystick_client.verdict import FailedInteraction, Party, Reason, Row, Verdict
    from tallystick_client.verification import ContractToVerify, VerificationNotice

__all__ = [
    "Blocked",
    "Broker",
    "BrokerError",
    "BrokerFailed",
    "BrokerRefused",
    "BrokerUnreachable",
    "Contact",
    "ContractToVerify",
    "Deployment",
    "Environment",
    "FailedInteraction",
    "FormerVersion",
    "InvalidInput",
    "Need",
    "NotABroker",
    "NotAuthorized",
    "NotFound",
    "Notice",
    "Override",
    "Party",
    "Plan",
    "Publication",
    "Question",
    "Reason",
    "Rollback",
    "Row",
    "Selector",
    "Step",
    "Verdict",
    "VerificationNotice",
]

# The one that loads the HTTP library comes last.
_HOMES = (
    *("errors", "environments", "publishing", "selectors", "verdict", "plan", "rollback", "overrides"),
    *("verification", "broker"),
)

# Type checkers know the names from above and are to complain about others.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name when it is first used, so that who asks no broker loads no HTTP library."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        homes = (import_module(f"{__name__}.{home}") for home in _HOMES)
        return next(getattr(home, name) for home in homes if name in vars(home))

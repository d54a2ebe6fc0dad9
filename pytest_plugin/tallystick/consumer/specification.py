"""What an older Pact specification cannot hold, and the engine would drop without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from tallystick.consumer.interaction import Declaration

__tracebackhide__ = True


def refuse_beyond(specification: int, declaration: Declaration) -> None:
    """Raise DeclarationError when this Pact specification has no room for something in the declaration.

    Specification 2 knows one provider state without parameters, and no generators: a matcher without an
    example would be recorded, and answered by the mock, as null.
    """
    if specification > 2:
        return
    if len(declaration.states) > 1 or any(params for _, params in declaration.states):
        raise DeclarationError(
            f"{declaration.description!r}: Pact specification 2 holds one provider state without parameters; "
            "set contracts_spec to 3 or 4"
        )
    carried = [declaration.request.body, declaration.response.body, *dict(declaration.query).values()]
    if any(isinstance(item, str) and "pact:generator:type" in item for item in carried):
        raise DeclarationError(
            f"{declaration.description!r}: under Pact specification 2 each matcher needs an example, "
            "such as uuid('…'); or set contracts_spec to 3 or 4"
        )

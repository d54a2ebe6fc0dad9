"""Which of the types that a resource has a client gets."""

from flask import Response, request

from tallystick_broker.errors import NotAcceptable

HAL_TYPE, JSON_TYPE = "application/hal+json", "application/json"


def prefer(*types: str) -> str:
    """Return which of these types the client likes best, the first one when it does not care.

    Raises NotAcceptable when it takes none of them.
    """
    if not request.accept_mimetypes:
        return types[0]
    best = request.accept_mimetypes.best_match(types)
    if best is None:
        raise NotAcceptable(f"This is here as {' or '.join(types)} only.")
    return best


def settle(response: Response) -> Response:
    """Return the response in a type that the client takes: what is HAL is JSON, too.

    Raises NotAcceptable when the client does not take the type that the response has.
    """
    if response.status_code >= 400 or not response.mimetype or response.calculate_content_length() == 0:
        return response
    if response.mimetype != HAL_TYPE:
        prefer(response.mimetype)
    elif prefer(HAL_TYPE, JSON_TYPE) == JSON_TYPE:
        response.content_type = f"{JSON_TYPE};charset=utf-8"
    return response

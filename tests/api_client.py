"""A client of the application, without a server in between."""

from typing import Any, cast

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from described import description


class Answer(TestResponse):
    """An answer whose JSON may have any shape."""

    @property
    def json(self) -> Any:
        """The document in the body."""
        return self.get_json()


class ApiClient(FlaskClient):
    """Flask's client with a verb for each method that the API has."""

    def open(self, *args: Any, **others: Any) -> Answer:
        """Send a request; its answer must be one that the API's description allows, unless it asks for a page."""
        answer = cast("Answer", super().open(*args, **others))
        asked = answer.request
        if "text/html" in asked.headers.get("Accept", ""):
            return answer
        fault = description().find_fault(
            asked.method,
            asked.environ["REQUEST_URI"],
            answer.status_code,
            answer.content_type or "",
            answer.data,
        )
        assert fault is None, fault
        return answer

    def get(self, *args: Any, **others: Any) -> Answer:
        """Send a GET."""
        return cast("Answer", super().get(*args, **others))

    def post(self, *args: Any, **others: Any) -> Answer:
        """Send a POST."""
        return cast("Answer", super().post(*args, **others))

    def put(self, *args: Any, **others: Any) -> Answer:
        """Send a PUT."""
        return cast("Answer", super().put(*args, **others))

    def patch(self, *args: Any, **others: Any) -> Answer:
        """Send a PATCH."""
        return cast("Answer", super().patch(*args, **others))

    def delete(self, *args: Any, **others: Any) -> Answer:
        """Send a DELETE."""
        return cast("Answer", super().delete(*args, **others))

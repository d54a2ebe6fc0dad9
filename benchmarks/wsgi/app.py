"""A Flask app shaped like the broker's hot path, for comparing WSGI servers."""

import os
import time

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine, event, text

ROWS = 40
SELECT = text("SELECT id, name, branch, commit_sha FROM versions WHERE id > :start ORDER BY id LIMIT :count")


def fill_database(url: str) -> None:
    """Create the SQLite database behind `url` in WAL mode with the rows that `/rows` reads."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql(
            "CREATE TABLE versions (id INTEGER PRIMARY KEY, name TEXT, branch TEXT, commit_sha TEXT)"
        )
        rows = [{"name": f"service-{n}", "branch": "feat/x", "sha": f"{n:040d}"} for n in range(1000)]
        connection.execute(
            text("INSERT INTO versions (name, branch, commit_sha) VALUES (:name, :branch, :sha)"), rows
        )
        connection.commit()
    engine.dispose()


def create_app() -> Flask:
    """Build the app over the database that `BENCHMARK_DATABASE_URL` names."""
    app = Flask(__name__)
    engine = create_engine(os.environ["BENCHMARK_DATABASE_URL"])

    @event.listens_for(engine, "connect")
    def wait_for_locks(connection: object, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 5000")  # type: ignore[attr-defined]

    @app.get("/rows")
    def rows() -> Response:
        """Read forty rows and answer about 5 kB of JSON."""
        with engine.connect() as connection:
            found = connection.execute(SELECT, {"start": 100, "count": ROWS}).mappings().all()
        return jsonify(versions=[dict(row) for row in found])

    @app.route("/echo/<path:rest>", methods=["GET", "POST"])
    def echo(rest: str) -> Response:
        """Tell what the server let through: every text of the environ that belongs to the request."""
        request.get_data()
        seen = {key: value for key, value in request.environ.items() if isinstance(value, str)}
        return jsonify(rest=rest, environ=seen)

    @app.get("/slow/<int:milliseconds>")
    def slow(milliseconds: int) -> Response:
        """Answer only after the given time, as a heavy query would."""
        time.sleep(min(milliseconds, 10_000) / 1000)
        return jsonify(slept=milliseconds)

    @app.get("/large/<int:megabytes>")
    def large(megabytes: int) -> Response:
        """Answer more bytes than the sockets between server and client can hold."""
        return Response(b"x" * min(megabytes, 64) * 1_000_000, mimetype="text/plain")

    return app

"""ASGI apps, async states and async fixtures: all on one loop, on the test's own thread."""

import pytest

from plugin.provider.provider_suite import TEA, Suite, interaction

APP = """
import asyncio
import threading
from contextlib import asynccontextmanager

import pytest
import tallystick
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

events = []


@asynccontextmanager
async def lifespan(app):
    events.append("startup")
    yield {"loop": asyncio.get_running_loop()}
    events.append("shutdown")


@pytest.fixture
def app():
    events.clear()
    app = FastAPI(lifespan=lifespan)

    @app.get("/stock/{sku:path}")
    async def show(sku: str, request: Request, fresh: bool = False):
        assert threading.current_thread() is threading.main_thread()
        assert request.state.loop is asyncio.get_running_loop()
        events.append("request")
        return {"sku": sku, "available": stock[sku], "fresh": fresh}

    @app.get("/stream")
    async def stream():
        async def chunks():
            for chunk in ('[1', ', 2', ']'):
                await asyncio.sleep(0)
                yield chunk
        return StreamingResponse(chunks(), media_type="application/json")

    @app.post("/stock")
    async def put(request: Request):
        return {"sent": (await request.body()).decode()}

    return app


stock = {}


@tallystick.state("there is stock")
async def there_is_stock(sku, available=5):
    await asyncio.sleep(0)
    events.append("state")
    stock[sku] = available
    yield {"loop": str(id(asyncio.get_running_loop()))}
    del stock[sku]
    events.append("teardown")
"""
TEMPLATE = """
from conftest import events

def test_honours_its_contracts(contract, app):
    try:
        contract.verify(app)
    finally:
        print(contract.description, *events, sep=", ")

async def no_test(): pass
"""


def test_an_asgi_app_lives_from_startup_to_shutdown(suite: Suite) -> None:
    """Around each verification, on the main thread and one loop; streams are read whole, and what is raised fails."""
    suite.write("conftest.py", APP)
    suite.write("test_contracts.py", TEMPLATE)
    suite.configure('pythonpath = ["."]')
    body = {"content": {"a": 1}, "contentType": "application/json", "encoded": False}
    suite.add_contract(
        interaction(
            "ask", TEA, path="/stock/tea", reply={"available": 5, "fresh": True}, request=_get("/stock/tea")
        ),
        interaction(
            "ask for a strange one", ("there is stock", {"sku": "a b/é"}), path="/stock/a%20b/%C3%A9"
        ),
        interaction("stream", path="/stream", reply=[1, 2]),
        interaction(
            "send", request={"method": "POST", "path": "/stock", "body": body}, reply={"sent": '{"a":1}'}
        ),
        interaction("fail", path="/stock/coffee"),
        interaction("miss", path="/nowhere", status=404),
    )
    result = suite.run("-s")
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines_random(
        [
            "*ask, startup, state, request, teardown, shutdown",
            "E  *KeyError: 'coffee'",
            "  response  500 Internal Server Error",
            "  request   GET /stock/coffee",
        ]
    )


BARE = """
import pytest
import tallystick

async def plain(scope, receive, send):
    assert scope["type"] == "http"
    assert (await receive())["type"] == "http.request"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": b"{}"})
    assert (await receive())["type"] == "http.disconnect"

async def broken_start(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no pool"})

async def raising_start(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.failed"})
        raise OSError("no database")

async def silent(scope, receive, send):
    pass

async def half(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200})
        raise OSError("half-way")

@pytest.fixture(params=[plain, broken_start, raising_start, silent, half], ids=lambda app: app.__name__)
def app(request):
    return request.param
"""


def test_an_app_need_not_know_the_whole_protocol(suite: Suite) -> None:
    """One without a lifespan works; a start that fails, no response and half a response each say so."""
    suite.write("conftest.py", BARE)
    suite.add_contract(interaction("ask", response={"status": 200, "headers": {"X-A": ["1"]}}))
    result = suite.run()
    result.assert_outcomes(passed=1, failed=4)
    result.stdout.fnmatch_lines_random(
        [
            "E  *RuntimeError: the app's startup failed: no pool",
            "E  *OSError: no database",
            "E  *TypeError: *silent* did not send a whole response: is it an ASGI app?",
            "E  *OSError: half-way",
        ]
    )


ASYNC_FIXTURES = """
import asyncio
import pytest
import tallystick

@FIXTURE
async def database():
    database = {"loop": asyncio.get_running_loop()}
    yield database
    assert database.pop("closed") and asyncio.get_running_loop() is database["loop"]

@FIXTURE
async def app(database):
    async def app(scope, receive, send):
        assert asyncio.get_running_loop() is database["loop"]
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": database["status"]})
            await send({"type": "http.response.body"})
    return app

@tallystick.state("there is stock")
async def there_is_stock(database, sku):
    assert asyncio.get_running_loop() is database["loop"]
    database["status"] = 200
    yield
    database["closed"] = True
"""


@pytest.mark.parametrize(
    ("plugin", "fixture"), [("asyncio", "__import__('pytest_asyncio').fixture"), ("anyio", "pytest.fixture")]
)
def test_async_fixtures_share_the_loop(suite: Suite, plugin: str, fixture: str) -> None:
    """An app, its states and the fixtures of pytest-asyncio or anyio run on one loop, in a plain test."""
    suite.write("conftest.py", ASYNC_FIXTURES.replace("FIXTURE", fixture))
    suite.configure('asyncio_default_fixture_loop_scope = "function"' if plugin == "asyncio" else "")
    suite.add_contract(interaction("ask", TEA), interaction("ask again", TEA))
    mark = "@pytest.mark.usefixtures('anyio_backend')" if plugin == "anyio" else ""
    suite.write(
        "test_contracts.py",
        f"""
        import pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        {mark}
        def test_honours_its_contracts(contract, app):
            contract.verify(app)

        @pytest.mark.{plugin}
        async def test_cannot_be_async(contract):
            async def app(scope, receive, send): ...
            with pytest.raises(TypeError, match="in an async test: write the test with a plain def"):
                contract.verify(app)
        """,
    )
    result = suite.run(plugins=[plugin])
    result.assert_outcomes(passed=2, failed=2)
    assert str(result.stdout).count("the contract was not honoured, but the test went on") == 2


def _get(path: str) -> dict[str, object]:
    return {"method": "GET", "path": path, "query": {"fresh": ["true"]}}

"""What is read from the core's results, and what is told of a request."""

import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.provider.exchange import Request
from tallystick.provider.failure import curl
from tallystick.provider.verdict import judge
from tallystick.secrecy import hide_members

ROWS = st.lists(st.fixed_dictionaries({}, optional={"result": st.sampled_from(["OK", "Error", None])}))
HEADER = st.text("abcxyz-", min_size=1).filter(lambda name: not name.startswith("-"))
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))


@given(ROWS, st.booleans())
def test_only_one_row_that_says_ok_is_a_yes(rows: list[dict[str, Any]], result: bool) -> None:
    """Neither the core's own summary nor the lack of an error honours a contract."""
    verdict = judge({"result": result, "interactionResults": rows, "errors": []})
    assert verdict.honoured == (rows == [{"result": "OK"}])
    assert verdict.honoured or verdict.reason


def test_the_cores_reasons_are_kept() -> None:
    """What could not be loaded, and an interaction without mismatches, say what the core said."""
    error = {"interaction": "x", "mismatch": {"type": "error", "message": "cannot load it"}}
    assert judge({"errors": [error]}).reason == "cannot load it"
    row = {"result": "Error", "mismatch": {"type": "error", "message": "no states"}}
    assert judge({"interactionResults": [row]}).reason == "no states"


@pytest.mark.parametrize(
    ("kind", "place"), [("HeaderMismatch", {"key": "Set-Cookie"}), ("BodyMismatch", {"path": "$.apiKey"})]
)
def test_credentials_are_in_no_mismatch(kind: str, place: dict[str, str]) -> None:
    """Values of what is named like a credential are neither shown nor published."""
    raw = {"type": kind, **place, "expected": "s3cr3t", "actual": "s3cr3t", "mismatch": "was 's3cr3t'"}
    (mismatch,) = judge(
        {"interactionResults": [{"result": "Error", "mismatch": {"mismatches": [raw]}}]}
    ).mismatches
    assert "s3cr3t" not in repr(mismatch)
    assert mismatch.description == "the values differ"


@given(method=st.sampled_from(["GET", "POST", "PURGE"]), headers=st.lists(st.tuples(HEADER, TEXT)), body=TEXT)
def test_a_shell_reads_the_request_back(method: str, headers: list[tuple[str, str]], body: str) -> None:
    """Whatever a contract holds, the line for `curl` is words of a shell that stand for it."""
    target = "/a'b;c?d=$(e)&f=%20"
    line = curl(Request(method, target, tuple(headers), body.encode()), "http://localhost:1/v1/")
    assert shlex.split(line) == [
        *("curl", "-i"),
        *([] if method == "GET" else ["-X", method]),
        *(word for name, value in headers for word in ("-H", f"{name}: {value}")),
        *(["--data-binary", body] if body else []),
        f"http://localhost:1/v1{target}",
    ]


def test_a_request_is_told_without_what_is_nobodys_business() -> None:
    """Credentials become variables, what the core's client adds is left out, and so is what is no text."""
    request = Request(
        "HEAD",
        "/stock",
        (
            ("host", "127.0.0.1:1"),
            ("accept", "*/*"),
            ("user-agent", "pact_verifier/1.0"),
            ("X-Api-Key", "s3cr3t"),
        ),
        b"\xff\x00",
    )
    assert curl(request, "$BASE_URL") == (
        'curl -i --head -H "X-Api-Key: $X_API_KEY" --data-binary @FILE "$BASE_URL"/stock'
    )


@pytest.mark.parametrize("secret", ["s3cr3t", 's3"cr\\3t', 424242, -1.5e9, None, True])
@pytest.mark.parametrize("name", ["password", "access_token", "API-Key"])
def test_members_with_credentials_are_hidden(name: str, secret: object) -> None:
    """A JSON text stays one, and loses only the values of such members."""
    text = json.dumps({"a": 1, name: secret, "b": [{name: secret}]})
    assert json.loads(hide_members(text)) == {"a": 1, name: "(hidden)", "b": [{name: "(hidden)"}]}
    assert hide_members('{"quantity": "passing"}') == '{"quantity": "passing"}'

"""The gate's answer in words and exit codes."""

import json
from typing import Any

import pytest

from command import Run
from scripted_server import Answer, ScriptedServer

VERSION = "3c5a1b9e7f2d4c6a8b0e1f3d5c7a9b2e4f6d8c0a"


def judge(
    deployable: object, *, reasons: list[dict[str, Any]] | None = None, **summary: object
) -> dict[str, Any]:
    """Return the answer of a broker."""
    body: dict[str, Any] = {
        "summary": {"deployable": deployable, **summary},
        "notices": [{"type": "warning", "text": "A remark of the broker"}],
        "matrix": [
            {
                "consumer": {"name": "Web", "version": {"number": VERSION}},
                "provider": {"name": "Orders", "version": {"number": "7"}},
                "verificationResult": {"success": False, "_links": {"self": {"href": "http://b/results/1"}}},
            },
            {
                "consumer": {"name": "Web", "version": {"number": VERSION}},
                "provider": {"name": "Stock", "version": None},
                "verificationResult": None,
                "ignored": True,
            },
        ],
    }
    return body if reasons is None else {**body, "reasons": reasons}


QUESTION = ("can-i-deploy", "-a", "Web", "-e", VERSION, "--to-environment", "prod")
FAILED = {
    "code": "FAILED",
    "type": "error",
    "text": "Orders 7, live in prod, does not do what Web expects.",
    "interactions": [{"description": "an order", "mismatches": ["$.id: is missing", "one\ntwo"]}],
    "asked": "Webhook ci asked for it at noon: it was delivered.",
    "clearsByItself": True,
    "next": "Mend Orders,\nor ask Web.",
    "link": "http://b/matrix?x",
}
NOTE = {
    "code": "CANNOT_IGNORE",
    "type": "warning",
    "text": "There is no Stock to ignore.",
    "asked": None,
    "clearsByItself": False,
}


@pytest.mark.parametrize(
    ("deployable", "exit_code", "sentence"),
    [
        (True, 0, f"YES: Web {VERSION} can be deployed to prod."),
        (False, 1, f"NO: Web {VERSION} cannot be deployed to prod."),
        (None, 1, f"NOT YET: it is not known whether Web {VERSION} can be deployed to prod."),
    ],
)
def test_only_yes_exits_with_zero(
    tallystick: Run, server: ScriptedServer, deployable: bool | None, exit_code: int, sentence: str
) -> None:
    """0 is yes; no and unknown are both 1, in words as in JSON."""
    server.answer_json(judge(deployable))
    words = tallystick(*QUESTION, "-b", server.url)
    document = tallystick(*QUESTION, "-b", server.url, "-o", "json")
    assert (words.exit_code, document.exit_code) == (exit_code, exit_code)
    assert sentence in words.stdout.splitlines()
    assert json.loads(document.stdout) == judge(deployable)
    assert words.stderr == document.stderr == ""


def test_the_table_cuts_nothing(tallystick: Run, server: ScriptedServer) -> None:
    """In a log every name and version is whole and on one line, with its result and where to read more."""
    server.answer_json(judge(False))
    lines = [line.split() for line in tallystick(*QUESTION, "-b", server.url).stdout.splitlines()]
    assert ["CONSUMER", "C.VERSION", "PROVIDER", "P.VERSION", "SUCCESS?", "RESULT"] in lines
    assert ["Web", VERSION, "Orders", "7", "false", "1"] in lines
    assert ["Web", VERSION, "Stock", "-", "unknown", "[ignored]"] in lines
    assert ["1.", "http://b/results/1"] in lines


def test_reasons_come_with_evidence_and_advice(tallystick: Run, server: ScriptedServer) -> None:
    """Each says who is affected, which interaction failed how, who was asked, and what to do next; notes come last."""
    server.answer_json(judge(False, reasons=[NOTE, FAILED]))
    output = tallystick(*QUESTION, "-b", server.url).stdout
    assert output.endswith(
        """
1. Orders 7, live in prod, does not do what Web expects.
   Interaction "an order":
     - $.id: is missing
     - one
       two
   Webhook ci asked for it at noon: it was delivered.
   This may clear by itself, when the result comes in.
   Next: Mend Orders,
         or ask Web.
   See:  http://b/matrix?x

There is no Stock to ignore.
This does not clear by itself.
"""
    )
    assert "A remark of the broker" not in output


def test_a_broker_that_cannot_require_contracts_is_no_answer(tallystick: Run, server: ScriptedServer) -> None:
    """Another broker's yes may mean that there was nothing to judge, so it is none when contracts are required."""
    server.answer_json(judge(True))
    result = tallystick(*QUESTION, "-b", server.url, "--require-contracts")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "can't require that there are contracts" in result.stderr


def test_a_broker_without_reasons_is_quoted(tallystick: Run, server: ScriptedServer) -> None:
    """Of another broker the notices are shown."""
    server.answer_json(judge(False))
    assert "A remark of the broker" in tallystick(*QUESTION, "-b", server.url).stdout.splitlines()


def test_results_that_are_not_listed_are_counted(tallystick: Run, server: ScriptedServer) -> None:
    """When the broker lists fewer results than it judged, the table does not look complete."""
    server.answer_json(judge(False, success=120, failed=1))
    assert "... and 120 more, which are not listed." in tallystick(*QUESTION, "-b", server.url).stdout


def test_texts_of_others_do_not_control_the_terminal(tallystick: Run, server: ScriptedServer) -> None:
    """Control characters and markup in names and reasons are shown, not obeyed."""
    body = judge(False, reasons=[{"text": "[red]x[/red] \x1b]0;owned\x07"}])
    body["matrix"][0]["provider"]["name"] = "\x1b[2JOrders[bold]"
    server.answer_json(body)
    output = tallystick(*QUESTION, "-b", server.url).stdout
    assert "\\x1b[2JOrders[bold]" in output
    assert "[red]x[/red] \\x1b]0;owned\\x07" in output
    assert "\x1b" not in output


@pytest.mark.parametrize("answer", [Answer(400, '{"errors": ["Environment prod not found"]}'), Answer(500)])
def test_a_question_that_is_refused_is_not_answered(
    tallystick: Run, server: ScriptedServer, answer: Answer
) -> None:
    """When the broker does not answer the question the exit code is 2, which is neither yes nor no."""
    server.answer(answer)
    result = tallystick(*QUESTION, "-b", server.url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(answer.status) in result.stderr


@pytest.mark.parametrize("answer", [Answer(400), Answer(body=json.dumps(judge(False)))])
def test_a_dry_run_never_stops_a_pipeline(tallystick: Run, server: ScriptedServer, answer: Answer) -> None:
    """A dry run shows the answer, says what the exit code would have been, and exits with 0."""
    server.answer(answer)
    result = tallystick(*QUESTION, "-b", server.url, "--dry-run")
    assert result.exit_code == 0
    assert f"it would exit with {2 if answer.status == 400 else 1}" in result.stderr


def test_a_dry_run_can_be_set_by_variable(
    tallystick: Run, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Pact command line's variable works here too."""
    monkeypatch.setenv("PACT_BROKER_CAN_I_DEPLOY_DRY_RUN", "true")
    server.answer_json(judge(False))
    assert tallystick(*QUESTION, "-b", server.url).exit_code == 0


def test_a_missing_result_is_waited_for(tallystick: Run, server: ScriptedServer) -> None:
    """While results are missing the question is asked again; remarks about that are not on stdout."""
    answers = [Answer(body=json.dumps(judge(deployable))) for deployable in (None, None, True)]
    server.answer(*answers)
    options = ("--retry-while-unknown", "5", "--retry-interval", "0", "-o", "json")
    result = tallystick(*QUESTION, "-b", server.url, *options)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["summary"]["deployable"] is True
    assert result.stderr.count("Asking again") == 2
    assert len(server.asked) == 3


def test_waiting_ends(tallystick: Run, server: ScriptedServer) -> None:
    """After the given number of times the answer is what it is; the first question is not counted."""
    server.answer_json(judge(None))
    result = tallystick(*QUESTION, "-b", server.url, "--retry-while-unknown", "2", "--retry-interval", "0")
    assert result.exit_code == 1
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("-a", "A", "-e", "1", "-a", "B", "-l"), "YES: A 1 and the latest B can be deployed together."),
        (
            ("-a", "A", "--branch", "x", "--to", "prod"),
            "YES: the latest A of branch x can be deployed beside the latest versions tagged prod.",
        ),
        (
            ("-a", "A", "-l", "prod"),
            "YES: the latest A tagged prod can be deployed beside the latest version of everything else.",
        ),
        (
            ("-a", "A", "--main-branch", "-a", "B", "-e", "2", "--to-environment", "test"),
            "YES: the latest A of its main branch and B 2 can be deployed together to test.",
        ),
    ],
)
def test_the_answer_repeats_the_question(
    tallystick: Run, server: ScriptedServer, arguments: tuple[str, ...], sentence: str
) -> None:
    """The sentence says what was asked about, so that a log can be read alone."""
    server.answer_json({"summary": {"deployable": True}, "matrix": []})
    assert tallystick("can-i-deploy", "-b", server.url, *arguments).stdout == f"{sentence}\n"

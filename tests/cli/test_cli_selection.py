"""Which versions a command line names."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from command import Run
from scripted_server import ScriptedServer

YES = {"summary": {"deployable": True, "verdict": "yes"}, "matrix": []}


def ask(tallystick: Run, server: ScriptedServer, *arguments: str) -> str:
    """Return the query that a command line asks, in short."""
    server.answer_json(YES)
    result = tallystick("can-i-deploy", "-b", server.url, *arguments)
    assert result.exit_code == 0, result.stderr
    (asked,) = server.asked
    pairs = parse_qsl(urlsplit(asked.target).query)
    return " ".join(f"{key.removeprefix('q[][').removesuffix(']')}={value}" for key, value in pairs)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("-a", "Web", "-e", "1", "-a", "Orders", "-e", "2"),
            "pacticipant=Web version=1 pacticipant=Orders version=2 latestby=cvpv",
        ),
        (
            ("--pacticipant=Web", "--to-environment=prod", "--version=1"),
            "pacticipant=Web version=1 environment=prod latestby=cvpv",
        ),
        (
            ("-aWeb", "-l", "-aOrders", "-l", "prod", "-a", "Stock", "--main-branch"),
            "pacticipant=Web latest=true pacticipant=Orders tag=prod latest=true "
            "pacticipant=Stock mainBranch=true latest=true latestby=cvpv",
        ),
        (
            ("-a", "Web", "--branch", "feat/x", "--latest", "--to", "prod"),
            "pacticipant=Web branch=feat/x latest=true tag=prod latest=true latestby=cvp",
        ),
        (
            (
                "-a",
                "Web",
                "-e",
                "1",
                "--ignore",
                "Old",
                "--ignore",
                "Orders",
                "-e",
                "2",
                "--to-environment",
                "p",
            ),
            "pacticipant=Web version=1 environment=p latestby=cvpv "
            "ignore[][pacticipant=Old ignore[][pacticipant=Orders ignore[][version=2",
        ),
        (
            ("-a", "Web", "--with", "Orders=2=x", "-e", "1", "--to-environment", "p", "--require-contracts"),
            "pacticipant=Web version=1 pacticipant=Orders version=2=x environment=p latestby=cvpv "
            "requireContracts=true",
        ),
        (
            ("--with", "Web=1", "--with", "Orders=2"),
            "pacticipant=Web version=1 pacticipant=Orders version=2 latestby=cvpv",
        ),
        (
            ("--ignore", "Old", "-a", "Bücher & Co/EU", "-e", "1+2 ü", "--to-environment", "prod"),
            "pacticipant=Bücher & Co/EU version=1+2 ü environment=prod latestby=cvpv ignore[][pacticipant=Old",
        ),
    ],
)
def test_an_option_belongs_to_the_name_before_it(
    tallystick: Run, server: ScriptedServer, arguments: tuple[str, ...], expected: str
) -> None:
    """Options are taken in the order of the command line, however they are spelled."""
    assert ask(tallystick, server, *arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("-e", "1", "-a", "Web"), "--version belongs to the name before it"),
        (("-a", "Web"), "Which Web? Add --version"),
        (("-a", "Web", "-a", "Orders", "-e", "1"), "Which Web? Add --version"),
        (("-a", "Web", "-e", "1", "-e", "2"), "--version is given twice for Web"),
        (("-a", "Web", "--main-branch", "--main-branch"), "--main-branch is given twice for Web"),
        (("-a", "Web", "-e", "1", "--branch", "main"), "Web is selected in two ways"),
        (
            ("-a", "Web", "-e", "1", "--ignore", "Orders", "-l"),
            "Only --version can say which Orders to ignore",
        ),
        (("-a", "Web", "-e", "1", "--to", "prod", "--to-environment", "prod"), "not both"),
        (("-a", "Web", "-e", "1", "--with", "Orders"), "'Orders' is not like NAME=VERSION"),
        (("-a", "Web", "-e", "1", "--with", "Orders="), "'Orders=' is not like NAME=VERSION"),
        ((), "Nothing is selected"),
        (("--ignore", "Orders"), "Nothing is selected"),
    ],
)
def test_an_unclear_selection_is_a_usage_error(
    tallystick: Run, server: ScriptedServer, arguments: tuple[str, ...], text: str
) -> None:
    """What is not clear is not guessed and not asked: the exit code is 2."""
    result = tallystick("can-i-deploy", "-b", server.url, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert text in result.stderr
    assert server.asked == []

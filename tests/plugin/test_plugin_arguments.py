"""What the plugin makes of pytest's command line."""

import pytest

from plugin import suites

SETTINGS = '[tool.pytest.ini_options]\ncontracts_name = "{}"\n'


@pytest.fixture
def neighbours(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Two projects side by side, the second of which has a test and is the current folder."""
    for name in ("checkout", "inventory"):
        folder = pytester.mkdir(name)
        (folder / "contracts").mkdir()
        (folder / "pyproject.toml").write_text(SETTINGS.format(name))
    name_test = (
        "def test_name(pytestconfig):\n    assert pytestconfig.getini('contracts_name') == 'inventory'\n"
    )
    (pytester.path / "inventory/test_it.py").write_text(name_test)
    monkeypatch.chdir(pytester.path / "inventory")
    return pytester


@pytest.mark.usefixtures("neighbours")
@pytest.mark.parametrize("option", ["--contracts-from", "--contracts-dir"])
def test_a_neighbours_folder_needs_an_equals_sign(option: str) -> None:
    """Without it pytest would take the neighbour's settings; the message says how to write it."""
    result = suites.run(option, "../checkout/contracts")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*write {option}=../checkout/contracts with an equals sign*"])


@pytest.mark.usefixtures("neighbours")
@pytest.mark.parametrize(
    "arguments", [["--contracts-from=../checkout/contracts"], ["--contracts-from", "contracts"]]
)
def test_other_spellings_lead_nowhere_else(arguments: list[str]) -> None:
    """With the sign, or within the project, the project's own settings are in force."""
    suites.run(*arguments).assert_outcomes(passed=1)

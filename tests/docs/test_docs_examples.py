"""The examples of providers, and the how-tos that quote them."""

import re
import shutil
from pathlib import Path

import pytest

from plugin import builds, suites
from product import ROOT

HOW_TOS = [path for path in sorted(ROOT.glob("docs/how-to/*.md")) if "# examples/" in path.read_text()]
QUOTED = re.compile(r"^```(?:python|toml)\n# (examples/\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("name", "plugin", "count"), [("library", "django", 4), ("payments", "asyncio", 3)])
def test_an_example_honours_its_contracts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, plugin: str, count: int
) -> None:
    """A copied folder is a working suite: a Django project behind a login, a FastAPI app on async fixtures."""
    builds.forget(monkeypatch)
    folder = shutil.copytree(ROOT / "examples" / name, tmp_path / name)
    monkeypatch.chdir(folder)
    result = suites.run("--rootdir=.", plugins=[plugin])
    result.assert_outcomes(passed=count)
    result.stdout.fnmatch_lines([f"verified {name} for * {count}/{count} honoured"])


@pytest.mark.parametrize("path", HOW_TOS, ids=lambda path: path.stem)
def test_a_how_to_quotes_what_works(path: Path) -> None:
    """Each sample that names a file of an example is a part of it, word for word."""
    for name, text in QUOTED.findall(path.read_text(encoding="utf-8")):
        assert text in (ROOT / name).read_text(encoding="utf-8"), name

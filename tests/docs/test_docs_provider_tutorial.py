"""The provider's tutorial, played from its first file to its last test."""

import re
from pathlib import Path

import pytest

from docs.test_docs_tutorial import is_shown
from plugin import builds, suites
from product import ROOT

TUTORIAL = (ROOT / "docs/tutorial/verify-a-contract.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_providers_tutorial_shows_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is written as it is shown, and each run of pytest prints the lines that follow, in their order."""
    builds.forget(monkeypatch)
    monkeypatch.chdir(tmp_path)
    runs = 0
    for language, text in BLOCK.findall(TUTORIAL):
        if language != "console":
            write(tmp_path, text)
        elif "pip install" not in text:
            *_, shown = text.partition("$ pytest\n")
            for old, new in re.findall(r"sed \S+ 's/(.*?)/(.*?)/'", text):
                (tmp_path / "stock.py").write_text((tmp_path / "stock.py").read_text().replace(old, new))
            lines = iter(suites.run("--rootdir=.", "-pno:cacheprovider").outlines)
            unseen = [line for line in shown.splitlines() if not is_shown(line, lines)]
            assert unseen == [], text
            runs += 1
    assert runs == 4


def write(folder: Path, text: str) -> None:
    """Write the file that the block's first line names."""
    name, _, content = text.partition("\n")
    path = folder / re.sub(r"^(#|//) ", "", name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")

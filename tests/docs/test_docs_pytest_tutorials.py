"""The tutorials of consumers and providers, played from their first file to their last test."""

import re
import shlex
from pathlib import Path

import pytest

from docs.test_docs_tutorial import is_shown
from plugin import builds, suites
from product import ROOT

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("name", "count"), [("record-a-contract", 7), ("verify-a-contract", 4)])
def test_a_tutorial_shows_what_happens(
    name: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is written as it is shown, and each run of pytest prints the lines that follow, in their order."""
    builds.forget(monkeypatch)
    monkeypatch.chdir(tmp_path)
    runs = 0
    for language, text in BLOCK.findall((ROOT / f"docs/tutorial/{name}.md").read_text(encoding="utf-8")):
        if language != "console":
            write(tmp_path, text)
        elif "pip install" not in text:
            before, command, shown = re.split(r"^\$ pytest(.*)\n", text, flags=re.MULTILINE)
            for old, new, file in re.findall(r"sed \S+ 's/(.*?)/(.*?)/' (\S+)", before):
                (tmp_path / file).write_text((tmp_path / file).read_text().replace(old, new))
            result = suites.run("--rootdir=.", "-pno:cacheprovider", *shlex.split(command))
            lines = iter(result.outlines)
            unseen = [line for line in shown.splitlines() if not is_shown(line, lines)]
            assert unseen == [], f"{text}\n{result.stdout}"
            runs += 1
    assert runs == count


def write(folder: Path, text: str) -> None:
    """Write the file that the block's first line names."""
    name, _, content = text.partition("\n")
    path = folder / re.sub(r"^(#|//) ", "", name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")

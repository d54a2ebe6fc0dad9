"""Words that no file may hold: where it was made, where packages come from, what is not done."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from product import ROOT

# Each is put together from pieces, so that this file does not hold what it looks for.
REGISTRIES = (
    *(("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com")),
    *(("deb", "debian", "org"), ("archive", "ubuntu", "com"), ("crates", "io"), ("rubygems", "org")),
    *(("proxy", "golang", "org"), ("maven", "org"), ("anaconda", "org")),
)
FORBIDDEN = {
    "the host of a package registry": re.compile(
        r"(?<![\w-])(?:" + "|".join(re.escape(".".join(host)) for host in REGISTRIES) + r")\b", re.IGNORECASE
    ),
    "a path of one machine": re.compile(
        r"(?:(?<![\w./}*-])|(?<=//))(?:/(?:work|root)(?![\w.-])|/(?:tmp|home|Users)/\w|[A-Z]:\\Users\\\w)"
    ),
    "work left undone": re.compile(
        "|".join([r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\braise NotImplemented" + "Error"])
    ),
}


def test_no_tracked_file_holds_a_forbidden_word() -> None:
    """What is published names no machine of its makers, no package registry, and leaves nothing undone."""
    faults = list(find_words(list_tracked(ROOT)))
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("see https://{}/simple".format(".".join(("pypi", "org"))), "the host of a package registry"),
        ("wheels: " + "files." + "pythonhosted." + "org", "the host of a package registry"),
        ("cd /" + "work/main", "a path of one machine"),
        ("HOME=/" + "root", "a path of one machine"),
        ("open('/" + "tmp/x.db')", "a path of one machine"),
        ("file:///" + "home/ada/x", "a path of one machine"),
        ("# TO" + "DO: later", "work left undone"),
        ("raise NotImplemented" + "Error", "work left undone"),
    ],
)
def test_a_forbidden_word_is_found(tmp_path: Path, text: str, reason: str) -> None:
    """A forbidden word is found in any tracked text file, and named with its line."""
    write_repository(tmp_path, {"notes.txt": f"First line.\n{text}\n"})
    assert list(find_words(list_tracked(tmp_path))) == [f"{tmp_path}/notes.txt:2: {reason}: {text}"]


@pytest.mark.parametrize(
    "text",
    ["a todo list", "/homepage", "https://example.com/work/", "mountPath: /tmp", "/api/root/x", "roots/work"],
)
def test_an_innocent_word_is_left_alone(tmp_path: Path, text: str) -> None:
    """Words that only look like a forbidden one are no fault."""
    write_repository(tmp_path, {"notes.txt": text})
    assert list(find_words(list_tracked(tmp_path))) == []


def test_only_tracked_text_is_read(tmp_path: Path) -> None:
    """A file that git does not track, and one that is not text, are not looked at."""
    word = "TO" + "DO"
    write_repository(tmp_path, {"picture.png": f"\0{word}"})
    (tmp_path / "scratch.txt").write_text(word, encoding="utf-8")
    assert list(find_words(list_tracked(tmp_path))) == []


def write_repository(folder: Path, files: dict[str, str]) -> None:
    """Make a git repository in a folder, which tracks these files."""
    run_git(folder, "init", "--quiet")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    run_git(folder, "add", *files)


def list_tracked(folder: Path) -> list[Path]:
    """Return the files that git tracks in a folder; skips the test where there is no git or no repository."""
    if not (folder / ".git").exists() or not shutil.which("git"):
        pytest.skip("the rule is about tracked files, and this is no git checkout")
    names = run_git(folder, "ls-files", "-z").split("\0")
    return [folder / name for name in names if (folder / name).is_file()]


def run_git(folder: Path, *arguments: str) -> str:
    """Return what a git command in a folder printed; raises CalledProcessError when it failed."""
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def find_words(paths: Sequence[Path]) -> Iterator[str]:
    """Yield a line for each forbidden word in these files, with its place and the reason."""
    for path in paths:
        content = path.read_bytes()
        if b"\0" not in content:
            yield from (f"{path}:{fault}" for fault in find_words_in_text(content.decode("utf-8", "replace")))


def find_words_in_text(text: str) -> Iterator[str]:
    """Yield the number, the reason and the text of each line with a forbidden word."""
    for number, line in enumerate(text.splitlines(), start=1):
        for reason, pattern in FORBIDDEN.items():
            if pattern.search(line):
                yield f"{number}: {reason}: {line.strip()[:100]}"

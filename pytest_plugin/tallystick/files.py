"""Files that are never half-written, and a folder for those through which we talk with the Pact core."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is ours alone
"""Where Linux keeps files in memory; a container may have little room there, or none."""

ROOM = 32 * 1024 * 1024


def write_whole(path: Path, text: str) -> None:
    """Write the text at once: a reader sees the old file or the new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise


@cache
def scratch_folder() -> Path:
    """Return a folder of this process, which goes with it: to make one for each file takes longer than all the rest.

    It is in memory where it can be, since a disk takes longer for a file than the core for what is in it.
    """
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    made = tempfile.TemporaryDirectory(
        prefix="tallystick-", dir=MEMORY if roomy else None, ignore_cleanup_errors=True
    )
    atexit.register(made.cleanup)
    return Path(made.name)

"""What the plugin adds to the start of every pytest run: `python benchmarks/plugin_import.py`.

Python starts and imports pytest, with and without the plugin's entry point, in turns.
"""

import statistics
import subprocess
import sys
import time

ROUNDS = 25
STATEMENTS = ("import pytest", "import pytest, tallystick.plugin")


def main() -> None:
    """Print the median milliseconds of both, their difference and their ratio."""
    runs = [[start(statement) for statement in STATEMENTS] for _ in range(ROUNDS)]
    alone, both = (statistics.median(column) for column in zip(*runs, strict=True))
    added = statistics.median(with_plugin - without for without, with_plugin in runs)
    sys.stdout.write(
        f"pytest alone     {alone:7.1f} ms\n"
        f"with the plugin  {both:7.1f} ms   {both / alone:.3f} times\n"
        f"added            {added:7.1f} ms   the median of {ROUNDS} pairs; the limit is 10 ms\n"
    )


def start(statement: str) -> float:
    """Return how many milliseconds a new Python needs for this statement, its own start included."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)  # noqa: S603 (statements of our own)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()

"""What the plugin costs, beside pact-python and where it is not used: `python benchmarks/plugin_costs.py [ROUNDS]`.

Programs run in turns, ours and the other, and of each pair the ratio is taken; what is printed are medians.
"""

import sys
import tempfile
from pathlib import Path

from costs import recording, starting, verification

ROUNDS = 9


def main() -> None:
    """Print what loading the plugin, a consumer's test and a verification cost."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    for part in (starting, recording, verification):
        with tempfile.TemporaryDirectory() as folder:
            part.measure(Path(folder), rounds)


if __name__ == "__main__":
    main()

"""The runner as a program: `launcher SOCKET`, `supervisor`, or `pack DIRECTORY` after its name."""

import os
import sys
from pathlib import Path

# An isolated Python looks for modules in this directory only; they are named from the one above.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from runner import launcher, supervisor  # noqa: E402


def main() -> None:
    if sys.argv[1] == "launcher":
        launcher.serve(sys.argv[2])
    elif sys.argv[1] == "pack":
        # Search and compression have no place in a supervisor's memory.
        from runner.logs.packing import pack

        os.nice(10)
        pack(sys.argv[2])
    else:
        supervisor.serve_standard_input()


main()

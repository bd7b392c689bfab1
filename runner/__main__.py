"""The runner as a program: `python -I -S runner launcher SOCKET`, or `... runner supervisor`."""

import sys
from pathlib import Path

# An isolated Python looks for modules in this directory only; they are named from the one above.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from runner import launcher, supervisor  # noqa: E402


def main() -> None:
    if sys.argv[1] == "launcher":
        launcher.serve(sys.argv[2])
    else:
        supervisor.serve_standard_input()


main()

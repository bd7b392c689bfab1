"""The builder's process: run by path, it builds what its standard input says."""

import os
import sys
from pathlib import Path

# Run with -I, Python looks for modules in its own places only.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from envs.builder.build import Build
from envs.builder.conda import CondaBuild
from envs.builder.order import Order

KINDS = {"venv": Build, "conda": CondaBuild}


def main() -> None:
    lock = int(sys.argv[1])
    order = Order.from_json(sys.stdin.buffer.read().decode())
    os.umask(0o022)
    KINDS[order.kind](order, lock).run()


if __name__ == "__main__":
    main()

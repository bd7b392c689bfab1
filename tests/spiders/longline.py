"""Prints a line of as many MB as it is told, without a newline."""

import sys

for _ in range(int(sys.argv[1])):
    sys.stdout.write("x" * 2**20)

"""Traps SIGTERM and SIGINT, says which one came, and exits with 0."""

import signal
import sys
import time


def leave(number, frame):
    print("got", signal.Signals(number).name, flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, leave)
signal.signal(signal.SIGINT, leave)
print("ready", flush=True)
time.sleep(120)

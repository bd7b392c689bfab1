"""Leaves a daemon behind that holds the output, and exits, or sleeps when told `stay`."""

import os
import signal
import sys
import time

if not os.fork():
    os.setsid()
    if os.fork():
        os._exit(0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("daemon", os.getpid(), flush=True)
    time.sleep(120)
    os._exit(0)
os.wait()
if "stay" in sys.argv:
    time.sleep(120)

"""Ends with the exit code, or by the signal, that it is told: `ending.py 3`, `ending.py SEGV`."""

import os
import signal
import sys
import time

how = sys.argv[1] if len(sys.argv) > 1 else "0"
time.sleep(float(sys.argv[2]) if len(sys.argv) > 2 else 0)
print("ending", how, flush=True)
if how.isdigit():
    os._exit(int(how))
os.kill(os.getpid(), getattr(signal, f"SIG{how}"))
time.sleep(60)

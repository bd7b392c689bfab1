"""Makes a tree of processes, half of them deaf to SIGTERM, every fifth daemonised."""

import os
import signal
import sys
import time


def live(number):
    if number % 2:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if number % 5 == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
    os.write(1, b"up\n")
    time.sleep(120)
    os._exit(0)


for number in range(int(sys.argv[1])):
    if not os.fork():
        live(number)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(120)

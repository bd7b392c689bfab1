"""Takes 300 MB and keeps them."""

import time

taken = bytearray(300 * 2**20)
for page in range(0, len(taken), 4096):
    taken[page] = 1
print("full", flush=True)
time.sleep(120)

"""Closes its output at once, writes errors only, closes them too, and works on for a second."""

import os
import time

os.close(1)
os.write(2, b"an error\n")
os.close(2)
time.sleep(1)
with open(os.path.join(os.environ["KUMO_OUTPUT_DIR"], "done"), "w") as file:
    file.write("worked")

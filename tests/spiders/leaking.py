"""Prints the secret of its environment, plain, encoded and in two pieces."""

import base64
import os
import time

secret = os.environ["PASSWORD"]
print(secret, base64.b64encode(b"u:" + secret.encode()).decode(), flush=True)
print(secret[:7], end="", flush=True)
time.sleep(0.3)
print(secret[7:], flush=True)

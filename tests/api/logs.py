"""Logs for tests, written as the supervisor writes them."""

from runner.logs.writer import LogWriter


def write_log(directory, lines, is_finished=True, limit=2**30):
    """Write these lines as the log in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    writer = LogWriter(directory, limit)
    for line in lines:
        writer.write(f"{line}\n".encode())
    writer.flush()
    if is_finished:
        writer.close()

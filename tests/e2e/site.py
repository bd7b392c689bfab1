"""A web site on this machine for spiders to crawl: pages, links between them, one that is gone."""

import contextlib
import http.server
import threading

PAGES = 60


class Page(http.server.BaseHTTPRequestHandler):
    """Page N links to the next three; page 0 also to one that is not there."""

    def do_GET(self):
        number = self.path.strip("/") or "0"
        if not number.isdigit() or int(number) >= PAGES:
            self.send_error(404)
            return
        body = self.page(int(number)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page(self, number: int) -> str:
        targets = [str(each) for each in range(number + 1, min(number + 4, PAGES))]
        links = "".join(f'<a href="/{each}">{each}</a>' for each in (*targets, *self.gone(number)))
        return f"<html><title>第 {number} 页</title><h1>Page {number}</h1>{links}</html>"

    @staticmethod
    def gone(number: int) -> list[str]:
        return ["gone"] if number == 0 else []

    def log_message(self, *_arguments):
        """Say nothing: the test's output is not the place."""


@contextlib.contextmanager
def served():
    """Give the address of the site while it is served."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

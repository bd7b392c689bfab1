"""Sends signed webhooks, and only where they may go."""

import hashlib
import hmac
import ipaddress
import json

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

TIMEOUT = (5, 10)
ANSWER_BYTES = 500


class AddressRefused(Exception):
    """The receiver's address is private, and the channel does not allow that."""


def check(sock) -> None:
    """Look at the address that was really connected to: a name may have meant another before."""
    address = ipaddress.ip_address(sock.getpeername()[0].partition("%")[0])
    if not address.is_global or address.is_multicast:
        sock.close()
        raise AddressRefused(str(address))


class PublicHTTPConnection(HTTPConnection):
    def _new_conn(self):
        sock = super()._new_conn()
        check(sock)
        return sock


class PublicHTTPSConnection(HTTPSConnection):
    def _new_conn(self):
        sock = super()._new_conn()
        check(sock)
        return sock


class PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = PublicHTTPConnection


class PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = PublicHTTPSConnection


class PublicAdapter(HTTPAdapter):
    """Reaches public addresses only."""

    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": PublicHTTPPool,
            "https": PublicHTTPSPool,
        }


def post(url: str, secret: str, key: str, content: dict, allows_private: bool) -> str:
    """Send the content; return the answer's first line.

    Raises requests.RequestException, and AddressRefused.

    A receiver knows a repeated message by `X-Kumo-Delivery`, and Kumo by `X-Kumo-Signature`.
    """
    body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Kumo",
        "X-Kumo-Delivery": key,
        "X-Kumo-Signature": f"sha256={signature}",
    }
    with requests.Session() as session:
        session.trust_env = False
        if not allows_private:
            for scheme in ("http://", "https://"):
                session.mount(scheme, PublicAdapter())
        with session.post(
            url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            told = answer.raw.read(ANSWER_BYTES, decode_content=True).decode(errors="replace")
            line = f"{answer.status_code} {told}".strip()
            if not answer.ok or answer.is_redirect:
                raise requests.HTTPError(line)
            return line

# Any Debian-like image with Python 3.11 or newer and its venv module.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS packages
WORKDIR /opt/kumo
COPY requirements.txt .
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM ${BASE_IMAGE}
RUN useradd --system --create-home --home-dir /data --uid 10001 kumo
WORKDIR /opt/kumo
COPY --from=packages /opt/kumo/.venv .venv
COPY . .
ENV KUMO_HOME=/data \
    KUMO_BIND=0.0.0.0:8000 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/kumo/.venv/bin:${PATH}
USER kumo
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import http.client; c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz', headers={'Host': 'localhost'}); raise SystemExit(c.getresponse().status >= 500)"]
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "up"]

FROM python:3.11-bookworm AS build
RUN python -m venv /opt/venv
COPY vendor /vendor
RUN /opt/venv/bin/pip install --no-index --find-links=/vendor tinycalc

FROM python:3.11-slim-bookworm
COPY --from=build /opt/venv /srv/venv
CMD ["/srv/venv/bin/pip", "--version"]

FROM python:3.11-bookworm AS build
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY vendor vendor
RUN pip install --no-index --find-links=vendor tinycalc
COPY main.py .

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
CMD ["python", "/app/main.py"]

FROM python:3.11-bookworm AS build
WORKDIR /app
COPY vendor vendor
RUN pip install --no-index --find-links=vendor tinycalc
COPY main.py .

FROM python:3.11-slim-bookworm
COPY --from=build /app /app
CMD ["python", "/app/main.py"]

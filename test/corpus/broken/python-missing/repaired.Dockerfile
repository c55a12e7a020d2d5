FROM debian:bookworm AS check
COPY main.py /app/
FROM python:3.11-slim-bookworm
COPY --from=check /app /app
WORKDIR /app
CMD ["python3", "main.py"]

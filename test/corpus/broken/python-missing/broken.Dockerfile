FROM debian:bookworm AS check
COPY main.py /app/
FROM debian:bookworm-slim
COPY --from=check /app /app
WORKDIR /app
CMD ["python3", "main.py"]

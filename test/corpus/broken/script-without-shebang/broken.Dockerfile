FROM debian:bookworm AS other
FROM debian:bookworm-slim
WORKDIR /app
COPY entrypoint.sh ./
ENTRYPOINT ["./entrypoint.sh"]

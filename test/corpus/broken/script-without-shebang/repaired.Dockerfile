FROM debian:bookworm AS other
FROM debian:bookworm-slim
WORKDIR /app
COPY good.sh ./
ENTRYPOINT ["./good.sh"]

FROM debian:bookworm AS other
FROM debian:bookworm-slim
COPY good.sh /entrypoint.sh
ENTRYPOINT ["/entrypoint.sh"]

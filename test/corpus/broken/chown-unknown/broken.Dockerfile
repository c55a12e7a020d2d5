FROM debian:bookworm AS other
FROM debian:bookworm-slim
COPY --chown=app:app expected.json /data/
CMD ["true"]

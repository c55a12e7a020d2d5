FROM debian:bookworm AS other
FROM debian:bookworm-slim
RUN groupadd app && useradd -g app app
COPY --chown=app:app expected.json /data/
CMD ["true"]

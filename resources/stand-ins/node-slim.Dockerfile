# node:22-bookworm-slim: Node.js from the npm registry.
FROM debian:bookworm AS unpack
ADD node.tgz /opt/

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libstdc++6 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=unpack /opt/package/bin/node /usr/local/bin/node
CMD ["node"]

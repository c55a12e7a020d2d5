# node:22-bookworm: Node.js and npm from the npm registry, with the tools to build add-ons.
FROM debian:bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential ca-certificates git python3 \
    && rm -rf /var/lib/apt/lists/*
ADD node.tgz npm.tgz /opt/
RUN mv /opt/package/bin/node /usr/local/bin/node \
    && mv /opt/package /usr/local/lib/npm \
    && ln -s ../lib/npm/bin/npm-cli.js /usr/local/bin/npm \
    && ln -s ../lib/npm/bin/npx-cli.js /usr/local/bin/npx
CMD ["node"]

# gcr.io/distroless/nodejs22-debian13: Node.js from the npm registry on the libraries that it needs.
FROM debian:bookworm AS unpack
ADD node.tgz /opt/

FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=unpack /opt/package/bin/node /nodejs/bin/node
ENTRYPOINT ["/nodejs/bin/node"]

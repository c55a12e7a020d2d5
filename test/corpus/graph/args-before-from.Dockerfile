ARG VERSION=22
ARG BASE=node:${VERSION}-slim
ARG TARGET=${BASE:-none}
FROM ${BASE} AS build
ARG VERSION
RUN echo $VERSION
FROM ${UNSET:-debian:12} AS other
COPY --from=build /x /x
FROM $TARGET
COPY --from=other /x /x

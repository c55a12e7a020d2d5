FROM golang:1.22 AS tools
FROM golang:1.22 AS build
RUN --mount=type=cache,target=/root/.cache \
    --mount=type=bind,from=tools,source=/go,target=/tools \
    --mount=from=alpine:3.20,source=/etc,target=/alpine-etc \
    go build -o /out
RUN --mount=type=bind,source=go.sum,target=go.sum --mount=type=secret,id=token cat go.sum
FROM scratch
COPY --from=build /out /

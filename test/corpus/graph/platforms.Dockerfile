FROM --platform=$BUILDPLATFORM golang:1.22 AS build
ARG TARGETOS TARGETARCH
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build
FROM --platform=linux/arm64 scratch
COPY --link --chown=1:1 --chmod=755 --from=build /app /app

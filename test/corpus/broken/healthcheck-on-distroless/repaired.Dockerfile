FROM debian:bookworm AS build
FROM gcr.io/distroless/base-debian13
HEALTHCHECK --interval=5s CMD ["/app", "--health"]
CMD ["/app"]

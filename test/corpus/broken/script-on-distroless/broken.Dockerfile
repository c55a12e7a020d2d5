FROM debian:bookworm AS other
FROM gcr.io/distroless/base-debian13:nonroot
COPY entrypoint.sh /
ENTRYPOINT ["/entrypoint.sh"]

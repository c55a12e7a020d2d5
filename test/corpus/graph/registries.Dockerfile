FROM localhost:5000/team/app:1.2@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa AS one
FROM docker.io/library/debian:12 AS two
FROM debian:12 AS three
FROM ghcr.io/a/b
COPY --from=one / /one
COPY --from=two / /two
COPY --from=three / /three

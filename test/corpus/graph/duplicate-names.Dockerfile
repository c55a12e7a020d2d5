FROM debian:11 AS a
RUN one
FROM debian:12 AS a
RUN two
FROM scratch
COPY --from=a /x /x

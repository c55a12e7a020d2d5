FROM debian:12 AS used
FROM debian:11 AS test
COPY --from=used /a /a
FROM test AS more-tests
FROM used
COPY . /app

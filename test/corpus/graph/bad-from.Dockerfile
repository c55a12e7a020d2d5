FROM a b c
FROM scratch AS
COPY --from=later /x /x
COPY --from=7 /x /x
FROM debian:12 AS later
COPY --from=later /x /x
COPY --from=$STAGE /x /x

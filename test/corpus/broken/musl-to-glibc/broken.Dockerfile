FROM alpine:3.20 AS build
RUN apk add gcc musl-dev
COPY hello.c .
RUN gcc -o /hello hello.c
FROM debian:bookworm-slim
COPY --from=build /hello /hello
CMD ["/hello"]

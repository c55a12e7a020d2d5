FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y gcc libc6-dev
WORKDIR /src
COPY hello.c .
RUN gcc -static -o /hello hello.c
FROM scratch
COPY --from=build /hello /hello
CMD ["/hello"]

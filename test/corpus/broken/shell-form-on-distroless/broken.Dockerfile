FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y gcc libc6-dev
WORKDIR /src
COPY hello.c .
RUN gcc -o /usr/local/bin/hello hello.c
FROM gcr.io/distroless/base-debian13:nonroot
COPY --from=build /usr/local/bin/hello /usr/local/bin/hello
ENTRYPOINT hello

FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y gcc libc6-dev
WORKDIR /src
COPY hello.c .
RUN gcc -o /hello hello.c
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /hello /
CMD ["/hello"]

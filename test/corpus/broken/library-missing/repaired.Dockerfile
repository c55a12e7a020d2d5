FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y gcc libc6-dev zlib1g-dev
COPY hello.c .
RUN gcc -o /hello hello.c -lz

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends zlib1g && rm -rf /var/lib/apt/lists/*
COPY --from=build /hello /hello
CMD ["/hello"]

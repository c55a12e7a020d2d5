FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y gcc libc6-dev zlib1g-dev
COPY hello.c .
RUN gcc -o /hello hello.c -lz

FROM debian:bookworm-slim
COPY --from=build /hello /hello
RUN rm -f /lib/x86_64-linux-gnu/libz.so* /usr/lib/x86_64-linux-gnu/libz.so*
CMD ["/hello"]

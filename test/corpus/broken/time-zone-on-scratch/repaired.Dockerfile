FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y gcc libc6-dev
WORKDIR /src
COPY hello.c .
RUN gcc -static -o /hello hello.c
FROM scratch
ENV TZ=Europe/Paris
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /hello /hello
CMD ["/hello"]

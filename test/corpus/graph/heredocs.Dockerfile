FROM debian:12 AS build
RUN <<EOF
FROM is no instruction here
COPY --from=nothing /a /b
EOF
COPY <<one <<two /dst/
first
one
second
two
RUN <<-'RAW' cat
	AS IT IS $HOME
	RAW
FROM scratch
COPY --from=build /dst /

RUN before any stage
FROM debian:12
COPPY . .
RUN
ENV
RUN <<EOT
never closed

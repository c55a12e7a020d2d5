# nginxinc/nginx-unprivileged:stable: Debian's nginx, listening as nobody in particular.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx-light \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled/* \
    && sed -i -e '/^user /d' -e 's,^pid .*,pid /tmp/nginx.pid;,' /etc/nginx/nginx.conf \
    && chown -R 101:101 /var/lib/nginx /var/log/nginx
USER 101
EXPOSE 8080
CMD ["nginx", "-g", "daemon off;"]

FROM debian:bookworm-slim
COPY start.sh /start.sh
RUN chmod 644 /start.sh
ENTRYPOINT ["/start.sh"]

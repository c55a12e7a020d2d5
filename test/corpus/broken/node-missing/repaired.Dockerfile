FROM node:22-bookworm AS build
COPY main.js /app/
FROM node:22-bookworm-slim
COPY --from=build /app /app
ENTRYPOINT ["node"]
CMD ["/app/main.js"]

FROM node:22 AS deps
RUN npm ci
FROM debian:12 AS template
ONBUILD COPY --from=deps /node_modules /node_modules
ONBUILD RUN echo child
FROM template AS app
COPY . .

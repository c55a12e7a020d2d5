FROM node:22 AS deps
WORKDIR /app
COPY package.json .
RUN npm install
FROM node:22-slim
WORKDIR /app
COPY --from=deps /app/node_modules node_modules
COPY main.js .
CMD ["node", "main.js"]

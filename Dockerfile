FROM node:24-bookworm-slim AS build
WORKDIR /app
# The lockfile links to this package, so it must be there before the install.
COPY package.json package-lock.json ./
COPY libs/schematics/package.json libs/schematics/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build:release

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY libs/schematics/package.json libs/schematics/
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN mkdir --mode=0700 /data && chown node:node /data
USER node
VOLUME /data
ENV AI_GATEWAY_SERVER_HOST=0.0.0.0 \
    AI_GATEWAY_DATA_DIR=/data
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3001/health/ready').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1, so that SIGTERM reaches it and open answers may finish.
CMD ["node", "dist/apps/gateway/src/main.js"]

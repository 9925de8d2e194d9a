FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
# The lockfile links to this package, so it must be there before the install.
COPY package.json package-lock.json ./
COPY libs/schematics/package.json libs/schematics/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build:release

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY libs/schematics/package.json libs/schematics/
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY scripts/gateway.sh scripts/health.mjs scripts/
RUN mkdir --mode=0700 /data && chown node:node /data
# The user `node`, by number: Kubernetes cannot tell from a name that it is not root.
USER 1000
VOLUME /data
ENV AI_GATEWAY_SERVER_HOST=0.0.0.0 \
    AI_GATEWAY_DATA_DIR=/data
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "scripts/health.mjs", "--live"]
# It becomes Node itself, process 1, so that SIGTERM reaches it and open answers may finish.
CMD ["scripts/gateway.sh"]

#!/usr/bin/env bash
# A thin door to the npm scripts. It needs bash and any Node with npm: the Node that really runs is the pinned one of
# node_modules, since npm puts node_modules/.bin first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

help() {
  cat <<'TEXT'
usage: ./run.sh COMMAND [--release]

  run      build and start the gateway on http://127.0.0.1:3001 (first start prints keys and a curl line)
  test     the whole gate: types, lint, build, every test
  watch    start, and restart on every change
  build    compile to dist/
  check    types only
  lint     code, format and architecture
  fmt      format, and mend what lint can mend
  clean    remove what was built (never data/)
  admin    projects, keys and users from the command line (`./run.sh admin help`); the gateway must not be running
  health   ask a running gateway whether it is well
  help     this text

  --release   build for production: no source maps; dist/ then needs only `npm ci --omit=dev`
TEXT
}

# The stamp is written last, so an install that broke off is done again.
install() {
  local stamp=node_modules/.installed-package-lock.json
  if ! cmp -s package-lock.json "$stamp"; then
    echo 'Installing dependencies (once, and when package-lock.json changes) …' >&2
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json "$stamp"
  fi
}

is_older_than_sources() {
  [ -n "$(find apps libs -name '*.ts' -newer "$1" -print -quit)" ]
}

command=${1:-help}
if [ "$command" = admin ]; then
  shift
  # What is there is used: a production install has no compiler, and gateways may run from it.
  [ -d node_modules/@nestjs/core ] || install
  entry=dist/apps/gateway/src/admin/main.js
  if [ ! -f "$entry" ] || { [ -x node_modules/.bin/nest ] && is_older_than_sources "$entry"; }; then
    npm run --silent build
  fi
  exec npm run --silent admin -- "$@"
fi
build=build
case "${2:-}" in
  '') ;;
  --release) build=build:release ;;
  *) help >&2 && exit 2 ;;
esac

case "$command" in
  build)
    install
    npm run --silent "$build"
    ;;
  run)
    install
    npm run --silent "$build"
    # Not through npm, which would hand Ctrl-C on a second time; the gateway takes the second one as "now".
    PATH="$PWD/node_modules/.bin:$PATH" exec scripts/gateway.sh
    ;;
  test | watch | check | lint | fmt)
    install
    exec npm run --silent "$command"
    ;;
  clean) rm -rf dist coverage .cache ;;
  health)
    install
    exec npm run --silent health
    ;;
  help | -h | --help) help ;;
  *) help >&2 && exit 2 ;;
esac

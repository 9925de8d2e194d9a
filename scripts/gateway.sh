#!/bin/sh
# Starts the gateway. The one place that tells V8 how to collect garbage; what that is worth: bench/README.md, "Realtime".
#
# V8 collects the whole heap when too much is kept outside it, where the frames of realtime sessions lie, which stops everybody. Node's
# young generation frees them late: it grows to 64 MB while the gateway starts, then shrinks whenever nobody speaks, and V8 puts small
# objects that it bets will live long straight into the old one, with the frames that they hold. So it has one size, and no bets; and the
# old one may grow to what a busy gateway has before V8 knows how much that is. 8 MB of young generation cost streams over HTTP CPU.
#
# `exec`, so that signals reach Node itself.
exec node --initial-old-space-size=192 --min-semi-space-size=16 --max-semi-space-size=16 --no-allocation-site-pretenuring "${0%/*}/../dist/apps/gateway/src/main.js" "$@"

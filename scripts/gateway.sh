#!/bin/sh
# Starts the gateway. The one place that tells V8 how to collect garbage; what that is worth: bench/README.md, "Realtime".
#
# The frames of realtime sessions lie outside V8's heap, and V8 collects the whole heap when too many of them wait to be freed, which
# stops everybody. By default they wait long: the young generation that frees them grows to 64 MB while the gateway starts, and V8 puts
# small objects that it bets will live long straight into the old one, with the frames that they hold. 8 MB cost streams over HTTP CPU.
#
# `exec`, so that signals reach Node itself.
exec node --max-semi-space-size=16 --no-allocation-site-pretenuring "${0%/*}/../dist/apps/gateway/src/main.js" "$@"

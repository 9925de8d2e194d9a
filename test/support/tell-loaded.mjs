// `node --import` it: each module of an OpenTelemetry SDK that is loaded from then on is a line of stderr.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, next) {
    if (/\/@opentelemetry\/(?!api\/)/.test(url)) {
      process.stderr.write(`loaded ${url}\n`);
    }
    return next(url, context);
  },
});

// Preloaded into a gateway (`node --import`): its clock is so many milliseconds off, as on a machine that nobody synchronises.
const skewMs = Number(process.env.PROVE_SKEW_MS ?? 0);
const RealDate = Date;

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + skewMs] : parts));
  }

  static now() {
    return RealDate.now() + skewMs;
  }
};

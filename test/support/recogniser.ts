/** The recogniser for tests (`scripts/test-stores.mjs` starts one); undefined when there is none. With CI=true there must be. */
export const RECOGNISER_TEST_URI = found(process.env['RECOGNISER_TEST_URI'] || undefined);

function found(uri: string | undefined): string | undefined {
  if (uri === undefined) {
    if (process.env['CI'] === 'true') {
      throw new Error('RECOGNISER_TEST_URI is missing: run the tests through `npm run stores -- …`.');
    }
    process.stderr.write(
      '\n*** speech to a recogniser: NOT RUN (run the tests through `npm run stores -- …`) ***\n\n',
    );
  }
  return uri;
}

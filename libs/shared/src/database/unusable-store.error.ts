/** The store stops the start. The message is one line that says what to do, without any secret. */
export class UnusableStoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnusableStoreError';
  }
}

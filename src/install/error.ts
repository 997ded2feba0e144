/** What stands in the way of an installation; the message is the line to print, and says what to do. */
export class InstallError extends Error {
  override readonly name = 'InstallError';
}

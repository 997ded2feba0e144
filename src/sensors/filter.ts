/** Which devices a source takes, by regular expressions as node_exporter's flags have them. */
export type NameFilter = (name: string) => boolean;

/** `include` and `exclude` are sources of regular expressions; `''` is none. Both may be given. */
export function nameFilter(include: string, exclude: string): NameFilter {
  const wanted = include === '' ? undefined : new RegExp(include);
  const unwanted = exclude === '' ? undefined : new RegExp(exclude);
  return (name) => unwanted?.test(name) !== true && wanted?.test(name) !== false;
}

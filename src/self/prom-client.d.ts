/**
 * The two classes by their own files: the package's index also loads its default metrics, its cluster
 * support and what those need, three times the memory.
 */
declare module 'prom-client/lib/counter.js' {
  import { Counter } from 'prom-client';
  export default Counter;
}

declare module 'prom-client/lib/histogram.js' {
  import { Histogram } from 'prom-client';
  export default Histogram;
}

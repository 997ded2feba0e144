/** Files of the package that are bundled as text: `with { type: 'text' }`. */
declare module '*.service' {
  const text: string;
  export default text;
}
declare module '*.conf' {
  const text: string;
  export default text;
}
declare module '*.rules' {
  const text: string;
  export default text;
}
declare module '*/etc/default' {
  const text: string;
  export default text;
}
declare module '*.yaml' {
  const text: string;
  export default text;
}

/** Which processes hold which GPUs: told by the serving process, which has it of the GPU probes. */
export interface Holder {
  readonly pid: number;
  readonly uuid: string;
  /** Index, as `device` of the GPU's series. */
  readonly gpu: string;
}

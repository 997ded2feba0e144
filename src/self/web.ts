/** What became of the web configuration, and who was turned away; there where a web configuration is. */
import { SAMPLE, type Source } from '../board/source.ts';
import { SELF } from '../catalog/self.ts';

/** In the order of their series. */
const REASONS = ['unauthorized', 'busy', 'rate_limit'] as const;

export class WebMetrics {
  #success = 1;
  #time = Date.now() / 1000;
  #handovers = 0;
  #resets = 0;
  #certificateEnd = Number.NaN;
  readonly #refusals = new Float64Array(REASONS.length);

  reloaded(success: boolean): void {
    this.#success = success ? 1 : 0;
    if (success) this.#time = Date.now() / 1000;
  }

  /** `resets`: connections that were reset at it. */
  handedOver(resets: number): void {
    this.#handovers++;
    this.#resets += resets;
  }

  /** Unix time at which the certificate ends; NaN where there is none. */
  certified(end: number): void {
    this.#certificateEnd = end;
  }

  refused(reason: (typeof REASONS)[number]): void {
    const at = REASONS.indexOf(reason);
    this.#refusals[at] = (this.#refusals[at] ?? 0) + 1;
  }

  source(): Source {
    const slots = new Int32Array(5 + REASONS.length);
    return {
      name: 'web',
      collectors: ['self'],
      discover(draft) {
        slots[0] = draft.slot(SELF.webReloadSuccess);
        slots[1] = draft.slot(SELF.webReloadTime);
        slots[2] = draft.slot(SELF.webHandovers);
        slots[3] = draft.slot(SELF.webResets);
        slots[4] = draft.slot(SELF.webCertificateEnd);
        for (const [i, reason] of REASONS.entries()) {
          slots[5 + i] = draft.slot(SELF.webRefusals, { reason });
        }
      },
      sample: (values) => {
        values[slots[0] as number] = this.#success;
        values[slots[1] as number] = this.#time;
        values[slots[2] as number] = this.#handovers;
        values[slots[3] as number] = this.#resets;
        values[slots[4] as number] = this.#certificateEnd;
        for (let i = 0; i < REASONS.length; i++) {
          values[slots[5 + i] as number] = this.#refusals[i] as number;
        }
        return SAMPLE.ok;
      },
      close() {},
    };
  }
}

/** Where the fields of a C struct are, as data: what test/abi compares with the real headers. */

/** By C field, the offset in bytes. */
export type Offsets = Readonly<Record<string, number>>;

/** One struct, the same on x86_64 and aarch64: both are LP64 and little-endian. */
export interface StructLayout {
  /** Name of the C type. */
  readonly c: string;
  /** sizeof. */
  readonly bytes: number;
  readonly u8?: Offsets;
  readonly u16?: Offsets;
  /** unsigned int, int, and enums. */
  readonly u32?: Offsets;
  readonly u64?: Offsets;
  readonly f64?: Offsets;
  readonly ptr?: Offsets;
  /** Arrays of char: offset and length. */
  readonly text?: Readonly<Record<string, readonly [offset: number, length: number]>>;
  /** Arrays of numbers. */
  readonly array?: Readonly<
    Record<string, readonly [offset: number, width: number, count: number]>
  >;
}

/**
 * Who designed an ARM processor, and which: the numbers in its MIDR register.
 * Linux arch/arm64/include/asm/cputype.h, ARM DDI 0487 (MIDR_EL1).
 */

const IMPLEMENTERS: Readonly<Record<number, string>> = {
  65: 'ARM',
  66: 'Broadcom',
  67: 'Cavium',
  70: 'Fujitsu',
  72: 'HiSilicon',
  78: 'NVIDIA',
  80: 'APM',
  81: 'Qualcomm',
  83: 'Samsung',
  86: 'Marvell',
  97: 'Apple',
  109: 'Microsoft',
  112: 'Phytium',
  192: 'Ampere',
};

/** `implementer part`, both in hexadecimal. */
const MODELS: Readonly<Record<string, string>> = {
  '41 d03': 'Cortex-A53',
  '41 d04': 'Cortex-A35',
  '41 d05': 'Cortex-A55',
  '41 d07': 'Cortex-A57',
  '41 d08': 'Cortex-A72',
  '41 d09': 'Cortex-A73',
  '41 d0a': 'Cortex-A75',
  '41 d0b': 'Cortex-A76',
  '41 d0c': 'Neoverse-N1',
  '41 d0d': 'Cortex-A77',
  '41 d0e': 'Cortex-A76AE',
  '41 d40': 'Neoverse-V1',
  '41 d41': 'Cortex-A78',
  '41 d42': 'Cortex-A78AE',
  '41 d44': 'Cortex-X1',
  '41 d46': 'Cortex-A510',
  '41 d47': 'Cortex-A710',
  '41 d48': 'Cortex-X2',
  '41 d49': 'Neoverse-N2',
  '41 d4b': 'Cortex-A78C',
  '41 d4d': 'Cortex-A715',
  '41 d4e': 'Cortex-X3',
  '41 d4f': 'Neoverse-V2',
  '41 d80': 'Cortex-A520',
  '41 d81': 'Cortex-A720',
  '41 d82': 'Cortex-X4',
  '41 d83': 'Neoverse-V3AE',
  '41 d84': 'Neoverse-V3',
  '41 d85': 'Cortex-X925',
  '41 d87': 'Cortex-A725',
  '41 d8e': 'Neoverse-N3',
  '43 af': 'ThunderX2',
  '46 1': 'A64FX',
  '48 d01': 'TSV110',
  '4e 3': 'Denver',
  '4e 4': 'Carmel',
  'c0 ac3': 'Ampere-1',
  'c0 ac4': 'Ampere-1A',
};

export interface ArmDesign {
  /** The designer, `0x…` where it is not known. */
  readonly vendor: string;
  /** `0xd85` */
  readonly part: string;
  /** `''` where it is not known. */
  readonly model: string;
}

export function armDesign(implementer: number, part: number): ArmDesign {
  return {
    vendor: IMPLEMENTERS[implementer] ?? `0x${implementer.toString(16)}`,
    part: `0x${part.toString(16).padStart(3, '0')}`,
    model: MODELS[`${implementer.toString(16)} ${part.toString(16)}`] ?? '',
  };
}

/** The same from the register itself: implementer in bits 31 to 24, part in bits 15 to 4. */
export function armDesignOf(midr: number): ArmDesign {
  return armDesign((midr >>> 24) & 0xff, (midr >>> 4) & 0xfff);
}

import type { Signal } from '../signal.ts';

/** /sys/class/dmi/id. Which labels there are depends on the firmware and on who may read them. */
export const DMI: { readonly info: Signal } = {
  info: {
    id: 'dmi.info',
    collector: 'dmi',
    type: 'gauge',
    unit: '',
    help: 'What the firmware says of this machine, with the value 1; attributes it does not give have no label.',
    labels: undefined,
    dialects: { node: { name: 'node_dmi_info' } },
  },
};

/** Attributes of /sys/class/dmi/id that are exported. */
export const DMI_LABELS = [
  'bios_date',
  'bios_release',
  'bios_vendor',
  'bios_version',
  'board_asset_tag',
  'board_name',
  'board_serial',
  'board_vendor',
  'board_version',
  'chassis_asset_tag',
  'chassis_serial',
  'chassis_vendor',
  'chassis_version',
  'product_family',
  'product_name',
  'product_serial',
  'product_sku',
  'product_uuid',
  'product_version',
  'system_vendor',
] as const;

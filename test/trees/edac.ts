import { pick } from './number.ts';
import { attributes, type Tree } from './tree.ts';

/**
 * Adds memory controllers with their rows (Documentation/ABI/testing/sysfs-devices-edac). Errors
 * that the controller cannot assign to a row are counted as `noinfo`.
 */
export function edac(tree: Tree, host: string, controllers: number, rows: number): void {
  for (let mc = 0; mc < controllers; mc++) {
    const base = `sys/devices/system/edac/mc/mc${mc}`;
    const count = (words: string, low: number, high: number) =>
      pick(`${host} edac ${mc} ${words}`, low, high);
    attributes(tree, base, {
      ce_count: count('ce', 100, 900),
      ce_noinfo_count: count('ce noinfo', 10, 99),
      max_location: 'memory 7 ',
      mc_name: `Intel_10nm_Socket#${mc}`,
      seconds_since_reset: count('seconds', 1e5, 9e6),
      size_mb: 1_048_576 >> (mc + 1),
      ue_count: count('ue', 1_000, 2_000),
      ue_noinfo_count: count('ue noinfo', 2_000, 3_000),
    });
    for (let row = 0; row < rows; row++) {
      attributes(tree, `${base}/csrow${row}`, {
        ce_count: count(`ce ${row}`, 3_000, 4_000),
        ch0_ce_count: count(`channel ${row}`, 3_000, 4_000),
        ch0_dimm_label: `CPU_SrcID#${mc}_MC#0_Chan#${row}_DIMM#0`,
        dev_type: 'x4',
        edac_mode: 'S8ECD8ED',
        mem_type: 'Unbuffered-DDR5',
        size_mb: 65_536,
        ue_count: count(`ue ${row}`, 5_000, 6_000),
      });
    }
  }
}

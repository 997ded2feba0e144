/** What ROCm SMI's structs become here: plain objects that the caller makes once and keeps. */

/** rsmi_version_t: of the library's interface, 1 in ROCm 5 and 7 since 6. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
}

/** rsmi_frequencies_t: hertz, or transfers per second. */
export interface Levels {
  /** NaN where none is the current one. */
  current: number;
  /** Of the levels, that of deep sleep not among them. */
  min: number;
  max: number;
}

/** rsmi_pcie_bandwidth_t: levels in transfers per second, and lanes. */
export interface Link extends Levels {
  width: number;
  maxWidth: number;
}

/** rsmi_error_count_t. */
export interface ErrorCount {
  corrected: number;
  uncorrected: number;
}

/** rsmi_retired_page_record_t, by their `status`. */
export interface RetiredPages {
  retired: number;
  pending: number;
  unreservable: number;
}

/** Of rsmi_dev_energy_count_get: `counter` units of `resolution` microjoules. */
export interface Energy {
  counter: number;
  resolution: number;
}

/** Of rsmi_dev_power_cap_range_get: microwatts. */
export interface PowerRange {
  max: number;
  min: number;
}

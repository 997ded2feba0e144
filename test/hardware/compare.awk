# Prints a row per GPU and field: what nvidia-smi says, what we say, and whether that is the same. Ends with 1
# when something is not.
#
#     awk -f compare.awk -v names='index,uuid,…' nvidia.fields before.txt after.txt smi.csv
#
# before.txt and after.txt are scrapes on either side of nvidia-smi's answer: a value that moves has to be near
# one of them, or between them.

function trim(s) { gsub(/^[ \t]+|[ \t\r]+$/, "", s); return s }
function label(labels, name,   at) {
  at = index("," labels, "," name "=\"")
  if (!at) return ""
  labels = substr(labels, at + length(name) + 2)
  return substr(labels, 1, index(labels, "\"") - 1)
}
# The sample of that family and GPU whose labels include those wanted; "" where there is none.
function find(scrape, family, device, wanted, what,   i, j, n, want, labels, ok) {
  n = split(wanted, want, ",")
  for (i = 1; i <= count[scrape, family]; i++) {
    labels = sample[scrape, family, i]
    if (family != "gpu_driver_info" && label(labels, "device") != device) continue
    if (label(labels, "mig_device") != "") continue
    ok = 1
    for (j = 1; j <= n; j++) if (!index("," labels ",", "," want[j] ",")) ok = 0
    if (!ok) continue
    if (what ~ /^label:/) return label(labels, substr(what, 7))
    return value[scrape, family, i]
  }
  return ""
}
function row(device, field, smi, ours, verdict) {
  printf "%-4s %-50s %-42s %-42s %s\n", device, field, smi, ours, verdict
}
function abs(x) { return x < 0 ? -x : x }
# The same rounding as nvidia-smi's: as many decimals as it prints, downwards in MiB.
function same(smi, ours, unit,   decimals) {
  if (unit == 1048576) return int(ours) == smi + 0
  decimals = index(smi, ".") ? length(smi) - index(smi, ".") : 0
  return abs(smi - ours) <= 0.5 * 10 ^ -decimals + 1e-9
}
# GPU and CPU in one chip.
function integrated(device) { return find(2, "gpu_memory_unified", device, "", 1) == 1 }
function withheld(device, field, smi) {
  if (note[field] !~ /^own/ || !integrated(device)) return 0
  return note[field] == "own" || smi + 0 == 0
}
function check(device, field, smi,   key, unit, a, b, low, high, slack, part, shown, said) {
  if (!(field in series)) return
  split(series[field], key, " ")
  unit = units[field]
  a = find(1, key[1], device, key[2], unit)
  b = find(2, key[1], device, key[2], unit)
  if (smi ~ /^\[.*[Dd]eprecated.*\]$/) { row(device, field, smi, b == "" ? "absent" : b, "not told"); return }
  if (smi ~ /^(\[.*\]|N\/A|Not Supported)$/) {
    if (b == "") { row(device, field, smi, "absent", "same"); return }
    if (key[1] ~ /^gpu_memory_/ && integrated(device)) {
      row(device, field, smi, b, "the machine's")
      return
    }
    row(device, field, smi, b, "DIFFERS"); failed = 1
    return
  }
  if (b == "") {
    if (find(2, "gpu_mig_enabled", device, "", 1) == 1) { row(device, field, smi, "absent", "MIG"); return }
    # A board without a serial says noughts.
    if (unit == "label:serial" && smi ~ /^0+$/) { row(device, field, smi, "absent", "same"); return }
    if (withheld(device, field, smi)) { row(device, field, smi, "absent", "withheld"); return }
    if (note[field] == "optional") { row(device, field, smi, "absent", "not in this library"); return }
    row(device, field, smi, "absent", "DIFFERS"); failed = 1
    return
  }
  if (unit ~ /^label:/) {
    if (smi != b) failed = 1
    row(device, field, smi, b, smi == b ? "same" : "DIFFERS")
    return
  }
  if (smi ~ /^(Enabled|Active|Yes)$/) smi = 1
  if (smi ~ /^(Disabled|Not Active|No)$/) smi = 0
  if (smi in word) smi = word[smi]
  sub(/^P/, "", smi)
  b /= unit
  a = a == "" ? b : a / unit
  shown = sprintf("%.10g", b)
  if (drift[field] == "exact") {
    if (!same(smi, b, unit)) failed = 1
    row(device, field, smi, shown, same(smi, b, unit) ? "same" : "DIFFERS")
    return
  }
  split(drift[field], part, " ")
  said = smi + 0
  low = a < b ? a : b
  high = a < b ? b : a
  slack = part[1] + abs(said) * part[2] / 100
  if (said < low - slack || said > high + slack) {
    failed = 1
    row(device, field, smi, shown, "DIFFERS by more than " slack)
  } else row(device, field, smi, shown, same(smi, b, unit) ? "same" : "near")
}

BEGIN {
  n = split("None|Reset|Reboot|Drain P2P|Drain and Reset", text, "|")
  for (i = 1; i <= n; i++) word[text[i]] = i - 1
  n = split("Not Started|In Progress|Completed", text, "|")
  for (i = 1; i <= n; i++) word[text[i]] = i
}
BEGIN { columns = split(names, name, ","); row("gpu", "nvidia-smi's name", "nvidia-smi", "edgegauge", "") }
FNR == 1 { file++ }
file == 1 {
  if ($0 ~ /^#/) next
  split($0, cell, "|")
  series[cell[1]] = cell[2]; units[cell[1]] = cell[3]; drift[cell[1]] = cell[4]
  note[cell[1]] = cell[5]
  next
}
file == 2 || file == 3 {
  if ($0 !~ /^gpu_/) next
  scrape = file - 1
  open = index($0, "{"); close_ = match($0, /\} [^ ]+$/)
  family = substr($0, 1, open - 1)
  i = ++count[scrape, family]
  sample[scrape, family, i] = substr($0, open + 1, close_ - open - 1)
  value[scrape, family, i] = substr($0, close_ + 2) + 0
  next
}
{
  n = split($0, cell, ",")
  if (n != columns) { print "not what was asked for: " $0; failed = 1; next }
  gpus++
  for (c = 2; c <= n; c++) check(trim(cell[1]), name[c], trim(cell[c]))
}
END {
  if (!gpus) { print "nvidia-smi said nothing"; failed = 1 }
  exit failed
}

#!/usr/bin/env bash
# Brings the Debian packages that only the tests need. Everything it looks for is also looked for by
# test/parts.ts, which skips (with CI=true: fails) the tests of a part that is not here; so this script
# reports what it could not bring and succeeds.
#
# As root on Debian, compilers and tools are installed. Servers that the tests compare with are only
# unpacked below .cache/parts: Debian's packages of them would start a service on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."

# package, a test whether it is here, what needs it
tools=(
  'gcc|command -v cc|C fakes and layout checks'
  'libc6-dev|test -e /usr/include/stdio.h|C fakes and layout checks'
  'pkg-config|command -v pkg-config|the FUSE file whose read never returns'
  'libfuse3-dev|test -e /usr/include/fuse3/fuse.h|the FUSE file whose read never returns'
  'fuse3|command -v fusermount3|the FUSE file whose read never returns'
  'bubblewrap|command -v bwrap|tests in a file system of their own'
  'qemu-user-static|command -v qemu-aarch64-static|the arm64 binary'
  'gcc-aarch64-linux-gnu|command -v aarch64-linux-gnu-gcc|layout checks for arm64'
  'libc6-dev-arm64-cross|test -e /usr/aarch64-linux-gnu/include/stdio.h|layout checks for arm64'
  'curl|command -v curl|HTTP as others speak it'
  'openssh-client|command -v ssh|fleet install'
  'openssl|command -v openssl|certificates, and TLS as others speak it'
  'dpkg-dev|command -v dpkg-parsechangelog|the Debian package'
  'lintian|command -v lintian|the Debian package'
  'gpg|command -v gpg|the apt repository'
  'gpg-agent|command -v gpg-agent|the apt repository'
  'groff|test -e /usr/share/groff/current/font/devutf8|manual pages'
  'zsh|command -v zsh|completion for zsh'
  'fish|command -v fish|completion for fish'
  'debootstrap|command -v debootstrap|a Debian to install the package in'
  'systemd-container|command -v systemd-nspawn|a Debian to boot'
)

# suite and component, directory below .cache/parts, packages, what needs them
unpacked=(
  'trixie|trixie|prometheus-node-exporter|comparison with node_exporter 1.9'
  'trixie,non-free|trixie|libnvidia-ml-dev libnvidia-ml1|nvml.h, and the real NVML library without a driver'
  'bookworm|bookworm|librocm-smi64-1 librocm-smi-dev|the real ROCm SMI of ROCm 5 and its header'
  'trixie|rocm6|librocm-smi64-1 librocm-smi-dev libc6 libstdc++6 libgcc-s1|the same of ROCm 6.1, and what it runs on'
  'sid|rocm64|librocm-smi64-1 librocm-smi-dev libc6 libstdc++6 libgcc-s1|the same of ROCm 6.4, and what it runs on'
  'bookworm|bookworm|prometheus|a real Prometheus and promtool'
  'bookworm|bookworm|openssh-server openssh-sftp-server libwrap0 libgssapi-krb5-2 libkrb5-3 libkrb5support0 libk5crypto3 libcom-err2 libkeyutils1 libnsl2 libtirpc3|fleet install'
  'bookworm|arm64|libc6:arm64|the arm64 binary'
  'sid|sid|llama.cpp-tools libllama0 libggml0 libc6 libgcc-s1 libstdc++6 libgomp1 libssl3t64|a real llama-server'
)

missing() {
  echo "setup-debian.sh: missing: $1 ($2): $3" >&2
}

is_debian() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null &&
    grep -qsE '^ID(_LIKE)?=.*\bdebian\b' /etc/os-release
}

install() {
  export DEBIAN_FRONTEND=noninteractive
  local apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  # The lists of a fresh container are empty, those of an old machine name packages that are gone.
  "${apt[@]}" update >&2 || true
  "${apt[@]}" install -y --no-install-recommends "$@" >&2
}

absent=()
for row in "${tools[@]}"; do
  IFS='|' read -r package probe _ <<<"$row"
  eval "$probe" >/dev/null 2>&1 || absent+=("$package")
done

reason='this is not Debian'
if is_debian; then
  reason='installing it needs root'
  if ((${#absent[@]} && EUID == 0)); then
    reason='apt-get could not install it'
    echo "setup-debian.sh: installing ${absent[*]}" >&2
    install "${absent[@]}" || true
  fi
fi

for row in "${tools[@]}"; do
  IFS='|' read -r package probe use <<<"$row"
  eval "$probe" >/dev/null 2>&1 || missing "$package" "$use" "$reason"
done

for row in "${unpacked[@]}"; do
  IFS='|' read -r suite dir names use <<<"$row"
  read -ra packages <<<"$names"
  if ! is_debian; then
    missing "$names of $suite" "$use" "$reason"
  elif ! tools/parts.sh "$suite" ".cache/parts/$dir" "${packages[@]}"; then
    missing "$names of $suite" "$use" 'it could not be downloaded'
  fi
done

# A whole Debian, small, to install packages in and to boot.
if ! is_debian; then
  missing 'a Debian tree' 'the Debian package' "$reason"
elif ! tools/debian-tree.sh bookworm .cache/parts/machine systemd systemd-sysv dbus udev; then
  missing 'a Debian tree' 'the Debian package' 'it could not be made'
fi
